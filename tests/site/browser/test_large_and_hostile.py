"""A policy of 300 rules and 30 stages whose words try to be HTML, Markdown and scripts: shown as
they were written, doing nothing, and still readable on a phone.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from site_tests_built import mkdocs, site_with

import leadpact

ODD = (
    "<script>window.hacked = 1</script>",
    "</script><img src=x onerror='window.hacked = 1'>",
    "*bold* _soft_ `code` [link](https://evil.example) # no heading",
    "<!-- & &amp; ' {{ 7 * 7 }} ${1} -->",
    "{ #own .lp-rule onclick='window.hacked = 1' }",
    "javascript:window.hacked=1",
)
LONG = "a_name_that_goes_on_" * 4 + "and_on"
WORD = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenrentenauszahlungsstelle"
ROWS, STAGES = 300, 30


def policy() -> str:
    """The text of it; each odd text stands in every place where people can put one."""
    lines = [
        f'policy odd "{ODD[0]}: {ODD[2]}":',
        *("    language 1", "    version 1", '    time zone "Europe/Stockholm"'),
        f'    note "{ODD[1]}"',
        f'party us "{ODD[1]}":',
        f'    duty "{ODD[2]}"',
        f'    contact "{ODD[5]}"',
        f'list names "{ODD[4]}": "{ODD[0]}", "{ODD[3]}", "{WORD}"',
        "lead:",
        f'    {LONG} "{WORD}" whole number from 0 to 1000',
        f'    mail "{ODD[3]}" text',
        f'    kind "{ODD[0]}" one of "{ODD[0]}", "{ODD[2]}", other',
        "activities:",
        f'    seen "{ODD[1]}"',
        f'score points_{LONG} "{ODD[2]}" from 0 to 100 owned by us:',
        f'    +1 each seen once per day within 30 days because "{ODD[0]}"',
        f"    points by {LONG}:",
        *(
            f'        +1 from {number} to {number} because "{ODD[number % len(ODD)]}"'
            for number in range(ROWS)
        ),
        "        +0 otherwise",
        f'grade fit "{ODD[4]}":',
        f'    +5 when mail is any of names as odd because "{ODD[4]}"',
        *("    letters:", "        A from 5", "        B otherwise"),
        f'define eager "{ODD[1]}" when points_{LONG} is at least 1',
        f'group area "{ODD[0]}":',
        f'    first "{ODD[1]}" when eager',
        f'    second "{WORD} {WORD}" otherwise',
        f'checklist questions "{ODD[3]}":',
        f'    one "{ODD[0]}" answered by us',
        "    needs all met",
    ]
    for number in range(STAGES):
        label = ODD[number % len(ODD)] if number % 3 else f"{WORD} {number}"
        lines.append(f'stage stage_{number} "{label}" owned by us:')
        lines += ["    start"] if number == 0 else []
        lines.append(f'    means "{ODD[number % len(ODD)]}"')
        if number + 1 < STAGES:
            bound = f"{LONG} is at least {number + 1}"
            lines.append(f'    moves to stage_{number + 1} when {bound} because "{ODD[1]}"')
        else:
            lines.append("    final")
    lines += [
        f'example "{ODD[0]} {ODD[1]}":',
        *("    as of 2026-11-02", f"    {LONG} is 3", f'    kind is "{ODD[0]}"'),
        f"    expect points_{LONG} is 1",
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def odd_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    out = folder / "out"
    run = mkdocs(site_with(folder, policy()), out)
    assert run.returncode == 0, run.stdout + run.stderr
    return out


def test_it_is_a_policy() -> None:
    checked = leadpact.load_text(policy()).checked
    assert len(checked.stages) == STAGES
    assert sum(text.startswith("        +1") for text in policy().splitlines()) == ROWS


BAD = (
    "[...document.querySelectorAll('article img, article a[href*=evil],"
    " article [onclick], article [onerror], article a[href^=javascript]')]"
    ".map(one => one.outerHTML.slice(0, 160))"
)


@dataclass
class Seen:
    """What all pages hold that should not be there, and what they say."""

    wrong: list[str] = field(default_factory=list)
    texts: str = ""


@pytest.fixture(scope="module")
def seen(odd_site: Path, visit: Any) -> Seen:
    found = Seen()
    for file in sorted((odd_site / "odd").glob("*.html")):
        visited = visit(file)
        bad = visited.page.evaluate(BAD)
        bad += ["it acts"] if visited.page.evaluate("window.hacked") else []
        found.wrong += [f"{file.name}: {one}" for one in (*bad, *visited.asked, *visited.errors)]
        if file.stem != "source":
            found.texts += visited.page.evaluate("document.querySelector('article').textContent")
    return found


def test_nothing_that_was_written_acts(seen: Seen) -> None:
    assert seen.wrong == []


def test_everything_is_shown_as_it_was_written(seen: Seen) -> None:
    assert [text for text in ODD if text not in seen.texts] == []


def test_the_source_is_shown_as_it_was_written(odd_site: Path, visit: Any) -> None:
    page = visit(odd_site / "odd" / "source.html").page
    lines = page.evaluate(
        "[...document.querySelectorAll('.lp-line > code')].map(one => one.textContent)"
    )
    assert "\n".join(lines) + "\n" == policy()


def test_a_phone_shows_it_without_sideways_scroll(odd_site: Path, visit: Any) -> None:
    wide = []
    for file in sorted((odd_site / "odd").glob("*.html")):
        page = visit(file, "phone").page
        reach = page.evaluate("document.documentElement.scrollWidth")
        if reach > 360:
            widest = page.evaluate(
                "[...document.querySelectorAll('article *')].filter(one =>"
                " one.getBoundingClientRect().right > 361).slice(0, 3)"
                ".map(one => one.outerHTML.slice(0, 160))"
            )
            wide.append((file.name, reach, widest))
    assert wide == []


def test_every_row_and_stage_has_its_place(odd_site: Path) -> None:
    score = next((odd_site / "odd").glob("score-*.html")).read_text("utf-8")
    assert len(re.findall(r'<tr class="lp-rule[ "]', score)) >= ROWS
    stages = (odd_site / "odd" / "stages.html").read_text("utf-8")
    assert all(f'id="stage-stage_{number}"' in stages for number in range(STAGES))
    assert html.escape(ODD[0]) in stages
