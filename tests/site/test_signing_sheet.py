"""The signing sheet is exactly one A4 page: printed by a browser, for every policy."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from site_tests_built import ROOT

CHROMIUM = shutil.which("chromium")
NAMES = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))

needs_browser = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this machine (Debian: apt-get install chromium)"
)


def printed(page: Path, folder: Path) -> bytes:
    """The page as PDF, as a browser prints it."""
    out = folder / "printed.pdf"
    assert CHROMIUM is not None
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    subprocess.run(
        [CHROMIUM, *options, *quiet, f"--user-data-dir={folder / 'profile'}",
         "--no-pdf-header-footer", f"--print-to-pdf={out}", page.as_uri()],
        check=True, capture_output=True,
    )  # fmt: skip
    return out.read_bytes()


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def size(pdf: bytes) -> tuple[float, float]:
    """Width and height of a page in millimetres."""
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    assert box is not None
    width, height = (float(one) * 25.4 / 72 for one in box.groups())
    return width, height


@needs_browser
@pytest.mark.parametrize("name", NAMES)
def test_the_sheet_is_one_page(name: str, built_folder: Path, tmp_path: Path) -> None:
    pdf = printed(built_folder / name / "signing.html", tmp_path)
    assert sheets(pdf) == 1
    assert size(pdf) == pytest.approx((210, 297), abs=0.6)


@needs_browser
def test_other_pages_take_more(built_folder: Path, tmp_path: Path) -> None:
    assert sheets(printed(built_folder / "kontor" / "agreement.html", tmp_path)) > 1
