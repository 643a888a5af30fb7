"""Constant tables of whole numbers, written into a query.

Thousands of numbers as ``VALUES`` take an engine longer to read than a million leads to join. So
each column is one text of numbers that the query splits, where the dialect has a way to do that.
"""

from __future__ import annotations

from sqlglot import exp

from leadpact.backends.sql.dialects import Dialect, call
from leadpact.backends.sql.sheet import ConstantTable, text, whole

__all__ = ["constant"]

_FEW = 20


def constant(table: ConstantTable, dialect: Dialect) -> exp.Select:
    """A query that gives the table's rows."""
    numbers = [_numbers(table, place) for place in range(len(table.columns))]
    if len(table.rows) > _FEW and None not in numbers:
        listed = [(name, each) for name, each in zip(table.columns, numbers, strict=True) if each]
        match dialect.name:
            case "duckdb":
                return _unnested(listed, "STRING_SPLIT")
            case "postgres":
                return _from_arrays(listed)
            case "spark" | "databricks":
                return _zipped(listed)
            case _:
                pass
    return _values(table)


def _numbers(table: ConstantTable, place: int) -> str | None:
    """A column's numbers as a text; ``None`` if one is none, and not to be split either."""
    column = [row[place] for row in table.rows]
    if any(isinstance(value, bool) or not isinstance(value, int) for value in column):
        return None
    return ",".join(map(str, column))


def _bigints(split: exp.Expression) -> exp.Expression:
    return exp.Cast(this=split, to=exp.DataType.build("array<bigint>"))


def _unnested(listed: list[tuple[str, str]], split: str) -> exp.Select:
    """Lists of one length, unnested side by side."""
    columns = [
        exp.alias_(call("UNNEST", _bigints(call(split, text(each), text(",")))), name, quoted=True)
        for name, each in listed
    ]
    return exp.Select(expressions=columns)


def _from_arrays(listed: list[tuple[str, str]]) -> exp.Select:
    """The same, as a function in ``FROM``."""
    arrays = [_bigints(call("STRING_TO_ARRAY", text(each), text(","))) for _, each in listed]
    alias = exp.TableAlias(
        this=exp.to_identifier("given", quoted=True),
        columns=[exp.to_identifier(name, quoted=True) for name, _ in listed],
    )
    unnested = exp.Table(this=call("UNNEST", *arrays), alias=alias)
    return exp.Select(expressions=[exp.Star()]).from_(unnested)


def _zipped(listed: list[tuple[str, str]]) -> exp.Select:
    """A list of structs, one a row."""
    arrays = [_bigints(call("SPLIT", text(each), text(","))) for _, each in listed]
    rows = exp.alias_(call("EXPLODE", call("ARRAYS_ZIP", *arrays)), "row", quoted=True)
    given = exp.Subquery(
        this=exp.Select(expressions=[rows]),
        alias=exp.TableAlias(this=exp.to_identifier("given", quoted=True)),
    )
    columns = [
        exp.alias_(
            exp.Dot(
                this=exp.column("row", quoted=True),
                expression=exp.to_identifier(str(place), quoted=True),
            ),
            name,
            quoted=True,
        )
        for place, (name, _) in enumerate(listed)
    ]
    return exp.Select(expressions=columns).from_(given)


def _values(table: ConstantTable) -> exp.Select:
    """Rows written out. The first tells the types."""
    rows = [
        exp.Tuple(expressions=[_literal(value, first=number == 0) for value in row])
        for number, row in enumerate(table.rows)
    ]
    columns = [exp.to_identifier(name, quoted=True) for name in table.columns]
    alias = exp.TableAlias(this=exp.to_identifier("given", quoted=True), columns=columns)
    given = exp.Values(expressions=rows, alias=alias)
    return exp.Select(expressions=[exp.Star()]).from_(given)


def _literal(value: int | str | bool | None, first: bool) -> exp.Expression:
    match value:
        case None:
            return exp.Null()
        case bool():
            return exp.Boolean(this=value)
        case int():
            number = whole(value)
            return exp.cast(number, "bigint") if first else number
        case _:
            return text(value)
