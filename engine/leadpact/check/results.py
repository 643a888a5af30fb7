"""What may be said of scores, grades, groups and checklists."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.measures import each, say_ends
from leadpact.check.scope import Scope
from leadpact.check.verbs import KNOWN, ORDERED, SAME, say_twice, say_type, say_verb
from leadpact.check.words import alternatives, plain, ticked
from leadpact_dsl import nodes

__all__ = ["compare_checklist", "compare_grade", "compare_group", "compare_score", "stands_alone"]


def compare_score(node: nodes.Compare, ref: nodes.Ref, scope: Scope) -> checked.Condition | None:
    """The test of a score's or category's points; ``None`` after saying what is wrong."""
    name = ref.name.text
    shape = scope.scores.get(name)
    category = ref.member.text if ref.member is not None else None
    if shape is None:
        return None
    if ref.member is not None and not scope.part(ref.member, shape.categories, "category", of=name):
        return None
    shown = ticked(scope.report.words(ref.span))
    if node.verb not in (*ORDERED, "is from"):
        say_verb(node, f"the points of {shown}", (*ORDERED, "is from"), scope)
        return None
    values = each(node.values, lambda value: _points(value, shown, scope))
    if values is None:
        return None
    if category is None:
        low, high = shape.low, shape.high
    else:
        low, high = None, shape.categories[category]
    if _beyond(node, values, low, high, shown, scope):
        return None

    def test(op: checked.Comparison, hundredths: int) -> checked.Condition:
        return checked.ScoreTest(name, category, op, hundredths)

    if node.verb != "is from":
        return test(ORDERED[node.verb], values[0])
    if values[0] > values[1]:
        say_ends(node.values[0].span, node.values[1].span, scope.report)
        return None
    return checked.All((test(">=", values[0]), test("<=", values[1])))


def _points(value: nodes.Value, shown: str, scope: Scope) -> int | None:
    if isinstance(value, nodes.Number):
        return amounts.points(scope.report, value)
    say_type(value, "a number of points", f"{shown} is compared with a plain number.", scope)
    return None


def _beyond(
    node: nodes.Compare,
    values: Sequence[int],
    low: int | None,
    high: int | None,
    shown: str,
    scope: Scope,
) -> bool:
    """Whether a threshold lies where the score or category never comes, saying so."""
    for value, written in zip(values, node.values, strict=True):
        above = high is not None and (
            value > high or (value == high and node.verb == "is more than")
        )
        below = low is not None and (value < low or (value == low and node.verb == "is less than"))
        if not above and not below:
            continue
        always = (node.verb in ("is at most", "is less than") and above) or (
            node.verb in ("is at least", "is more than") and below
        )
        always = always or node.verb == "is not"
        end = high if above else low
        assert end is not None
        scope.report.error(
            "E402",
            f"This {'always holds' if always else 'can never hold'}: {shown} is at "
            f"{'most' if above else 'least'} {plain(Decimal(end) / 100)}.",
            written.span,
            "Choose a number of points that the score can have on both sides.",
        )
        return True
    return False


def compare_grade(node: nodes.Compare, ref: nodes.Ref, scope: Scope) -> checked.Condition | None:
    """The test of a grade's letter; ``None`` after saying what is wrong."""
    name = ref.name.text
    letters = scope.grades.get(name)
    if letters is None or not stands_alone(ref, scope):
        return None
    if node.verb in KNOWN:
        return checked.GradeKnown(name, known=node.verb == "is known")
    if node.verb not in (*SAME, "or better"):
        fix = None
        if node.verb == "is at least" and isinstance(node.values[0], nodes.Word):
            fix = scope.report.replaced(
                ref.span.to(node.span), f"{name} is {node.values[0].text} or better"
            )
        say_verb(node, f"the grade {ticked(name)}", (*SAME, "or better", *KNOWN), scope, fix)
        return None
    values = each(node.values, lambda value: _letter(value, name, letters, scope))
    if values is None or say_twice(node.values, values, scope):
        return None
    if node.verb == "or better":
        best = letters[: letters.index(values[0]) + 1]
        return checked.GradeTest(name, best, or_better=True, negated=False)
    negated = node.verb in ("is not", "is none of")
    return checked.GradeTest(name, tuple(values), or_better=False, negated=negated)


def _letter(value: nodes.Value, name: str, letters: tuple[str, ...], scope: Scope) -> str | None:
    if isinstance(value, nodes.Word):
        known = dict.fromkeys(letters)
        return value.text if scope.part(value, known, "letter", of=name) else None
    help_ = f"The letters of {ticked(name)} are {alternatives(letters)}."
    if isinstance(value, nodes.Quoted) and value.text.casefold() == "insufficient data":
        help_ = f"Write `{name} is unknown`."
    say_type(value, "a letter", help_, scope)
    return None


def compare_group(node: nodes.Compare, ref: nodes.Ref, scope: Scope) -> checked.Condition | None:
    """The test of a group's row; ``None`` after saying what is wrong."""
    name = ref.name.text
    rows = scope.groups.get(name)
    if rows is None or not stands_alone(ref, scope):
        return None
    if node.verb not in SAME:
        say_verb(node, f"the group {ticked(name)}", SAME, scope)
        return None
    values = each(node.values, lambda value: _row(value, name, rows, scope))
    if values is None or say_twice(node.values, values, scope):
        return None
    return checked.GroupTest(name, tuple(values), node.verb in ("is not", "is none of"))


def _row(value: nodes.Value, name: str, rows: tuple[str, ...], scope: Scope) -> str | None:
    if isinstance(value, nodes.Word):
        known = dict.fromkeys(rows)
        return value.text if scope.part(value, known, "row", of=name) else None
    help_ = f"The rows of {ticked(name)} are {alternatives(rows)}."
    say_type(value, "a row of the group", help_, scope)
    return None


def compare_checklist(
    node: nodes.Compare, ref: nodes.Ref, scope: Scope
) -> checked.Condition | None:
    """The test of a checklist or an item; ``None`` after saying what is wrong."""
    name = ref.name.text
    shape = scope.checklists.get(name)
    if shape is None:
        return None
    if ref.member is not None and not scope.part(ref.member, shape.items, "item", of=name):
        return None
    item = ref.member.text if ref.member is not None else None
    match node.verb:
        case "is met":
            return checked.ChecklistTest(name, item, "met")
        case "is not met":
            return checked.ChecklistTest(name, item, "not met")
        case "is unknown":
            return checked.ChecklistTest(name, item, "unknown")
        case _:
            what = f"the {'checklist' if item is None else 'item'} "
            shown = ticked(scope.report.words(ref.span))
            say_verb(node, what + shown, ("is met", "is not met", "is unknown"), scope)
            return None


def stands_alone(ref: nodes.Ref, scope: Scope) -> bool:
    """Whether nothing follows the name after a point, saying so where it does."""
    if ref.member is None:
        return True
    symbol = scope.names.symbols[ref.name.text]
    scope.report.error(
        "E205",
        f"{ticked(ref.name.text)} is {symbol.phrase} and has no parts.",
        ref.member.span,
        f"Write `{ref.name.text}` alone. Only scores and checklists have parts.",
        scope.report.replaced(ref.span, ref.name.text),
    )
    return False
