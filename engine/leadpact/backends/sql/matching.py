"""Tests of values as expressions: fields of a lead, properties of an event.

Three-valued logic is SQL's own: NULL is unknown, and ``AND``, ``OR``, ``NOT`` are Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeAlias

from sqlglot import exp

from leadpact import checked as c
from leadpact import plan as p
from leadpact.backends.sql.dialects import Dialect, both, either
from leadpact.backends.sql.instants import Reach, day_number, local_day
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, text, whole
from leadpact.checked import (
    AnyNumberOfType,
    ChoiceTest,
    DateTest,
    DateType,
    DomainFact,
    Field,
    FieldFact,
    FieldType,
    IncludesTest,
    KnownTest,
    NumberTest,
    NumberType,
    TextTest,
    TextType,
    YesNoTest,
)
from leadpact.operators.text import fold, words

__all__ = ["Condition", "Value", "Values", "at_least", "compared", "value_test"]

Condition: TypeAlias = p.Expr | c.Condition

_COMPARED: dict[str, Callable[..., exp.Expression]] = {
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "==": exp.EQ,
    "!=": exp.NEQ,
}
_BIGINT = 2**63


def compared(left: exp.Expression, op: str, right: exp.Expression) -> exp.Expression:
    return _COMPARED[op](this=left.copy(), expression=right.copy())


class Value:
    """One value and the forms in which it is compared, each a column once it is asked for.

    ``held`` says whether there is anything that could have the value (``None``: there is); it
    matters for what is no when unknown. ``only``: which rows can have a value at all, so that
    the others cost nothing; ``of`` tells columns apart that differ in that.
    """

    def __init__(
        self,
        raw: exp.Column,
        type_: FieldType,
        no_when_unknown: bool,
        sheet: Sheet,
        dialect: Dialect,
        reach: Reach,
        held: exp.Expression | None = None,
        only: exp.Expression | None = None,
        of: str = "",
    ) -> None:
        self.raw = raw
        self.type = type_
        self.no_when_unknown = no_when_unknown
        self.sheet = sheet
        self.dialect = dialect
        self.reach = reach
        self.held = held
        self.only = only
        self.of = of

    def folded(self) -> exp.Column:
        """A text as it is compared; NULL when unknown."""
        return self.sheet.once(f"{self.raw.name} folded{self.of}", self._folded)

    def _folded(self) -> exp.Expression:
        if self.only is None:
            return self.dialect.folded(self.raw)
        trimmed = self.sheet.add(
            f"{self.raw.name} trimmed{self.of}",
            case((self.only, self.dialect.trimmed(self.raw))),
        )
        return self.dialect.lowered(trimmed)

    def domain(self) -> exp.Column:
        # Two columns: DuckDB 2.0 fails over both in one where it finds out that all are NULL.
        after = self.sheet.once(
            f"{self.raw.name} after @{self.of}", lambda: self.dialect.after_at(self.folded())
        )
        return self.sheet.once(
            f"{self.raw.name} domain{self.of}", lambda: self.dialect.trimmed(after)
        )

    def worded(self, of: exp.Column) -> exp.Column:
        return self.sheet.once(f"{of.name} words", lambda: self.dialect.worded(of))

    def day(self) -> exp.Column:
        """The day of a date, the local day of an instant, as its number since 1970."""
        return self.sheet.once(f"{self.raw.name} day", self._day)

    def _day(self) -> exp.Expression:
        if isinstance(self.type, DateType):
            return self.dialect.bigint(self.dialect.day_number(self.raw))
        return local_day(self.raw, self.reach)

    def known(self) -> exp.Expression:
        """Whether it is known; never NULL."""
        if isinstance(self.type, TextType):
            return self.dialect.known_text(self.raw)
        return is_known(self.raw)

    def number(self, op: str, bound: Decimal) -> exp.Expression:
        """Against a number."""
        if isinstance(self.type, NumberType) and self.type.whole:
            if bound == bound.to_integral_value() and abs(bound) < _BIGINT:
                return compared(self.raw, op, whole(int(bound)))
            return compared(self.dialect.decimal(self.raw), op, self.dialect.decimal(bound))
        return compared(self.raw, op, self.dialect.decimal(bound))

    def date(self, op: str, bound: date) -> exp.Expression:
        if isinstance(self.type, DateType):
            return compared(self.raw, op, self.dialect.day(bound))
        return compared(self.day(), op, whole(day_number(bound)))

    def yes(self) -> exp.Expression:
        if not self.no_when_unknown:
            return self.raw.copy()
        known = coalesce(self.raw.copy(), exp.false())
        return known if self.held is None else case((self.held.copy(), known))

    def key(self) -> exp.Expression:
        """As it is told apart from others; NULL when unknown."""
        match self.type:
            case TextType():
                return self.folded()
            case AnyNumberOfType():
                return self.dialect.members(self.raw)
            case NumberType():
                return self.dialect.decimal(self.raw)
            case _:
                return self.raw.copy()


class Values(Protocol):
    """Where the values of facts are found."""

    dialect: Dialect

    def value(self, fact: c.ValueFact) -> Value: ...


def fields_value(
    field: Field,
    raw: str,
    sheet: Sheet,
    dialect: Dialect,
    reach: Reach,
    only: exp.Expression | None = None,
    of: str = "",
) -> Value:
    """The value of a field or property that stands in a column of the sheet."""
    no = field.no_when_unknown
    return Value(column(raw), field.type, no, sheet, dialect, reach, only=only, of=of)


def is_known(value: exp.Expression) -> exp.Expression:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def at_least(count: int, members: list[exp.Expression]) -> exp.Expression:
    """True when ``count`` hold, false when they no longer can, else NULL."""
    true = [case((each.copy(), whole(1)), otherwise=whole(0)) for each in members]
    open_ = [
        case((exp.Not(this=exp.paren(each, copy=True)), whole(0)), otherwise=whole(1))
        for each in members
    ]
    return case(
        (compared(total(true), ">=", whole(count)), exp.true()),
        (compared(total(open_), "<", whole(count)), exp.false()),
    )


def total(terms: list[exp.Expression]) -> exp.Expression:
    """The sum of terms; 0 without any."""
    if not terms:
        return whole(0)
    found = terms[0]
    for term in terms[1:]:
        found = exp.Add(this=found, expression=term)
    return exp.paren(found) if len(terms) > 1 else found


def value_test(test: Condition, values: Values) -> exp.Expression:
    """A test of values, or one made of such tests: a boolean, NULL when unknown."""
    match test:
        case c.Not(member) | p.Not(member):
            return exp.Not(this=exp.paren(value_test(member, values)))
        case c.All(members) | p.All(members):
            return exp.paren(both(*(value_test(each, values) for each in members)))
        case c.Any(members) | p.Any(members):
            return exp.paren(either(*(value_test(each, values) for each in members)))
        case c.AtLeast(count, members) | p.AtLeast(count, members):
            return at_least(count, [value_test(each, values) for each in members])
        case NumberTest(fact, op, bound):
            return values.value(fact).number(op, bound)
        case TextTest():
            return _text(test, values)
        case ChoiceTest(fact, choices, negated):
            return _among(values.value(fact).raw, choices, negated)
        case IncludesTest(fact, choices):
            return values.dialect.includes(values.value(fact).raw, choices)
        case YesNoTest(fact, wanted):
            yes = values.value(fact).yes()
            return yes if wanted else exp.Not(this=yes)
        case DateTest(FieldFact() | c.LastFact() as fact, op, day):
            return values.value(fact).date(op, day)
        case KnownTest():
            return _known(test, values)
        case _:
            raise AssertionError(f"{type(test).__name__} is no test of a value")


def _known(test: KnownTest, values: Values) -> exp.Expression:
    if isinstance(test.fact, DomainFact):
        known = is_known(values.value(FieldFact(test.fact.field)).domain())
    else:
        known = values.value(test.fact).known()
    if test.asks:
        # Nobody has asked yet, so an unknown fact makes the item unknown.
        return case((known, exp.true() if test.known else exp.false()))
    return known if test.known else exp.Not(this=exp.paren(known))


def _among(value: exp.Expression, choices: tuple[str, ...], negated: bool) -> exp.Expression:
    if len(choices) == 1:
        return compared(value, "!=" if negated else "==", text(choices[0]))
    listed = exp.In(this=value.copy(), expressions=[text(each) for each in choices])
    return exp.Not(this=listed) if negated else listed


def _text(test: TextTest, values: Values) -> exp.Expression:
    if isinstance(test.fact, DomainFact):
        value = values.value(FieldFact(test.fact.field))
        held = value.domain()
    else:
        value = values.value(test.fact)
        held = value.folded() if isinstance(value.type, TextType) else value.raw
    wanted = tuple(dict.fromkeys(fold(one) for one in test.values))
    if test.how == "is":
        return _among(held, wanted, test.negated)
    dialect = values.dialect
    match test.how:
        case "starts with":
            found = dialect.starts(held, wanted[0])
        case "ends with":
            found = dialect.ends(held, wanted[0])
        case "contains":
            found = dialect.contains(held, wanted[0])
        case "has a word":
            spaced = value.worded(held)
            runs = dict.fromkeys(" ".join(words(one)) for one in wanted)
            found = exp.paren(either(*(dialect.contains(spaced, f" {run} ") for run in runs)))
    return exp.Not(this=found) if test.negated else found
