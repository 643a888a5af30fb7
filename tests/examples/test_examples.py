"""Running examples: what holds, what does not, and what a failure tells."""

from __future__ import annotations

import pytest

from leadpact.examples import example_record, report, run_examples


def found(policy) -> list[tuple[str, str]]:
    """What is unmet in the one example: the expectation and why."""
    (result,) = run_examples(policy)
    assert result.holds is (not result.unmet)
    return [(one.expected.text, one.found) for one in result.unmet]


@pytest.mark.parametrize(
    "expected",
    [
        "interest is 20",
        "interest.web is at least 20",
        "fit is B",
        "quadrant is contact",
        "bant is met",
        "bant.budget is unknown",
        "interested and not webinar within 1 hour",
        "moves to mql",
    ],
)
def test_what_is_so_holds(small, expected):
    assert found(small(f'example "x":\n    KEEN\n    expect {expected}\n')) == []


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        ("interest is 21", "false"),
        ("fit is A", "false"),
        ("bant.budget is met", "unknown"),
        ("budget is at least 500 SEK", "unknown"),
        ("stays", "other move"),
        ("moves to won", "other move"),
        ("refused", "not refused"),
    ],
)
def test_what_is_not_so_is_told(small, expected, why):
    policy = small(f'example "x":\n    KEEN\n    expect {expected}\n')
    assert found(policy) == [(expected, why)]


def test_only_the_unmet_of_several_are_told(small):
    lines = "    expect interest is 20\n    expect fit is A\n    expect stays\n"
    policy = small(f'example "x":\n    KEEN\n{lines}')
    assert found(policy) == [("fit is A", "false"), ("stays", "other move")]


REFUSED = '    as of 2026-03-02 10:00\n    email is "test@sample.example"\n'


def test_a_refused_record_meets_only_that_expectation(small):
    assert found(small(f'example "x":\n{REFUSED}    expect refused\n')) == []
    policy = small(f'example "x":\n{REFUSED}    expect interest is 0\n    expect stays\n')
    assert found(policy) == [("interest is 0", "refused"), ("stays", "refused")]


def test_a_lead_may_lack_its_required_fields(small):
    assert found(small('example "x":\n    as of 2026-03-02\n    expect interest is 0\n')) == []


def test_an_example_in_a_stage_looks_at_what_happened_since(small):
    given = "    as of 2026-03-02 10:00\n    entered mql 3 days ago\n    contacted {} days ago\n"
    moves = 'example "x":\n' + given + "    expect moves to won\n"
    assert found(small(moves.format(1))) == []
    assert found(small(moves.format(4))) == [("moves to won", "other move")]


def test_derived_events_stand_for_their_base(small):
    given = "    as of 2026-03-02\n    big_order 1 day ago with worth is 100\n"
    policy = small(f'example "x":\n{given}    expect interest is 15\n')
    assert found(policy) == []
    (event,) = example_record(policy.checked.examples[0])["activities"]
    assert (event["kind"], event["id"]) == ("order", "e1")


def test_the_report_has_the_rows_of_what_failed_and_a_line_for_the_rest(small):
    policy = small('example "Keen":\n    KEEN\n    expect fit is A\n    expect budget is known\n')
    (result,) = run_examples(policy)
    at = result.example.span.line
    assert report(policy.checked, result, "ours") == (
        "“Keen” does not hold\n"
        f"  --> ours/policy.leadpact:{at}\n"
        f"  line {at + 7}: expected fit is A\n"
        "           but it is not so\n"
        f"  line {at + 8}: expected budget is known\n"
        "           but it is not so\n"
        "  what is so:\n"
        "    interest is 20\n"
        "    fit is B (30 points)\n"
        "      +20  when the seniority is VP\n"
        "      +10  when the number of employees is from 50 to 199\n"
        "    quadrant is contact\n"
        "    bant is met\n"
        "    moves to mql"
    )


def test_the_report_of_a_move_opens_what_the_stage_looks_at(small):
    policy = small(
        'example "Idle":\n    as of 2026-03-02\n    seniority is staff\n    expect moves to mql\n'
    )
    (result,) = run_examples(policy)
    text = report(policy.checked, result)
    assert "but it stays in lead" in text
    # The move asks for the quadrant, which asks for the definition, which asks for the score.
    assert "      −5  when the seniority is staff\n" in text
    assert "      bant.budget is unknown\n" in text


def test_the_report_of_a_refused_record_names_the_rule(small):
    policy = small(f'example "x":\n{REFUSED}    expect stays\n')
    (result,) = run_examples(policy)
    assert "but the lead is refused (refused.email): Test record" in report(policy.checked, result)
