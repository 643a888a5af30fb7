"""Worked leads over time: each file of ``tests/corpus/examples`` beside what is told of it.

``NAME.leadpact`` is a policy with examples; ``NAME.expected`` says of each that it holds, or has
the report. ``LEADPACT_REWRITE=1`` writes the expected files anew; read the difference before
keeping it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import leadpact
from leadpact.cli import cmd_test
from leadpact.examples import report, run_examples

CORPUS = Path(__file__).parents[1] / "corpus" / "examples"
CASES = sorted(CORPUS.glob("*.leadpact"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_what_is_told(path: Path) -> None:
    policy = leadpact.load(path)
    results = run_examples(policy)
    assert len(results) == path.read_text(encoding="utf-8").count("\nexample ")
    told = "\n".join(
        f"“{one.example.name}” holds" if one.holds else f"{report(policy.checked, one)}\n"
        for one in results
    )
    told = f"{told.rstrip()}\n"
    expected = path.with_suffix(".expected")
    if os.environ.get("LEADPACT_REWRITE"):
        expected.write_text(told, encoding="utf-8", newline="\n")
    assert told == expected.read_text(encoding="utf-8")


def test_programs_are_told_the_step_too() -> None:
    found = cmd_test.tested(str(CORPUS / "not_so.leadpact"), mutate=False, quiet=True).as_json[
        "examples"
    ]
    assert isinstance(found, list)
    (one,) = (each for each in found if each["name"] == "On the list")
    assert one["unmet"] == [
        {
            "expected": "not on worklist unpicked",
            "found": "listed",
            "line": 93,
            "step": "after 8 days",
            "at": "2026-11-10T09:00:00Z",
        },
        {
            "expected": "hands back to nurture",
            "found": "other move",
            "line": 94,
            "step": "after 8 days",
            "at": "2026-11-10T09:00:00Z",
        },
    ]
    (other,) = (each for each in found if each["name"] == "Without steps")
    assert {"step", "at"} & other["unmet"][0].keys() == set()


def test_steps_are_no_part_of_the_meaning() -> None:
    text = (CORPUS / "over_time.leadpact").read_text(encoding="utf-8")
    rules, _, _ = text.partition('example "')
    assert leadpact.load_text(rules).digest == leadpact.load_text(text).digest
