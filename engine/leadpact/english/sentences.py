"""One plain-English sentence for every rule of a checked policy.

The sentences are what a decision says about its rows, what the command line prints and what the
published pages show, so they speak in labels and name each rule's unit, window and limit. They
carry no full stop: they stand in tables and after rule ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

from leadpact.checked import (
    All,
    AnsweredItem,
    AskedItem,
    ByRow,
    Category,
    CheckedPolicy,
    Condition,
    Definition,
    Field,
    FieldFact,
    GroupRow,
    Move,
    NeedsItems,
    NeedsKnown,
    PointsBy,
    PointsRow,
    Refusal,
)
from leadpact.english.clauses import clause, members_of
from leadpact.english.points import (
    by_row_sentence,
    category_says,
    clamp_says,
    letter_says,
    row_sentence,
)
from leadpact.english.wording import (
    Names,
    duration,
    joined,
    number,
    quoted,
    say,
)

__all__ = [
    "by_row_says",
    "condition",
    "condition_parts",
    "definition_says",
    "group_row_says",
    "item_says",
    "move_says",
    "needs_items_says",
    "needs_known_says",
    "refusal_says",
    "row_says",
    "sentences",
]

# --- conditions ----------------------------------------------------------------------------------


def condition(
    policy: CheckedPolicy, said: Condition, properties: tuple[Field, ...] | None = None
) -> str:
    """A clause that can stand after "when": ``the seniority is C level, VP or director``.

    ``properties`` are those of the event that a ``where`` of it speaks about.
    """
    return clause(Names.of(policy, properties), said)


def condition_parts(policy: CheckedPolicy, said: Condition) -> tuple[str, ...]:
    """The clauses that must all hold, one by one: what a list on a page shows."""
    names = Names.of(policy)
    return tuple(members_of(names, said)) if isinstance(said, All) else (clause(names, said),)


# --- rows of points ------------------------------------------------------------------------------


def row_says(policy: CheckedPolicy, row: PointsRow) -> str:
    """A row of a score or grade: ``+15 for each time the lead viewed pricing, once a day, …``"""
    return row_sentence(Names.of(policy), row)


def by_row_says(policy: CheckedPolicy, by: PointsBy, row: ByRow) -> str:
    """A row of ``by``: ``+20 when the number of employees is from 200 to 999``."""
    return by_row_sentence(Names.of(policy), by, row)


# --- what a grade and a checklist need ---------------------------------------------------------


def needs_known_says(policy: CheckedPolicy, needs: NeedsKnown) -> str:
    """``At least 2 of these must be known: the seniority, the industry and the city``"""
    names = Names.of(policy)
    fields = joined((names.subject(FieldFact(name)) for name in needs.fields), "and")
    if needs.count == len(needs.fields):
        return say("needs all known", fields=fields)
    return say("needs known", count=number(needs.count), fields=fields)


# --- groups, checklists, definitions, moves, refusals --------------------------------------------


def group_row_says(policy: CheckedPolicy, row: GroupRow) -> str:
    """``“Contact” when the lead is interested and interesting``"""
    return _group_row(Names.of(policy), row)


def item_says(policy: CheckedPolicy, item: AskedItem | AnsweredItem) -> str:
    """``Met when the budget is at least 50,000 SEK``; ``Answered by Field Sales, good for …``"""
    return _item(Names.of(policy), item)


def move_says(policy: CheckedPolicy, move: Move) -> str:
    """``Moves to “Marketing qualified lead” when the lead is ready for sales``"""
    return _move(Names.of(policy), move)


def definition_says(policy: CheckedPolicy, definition: Definition) -> str:
    """``“Interested” means that the interest score is at least 50 points``"""
    return _definition(Names.of(policy), definition)


def refusal_says(policy: CheckedPolicy, refusal: Refusal) -> str:
    """``Turned away when the work e-mail is “test@sample.example”``"""
    return _refusal(Names.of(policy), refusal)


def needs_items_says(policy: CheckedPolicy, checklist: str, needs: NeedsItems) -> str:
    """``At least 3 questions are met``; the items are named when not all of them are meant."""
    names = Names.of(policy)
    every = {name for owner, name in names.items if owner == checklist} == set(needs.items)
    items = joined((quoted(names.items[checklist, name]) for name in needs.items), "and")
    if needs.quantifier == "none":
        key = "needs none"
    elif needs.count == len(needs.items):
        key = "needs all"
    else:
        key = "needs at least"
    if every:
        return say(key, count=number(needs.count), state=needs.state)
    return say(f"{key} of", count=number(needs.count), state=needs.state, items=items)


def _group_row(names: Names, row: GroupRow) -> str:
    label = quoted(row.label)
    match row.kind:
        case "when":
            assert row.when is not None
            return say("group when", row=label, condition=clause(names, row.when))
        case "otherwise":
            return say("group otherwise", row=label)
        case "unknown":
            return say("group unknown", row=label)
        case _:
            assert_never(row.kind)


def _item(names: Names, item: AskedItem | AnsweredItem) -> str:
    match item:
        case AskedItem():
            met = clause(names, item.met_when)
            if item.not_met_when is None:
                return say("met when", condition=met)
            otherwise = clause(names, item.not_met_when)
            return say("met when else", condition=met, otherwise=otherwise)
        case AnsweredItem():
            party = names.parties[item.party]
            if item.good_for is None:
                return say("answered", party=party)
            return say("answered for", party=party, duration=duration(item.good_for))
        case _:
            assert_never(item)


def _move(names: Names, move: Move) -> str:
    stage = quoted(names.stages[move.to])
    return say("moves", stage=stage, condition=clause(names, move.when))


def _definition(names: Names, definition: Definition) -> str:
    said = clause(names, definition.when)
    return say("definition", label=quoted(definition.label), condition=said)


def _refusal(names: Names, refusal: Refusal) -> str:
    return say("refusal", condition=clause(names, refusal.when))


# --- all of a policy -----------------------------------------------------------------------------


def sentences(policy: CheckedPolicy) -> Mapping[str, str]:
    """The sentence of every rule id, in the order of the policy.

    Rules are rows of points (correcting ones too), categories, letters, group rows, items, moves
    and refusals; a definition goes by its name.
    """
    return dict(_sentences(Names.of(policy)))


def _sentences(names: Names) -> Iterator[tuple[str, str]]:
    policy = names.policy
    for refusal in policy.refusals:
        yield refusal.rule, _refusal(names, refusal)
    for score in policy.scores:
        yield from _rows(names, score.rows)
        yield from clamp_says(score).items()
    for grade in policy.grades:
        yield from _rows(names, grade.rows)
        for letter in grade.letters:
            yield letter.rule, letter_says(grade, letter)
    for definition in policy.definitions:
        yield definition.name, _definition(names, definition)
    for group in policy.groups:
        for group_row in group.rows:
            yield group_row.rule, _group_row(names, group_row)
    for checklist in policy.checklists:
        for item in checklist.items:
            yield item.rule, _item(names, item)
    for stage in policy.stages:
        for move in stage.moves:
            yield move.rule, _move(names, move)


def _rows(
    names: Names,
    rows: tuple[PointsRow | PointsBy | Category, ...] | tuple[PointsRow | PointsBy, ...],
) -> Iterator[tuple[str, str]]:
    for row in rows:
        match row:
            case PointsRow():
                yield row.rule, row_sentence(names, row)
            case PointsBy():
                for by_row in row.rows:
                    yield by_row.rule, by_row_sentence(names, row, by_row)
            case Category():
                yield row.rule, category_says(row)
                if row.at_most is not None:
                    yield f"{row.rule}.at_most", category_says(row)
                yield from _rows(names, row.rows)
            case _:
                assert_never(row)
