"""Why a lead does not move: conditions opened down to the fact that is missing."""

from __future__ import annotations

from datetime import UTC, datetime

from leadpact.why_not import field_text, fields_read, judged_moves

AS_OF = datetime(2026, 3, 2, 10, tzinfo=UTC)
LEAD = {"id": "L-17", "email": "dana@buyer.example"}
WEBINARS = [
    {"id": f"e{day}", "kind": "webinar", "at": f"2026-03-0{day}T08:00:00Z"} for day in (1, 2)
]


def moves_of(policy, record):
    decision = policy.decide(record, as_of=AS_OF, explain=True)
    return judged_moves(policy, record, decision, as_of=AS_OF)


def lines(parts, depth=0):
    for part in parts:
        actual = f" [{part.actual}]" if part.actual else ""
        yield f"{'  ' * depth}{part.holds} {part.says}{actual}"
        yield from lines(part.parts, depth + 1)


def test_a_group_a_definition_and_a_checklist_are_opened(small):
    (move,) = moves_of(small(""), LEAD | {"seniority": "staff", "activities": WEBINARS})
    assert (move.move.rule, move.acts, move.holds) == ("lead.moves_to.mql", False, False)
    assert list(lines(move.parts)) == [
        "False the lead is in the group “Contact” [“Leave alone”]",
        "  False the lead is interested",
        "    False the interest score is at least 20 points [15]",
        "  False the fit grade is B or better [C]",
        "None Bant is met [unknown]",
        "  None Is there a budget?",
        "  False Can they decide?",
    ]


def test_the_move_that_acts_is_marked(small):
    (move,) = moves_of(small(""), LEAD | {"seniority": "vp", "activities": WEBINARS})
    assert (move.acts, move.holds) == (True, True)


def test_a_later_move_may_hold_without_acting(small):
    contacted = [{"id": "a1", "kind": "contacted", "at": "2026-03-01T08:00:00Z"}]
    stage = {"stage": "mql", "stage_since": "2026-02-01T08:00:00Z"}
    first, second = moves_of(small(""), LEAD | stage | {"actions": contacted, "budget": 99})
    assert (first.move.to, first.acts, first.holds) == ("won", True, True)
    assert (second.move.to, second.acts, second.holds) == ("lead", False, True)


def test_the_actual_value_of_a_field_is_told_and_an_unknown_one_is_not(small):
    stage = {"stage": "mql", "stage_since": "2026-02-01T08:00:00Z"}
    _, known = moves_of(small(""), LEAD | stage | {"budget": 1200.5})
    assert list(lines(known.parts)) == ["False the budget is less than 100 SEK [1,200.5 SEK]"]
    _, unknown = moves_of(small(""), LEAD | stage)
    assert list(lines(unknown.parts)) == ["None the budget is less than 100 SEK"]


def test_a_final_stage_has_no_moves(small):
    stage = {"stage": "won", "stage_since": "2026-02-01T08:00:00Z"}
    assert moves_of(small(""), LEAD | stage) == ()


def test_the_fields_that_a_part_reads(small):
    checked = small("").checked
    assert set(fields_read(checked.grades)) == {"seniority", "employees"}
    # The property of an order is no field of the lead.
    assert set(fields_read(checked.scores)) == {"seniority"}
    assert set(fields_read(checked.checklists)) == {"budget", "seniority"}


def test_only_what_a_decision_takes_for_blanks_is_left_out_of_a_value(small):
    checked = small("").checked
    assert field_text(checked, "email", " \t ") is None
    assert field_text(checked, "email", "\u00a0") == "“\u00a0”"
