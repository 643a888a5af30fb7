"""Changing a policy a little: which changes are made, and which of them examples notice."""

from __future__ import annotations

import pytest

import leadpact
from leadpact.api import Policy
from leadpact.examples import run_examples
from leadpact.mutation import mutate
from leadpact.mutation.mutants import mutants


def changes(policy: Policy) -> list[tuple[str, str]]:
    return [(one.rule, one.change) for one in mutants(policy.checked)]


def test_every_number_goes_one_step_up_and_down(small):
    found = changes(small(""))
    for rule, up, down in (
        ("interest.webinar", "+10 → +11", "+10 → +9"),
        ("interest.webinar", "30 days → 31 days", "30 days → 29 days"),
        (
            "interest.webinar",
            "at most 2 times → at most 3 times",
            "at most 2 times → at most 1 times",
        ),
        ("interest.big_order", "2 weeks → 3 weeks", "2 weeks → 1 week"),
        ("interest.seniority", "−5 → −4", "−5 → −6"),
        (
            "interest.web",
            "at most 30 points → at most 31 points",
            "at most 30 points → at most 29 points",
        ),
        ("big_order", "100 → 101", "100 → 99"),
        ("interested", "interest 20 points → 25 points", "interest 20 points → 15 points"),
        ("bant.budget", "500 → 501", "500 → 499"),
        ("mql.moves_to.lead", "100 → 101", "100 → 99"),
    ):
        assert (rule, up) in found
        assert (rule, down) in found


def test_a_grade_steps_by_what_its_letters_can_tell_apart(small):
    found = changes(small(""))
    assert ("fit.seniority.vp", "+20 → +30") in found
    assert ("fit.letters.A", "A from 40 → A from 50") in found
    assert ("fit.letters.A", "A from 40 → A from 41") not in found


def test_ranges_that_meet_move_together(small):
    found = [change for rule, change in changes(small("")) if "employees" in rule]
    assert "from 200 → 201 and to 199 → 200" in found
    assert "from 50 → 51" in found


def test_each_row_is_left_out_but_those_that_give_nothing(small):
    found = [rule for rule, change in changes(small("")) if change.startswith("left out: ")]
    assert found == [
        "refused.email",
        *("interest.webinar", "interest.big_order", "interest.seniority"),
        *("fit.seniority.vp", "fit.employees.from_200", "fit.employees.from_50_to_199"),
        "fit.letters.A",
        *("bant.budget", "bant.authority"),
        *("lead.moves_to.mql", "mql.moves_to.won", "mql.moves_to.lead"),
    ]


def test_what_a_rule_still_names_is_not_left_out(small):
    """B is named by "B or better", the row by the move: without them there is no policy."""
    found = [rule for rule, change in changes(small("")) if change.startswith("left out: ")]
    assert "fit.letters.B" not in found
    assert "quadrant.contact" not in found


def test_a_change_that_cannot_matter_is_not_tried(small):
    """The score reaches from −5 to 30; the clamp at 50 is out of reach, that at 0 is not."""
    found = [change for rule, change in changes(small("")) if rule == "interest"]
    assert found == ["from 0 → from 1", "from 0 → from -1".replace("-", "−")]


def test_every_mutant_is_a_policy_that_decides(small):
    policy = small('example "x":\n    KEEN\n    expect interest is 20\n')
    for mutant in mutants(policy.checked):
        run_examples(Policy(mutant.policy))


@pytest.mark.parametrize(
    ("expected", "noticed"),
    [
        ("interest is 20", ("interest.webinar", "+10 → +11")),
        ("fit is B", ("fit.employees.from_50_to_199", "+10 → +20")),
        ("moves to mql", ("lead.moves_to.mql", "left out: ")),
        ("interested", ("interested", "interest 20 points → 25 points")),
    ],
)
def test_an_example_notices_what_it_expects(small, expected, noticed):
    policy = small(f'example "x":\n    KEEN\n    expect {expected}\n')
    rule, change = noticed
    alive = [
        one for one in mutate(policy.checked).survivors if one.rule == rule and change in one.change
    ]
    assert alive == []
    idle = small('example "x":\n    as of 2026-03-02\n    expect budget is unknown\n')
    alive = [
        one for one in mutate(idle.checked).survivors if one.rule == rule and change in one.change
    ]
    assert len(alive) == 1


def test_an_example_that_names_what_is_left_out_notices_it(small):
    policy = small('example "x":\n    as of 2026-03-02\n    expect bant.authority is unknown\n')
    rules = {
        one.rule for one in mutate(policy.checked).survivors if one.change.startswith("left out")
    }
    assert "bant.budget" in rules
    assert "bant.authority" not in rules


