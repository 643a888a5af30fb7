"""Pages and pictures as pure functions of a policy."""

from __future__ import annotations

import html
import re
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact.checked import CheckedPolicy
from leadpact.english import sentences
from leadpact.english.names import Names
from leadpact_sla.document import document
from leadpact_sla.model import Clause, Links
from leadpact_sla.pages import pages
from leadpact_sla.path_layout import layout
from leadpact_sla.path_shapes import Box, Sizes
from leadpact_sla.picture import path, wrapped
from leadpact_sla.quadrant import quadrant

UPRIGHT = Sizes(box_along=62, box_across=150, gap=44, band=42, lane=32, reach=70, band_least=124)
SIZES = Sizes(box_along=158, box_across=76, gap=58, band=58, lane=40, reach=64, band_least=0)

SHIPPED = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))

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


LIFE = """actions by marketing:
    taken "Took the lead"
    refused "Turned the lead down":
        why "Reason" one of late, small
calendar office "Office":
    open mon to fri 09:00 to 17:00
    closed on public holidays of SE
    closed on 2026-12-23 because "Stocktaking"
    open on 2026-12-24 every year 09:00 to 12:00
    note "The phones are answered all day"
role chief "Chief of marketing" of marketing:
    contact "chief@seller.example"
    stand-in "The head of sales"
stage new "New" owned by marketing:
    start
    may contact marketing
    moves to talk when seen in force from 2027-01-01 because "Keen"
    times out to gone after 30 days without seen
    moves by hand to talk by marketing
stage talk "Talk" owned by marketing:
    moves to won when taken
    hands back to new:
        when refused
        because why of last refused
        put on worklist again "Once more"
        wake up after 60 days or on seen
        do "Write in the spring"
        note "Without hard feelings"
    times out to new after 7 days without taken
    target first_call "First call" is taken within 4 business hours of office:
        tell owner at 75%
        tell chief when missed
        means "Somebody rings"
        hands back to new 2 business hours after missed because "Too late"
stage won "Won":
    final
stage gone "Gone":
    final
any stage except won:
    note "Nobody stays for ever"
    moves to gone when staff is 0 because "Nobody works there"
agreement "What we promise":
    goal "Sales talks to people who want to talk"
    marketing delivers at least 120 talk each month, when missed 2 times running review first_call
    at most 20% of talk time out in force until 2026-10-31
    target first_call is met for at least 95% each month
    review every quarter
    changes need marketing
    wait at least 30 days between changes
    signed by marketing "Head of Marketing" on 2026-09-28
    note "Signed on paper too"
guarantee "Nobody is called in vain":
    never talk when staff is 0
    because "Sales has better things to do"
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
        "small/agreement.md",
        "small/signing.md",
        "small/roles.md",
        "small/try.md",
        "small/glossary.md",
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
    found = quadrant(Names.of(policy), policy, policy.groups[0])
    assert (found and found.cells) == cells
    if found is not None:
        assert (found.across_label, found.up_label) == ("Keen", "Good")


def told(clauses: tuple[Clause, ...]) -> list[object]:
    """The texts of clauses, each followed by what it comes down to."""
    return [item for c in clauses for item in ((c.text, told(c.parts)) if c.parts else (c.text,))]


def test_a_condition_is_opened_up_to_its_numbers() -> None:
    doc = document(shipped("kontor"), Links())
    way, back, _ = next(stage for stage in doc.stages if stage.name == "mql").entries
    assert (way.numbers, way.says) == ((1,), "A lead gets here from “Lead” when")
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


def test_a_later_row_of_a_group_is_not_opened(tmp_path: Path) -> None:
    rows = "    first when keen\n    second when good\n    rest otherwise\n"
    text = f"{SCORES}group which:\n{rows}define early when which is first\n"
    policy = checked(tmp_path, f"{text}define late when which is second\n")
    opened = {
        item.rule.rule: told(item.meanings[0].clauses)
        for item in document(policy, Links()).definitions
    }
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
    assert sorted(n for arrow in plan.arrows for n in arrow.move.numbers) == list(range(1, 12))
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


def test_an_arrow_crosses_no_box_of_the_main_path_and_no_bow() -> None:
    doc = document(shipped("kontor"), Links())
    plan = layout(doc.stages, doc.moves, SIZES)
    bow = next(arrow for arrow in plan.arrows if len(arrow.points) == 4)
    straight = [a for a in plan.arrows if a.points[0][0] == a.points[-1][0]]
    lowest, highest = sorted((bow.points[1][0], bow.points[2][0]))
    assert len(straight) == 2
    assert not [arrow for arrow in straight if lowest <= arrow.points[0][0] <= highest]


def test_ways_back_between_two_stages_share_an_arrow(tmp_path: Path) -> None:
    doc = document(checked(tmp_path, LIFE), Links())
    plan = layout(doc.stages, doc.moves, SIZES)
    kinds = {move.number: move.kind for move in doc.moves}
    assert kinds == {
        1: "move",
        2: "time out",
        3: "by hand",
        4: "move",
        5: "hand back",
        6: "time out",
        7: "hand back",
        8: "move",
    }
    assert {a.move.numbers: a.move.back for a in plan.arrows} == {
        (1,): False,
        (2,): True,
        (4,): False,
        (5, 6, 7): True,
        (8,): False,
    }
    assert [move.number for move in plan.undrawn] == [3]
    drawn = path(doc.stages, doc.moves, "test", upright=False)
    assert ">5–7</text>" in drawn
    assert drawn.count("lp-arrow-back") == 2


@pytest.mark.parametrize("sizes", [SIZES, UPRIGHT], ids=["wide", "upright"])
@pytest.mark.parametrize("name", [*SHIPPED, "path", "life"])
def test_nothing_in_the_path_lies_on_something_else(
    tmp_path: Path, name: str, sizes: Sizes
) -> None:
    texts = {"path": PATH, "life": LIFE}
    policy = checked(tmp_path, texts[name]) if name in texts else shipped(name)
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


# --- what the rest of the language says ----------------------------------------------------------

ENGLISH = sorted((ROOT / "tests" / "corpus" / "english").glob("*.leadpact"))
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("source", [*SHIPPED, *ENGLISH], ids=lambda one: getattr(one, "stem", one))
def test_every_rule_stands_in_one_place(source: str | Path) -> None:
    policy = shipped(source) if isinstance(source, str) else leadpact.load(source).checked
    made = "\n".join(page.markdown for page in pages([policy], None, TODAY))
    found = re.findall(r'<[a-z]+ class="lp-rule[ "][^>]*?id="([^"]+)"', made)
    assert Counter(found) == Counter(sentences(policy).keys())


def text_of(policy: CheckedPolicy, name: str, today: date | None = TODAY) -> str:
    """The words of a page, without its tags."""
    page = next(p for p in pages([policy], None, today) if p.path.endswith(f"/{name}.md"))
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.markdown))
    return html.unescape(text)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("roles", ["Chief of marketing", "chief@seller.example", "The head of sales"]),
        (
            "calendars",
            [
                "Open Monday to Friday from 09:00 to 17:00 Closed Saturday and Sunday"
                " Closed on public holidays of SE Times are Stockholm time",
                "The phones are answered all day",
                "Closed on 23 December 2026 Stocktaking",
                "Open on 24 December every year from 09:00 to 12:00",
                "25 December 2026 Friday Christmas Day",
                "26 March 2027 Friday Good Friday",
            ],
        ),
        (
            "agreement",
            [
                "Sales talks to people who want to talk",
                "Marketing delivers at least 120 leads to “Talk” each month."
                " When this is missed 2 months running, “First call” is reviewed",
                "In force until 31 October 2026 No longer in force",
                "The target “First call” is met for at least 95% of its leads, counted each month",
                "The agreement is reviewed every quarter",
                "Changes need the consent of Marketing",
                "At least 30 days lie between two changes",
                "Signed by Marketing, Head of Marketing, on 28 September 2026",
                "Signed on paper too",
            ],
        ),
        (
            "guarantees",
            [
                "Nobody is called in vain",
                "No lead enters or stays in “Talk” when the staff is 0 Not proved yet"
                " Sales has better things to do",
            ],
        ),
        (
            "clocks",
            [
                "“First call” means that Marketing took the lead within 4 business hours (Office)"
                " after entering the stage The owner, Marketing, is told at 75% of the time"
                " Chief of marketing is told when the target is missed"
                " When it is missed, move 7 follows.",
                "Somebody rings",
                "Late Small Talk → New Owned by Marketing Write in the spring"
                " Goes on the list “Once more” Sleeps for 60 days",
                "Too late Talk → New",
                "Once more: move 5 puts leads there",
            ],
        ),
        (
            "stages",
            [
                "Marketing may contact the lead.",
                "In force from 1 January 2027 Keen Not yet in force",
                "New → Gone times out Times out to “Gone” after 30 days in which the lead never",
                "New → Talk is moved by hand Moved to “Talk” by hand, by Marketing, with a reason",
                "Talk → New is handed back",
                "Goes on the list “Once more”. Sleeps for 60 days, or until the next “Saw us”"
                " What happens then: Write in the spring"
                " Why: the reason of the last “Turned the lead down” in this stage"
                " Without hard feelings",
                "Hands back to “New” 2 business hours (Office) after “First call” was missed"
                " Too late",
                "Any stage except “Won” → Gone",
                "Nobody stays for ever",
                "A short arrow comes from any stage.",
                "Without an arrow: 3.",
                "A broken line is a way back",
            ],
        ),
    ],
)
def test_pages_show_what_the_policy_says(tmp_path: Path, page: str, said: list[str]) -> None:
    text = text_of(checked(tmp_path, LIFE), page)
    for one in said:
        assert one in text, text


def test_dated_rows_and_changes_stand_beside_their_rules() -> None:
    policy = leadpact.load(ROOT / "tests" / "corpus" / "english" / "dates.leadpact").checked
    score, stages = text_of(policy, "score-interest"), text_of(policy, "stages")
    assert "In force from 1 January 2027 Not yet in force" in score
    assert "The category “Web” starts again from 0 when the lead enters “Talk”" in score
    assert "The interest score counts 25% less for each full month without activity" in score
    assert "Until 31 December 2026: the interest score is at least 50 points" in stages
    assert "From 1 January 2027: Not yet in force the interest score is at least 55" in stages
    later = text_of(policy, "stages", date(2027, 1, 1))
    assert "Until 31 December 2026: No longer in force" in later
    assert "From 1 January 2027: the interest score" in later
    assert "Call The lead is in" not in later
    unmarked = text_of(policy, "score-interest", None)
    assert "yet in force" not in unmarked
    assert "longer in force" not in unmarked


def test_a_square_shows_the_rows_of_the_day(tmp_path: Path) -> None:
    rows = (
        "    a when keen and good\n    b:\n        when good\n        in force until 2026-12-31\n"
        "    e:\n        when good\n        in force from 2027-01-01\n"
        "    c when keen\n    d otherwise\n"
    )
    policy = checked(tmp_path, f"{SCORES}group first:\n{rows}group second:\n"
                     "    other when known_staff\n    rest otherwise\n")  # fmt: skip
    for today, at in ((date(2026, 12, 31), 1), (date(2027, 1, 1), 2)):
        square = document(policy, Links(), today).groups[0].quadrant
        assert square is not None
        assert square.cells[False, True] == at
        assert square.cells[True, False] == 3


def test_holidays_are_those_of_the_year_that_begins_today(tmp_path: Path) -> None:
    policy = checked(tmp_path, LIFE)
    (calendar,) = document(policy, Links(), date(2026, 12, 26)).calendars
    days = [holiday.day for holiday in calendar.holidays]
    assert days[0] == "26 December 2026"
    assert days[-1] == "25 December 2027"
    assert document(policy, Links()).calendars[0].holidays == ()
