"""Definitions, groups and checklists."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check import amounts, lengths
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.in_force import in_each_period, in_force, wrong_dates
from leadpact.check.lists import label, owner
from leadpact.check.parties import texts
from leadpact.check.scope import Place, Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["checklist", "definition", "group"]


def definition(
    node: nodes.DefineBlock, scope: Scope, *, first: bool, whole: Whole
) -> checked.Definition | None:
    """The definition; ``None`` after saying what is wrong."""
    name = node.name.text
    owned_by = owner(node.owner, scope.names)
    if not node.whens:
        if whole():
            scope.report.error(
                "E514",
                f"The definition {ticked(name)} says nothing.",
                node.name.span,
                f"Write its condition: `define {name} when …`.",
            )
        return None
    place = Place(owner=name if first else None)
    conditions = [condition(line.when, scope, place) for line in node.whens]
    days = [in_force(line.in_force, scope) for line in node.whens]
    if not any(
        wrong_dates(line.in_force, found) for line, found in zip(node.whens, days, strict=True)
    ):
        in_each_period(days, lambda lines: _say_days(node, lines, scope, whole=whole), scope)
    whens = tuple(
        checked.DatedWhen(when, found, line.span)
        for line, when, found in zip(node.whens, conditions, days, strict=True)
        if when is not None
    )
    if len(whens) < len(node.whens):
        return None
    return checked.Definition(
        name,
        label(node.label, node.name),
        owned_by,
        whens,
        node.because.text if node.because is not None else None,
        node.span,
        texts(node.means),
        texts(node.notes),
    )


def _say_days(node: nodes.DefineBlock, lines: Sequence[int], scope: Scope, *, whole: Whole) -> None:
    """Say it where not exactly one of the definition's conditions is in force."""
    name = ticked(node.name.text)
    if not lines and whole():
        scope.report.error(
            "E520",
            f"{name} has no condition.",
            node.name.span,
            "On each day one `when` must be in force. Let the others begin and end next to each "
            "other, or leave out the dates of the first and the last.",
        )
    for index in lines[1:]:
        said, other = node.whens[index], node.whens[lines[0]]
        scope.report.error(
            "E521",
            f"{name} has two conditions, here and in line {other.span.line}.",
            said.in_force.span if said.in_force is not None else said.span,
            "On each day only one `when` can be in force. End the earlier one the day before, or "
            "join the two with `and` or `or`.",
        )


# --- groups --------------------------------------------------------------------------------------


def group(node: nodes.GroupBlock, scope: Scope, *, first: bool, whole: Whole) -> checked.Group:
    """The group; rows that something is wrong with are left out."""
    name = node.name.text
    place = Place(owner=name if first else None)
    whens = [
        condition(row.when, scope, place) if row.when is not None else None for row in node.rows
    ]
    days = [in_force(row.in_force, scope) for row in node.rows]
    dated = [
        index for index, row in enumerate(node.rows) if not wrong_dates(row.in_force, days[index])
    ]
    # A row without a condition may be the one that was to take the rest; the parser has said so.
    open_ended = len(dated) < len(node.rows) or any(
        row.kind == "when" and row.when is None for row in node.rows
    )
    left_out: set[int] = set()

    def judge(members: Sequence[int]) -> None:
        seen: dict[str, nodes.GroupRow] = {}
        rest: dict[str, nodes.GroupRow] = {}
        conditions: dict[checked.Condition, nodes.GroupRow] = {}
        rows = [node.rows[dated[member]] for member in members]
        for member, row in zip(members, rows, strict=True):
            when = whens[dated[member]]
            if _misplaced(row, seen, rest, scope) or _shadowed(row, when, conditions, scope):
                left_out.add(dated[member])
        if not any(row.kind == "otherwise" for row in rows) and not open_ended and whole():
            _say_no_rest(node, rows, scope)

    in_each_period([days[index] for index in dated], judge, scope)
    made = tuple(
        _group_row(name, row, when, found)
        for index, (row, when, found) in enumerate(zip(node.rows, whens, days, strict=True))
        if index not in left_out and (row.kind != "when" or when is not None)
    )
    return checked.Group(
        name, label(node.label, node.name), owner(node.owner, scope.names), made, node.span
    )


def _group_row(
    name: str,
    row: nodes.GroupRow,
    when: checked.Condition | None,
    days: checked.InForce | None,
) -> checked.GroupRow:
    return checked.GroupRow(
        f"{name}.{row.name.text}",
        row.name.text,
        label(row.label, row.name),
        row.kind,
        when,
        row.because.text if row.because is not None else None,
        texts(row.does),
        texts(row.means),
        row.span,
        days,
        texts(row.notes),
    )


def _misplaced(
    row: nodes.GroupRow,
    seen: dict[str, nodes.GroupRow],
    rest: dict[str, nodes.GroupRow],
    scope: Scope,
) -> bool:
    """Whether a row has a taken name or stands below the last one, saying so."""
    earlier = seen.setdefault(row.name.text, row)
    if earlier is not row:
        scope.report.error(
            "E202",
            f"There are two rows {ticked(row.name.text)}.",
            row.name.span,
            f"The other one stands in line {earlier.span.line}. Join their conditions with `or`, "
            "or give one another name.",
        )
        return True
    other = rest.get("otherwise") or (rest.get("unknown") if row.kind == "unknown" else None)
    if row.kind != "when":
        rest.setdefault(row.kind, row)
    if other is not None:
        if other.kind == "otherwise":
            scope.report.error(
                "E406",
                f"{ticked(row.name.text)} can never be reached: {ticked(other.name.text)} in line "
                f"{other.span.line} takes all the rest.",
                row.name.span,
                "The row `otherwise` is the last. Put this row above it.",
            )
        else:
            scope.report.error(
                "E504",
                "There are two rows for the unknown.",
                row.name.span,
                f"The other one stands in line {other.span.line}. Leave one of them out.",
            )
    return other is not None


