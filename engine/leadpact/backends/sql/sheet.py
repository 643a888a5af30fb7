"""A sheet of columns about each lead (or each event), worked out layer by layer.

Each layer is one common table expression that adds columns to the one before it. A column stands
in the earliest layer after all columns that it mentions, so nothing is spelled twice, and no
expression nests deeper than people can read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from sqlglot import exp

from leadpact_dsl.frozen import frozen

__all__ = [
    "Constant",
    "ConstantTable",
    "Sheet",
    "case",
    "coalesce",
    "column",
    "micros",
    "named",
    "text",
    "whole",
]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@frozen
class ConstantTable:
    """A small table that was worked out beforehand, and that the query joins.

    ``columns`` are unique in the whole query. Values are whole numbers, texts, yes or no, ``None``.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int | str | bool | None, ...], ...]


def column(name: str) -> exp.Column:
    """A reference to a column; names are always quoted."""
    return exp.Column(this=exp.to_identifier(name, quoted=True))


def whole(number: int) -> exp.Expression:
    """A whole number as a BIGINT literal."""
    if number < 0:
        return exp.Paren(this=exp.Neg(this=whole(-number)))
    return exp.Literal.number(number)


def text(value: str) -> exp.Expression:
    return exp.Literal.string(value)


def micros(instant: datetime) -> int:
    """Microseconds since 1970 in UTC."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def case(
    *branches: tuple[exp.Expression, exp.Expression], otherwise: exp.Expression | None = None
) -> exp.Expression:
    """``CASE WHEN … THEN … ELSE … END``; without branches what is left."""
    if not branches:
        return exp.Null() if otherwise is None else otherwise
    ifs = [exp.If(this=test, true=value) for test, value in branches]
    return exp.Case(ifs=ifs, default=otherwise)


def coalesce(value: exp.Expression, without: exp.Expression) -> exp.Expression:
    return exp.Coalesce(this=value.copy(), expressions=[without.copy()])


def named(value: exp.Expression, name: str) -> exp.Expression:
    """``value AS name``."""
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))


Constant: TypeAlias = Callable[[ConstantTable], exp.Select]


class Sheet:
    """Columns over a relation, in layers.

    ``source`` is a table or an earlier common table expression with ``columns``; ``name`` begins
    the names of the layers (``leads_1``, ``leads_2``, …). The columns of ``under`` are columns of
    the source, too, whenever they are added there.
    """

    def __init__(
        self, name: str, source: str, columns: Iterable[str], under: Sheet | None = None
    ) -> None:
        self.name = name
        self.source = source
        self.under = under
        self._levels = dict.fromkeys(columns, 0)
        self._added: dict[str, exp.Expression] = {}
        self._known: dict[str, str] = {}
        self._made: dict[str, exp.Column] = {}
        self._joins: dict[str, tuple[ConstantTable, exp.Expression, int]] = {}
        self._joined: dict[str, tuple[str, str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._levels or (self.under is not None and name in self.under)

    def grow(self, name: str) -> exp.Column:
        """A column that the source will have."""
        self._levels.setdefault(name, 0)
        return column(name)

    def add(self, name: str, expression: exp.Expression) -> exp.Column:
        """A column of the lead (or event); the reference to it.

        Of equal expressions there is one column, the first that was added. A taken ``name`` is
        made different.
        """
        if isinstance(expression, exp.Column):
            return expression.copy()
        spelled = expression.sql(copy=False)
        known = self._known.get(spelled)
        if known is not None:
            return column(known)
        name = self._free(name)
        self._levels[name] = 1 + self._level(expression)
        self._added[name] = expression.copy()
        self._known[spelled] = name
        return column(name)

    def once(self, name: str, make: Callable[[], exp.Expression]) -> exp.Column:
        """Like ``add``, for what always means the same by this name: it is made only once."""
        if name not in self._made:
            self._made[name] = self.add(name, make())
        return self._made[name].copy()

    def put(self, name: str, expression: exp.Expression) -> exp.Column:
        """A column of this very name, which others refer to by it."""
        assert name not in self, name
        self._levels[name] = 1 + self._level(expression)
        self._added[name] = expression.copy()
        self._known.setdefault(expression.sql(copy=False), name)
        return column(name)

    def join(
        self, table: ConstantTable, on: exp.Expression, columns: Mapping[str, str]
    ) -> tuple[exp.Column, ...]:
        """The columns of the one row of ``table`` for which ``on`` holds; NULL without one.

        ``on`` mentions columns of the sheet and of the table. ``columns``: the table's column →
        its name in the sheet.
        """
        level = 1 + self._level(on, besides=table.columns)
        alias = self._free_table(table.name)
        qualified = on.transform(
            lambda node: (
                exp.Column(this=node.this.copy(), table=exp.to_identifier(alias, quoted=True))
                if isinstance(node, exp.Column) and node.name in table.columns
                else node
            )
        )
        self._joins[alias] = (table, qualified, level)
        found = []
        for own, wanted in columns.items():
            name = self._free(wanted)
            self._levels[name] = level
            self._joined[name] = (alias, own)
            found.append(column(name))
        return tuple(found)

    # --- writing -------------------------------------------------------------------------------

    def layers(self, constant: Constant) -> tuple[list[tuple[str, exp.Select]], str]:
        """The common table expressions, in order, and the name of the last one.

        ``constant`` makes a query of a constant table.
        """
        made: list[tuple[str, exp.Select]] = []
        last = self.source
        for level in range(1, max(self._levels.values(), default=0) + 1):
            select = exp.Select(expressions=[exp.Star()]).from_(_table(last))
            joins = [(a, t, on) for a, (t, on, at) in self._joins.items() if at == level]
            if joins:
                star = exp.Column(this=exp.Star(), table=exp.to_identifier(last, quoted=True))
                select.set("expressions", [star])
            for alias, table, on in joins:
                given = exp.Subquery(
                    this=constant(table),
                    alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True)),
                )
                select = select.join(given, on=on, join_type="left", copy=False)
            for name, (alias, own) in self._joined.items():
                if self._levels[name] == level:
                    of = exp.Column(
                        this=exp.to_identifier(own, quoted=True),
                        table=exp.to_identifier(alias, quoted=True),
                    )
                    select.append("expressions", named(of, name))
            for name, expression in self._added.items():
                if self._levels[name] == level:
                    select.append("expressions", named(expression.copy(), name))
            last = f"{self.name}_{level}"
            made.append((last, select))
        return made, last

    def _level(self, expression: exp.Expression, besides: Iterable[str] = ()) -> int:
        mentioned = {each.name for each in expression.find_all(exp.Column)} - set(besides)
        missing = sorted(name for name in mentioned if name not in self)
        assert not missing, f"{self.name} has no columns {missing}"
        return max((self._levels.get(name, 0) for name in mentioned), default=0)

    def _free(self, name: str) -> str:
        free, number = name, 2
        while free in self:
            free, number = f"{name}#{number}", number + 1
        return free

    def _free_table(self, name: str) -> str:
        free, number = name, 2
        while free in self._joins:
            free, number = f"{name}#{number}", number + 1
        return free


def _table(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))
