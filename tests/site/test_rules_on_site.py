"""Each rule's sentence stands on the pages with its rule id, and nothing else does.

Both ways: every rule of the checked policy, and no rule that it does not have; word for word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest
from site_tests_built import ROOT
from tests.property.draw_policy import draw_policy

import leadpact
from leadpact.checked import CheckedPolicy
from leadpact.english import sentences
from leadpact_sla.model import Links
from leadpact_sla.pages import Page, pages

SHIPPED = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))
ENGLISH = sorted((ROOT / "tests" / "corpus" / "english").glob("*.leadpact"))
TODAY = date(2026, 11, 22)


class _Rules(HTMLParser):
    """Collects the text of each element that says a rule, with its points in front."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, list[str]] = defaultdict(list)
        self.open: list[tuple[str, str]] = []
        self.depth = 0
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "data-rule" in found:
            assert self.depth == 0, found
            self.rules = (found["data-rule"] or "").split(" ")
            self.text = found.get("data-points") or ""
            self.depth = 1
        elif self.depth:
            self.depth += 1
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        if not self.depth:
            return
        self.depth -= 1
        if self.depth == 0:
            for rule in self.rules:
                self.said[rule].append(self.text)

    def handle_data(self, data: str) -> None:
        if self.depth:
            self.text += f" {data}"


def said(made: Iterable[Page]) -> Mapping[str, str]:
    """What the pages say about each rule; of several dated rows, one after the other."""
    reader = _Rules()
    for page in made:
        reader.feed(page.markdown)
    reader.close()
    return {rule: plain(" ".join(texts)) for rule, texts in reader.said.items()}


def plain(text: str) -> str:
    """Letters, digits and signs alone: capitals, full stops and line ends are the page's own, and
    so is a nought without a plus.
    """
    words = re.sub(r"[^\w+−%]+", " ", text).strip().casefold()
    return words.replace("+0 ", "0 ")


def expected(policy: CheckedPolicy) -> Mapping[str, str]:
    return {rule: plain(text) for rule, text in sentences(policy).items()}


@pytest.mark.parametrize("source", [*SHIPPED, *ENGLISH], ids=lambda one: getattr(one, "stem", one))
def test_each_rule_is_said_once_and_word_for_word(source: str | Path) -> None:
    path = ROOT / "policies" / source if isinstance(source, str) else source
    policy = leadpact.load(path).checked
    assert said(pages([policy], None, TODAY)) == expected(policy)


@pytest.mark.parametrize("seed", range(20))
def test_so_it_is_of_random_policies(seed: int) -> None:
    policy = leadpact.load_text(draw_policy(Random(seed))).checked
    assert said(pages([policy], None, TODAY)) == expected(policy)


def test_a_rule_links_to_its_line_and_to_the_forge() -> None:
    policy = leadpact.load(ROOT / "policies" / "kontor").checked
    links = Links("https://git.example/team", folders={"kontor": "policies/kontor"})
    text = "\n".join(page.markdown for page in pages([policy], links, TODAY))
    for rule in sentences(policy):
        row = next(one for one in rows(text) if f'id="{rule}"' in one)
        assert 'class="lp-source" href="source.html#' in row, rule
        assert "https://git.example/team/edit/main/policies/kontor/" in row, rule
        assert "issues/new?title=Question+about+the+rule+" in row, rule


def rows(text: str) -> list[str]:
    """The pages in pieces, each with one rule of its own at its beginning."""
    return re.split(r'(?=<(?!span)\w+ class="lp-rule[ "])', text)