def test_the_quick_way_and_the_whole_way_notice_the_same(small):
    """Mutants are judged by probes alone; whole decisions about them must say the same."""
    policy = small(
        'example "a":\n    KEEN\n    expect moves to mql\n    expect bant is met\n'
        'example "b":\n    as of 2026-03-02\n    entered mql 3 days ago\n    contacted 1 day ago\n'
        "    budget is 99 SEK\n    expect moves to won\n"
        'example "c":\n    as of 2026-03-02\n    email is "test@sample.example"\n'
        "    expect refused\n"
        'example "d":\n    as of 2026-03-02\n    seniority is staff\n    expect stays\n'
    )
    quick = {(one.rule, one.change) for one in mutate(policy.checked).survivors}
    whole = {
        (one.rule, one.change)
        for one in mutants(policy.checked)
        if one.rule not in ("bant.budget", "bant.authority", "fit.letters.A")
        and all(result.holds for result in run_examples(Policy(one.policy)))
    }
    assert whole <= quick
    assert {one for one in quick if one[0].split(".")[0] not in ("bant", "fit")} <= whole


def test_progress_is_told_to_the_end(small):
    heard = []
    policy = small('example "x":\n    KEEN\n    expect interest is 20\n')
    result = mutate(policy.checked, progress=lambda done, total: heard.append((done, total)))
    assert heard[-1] == (result.tried, result.tried)
    assert len(heard) == result.tried


# --- over time -----------------------------------------------------------------------------------

OVER_TIME = """\
policy later "Later":
    language 1
    version 1
    time zone "UTC"
calendar office:
    open mon to fri 09:00 to 17:00
party sales "Sales"
lead:
    email text
actions by sales:
    picked_up
    contacted
    rejected
stage mql:
    start
    hands back to nurture when rejected:
        wake up after 2 days
    times out to nurture after 7 days without picked_up because "Nobody":
        put on worklist unpicked
    target call is contacted within 4 business hours of office:
        starts when picked_up
stage nurture:
    moves to mql when woken up and rejected ever
"""
WALKED = """\
example "Picked":
    as of 2026-11-02 10:00
    picked_up at 2026-11-02 11:00
    expect target call is waiting
    after 1 day:
        expect target call is missed
        expect target call is due at 2026-11-02 15:00
example "Unpicked":
    as of 2026-11-02 10:00
    entered mql 0 days ago
    on 2026-11-09 09:59: expect stays
    on 2026-11-09 10:00: expect times out to nurture because "Nobody"
example "Rejected":
    as of 2026-11-02 10:00
    rejected at 2026-11-03 10:00
    on 2026-11-05 09:59: expect hands back to nurture
    on 2026-11-05 10:00: expect moves to mql
"""
IDLE = 'example "x":\n    as of 2026-11-02\n    expect stays\n'
LATER = [
    ("mql.hands_back_to.nurture", "2 days → 3 days"),
    ("mql.hands_back_to.nurture", "2 days → 1 day"),
    ("mql.times_out_to.nurture", "7 days → 8 days"),
    ("mql.times_out_to.nurture", "7 days → 6 days"),
    ("mql.call", "4 business hours → 5 business hours"),
    ("mql.call", "4 business hours → 3 business hours"),
]


def test_steps_notice_what_comes_later():
    policy = leadpact.load_text(f"{OVER_TIME}{WALKED}")
    assert set(LATER) < set(changes(policy))
    assert mutate(policy.checked).survivors == ()


def test_what_steps_look_at_is_tried_only_where_there_are_some():
    found = changes(leadpact.load_text(f"{OVER_TIME}{IDLE}"))
    assert [one for one in LATER if one in found] == LATER[2:4]


@pytest.mark.parametrize("left_out", [1, 2])
def test_the_quick_way_and_the_whole_way_notice_the_same_over_time(left_out):
    examples = WALKED.split("example ")[1:]
    del examples[left_out]
    policy = leadpact.load_text("example ".join([OVER_TIME, *examples]))
    quick = {(one.rule, one.change) for one in mutate(policy.checked).survivors}
    assert quick
    assert quick == {
        (one.rule, one.change)
        for one in mutants(policy.checked)
        if all(result.holds for result in run_examples(Policy(one.policy)))
    }


def test_a_time_after_every_close_is_no_change():
    text = OVER_TIME.replace("within 4 business hours of office", "by 17:00 of office")
    found = changes(leadpact.load_text(f"{text}{WALKED}"))
    assert [change for rule, change in found if rule == "mql.call"] == ["by 17:00 → 16:59"]