def _shadowed(
    row: nodes.GroupRow,
    when: checked.Condition | None,
    earlier: dict[checked.Condition, nodes.GroupRow],
    scope: Scope,
) -> bool:
    """Whether an earlier row has the same condition, saying so."""
    if when is None:
        return False
    other = earlier.setdefault(when, row)
    if other is row or other.in_force is not None:
        # On days on which the earlier row is not in force, this one is reached.
        return False
    scope.report.error(
        "E406",
        f"{ticked(row.name.text)} can never be reached: {ticked(other.name.text)} in line "
        f"{other.span.line} has the same condition.",
        row.name.span,
        "The first row that holds wins. Change the condition, or leave the row out.",
    )
    return True


def _say_no_rest(node: nodes.GroupBlock, rows: Sequence[nodes.GroupRow], scope: Scope) -> None:
    last = rows[-1].name.span if rows else node.name.span
    scope.report.error(
        "E407",
        f"The group {ticked(node.name.text)} has no row for all other leads.",
        last,
        "End it in a row that takes the rest, such as `other otherwise`.",
    )


# --- checklists ----------------------------------------------------------------------------------


def checklist(
    node: nodes.ChecklistBlock, scope: Scope, *, first: bool, whole: Whole
) -> checked.Checklist:
    name = node.name.text
    place = Place(owner=name if first else None, asks=True)
    items: list[checked.AskedItem | checked.AnsweredItem] = []
    seen: dict[str, nodes.ItemLine] = {}
    for line in node.items:
        made = _item(name, line, place, scope, whole=whole)
        earlier = seen.setdefault(line.name.text, line)
        if earlier is not line:
            scope.report.error(
                "E202",
                f"There are two items {ticked(line.name.text)}.",
                line.name.span,
                f"The other one stands in line {earlier.span.line}. Give one another name.",
            )
        elif made is not None:
            items.append(made)
    needs = [_needs(line, node.name.text, tuple(seen), scope) for line in node.needs]
    if not (node.items and node.needs) and whole():
        lacks = "no items" if not node.items else "no line that says what it needs"
        scope.report.error(
            "E514",
            f"The checklist {ticked(name)} has {lacks}.",
            node.name.span,
            "Add items below it." if not node.items else "Add a line such as `needs all met`.",
        )
    return checked.Checklist(
        name,
        label(node.label, node.name),
        owner(node.owner, scope.names),
        tuple(items),
        tuple(line for line in needs if line is not None),
        node.span,
    )


def _item(
    checklist_name: str, line: nodes.ItemLine, place: Place, scope: Scope, *, whole: Whole
) -> checked.AskedItem | checked.AnsweredItem | None:
    name = line.name.text
    rule, question = f"{checklist_name}.{name}", label(line.question, line.name)
    because = line.because.text if line.because is not None else None
    if line.answered_by is not None:
        known = scope.names.look_up(line.answered_by, "party") is not None
        good_for = None
        if line.good_for is not None:
            good_for = lengths.exact(line.good_for, scope)
            known = known and good_for is not None
        party = line.answered_by.text
        if not known:
            return None
        return checked.AnsweredItem(
            rule,
            name,
            question,
            rule,
            party,
            good_for,
            because,
            line.span,
            texts(line.means),
            texts(line.notes),
        )
    if line.met_when is None:
        if whole():
            scope.report.error(
                "E514",
                f"The item {ticked(name)} does not say when it is met.",
                line.name.span,
                "Write `met when …`, or `answered by` a party.",
            )
        return None
    met = condition(line.met_when, scope, place)
    not_met = None
    if line.not_met_when is not None:
        not_met = condition(line.not_met_when, scope, place)
    if met is None or (line.not_met_when is not None and not_met is None):
        return None
    return checked.AskedItem(
        rule,
        name,
        question,
        met,
        not_met,
        because,
        line.span,
        texts(line.means),
        texts(line.notes),
    )


def _needs(
    node: nodes.NeedsItems, checklist: str, items: tuple[str, ...], scope: Scope
) -> checked.NeedsItems | None:
    named = tuple(word.text for word in node.items)
    known = dict.fromkeys(items)
    right = [scope.part(word, known, "item", of=checklist) for word in node.items]
    if not all(right):
        return None
    for index, word in enumerate(node.items):
        if word.text in named[:index]:
            scope.report.error(
                "E206",
                f"{ticked(word.text)} stands here twice.",
                word.span,
                "Leave out the second one.",
            )
            return None
    of = named or items
    if node.quantifier == "none":
        return checked.NeedsItems("none", 0, of, node.state, node.span)
    if node.quantifier == "all" or node.count is None:
        return checked.NeedsItems("at least", len(of), of, node.state, node.span)
    count = amounts.count(scope.report, node.count, least=1, what="items")
    if count is None:
        return None
    if count > len(of):
        if not (scope.names.damaged and not named):
            scope.report.error(
                "E413",
                f"{count} items are asked for, and there are {len(of)}.",
                node.count.span,
                f"Write at most {len(of)}, or add items.",
            )
        return None
    return checked.NeedsItems("at least", count, of, node.state, node.span)
