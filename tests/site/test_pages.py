"""Pages and pictures as pure functions of a policy."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact.checked import CheckedPolicy
from leadpact.english.wording import Names
from leadpact_sla import Links, pages
from leadpact_sla.document import document
from leadpact_sla.model import Clause
from leadpact_sla.path_layout import Box, Sizes, layout
from leadpact_sla.picture import wrapped
from leadpact_sla.quadrant import quadrant

UPRIGHT = Sizes(box_along=62, box_across=150, gap=44, band=42, lane=32, reach=58, band_least=112)
SIZES = Sizes(box_along=158, box_across=76, gap=58, band=58, lane=40, reach=64, band_least=0)

HEAD = """policy small "Small":
    language 1
    version 1
    in force from 2026-10-01
    time zone "Europe/Stockholm"
party marketing
lead:
    email text (required)
    staff whole number from 0 to 10
activities:
    seen "Saw us"
"""

SCORES = """score interest:
    +10  each seen within 30 days
grade fit:
    +5   when staff is at least 2
    letters:
        A from 5
        B otherwise
define keen when interest is at least 10
define good when fit is A
define known_staff when staff is known
"""

PATH = """stage new "New":
    start
    moves to lost when no seen ever
    moves to talk when seen
    moves to deal when staff is at least 2
stage talk "Talk":
    moves to rest when staff is 0
    moves to deal when seen
    moves to deal when staff is 5 as five
    moves to lost when staff is 9
stage deal "Deal":
    moves to won when seen
stage won "Won":
    final
stage rest "Rest":
    moves to idle when seen
    moves to talk when staff is 3
stage idle "Idle":
    moves to rest when staff is 1
stage lost "Lost":
    final
