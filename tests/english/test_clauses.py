"""Clauses and words: opposites are said directly, labels are never bent out of shape."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import leadpact
from leadpact.checked import All, Any, Defined, Duration, Not, WokenTest
from leadpact.english import (
    condition,
    condition_parts,
    day,
    duration,
    needs_items_says,
    number,
    points,
    value,
)
from leadpact.english.wording import is_past, is_predicate, is_quality, joined, lower_first

CONDITIONS = Path(__file__).parents[1] / "corpus" / "english" / "conditions.leadpact"
POLICY = leadpact.load(CONDITIONS).checked
DEFINED = {item.name: item.whens[0].when for item in POLICY.definitions}


@pytest.mark.parametrize(
    ("name", "opposite"),
    [
        ("rich", "the budget is at most 50,000 SEK"),
        ("old", "“Created on” is after 1 February 2026"),
        ("business_email", "the domain of the work e-mail is on the list “Free e-mail services”"),
        ("starts", "the work e-mail does not start with “a”"),
        ("includes_prices", "“Interests” does not include prices"),
        ("a_customer", "the lead is not a customer"),
        ("known_budget", "the budget is unknown"),
        ("viewed", "the lead never viewed a page in the last 30 days"),
        ("never_viewed", "the lead viewed a page at any time"),
        ("viewed_often", "the lead viewed a page fewer than 3 times in the last month"),
        ("quiet", "the lead did something in the last 30 days"),
        ("good", "the fit grade is worse than B"),
        ("elsewhere", "the lead is in the group “Contact” or “Leave alone”"),
        ("bant_open", "BANT is not unknown"),
        ("any_of", "the lead is not interested and the budget is unknown"),
        (
            "two_of",
            "fewer than 2 of these are true: the lead is interested; the lead is a customer;"
            " the budget is known",
        ),
    ],
)
def test_the_opposite_of_a_condition_is_said_directly(name: str, opposite: str) -> None:
    assert condition(POLICY, Not(DEFINED[name])) == opposite
    assert condition(POLICY, Not(Not(DEFINED[name]))) == condition(POLICY, DEFINED[name])


HISTORY = leadpact.load(CONDITIONS.with_name("history.leadpact")).checked
PAST = {item.name: item.whens[0].when for item in HISTORY.definitions}


@pytest.mark.parametrize(
    ("name", "opposite"),
    [
        ("titled", "the job title has no word from the list “Titles”"),
        ("old", "“Created on” is at most 60 days ago"),
        ("soon", "the visit is at least 3 months ahead"),
        ("looked_lately", "the lead last viewed a page more than 2 weeks ago"),
        ("heard_before", "the first “Webinar” was on or after 24 December 2026"),
        ("active_since", "the lead was last active on another day than 24 December 2026"),
        ("left_lately", "the lead last left “Talk” at least 2 hours ago"),
        ("no_fit", "the reason of the last “Rejected the lead” is not “no fit”"),
        ("big_order", "the amount of the last “Order” is less than 10,000 SEK"),
        ("gift", "“Is a gift” of the last “Order” is no"),
        ("talking", "the lead is not in “Talk”"),
        ("talked_lately", "the lead was not in “Talk” in the last 90 days"),
        ("never_talked", "the lead was in “Talk” at any time"),
        (
            "new_points",
            "the interest score gained less than 20 points since the lead last left “Talk”",
        ),
        ("silent_since", "the lead did something since it last left “Talk”"),
    ],
)
def test_the_opposite_of_what_was_is_said_directly(name: str, opposite: str) -> None:
    assert condition(HISTORY, Not(PAST[name])) == opposite
    assert condition(HISTORY, Not(Not(PAST[name]))) == condition(HISTORY, PAST[name])


def test_waking_up_and_its_opposite() -> None:
    assert condition(HISTORY, WokenTest()) == "the lead has woken up in this stage"
    assert condition(HISTORY, Not(WokenTest())) == "the lead has not woken up in this stage"


def test_what_a_label_says_is_not_mistaken_for_a_quality() -> None:
    """A definition called as an event is: "asked for a demo" is no property of the lead."""
    asked = replace(HISTORY.definitions[0], name="asked", label="Rejected for now")
    policy = replace(HISTORY, definitions=(*HISTORY.definitions, asked))
    assert condition(policy, Defined("asked")) == "the lead rejected for now"
    listed = replace(policy, definitions=(replace(asked, label="Keen, and fits"),))
    assert condition(listed, Defined("asked")) == "“Keen, and fits” holds"
    assert condition(listed, Not(Defined("asked"))) == "“Keen, and fits” does not hold"


def test_joined_conditions_stay_unambiguous() -> None:
    interested, customer, wide = DEFINED["in_contact"], DEFINED["a_customer"], DEFINED["wide"]
    assert condition(POLICY, All((interested, customer))) == (
        "the lead is in the group “Contact” and is a customer"
    )
    assert condition(POLICY, Any((All((interested, customer)), wide))) == (
        "both the lead is in the group “Contact” and is a customer,"
        " or the number of employees is from 200 to 999"
    )
    assert condition(POLICY, All((DEFINED["chosen"], customer, wide))) == (
        "the seniority is C level, VP or director; the lead is a customer;"
        " and the number of employees is from 200 to 999"
    )


def test_parts_of_a_condition_come_one_by_one() -> None:
    assert condition_parts(POLICY, DEFINED["all_of"]) == (
        "the lead is interested",
        "the lead is not a customer",
        "the fit grade is A",
    )
    assert condition_parts(POLICY, DEFINED["any_of"]) == (
        "the lead is interested or the budget is known",
    )


def test_what_a_checklist_needs() -> None:
    needs = [needs_items_says(POLICY, "bant", item) for item in POLICY.checklists[0].needs]
    assert needs == [
        "At least 3 questions are met",
        "No question is “not met”; one without an answer does not count",
        "These are met: “Is there a budget?” and “Which problem would we solve?”",
    ]


@pytest.mark.parametrize(
    ("hundredths", "said"),
    [(1500, "+15"), (-1000, "−10"), (250, "+2.5"), (-5, "−0.05"), (0, "+0"), (100_000, "+1,000")],
)
def test_points(hundredths: int, said: str) -> None:
    assert points(hundredths) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c_level", "C level"),
        ("vp", "VP"),
        ("no_phone", "“no phone”"),
        ("it", "IT"),
        ("tier_ii_cities", "tier II cities"),
        ("Working Professional", "Working Professional"),
        ("Thane and Outskirts", "“Thane and Outskirts”"),
        ("other, please say", "“other, please say”"),
        ("not_now", "“not now”"),
        ("C_level", "C level"),
    ],
)
def test_values_are_made_readable(text: str, said: str) -> None:
    assert value(text) == said


def test_numbers_days_and_durations() -> None:
    assert [number(n) for n in (1200, -3)] == ["1,200", "−3"]
    assert day(date(2026, 10, 1)) == "1 October 2026"
    assert [duration(Duration(n, "day")) for n in (1, 30)] == ["1 day", "30 days"]
    assert joined("abc", "or") == "a, b or c"


def test_parts_of_speech_of_labels() -> None:
    assert is_past("Viewed pricing")
    assert is_past("Spoke with the lead")
    assert not is_past("Webinar")
    assert not is_past("Need for help")
    assert is_quality("Interested")
    assert is_quality("Ready for sales")
    assert not is_quality("Opened an e-mail")
    assert is_predicate("Uses a work e-mail")
    assert not is_predicate("Business e-mail")
    assert lower_first("VP of sales") == "VP of sales"
    assert lower_first("E-mail") == "e-mail"
