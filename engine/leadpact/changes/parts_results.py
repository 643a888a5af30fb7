"""Definitions, groups and checklists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from leadpact.changes.meaning import Ref
from leadpact.changes.part import (
    Block,
    Fact,
    Order,
    Part,
    Says,
    asked,
    fact,
    listed,
    said_condition,
    texts,
    words,
)
from leadpact.changes.parts_people import owner_fact
from leadpact.checked import (
    AnsweredItem,
    AskedItem,
    Checklist,
    DatedWhen,
    Definition,
    Group,
    GroupRow,
    NeedsItems,
)
from leadpact.english import Sayings, duration, needs_items_says
from leadpact.english.names import Names
from leadpact.english.wording import quoted

__all__ = ["result_orders", "result_parts"]

_DEFINITIONS = Block("definitions", "Definitions")


def result_parts(names: Names) -> Iterator[Part]:
    says = Sayings(names.policy)
    for definition in names.policy.definitions:
        for when in definition.whens:
            yield _definition(names, definition, when)
    for group in names.policy.groups:
        block = Block(f"group {group.name}", f"Group {quoted(group.label)}")
        yield _group(names, group, block)
        for row in group.rows:
            yield _group_row(names, says, group, row, block)
    for checklist in names.policy.checklists:
        block = Block(f"checklist {checklist.name}", f"Checklist {quoted(checklist.label)}")
        yield _checklist(names, checklist, block)
        for item in checklist.items:
            yield _item(names, says, item, block)


def _definition(names: Names, definition: Definition, when: DatedWhen) -> Part:
    """What it means on some days: a definition is as many parts as it has ``when`` lines."""
    return Part(
        "definition",
        definition.name,
        lambda: quoted(definition.label),
        _DEFINITIONS,
        (
            words("label", definition.label),
            owner_fact(names, definition.owner),
            asked(names, "condition", when.when),
            words("because", definition.because),
            texts("means", definition.means),
            texts("notes", definition.notes),
        ),
        lambda: f"{quoted(definition.label)} means that {said_condition(names, when.when)}",
        "decisions",
        when.span,
        when.in_force,
        label=definition.label,
    )


# --- groups --------------------------------------------------------------------------------------


def _group(names: Names, group: Group, block: Block) -> Part:
    return Part(
        "group",
        group.name,
        lambda: quoted(group.label),
        block,
        (words("label", group.label), owner_fact(names, group.owner)),
        lambda: f"the group {quoted(group.label)}",
        "decisions",
        group.span,
        label=group.label,
    )


def _group_row(names: Names, says: Sayings, group: Group, row: GroupRow, block: Block) -> Part:
    return Part(
        "row of a group",
        row.rule,
        lambda: quoted(row.label),
        block,
        (
            words("label", row.label),
            fact("form", row.kind, lambda: _KINDS[row.kind]),
            asked(names, "condition", row.when),
            words("because", row.because),
            texts("what to do", row.does),
            texts("means", row.means),
            texts("notes", row.notes),
        ),
        lambda: says.group_row(group, row),
        "decisions",
        row.span,
        row.in_force,
        label=row.label,
    )


_KINDS = {
    "when": "on its condition",
    "unknown": "when too little is known",
    "otherwise": "for every other lead",
}


# --- checklists ----------------------------------------------------------------------------------


def _checklist(names: Names, checklist: Checklist, block: Block) -> Part:
    needs = [
        (_needed(checklist, one), needs_items_says(names.policy, checklist.name, one))
        for one in checklist.needs
    ]
    return Part(
        "checklist",
        checklist.name,
        lambda: quoted(checklist.label),
        block,
        (
            words("label", checklist.label),
            owner_fact(names, checklist.owner),
            listed("needs", needs),
        ),
        lambda: f"the checklist {quoted(checklist.label)}",
        "decisions",
        checklist.span,
        label=checklist.label,
    )


def _needed(checklist: Checklist, needs: NeedsItems) -> object:
    """Of all questions, whichever they are: one more question is no other need."""
    every = set(needs.items) == {item.name for item in checklist.items}
    count = -1 if needs.count == len(needs.items) else needs.count
    items = () if every else tuple(Ref("item", f"{checklist.name}.{one}") for one in needs.items)
    return needs.quantifier, count, needs.state, every, tuple(sorted(items, key=repr))


def _item(names: Names, says: Sayings, item: AskedItem | AnsweredItem, block: Block) -> Part:
    return Part(
        "question",
        item.rule,
        lambda: quoted(item.question),
        block,
        (
            words("question", item.question),
            *_answer(names, item),
            words("because", item.because),
            texts("means", item.means),
            texts("notes", item.notes),
        ),
        lambda: f"{quoted(item.question)}. {says.item(item)}",
        "decisions",
        item.span,
        label=item.question,
    )


def _answer(names: Names, item: AskedItem | AnsweredItem) -> Iterator[Fact]:
    form = type(item).__name__
    match item:
        case AskedItem():
            yield fact("form", form, lambda: "by what is known")
            yield asked(names, "met when", item.met_when)
            yield asked(names, "not met when", item.not_met_when)
        case AnsweredItem():
            good = item.good_for
            yield fact("form", form, lambda: "by what somebody answers")
            party = Ref("party", item.party)
            yield fact("answered by", party, lambda: names.parties[item.party])
            yield fact("good for", good, lambda: duration(good) if good else "")
        case _:
            assert_never(item)


def result_orders(names: Names) -> Iterator[Order]:
    """Of a group's rows the first that is true wins; of refusals the first that applies."""
    for group in names.policy.groups:
        yield Order(
            f"group {group.name}",
            Block(f"group {group.name}", f"Group {quoted(group.label)}"),
            quoted(group.label),
            tuple(row.rule for row in group.rows),
            tuple(_later(row.label) for row in group.rows),
            "decisions",
            group.span,
        )


def _later(label: str) -> Says:
    return lambda: quoted(label)
