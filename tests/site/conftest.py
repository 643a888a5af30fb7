"""The site of the shipped policies, built once for all tests."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# Tests are imported by path, so what they share is loaded under its own name first.
_SPEC = importlib.util.spec_from_file_location(
    "site_tests_built", Path(__file__).with_name("built.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
_BUILT = importlib.util.module_from_spec(_SPEC)
sys.modules["site_tests_built"] = _BUILT
_SPEC.loader.exec_module(_BUILT)


_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MISSING = "no browser: install one with `apt-get install chromium`"
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A real browser, as it is found on the machine; one for all tests of a worker."""
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(_MISSING)
        pytest.skip(_MISSING)
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def built_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``mkdocs build --strict`` of the project's own mkdocs.yml, once for all workers."""
    base = tmp_path_factory.getbasetemp()
    # Workers have a folder each, in one that they share.
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    out, done = shared / "built_site", shared / "built_site.log"
    try:
        (shared / "built_site.begun").mkdir()
    except FileExistsError:
        _wait_for(done)
    else:
        run = _BUILT.mkdocs(_BUILT.ROOT / "mkdocs.yml", out)
        log = done.with_suffix(".part")
        log.write_text(f"{run.returncode}\n{run.stdout}{run.stderr}", "utf-8")
        log.replace(done)
    status, _, told = done.read_text("utf-8").partition("\n")
    assert status == "0", told
    return out


def _wait_for(done: Path) -> None:
    for _ in range(_LONGEST_BUILD * 10):
        if done.exists():
            return
        time.sleep(0.1)
    pytest.fail("another worker's build of the site never ended")


_LONGEST_BUILD = 600
"""Seconds; a machine that does much else needs its time."""


@pytest.fixture(scope="session")
def built(built_folder: Path) -> dict[str, Any]:
    return _BUILT.read_site(built_folder)
