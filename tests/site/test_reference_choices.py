"""Each choice that the reference tells is held by a case of the corpus, under its very name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from site_tests_built import ROOT

CORPUS = ROOT / "tests" / "corpus"
PAGE = (ROOT / "site" / "reference" / "choices.md").read_text("utf-8")
ROWS = [
    (cells[0], cells[2])
    for line in PAGE.splitlines()
    if line.startswith("| ") and len(cells := line.strip("| ").split(" | ")) == 3
]
CHOICES = [row for row in ROWS if row[1] != "held by"]


@cache
def names(cases: Path) -> frozenset[str]:
    return frozenset(case["name"] for case in yaml.load(cases.read_bytes(), yaml.CSafeLoader))


def test_there_are_choices() -> None:
    assert len(CHOICES) > 120
    tables = PAGE.count("| what happens | why | held by |")
    lines = [line for line in PAGE.splitlines() if line.startswith("|")]
    assert len(CHOICES) == len(lines) - 2 * tables


@pytest.mark.parametrize(("choice", "held"), CHOICES, ids=[choice[:60] for choice, _ in CHOICES])
def test_a_case_holds_it(choice: str, held: str) -> None:
    places = re.findall(r"`([\w/]+)`", held)
    assert places, choice
    said = held.partition(": ")[2]
    # What a quoted message says may itself stand in backticks.
    for place in [places[0]] if said else places:
        cases = CORPUS / place / "cases.yaml"
        if cases.exists():
            assert said in names(cases), held
        elif said:
            assert said in (CORPUS / f"{place}{told_in(place)}").read_text("utf-8"), held
        else:
            found = [CORPUS / f"{place}{ending}" for ending in ("", ".leadpact", ".yaml")]
            assert any(path.exists() for path in found), place


def told_in(place: str) -> str:
    """How the file ends in which a corpus without named cases says what must come."""
    return ".md" if place.startswith("business/") else ".expected"