"""


def checked(tmp_path: Path, text: str) -> CheckedPolicy:
    path = tmp_path / "small.leadpact"
    path.write_text(HEAD + text, "utf-8")
    return leadpact.load(path).checked


def shipped(name: str) -> CheckedPolicy:
    return leadpact.load(ROOT / "policies" / name).checked


def test_the_same_policies_give_the_same_pages() -> None:
    policies = [shipped("kontor"), shipped("learnwell")]
    assert pages(policies) == pages(policies)


def test_the_smallest_policy_has_its_pages(tmp_path: Path) -> None:
    made = pages([checked(tmp_path, "")])
    assert [page.path for page in made] == [
        "index.md",
        "small/index.md",
        "small/facts.md",
        "small/source.md",
    ]


def test_pages_know_where_their_block_is_changed() -> None:
    policy = shipped("kontor")
    links = Links("https://git.example/team", folders={"kontor": "policies/kontor"})
    made = {page.path: page for page in pages([policy], links)}
    place = f"policies/kontor/scoring.leadpact#L{policy.scores[0].span.line}"
    assert made["kontor/score-interest.md"].edit == f"https://git.example/team/edit/main/{place}"
    assert made["kontor/source.md"].edit is None
    assert {page.edit for page in pages([policy])} == {None}


def test_no_policy_at_all_still_gives_a_first_page() -> None:
    (only,) = pages([])
    assert "No policy has been published yet." in only.markdown


@pytest.mark.parametrize(
    ("rows", "cells"),
    [
        (
            "    a when keen and good\n    b when good\n    c when keen\n    d otherwise\n",
            {(True, True): 0, (False, True): 1, (True, False): 2, (False, False): 3},
        ),
        (
            "    a when good and not keen\n    b when not good\n    c otherwise\n",
            {(False, True): 0, (True, False): 1, (False, False): 1, (True, True): 2},
        ),
        ("    a when keen\n    b otherwise\n", None),
        ("    a when keen and good\n    b when known_staff\n    c otherwise\n", None),
        ("    a when keen and good\n    b when staff is 2\n    c otherwise\n", None),
    ],
)
def test_a_group_of_two_questions_is_a_square(
    tmp_path: Path, rows: str, cells: dict[tuple[bool, bool], int] | None
) -> None:
    used = "    other when known_staff\n" if "known_staff" not in rows else ""
    second = f"group second:\n{used}    rest otherwise\n" if used else ""
    policy = checked(tmp_path, f"{SCORES}group first:\n{rows}{second}")
    found = quadrant(Names.of(policy), policy.groups[0])
    assert (found and found.cells) == cells
    if found is not None:
        assert (found.across_label, found.up_label) == ("Keen", "Good")


def told(clauses: tuple[Clause, ...]) -> list[object]:
    """The texts of clauses, each followed by what it comes down to."""
    return [item for c in clauses for item in ((c.text, told(c.parts)) if c.parts else (c.text,))]


def test_a_condition_is_opened_up_to_its_numbers() -> None:
    doc = document(shipped("kontor"), Links())
    (way, back) = next(stage for stage in doc.stages if stage.name == "mql").entries
    assert (way.numbers, way.says) == ((1, 6), "A lead gets here from “Lead” or “Nurture” when")
    assert told(way.clauses) == [
        "the lead is ready for sales",
        [
            "the lead is in the group “Contact”",
            [
                "the lead is interested",
                ["the interest score is at least 60 points"],
                "the lead is interesting",
                ["the fit grade is C or better"],
            ],
            "the lead uses a work e-mail",
            ["the domain of the e-mail is not on the list “Free e-mail services”"],
            "the phone is known",
        ],
    ]
    assert way.clauses[0].href == "stages.html#ready_for_sales"
    assert told(back.clauses) == ["the number of months until they want to buy is more than 12"]
    assert doc.handover == (
        "A lead goes from Marketing to Sales as “Marketing qualified lead” (MQL) when the lead is"
        " in the group “Contact”, the lead uses a work e-mail and the phone is known."
    )


def test_a_later_row_of_a_group_is_not_opened(tmp_path: Path) -> None:
    rows = "    first when keen\n    second when good\n    rest otherwise\n"
    text = f"{SCORES}group which:\n{rows}define early when which is first\n"
    policy = checked(tmp_path, f"{text}define late when which is second\n")
    opened = {item.rule.rule: told(item.clauses) for item in document(policy, Links()).definitions}
    assert opened["early"] == [
        "the lead is in the group “First”",
        ["the lead is keen", ["the interest score is at least 10 points"]],
    ]
    assert opened["late"] == ["the lead is in the group “Second”"]


def test_the_path_shows_every_stage_and_move(tmp_path: Path) -> None:
    doc = document(checked(tmp_path, PATH), Links())
    plan = layout(doc.stages, doc.moves, SIZES)
    kinds = {box.stage.name: box.kind for box in plan.boxes}
    assert kinds == {
        "new": "main",
        "talk": "main",
        "deal": "main",
        "won": "main",
        "rest": "aside",
        "idle": "aside",
        "lost": "end",
    }
    assert sorted(arrow.move.number for arrow in plan.arrows) == list(range(1, 12))
    assert plan.undrawn == ()


def test_a_move_from_one_side_to_the_other_is_told_without_an_arrow(tmp_path: Path) -> None:
    last = "    moves to rest when staff is 1\n"
    text = PATH.replace(last, f"{last}    moves to lost when staff is 7\n")
    doc = document(checked(tmp_path, text), Links())
    plan = layout(doc.stages, doc.moves, SIZES)
    assert [(move.start, move.to) for move in plan.undrawn] == [("idle", "lost")]
    assert len(plan.arrows) == 11
    page = next(one for one in pages([checked(tmp_path, text)]) if one.path.endswith("stages.md"))
    assert "Without an arrow: 12." in page.markdown


def test_an_arrow_crosses_no_box_of_the_main_path_and_no_bow(tmp_path: Path) -> None:
    doc = document(shipped("kontor"), Links())
    plan = layout(doc.stages, doc.moves, SIZES)
    bow = next(arrow for arrow in plan.arrows if len(arrow.points) == 4)
    straight = [a for a in plan.arrows if a.points[0][0] == a.points[-1][0]]
    lowest, highest = sorted((bow.points[1][0], bow.points[2][0]))
    assert len(straight) == 2
    assert not [arrow for arrow in straight if lowest <= arrow.points[0][0] <= highest]


@pytest.mark.parametrize("sizes", [SIZES, UPRIGHT], ids=["wide", "upright"])
@pytest.mark.parametrize("name", ["kontor", "learnwell", "path"])
def test_nothing_in_the_path_lies_on_something_else(
    tmp_path: Path, name: str, sizes: Sizes
) -> None:
    policy = checked(tmp_path, PATH) if name == "path" else shipped(name)
    doc = document(policy, Links())
    plan = layout(doc.stages, doc.moves, sizes)
    for one, other in combinations(plan.boxes, 2):
        assert apart(one, other), (one.stage.name, other.stage.name)
    badges = [arrow.badge for arrow in plan.arrows]
    for (x, y), (u, v) in combinations(badges, 2):
        assert max(abs(x - u), abs(y - v)) >= 24, badges
    for box in plan.boxes:
        assert 0 <= box.along <= box.along + box.length <= plan.along
        assert 0 <= box.across <= box.across + box.breadth <= plan.across


def apart(one: Box, other: Box) -> bool:
    return (
        one.along + one.length <= other.along
        or other.along + other.length <= one.along
        or one.across + one.breadth <= other.across
        or other.across + other.breadth <= one.across
    )


def test_long_labels_are_wrapped_and_cut() -> None:
    assert wrapped("Marketing qualified lead", 142, 17, 2) == ["Marketing", "qualified lead"]
    assert wrapped("one two three", 30, 10, 1) == ["one …"]
    assert wrapped("Donaudampfschifffahrt", 50, 10, 2) == ["Donaudam…"]
