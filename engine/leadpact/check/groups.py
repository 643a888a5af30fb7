"""Definitions, groups and checklists."""

from __future__ import annotations

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.lists import label, owner
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
    if node.when is None:
        if whole():
            scope.report.error(
                "E514",
                f"The definition {ticked(name)} says nothing.",
                node.name.span,
                f"Write its condition: `define {name} when …`.",
            )
        return None
    when = condition(node.when, scope, Place(owner=name if first else None))
    if when is None:
        return None
    because = node.because.text if node.because is not None else None
    return checked.Definition(
        name, label(node.label, node.name), owned_by, when, because, node.span
    )


# --- groups --------------------------------------------------------------------------------------


def group(node: nodes.GroupBlock, scope: Scope, *, first: bool, whole: Whole) -> checked.Group:
    name = node.name.text
    rows: list[checked.GroupRow] = []
    seen: dict[str, nodes.GroupRow] = {}
    rest: dict[str, nodes.GroupRow] = {}
    conditions: dict[checked.Condition, nodes.GroupRow] = {}
    for row in node.rows:
        when = None
        if row.when is not None:
            when = condition(row.when, scope, Place(owner=name if first else None))
        if _misplaced(row, seen, rest, scope) or _shadowed(row, when, conditions, scope):
            continue
        if row.kind != "when" or when is not None:
            rows.append(_group_row(name, row, when))
    # A row without a condition may be the one that was to take the rest; the parser has said so.
    open_ended = any(row.kind == "when" and row.when is None for row in node.rows)
    closed = any(row.kind == "otherwise" for row in node.rows)
    if not closed and not open_ended and whole():
        _say_no_rest(node, scope)
    return checked.Group(
        name, label(node.label, node.name), owner(node.owner, scope.names), tuple(rows), node.span
    )


def _group_row(name: str, row: nodes.GroupRow, when: checked.Condition | None) -> checked.GroupRow:
    return checked.GroupRow(
        f"{name}.{row.name.text}",
        row.name.text,
        label(row.label, row.name),
        row.kind,
        when,
        row.because.text if row.because is not None else None,
        tuple(quoted.text for quoted in row.does),
        tuple(quoted.text for quoted in row.means),
        row.span,
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
    if other is row:
        return False
    scope.report.error(
        "E406",
        f"{ticked(row.name.text)} can never be reached: {ticked(other.name.text)} in line "
        f"{other.span.line} has the same condition.",
        row.name.span,
        "The first row that holds wins. Change the condition, or leave the row out.",
    )
    return True


def _say_no_rest(node: nodes.GroupBlock, scope: Scope) -> None:
    last = node.rows[-1].name.span if node.rows else node.name.span
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
            good_for = amounts.duration(scope.report, line.good_for)
            known = known and good_for is not None
        party = line.answered_by.text
        if not known:
            return None
        return checked.AnsweredItem(rule, name, question, rule, party, good_for, because, line.span)
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
    return checked.AskedItem(rule, name, question, met, not_met, because, line.span)


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
