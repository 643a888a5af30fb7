"""The page of the source: every line of every file, and rules and lines that lead to each other."""

from __future__ import annotations

import html
import posixpath
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact_sla.pages import pages

POLICIES = sorted(path for path in (ROOT / "policies").iterdir() if path.is_dir())
_LINE = re.compile(
    r'<div class="lp-line" id="([^"]+)"><a class="lp-number" href="#([^"]+)"[^>]*>(\d+)</a>'
    r'(?:<a class="lp-to-rule" href="([^"]+)" aria-label="([^"]+)"[^>]*>↗</a>)?<code>(.*)</code>'
)
_RULE = re.compile(r'<[a-z]+ class="lp-rule[ "][^>]*?id="([^"]+)"')
_TO_LINE = re.compile(r'href="source\.html#([^"]+)"')


@cache
def made(policy: Path) -> dict[str, str]:
    """The pages of a policy by the name under which they are linked."""
    found = pages([leadpact.load(policy).checked])
    return {
        posixpath.basename(page.path).replace(".md", ".html"): page.markdown
        for page in found
        if page.section is not None
    }


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.name)
def test_every_line_stands_there_under_its_number(policy: Path) -> None:
    lines = _LINE.findall(made(policy)["source.html"])
    shown = [html.unescape(re.sub("<[^>]*>", "", line[5])) for line in lines]
    written = [
        line
        for source in leadpact.load(policy).checked.sources
        for line in source.text.removesuffix("\n").split("\n")
    ]
    assert shown == written
    for anchor, to_itself, number, *_ in lines:
        assert anchor == to_itself
        assert anchor.endswith(f"-{number}")


@pytest.mark.parametrize("policy", POLICIES, ids=lambda path: path.name)
def test_rules_and_lines_lead_to_each_other(policy: Path) -> None:
    texts = dict(made(policy))
    source = texts.pop("source.html")
    bear = {rule: page for page, text in texts.items() for rule in _RULE.findall(text)}
    lines = {
        anchor: (unquote(href), html.unescape(says))
        for anchor, _, _, href, says, _ in _LINE.findall(source)
        if href
    }
    for href, _ in lines.values():
        page, _, rule = href.partition("#")
        assert bear[rule] == page
    told = {one for _, says in lines.values() for one in re.findall(r"[\w.+-]+", says)}
    assert set(bear) - told == set()
    # From the rules there, and from there back: no line of a rule is without its arrow.
    pointed = {anchor for text in texts.values() for anchor in lines_of_rules(text)}
    assert pointed
    assert pointed - set(lines) == set()


def lines_of_rules(text: str) -> set[str]:
    """The lines to which the rows of a page lead that bear a rule."""
    rows = re.findall(r'<tr class="lp-rule[ "].*?</tr>', text, re.DOTALL)
    return {anchor for row in rows for anchor in _TO_LINE.findall(row)}


def test_the_words_are_painted() -> None:
    source = made(ROOT / "policies" / "kontor")["source.html"]
    assert '<span class="kd">policy</span> kontor <span class="s2">' in source
    assert '<span class="c1"># ' in source


def test_files_of_lists_are_shown() -> None:
    source = made(ROOT / "policies" / "cloudpipe")["source.html"]
    policy = leadpact.load(ROOT / "policies" / "cloudpipe").checked
    (asia,) = (one for one in policy.lists if one.name == "apac_countries")
    shown = source.partition("\n## apac&#46;txt { #list-file-9 }\n")[2].partition("\n## ")[0]
    assert "Countries of APAC" in shown
    members = re.findall(r'<div class="lp-line lp-member"><code>(.*?)</code></div>', shown)
    assert [html.unescape(member) for member in members] == list(asia.members)


def test_a_list_in_the_policy_has_no_file() -> None:
    assert "list-file" not in made(ROOT / "policies" / "kontor")["source.html"]


def test_a_comment_that_speaks_of_a_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "all.leadpact").write_text(
        'policy p "P":\n    language 1\n    version 1\n    time zone "UTC"\n'
        'list free "Free": "a.example"  # once from "free.txt"\n'
        "lead:\n    mail text\n"
        "define private when domain of mail is any of free\n",
        "utf-8",
    )
    assert "list-file" not in made(tmp_path)["source.html"]


def test_a_line_of_two_rules_names_both() -> None:
    source = made(ROOT / "policies" / "kontor")["source.html"]
    assert re.search(r'aria-label="To the rule interest\.web, interest\.web\.at_most"', source)
