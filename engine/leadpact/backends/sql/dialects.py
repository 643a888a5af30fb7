"""What the dialects call the few functions that a query needs, and what none of them may use.

sqlglot passes functions that it does not know on without complaint, and writes some that it does
know in a way that means something else. So whatever is not plain arithmetic, comparison or logic
goes through ``Dialect``, and ``rendering`` refuses every other function by name.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from sqlglot import exp

from leadpact.backends.sql.sheet import case, text, whole
from leadpact.backends.sql.words import not_words
from leadpact.operators.text import BLANKS

__all__ = [
    "DIALECTS",
    "CannotSayError",
    "Dialect",
    "both",
    "call",
    "either",
]

DIALECTS: Final = ("duckdb", "postgres", "spark", "databricks", "snowflake", "bigquery", "redshift")
"""The first three are run by tests; of the others the text is printed only."""

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EPOCH = date(1970, 1, 1)
_WIDE = Decimal(10) ** 32


class CannotSayError(Exception):
    """A dialect cannot say exactly what the policy means; ``construct`` names what, for people."""

    def __init__(self, construct: str, dialect: str) -> None:
        super().__init__(f"{dialect} cannot say this exactly: {construct}.")
        self.construct = construct
        self.dialect = dialect


def call(name: str, *arguments: exp.Expression) -> exp.Expression:
    """A function by the very name that the dialect has for it."""
    return exp.Anonymous(this=name, expressions=[each.copy() for each in arguments])


def both(*members: exp.Expression) -> exp.Expression:
    """``AND``; true without members."""
    kept = [each for each in members if each != exp.true()]
    return _joined(exp.And, kept) if kept else exp.true()


def either(*members: exp.Expression) -> exp.Expression:
    """``OR``; false without members."""
    return _joined(exp.Or, list(members)) if members else exp.false()


def _joined(
    connector: Callable[..., exp.Expression], members: list[exp.Expression]
) -> exp.Expression:
    wrapped = [exp.paren(one) if isinstance(one, exp.Connector) else one for one in members]
    found: exp.Expression = wrapped[0]
    for member in wrapped[1:]:
        found = connector(this=found, expression=member)
    return found


def _visible(value: exp.Expression) -> exp.Expression:
    return exp.GTE(this=value.copy(), expression=text("!"))


class Dialect:
    """The spellings of one dialect."""

    def __init__(self, name: str) -> None:
        if name not in DIALECTS:
            raise ValueError(f"There is no dialect {name!r}; there are {', '.join(DIALECTS)}.")
        self.name = name

    def cannot(self, construct: str) -> CannotSayError:
        return CannotSayError(construct, self.name)

    # --- numbers -------------------------------------------------------------------------------

    def bigint(self, value: exp.Expression) -> exp.Expression:
        return exp.Cast(this=value.copy(), to=exp.DataType.build("bigint"))

    def decimal(self, value: exp.Expression | Decimal) -> exp.Expression:
        """A number as a decimal with six decimals."""
        if isinstance(value, Decimal):
            if abs(value) >= _WIDE or value != round(value, 6):
                raise self.cannot("a number with more than 32 digits, or more than 6 decimals")
            value = text(format(value, "f"))
        return exp.Cast(this=value.copy(), to=exp.DataType.build("decimal(38, 6)"))

    def divided(self, number: exp.Expression, by: int) -> exp.Expression:
        """The whole quotient of a number that is not negative."""
        left, right = exp.paren(number, copy=True), whole(by)
        if self.name in ("postgres", "redshift"):
            return exp.Div(this=self.bigint(left), expression=right, typed=True, safe=False)
        return exp.IntDiv(this=left, expression=right)

    def floored(self, number: exp.Expression, by: int) -> exp.Expression:
        """The whole quotient, rounded down also where the number is negative."""
        # Engines disagree about the quotient of a negative number, but not when nothing is left.
        rest = exp.Mod(this=exp.paren(number, copy=True), expression=whole(by))
        rest = exp.Mod(
            this=exp.paren(exp.Add(this=exp.paren(rest), expression=whole(by))),
            expression=whole(by),
        )
        whole_part = exp.Sub(this=exp.paren(number, copy=True), expression=exp.paren(rest))
        return self.divided(whole_part, by)

    def least(self, *values: exp.Expression) -> exp.Expression:
        """The least of the values, leaving NULL out (as all three engines do)."""
        return values[0].copy() if len(values) == 1 else call("LEAST", *values)

    def greatest(self, *values: exp.Expression) -> exp.Expression:
        return values[0].copy() if len(values) == 1 else call("GREATEST", *values)

    def looked_up(self, numbers: tuple[int, ...], index: exp.Expression) -> exp.Expression:
        """The number at an index (from 0) of a table, which must not be left.

        A constant text, cut: faster than joins, arrays and ladders in every engine. The numbers
        have all the same sign.
        """
        width = max((len(str(abs(number))) for number in numbers), default=1)
        table = text("".join(f"{abs(number):0{width}d}" for number in numbers))
        if len(numbers) * width > 1_000_000:
            raise self.cannot("a decay over so long a time")
        start = exp.Add(
            this=exp.Mul(this=exp.paren(index, copy=True), expression=whole(width)),
            expression=whole(1),
        )
        # Beyond the table is nothing, also where nobody looks at what is found there.
        piece = call("SUBSTR", table, self._position(start), whole(width))
        found = self.bigint(exp.Nullif(this=piece, expression=text("")))
        return exp.Neg(this=found) if any(number < 0 for number in numbers) else found

    def _position(self, number: exp.Expression) -> exp.Expression:
        return exp.Cast(this=number, to=exp.DataType.build("int"))

    # --- days ----------------------------------------------------------------------------------

    def day(self, value: date) -> exp.Expression:
        return exp.Cast(this=text(value.isoformat()), to=exp.DataType.build("date"))

    def day_number(self, value: exp.Expression) -> exp.Expression:
        """Days since 1970 of a date."""
        if self.name == "duckdb":
            return call("DATE_DIFF", text("day"), self.day(_EPOCH), value)
        if self.name == "postgres":
            return exp.paren(exp.Sub(this=value.copy(), expression=self.day(_EPOCH)))
        if self.name in ("spark", "databricks"):
            return call("DATEDIFF", value, self.day(_EPOCH))
        unit = exp.var("DAY")
        return exp.DateDiff(this=value.copy(), expression=self.day(_EPOCH), unit=unit)

    # --- texts ---------------------------------------------------------------------------------

    def trimmed(self, value: exp.Expression) -> exp.Expression:
        """Without blanks around; NULL for one of blanks only."""
        trimmed = exp.Trim(this=value.copy(), expression=self.characters(BLANKS))
        if self.name != "duckdb":
            return exp.Nullif(this=trimmed, expression=text(""))
        # Trimming is slow. All blanks come before "!", and few texts begin or end with one.
        bare = exp.And(this=_visible(value), expression=_visible(call("SUBSTR", value, whole(-1))))
        return case((bare, value.copy()), otherwise=exp.Nullif(this=trimmed, expression=text("")))

    def characters(self, value: str) -> exp.Expression:
        """A text with control characters, which not every dialect takes in a literal."""
        return text(value)

    def lowered(self, value: exp.Expression) -> exp.Expression:
        """With the letters A–Z, and only them, in lower case."""
        slowly = call("TRANSLATE", value, text(_UPPER), text(_UPPER.lower()))
        if self.name != "duckdb":
            return slowly
        ascii_only = exp.EQ(this=call("STRLEN", value), expression=call("LENGTH", value))
        return case((ascii_only, call("LOWER", value)), otherwise=slowly)

    def folded(self, value: exp.Expression) -> exp.Expression:
        """A text as it is compared; NULL for one of blanks only."""
        return self.lowered(self.trimmed(value))

    def known_text(self, value: exp.Expression) -> exp.Expression:
        """Whether a text is more than blanks; never NULL."""
        return exp.Not(this=exp.Is(this=self.trimmed(value), expression=exp.Null()))

    def starts(self, value: exp.Expression, start: str) -> exp.Expression:
        if self.name == "spark" or self.name == "databricks":
            return call("STARTSWITH", value, text(start))
        return call("STARTS_WITH", value, text(start))

    def ends(self, value: exp.Expression, end: str) -> exp.Expression:
        last = call("RIGHT", value, whole(len(end)))
        return exp.EQ(this=last, expression=text(end))

    def contains(self, value: exp.Expression, inner: str) -> exp.Expression:
        if self.name in ("spark", "databricks"):
            place = call("LOCATE", text(inner), value)
        else:
            place = call("STRPOS", value, text(inner))
        return exp.GT(this=place, expression=whole(0))

    def after_at(self, folded: exp.Expression) -> exp.Expression:
        """What follows the last ``@``; NULL without one."""
        last = call("SPLIT_PART", folded, text("@"), whole(-1))
        return case((self.contains(folded, "@"), last))

    def worded(self, folded: exp.Expression) -> exp.Expression:
        """The words of a folded text, each between blanks."""
        # The whole list of letters is long, and most texts need only these.
        plain = self._blanked(folded, "[^a-z0-9]+")
        if self.name == "duckdb":
            ascii_only = exp.EQ(this=call("STRLEN", folded), expression=call("LENGTH", folded))
        elif self.name in ("spark", "databricks", "postgres"):
            ascii_only = exp.EQ(
                this=call("OCTET_LENGTH", folded), expression=call("LENGTH", folded)
            )
        else:
            raise self.cannot("`has a word from`")
        found = case((ascii_only, plain), otherwise=self._blanked(folded, not_words(self.name)))
        framed = exp.DPipe(this=text(" "), expression=exp.paren(found))
        return exp.DPipe(this=framed, expression=text(" "))

    def _blanked(self, value: exp.Expression, pattern: str) -> exp.Expression:
        every = () if self.name in ("spark", "databricks") else (text("g"),)
        return call("REGEXP_REPLACE", value, text(pattern), text(" "), *every)

    # --- lists ---------------------------------------------------------------------------------

    def includes(self, value: exp.Expression, members: tuple[str, ...]) -> exp.Expression:
        """Whether a list holds at least one of the members; NULL for no list."""
        listed = [text(member) for member in members]
        match self.name:
            case "duckdb":
                return call("LIST_HAS_ANY", value, exp.Array(expressions=listed))
            case "postgres":
                array = exp.Cast(
                    this=exp.Array(expressions=listed), to=exp.DataType.build("text[]")
                )
                return exp.ArrayOverlaps(this=value.copy(), expression=array)
            case "spark" | "databricks":
                return call("ARRAYS_OVERLAP", value, exp.Array(expressions=listed))
            case _:
                raise self.cannot("`includes`")

    def members(self, value: exp.Expression) -> exp.Expression:
        """A list as a text that is the same for the same members, whatever order and repeats."""
        if self.name == "duckdb":
            return call("LIST_SORT", call("LIST_DISTINCT", value))
        if self.name in ("spark", "databricks"):
            return call("ARRAY_SORT", call("ARRAY_DISTINCT", value))
        raise self.cannot("`once per` or `different` of several values")

    def structs(
        self, members: list[tuple[exp.Expression, dict[str, exp.Expression]]]
    ) -> exp.Expression:
        """A list of the structs whose tests are true, in order (Postgres: of JSON objects)."""
        listed = [case((test.copy(), self._struct(values))) for test, values in members]
        array = exp.Array(expressions=listed)
        match self.name:
            case "duckdb":
                return call("LIST_FILTER", array, _KNOWN) if listed else _no_rows(array)
            case "spark" | "databricks":
                return call("FILTER", array, _KNOWN) if listed else array
            case "postgres":
                typed = exp.Cast(this=array, to=exp.DataType.build("jsonb[]"))
                kept = call("ARRAY_REMOVE", typed, exp.Null())
                return call("TO_JSONB", kept)
            case _:
                raise self.cannot("the rows that acted")

    def _struct(self, values: dict[str, exp.Expression]) -> exp.Expression:
        if self.name == "postgres":
            pairs = [part for name, value in values.items() for part in (text(name), value)]
            return call("JSONB_BUILD_OBJECT", *pairs)
        return exp.Struct(
            expressions=[
                exp.PropertyEQ(this=exp.to_identifier(name), expression=value.copy())
                for name, value in values.items()
            ]
        )


_KNOWN: Final = exp.Lambda(
    this=exp.Not(
        this=exp.Is(this=exp.Column(this=exp.to_identifier("acted")), expression=exp.Null())
    ),
    expressions=[exp.to_identifier("acted")],
)


def _no_rows(array: exp.Array) -> exp.Expression:
    of = "STRUCT(rule TEXT, points BIGINT, count BIGINT)[]"
    return exp.Cast(this=array, to=exp.DataType.build(of, dialect="duckdb"))
