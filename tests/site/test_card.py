"""The card: few phrases, each a line that a policy can hold, and one page when printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from site_tests_built import ROOT

from leadpact.check import check
from leadpact_dsl import SourceFile, parse

PAGE = (ROOT / "site" / "reference" / "card.md").read_text("utf-8")
FRAME = (ROOT / "site" / "reference" / "language.md").read_text("utf-8")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_QUIET = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-pdf-header-footer", "--virtual-time-budget=5000"),
)


def sections() -> dict[str, list[str]]:
    """The example lines of each part of the card."""
    found: dict[str, list[str]] = {}
    part = ""
    for write in re.findall(r"^\| ([*`].*?) \| ", PAGE, re.MULTILINE):
        if write.startswith("**"):
            part = write.strip("*")
            found[part] = []
        else:
            found[part].append("\n".join(map(as_written, write.split("<br>"))))
    return found


def as_written(shown: str) -> str:
    """One line of a policy, which is indented by a wide blank on the card."""
    return shown.replace("&emsp;", "    ").replace("`", "")


def below(header: str, text: str) -> str:
    return f"{header}\n" + "".join(f"    {line}\n" for line in text.splitlines())


def as_block(line: str) -> str:
    """The block in which a line of the card stands, in place of that of the frame."""
    match line.split():
        case ["define", *_]:
            return f"{line}\n"
        case ["points", *_]:
            return below("score interest from 0 to 100:", line)
        case [points, *_] if points[0] in "+-":
            kept = "category web:\n    +1 each page_view ever as any\n"
            return below("score interest from 0 to 100:", kept + line)
        case [_, "from", _]:
            letters = f"    A from 70\n    {line}\n    C otherwise"
            return below("grade fit:", f"+70 when seniority is vp\nletters:\n{letters}")
        case ["contact", *_]:
            rest = "nurture when interesting\nleave_alone otherwise"
            return below("group quadrant:", f"{line}\n{rest}")
        case ["budget", *_]:
            rest = 'believes "Do they?" answered by sales\nneeds at least 1 met'
            return below("checklist bant:", f"{line}\n{rest}")
        case ["moves" | "hands", *_]:
            return below('stage lead "Lead" owned by marketing:', f"start\n{line}")
        case ["times" | "target", *_]:
            out = "moves to nurture when rejected\nmoves to won when contacted"
            return below('stage mql "Marketing qualified lead" owned by sales:', f"{out}\n{line}")
        case _:
            return f"define tried when {line}\n"


def named(block: str) -> str:
    """``score interest``; blocks that stand alone by their first word."""
    words = re.split(r"[ :\n]", block)
    return (
        words[0] if words[0] in ("policy", "lead", "activities", "signals") else " ".join(words[:2])
    )


def within_the_frame(line: str) -> str:
    (frame,) = re.findall(r"^```leadpact-frame\n(.*?)^```$", FRAME, re.MULTILINE | re.DOTALL)
    given = [*re.split(r"^(?=[a-z])", frame, flags=re.MULTILINE)[1:], as_block(line)]
    return "\n".join({named(block): block for block in given}.values())


LINES = [line for lines in sections().values() for line in lines]


def test_it_has_at_most_fifteen_phrases() -> None:
    assert 10 <= len(LINES) <= 15
    assert all(sections().values())
    # Each phrase has its meaning beside it.
    assert len(re.findall(r"^\| `.+` \| [A-Z].+ \|$", PAGE, re.MULTILINE)) == len(LINES)


@pytest.mark.parametrize("line", LINES)
def test_each_line_works(line: str) -> None:
    source = SourceFile("card.leadpact", within_the_frame(line))
    assert line.splitlines()[-1].strip() in source.text
    document, unclear = parse((source,))
    policy, wrong = check(document, (source,), None)
    errors = [one.message for one in (*unclear, *wrong) if one.code.startswith("E")]
    assert errors == [], source.text
    assert policy is not None


def test_it_prints_on_one_page(built_folder: Path, tmp_path: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("no browser: install it with `apt-get install chromium`")
    out = tmp_path / "card.pdf"
    run = subprocess.run(
        [
            *(CHROMIUM, *_QUIET, f"--user-data-dir={tmp_path / 'profile'}"),
            *(f"--print-to-pdf={out}", (built_folder / "reference" / "card.html").as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert out.exists(), run.stderr
    sizes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", out.read_bytes())
    # An A4 page in points, once.
    assert [tuple(round(float(side)) for side in size) for size in sizes] == [(595, 842)]
