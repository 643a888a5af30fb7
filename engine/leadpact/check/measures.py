"""What may be said of numbers, money and days, and with which values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar, assert_never

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.report import Report
from leadpact.check.scope import Scope
from leadpact.check.verbs import KNOWN, ORDERED, SAME, one_or, say_twice, say_type, say_verb
from leadpact.check.words import plain, ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["compare_date", "compare_number", "day", "day_test", "each", "number", "say_ends"]

_Value = TypeVar("_Value", bound=nodes.Value)
_Settled = TypeVar("_Settled")
_Ordered = TypeVar("_Ordered", Decimal, date)


def each(
    values: Iterable[_Value], settle: Callable[[_Value], _Settled | None]
) -> list[_Settled] | None:
    """All values settled, or ``None`` where one is wrong; each wrong one has been said."""
    settled = [settle(value) for value in values]
    right = [value for value in settled if value is not None]
    return right if len(right) == len(settled) else None


def compare_number(
    node: nodes.Compare,
    fact: checked.ValueFact,
    name: str,
    kind: checked.NumberType,
    scope: Scope,
) -> checked.Condition | None:
    """The test of a number or an amount; ``None`` after saying what is wrong."""
    what = f"the {'money' if kind.money else 'number'} {ticked(name)}"
    if node.verb not in (*ORDERED, "is from", "is any of", "is none of"):
        say_verb(node, what, (*ORDERED, "is from", *KNOWN), scope)
        return None
    values = each(node.values, lambda value: number(value, name, kind, scope))
    if values is None:
        return None

    def test(op: checked.Comparison, value: Decimal) -> checked.Condition:
        return checked.NumberTest(fact, op, value)

    if node.verb in SAME and say_twice(node.values, values, scope):
        return None
    if not _can_hold(node, values, kind, name, scope):
        return None
    return _ordered(node, values, test, scope)


def number(node: nodes.Value, name: str, kind: checked.NumberType, scope: Scope) -> Decimal | None:
    """A value for a number or money field, not yet looked at against its range."""
    report = scope.report
    match node:
        case nodes.Money() if kind.money:
            if scope.currency is not None and node.currency != scope.currency:
                report.error(
                    "E304",
                    f"The policy's currency is {scope.currency}, not {node.currency}.",
                    node.span,
                    f"Write the amount in {scope.currency}.",
                )
                return None
            return amounts.exact(report, node, whole=False)
        case nodes.Money():
            report.error(
                "E304",
                f"{ticked(name)} is a plain number, not money.",
                node.span,
                "Leave out the currency, or declare the field as `money`.",
                report.replaced(node.span, plain(node.value)),
            )
        case nodes.Number() if kind.money:
            if scope.currency is not None:
                amount = f"{plain(node.value)} {scope.currency}"
                report.error(
                    "E304",
                    f"{ticked(name)} is money: its amounts need the currency.",
                    node.span,
                    f"Write `{amount}`.",
                    report.replaced(node.span, amount),
                )
        case nodes.Number():
            return amounts.exact(report, node, whole=kind.whole)
        case nodes.Word() | nodes.Quoted() | nodes.Day():
            what = "an amount of money" if kind.money else "a number"
            say_type(node, what, f"{ticked(name)} is compared with {what}.", scope)
        case _ as never:
            assert_never(never)
    return None


def _can_hold(
    node: nodes.Compare,
    values: Sequence[Decimal],
    kind: checked.NumberType,
    name: str,
    scope: Scope,
) -> bool:
    """Whether the field's declared range leaves the comparison open."""
    if kind.low is None or kind.high is None:
        return True
    bounds = f"{ticked(name)} lies from {plain(kind.low)} to {plain(kind.high)}."
    for value, written in zip(values, node.values, strict=True):
        outside = not kind.low <= value <= kind.high
        never = (node.verb == "is more than" and value == kind.high) or (
            node.verb == "is less than" and value == kind.low
        )
        if outside or never:
            always = outside and _holds(node.verb, value, kind)
            holds = "always holds" if always else "can never hold"
            scope.report.error(
                "E402",
                f"This {holds}: {bounds}",
                written.span,
                "Compare with a number in that range, or change the range of the field."
                if outside
                else "Leave the comparison out, or choose another number.",
            )
            return False
    return True


def _holds(verb: str, value: Decimal, kind: checked.NumberType) -> bool:
    """Whether a comparison with a value outside the range holds for all that is known."""
    assert kind.low is not None
    below = value < kind.low
    match verb:
        case "is at least" | "is more than":
            return below
        case "is at most" | "is less than":
            return not below
        case "is not" | "is none of":
            return True
        case _:
            return False


def _ordered(
    node: nodes.Compare,
    values: Sequence[_Ordered],
    test: Callable[[checked.Comparison, _Ordered], checked.Condition],
    scope: Scope,
) -> checked.Condition | None:
    """The tests of a comparison whose values have an order."""
    match node.verb:
        case "is from":
            low, high = values
            if low > high:
                say_ends(node.values[0].span, node.values[1].span, scope.report)
                return None
            return checked.All((test(">=", low), test("<=", high)))
        case "is any of":
            return one_or(checked.Any, [test("==", value) for value in values])
        case "is none of":
            return one_or(checked.All, [test("!=", value) for value in values])
        case _:
            return test(ORDERED[node.verb], values[0])


def say_ends(low: Span, high: Span, report: Report) -> None:
    """Say that a range's low end is above its high end."""
    shown_low, shown_high = report.words(low), report.words(high)
    middle = report.words(report.between(low, high)) or "to"
    span = low.to(high)
    report.error(
        "E403",
        f"Nothing lies from {shown_low} to {shown_high}.",
        span,
        "The lower end comes first.",
        report.replaced(span, f"{shown_high} {middle} {shown_low}"),
    )


# --- days ----------------------------------------------------------------------------------------


# What the words of days come down to, beside those of everything that has an order.
_DAYS: Final[dict[str, checked.Comparison]] = {"is before": "<", "is after": ">", "is on": "=="}


def compare_date(
    node: nodes.Compare, fact: checked.ValueFact, name: str, scope: Scope
) -> checked.Condition | None:
    """The test of a day; ``None`` after saying what is wrong."""
    if node.verb not in (*ORDERED, *_DAYS, "is from", "is any of", "is none of"):
        say_verb(node, f"the date {ticked(name)}", (*_DAYS, *ORDERED, "is from", *KNOWN), scope)
        return None
    return day_test(node, fact, name, scope)


def day_test(
    node: nodes.Compare, fact: checked.TimeFact, name: str, scope: Scope
) -> checked.Condition | None:
    """The test of a time against days, with any verb of days."""
    days = each(node.values, lambda value: day(value, name, scope))
    if days is None or (node.verb in SAME and say_twice(node.values, days, scope)):
        return None

    def test(op: checked.Comparison, value: date) -> checked.Condition:
        return checked.DateTest(fact, op, value)

    if node.verb in _DAYS:
        return test(_DAYS[node.verb], days[0])
    return _ordered(node, days, test, scope)


def day(node: nodes.Value, name: str, scope: Scope) -> date | None:
    """A value for a date field."""
    if isinstance(node, nodes.Day):
        return amounts.day(scope.report, node)
    say_type(node, "a day", f"{ticked(name)} is a date: write days like `2026-10-01`.", scope)
    return None
