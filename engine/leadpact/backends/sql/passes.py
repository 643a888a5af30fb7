"""Queries over the events, grouped by lead: the one pass, and those that keep only some events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from sqlglot import exp

from leadpact.backends.sql.dialects import both, call, either
from leadpact.backends.sql.matching import compared, total
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, named, text, whole

__all__ = ["ByKind", "Ground", "Pass", "Selection", "relation"]


def relation(name: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name, quoted=True))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a pass stands on: the events, and what is known of their leads before (``None``: of
    the leads nothing is known yet). Each is a sheet with the name of its last layer.
    """

    events: tuple[str, Sheet]
    before: tuple[str, Sheet] | None

    def select(self, expressions: Iterable[exp.Expression]) -> exp.Select:
        """``SELECT`` from the events, joined with what the expressions mention of the leads."""
        name, events = self.events
        select = exp.Select().from_(relation(name))
        mentioned = {each.name for one in expressions for each in one.find_all(exp.Column)}
        if self.before is None:
            return select
        before, known = self.before
        wanted = sorted(each for each in mentioned if each not in events and each in known)
        return _joined_with(select, before, wanted) if wanted else select


def _joined_with(select: exp.Select, before: str, wanted: list[str]) -> exp.Select:
    columns = [named(column("id"), "lead id"), *map(column, wanted)]
    told = exp.Select(expressions=columns).from_(relation(before))
    on = exp.EQ(this=column("lead id"), expression=column("lead"))
    alias = exp.TableAlias(this=exp.to_identifier("told", quoted=True))
    return select.join(exp.Subquery(this=told, alias=alias), on=on, join_type="left")


ByKind: TypeAlias = dict[str, exp.Expression]
"""Kind of event → when an event of that kind counts."""

FIELD = 15
"""The bits of a count that is packed with others; leads with more events are odd."""

_PACKED = 4
_WORD = 62


class Pass:
    """One query over all events. Its aggregates become columns of ``sheet``.

    ``packs``: counts are packed, some into one whole number, and each event's kind is looked at
    once for all of them. That is twice as fast in DuckDB.
    """

    def __init__(self, name: str, sheet: Sheet, packs: bool = False) -> None:
        self.name = name
        self.sheet = sheet
        self.packs = packs
        self.packed: dict[str, ByKind] = {}
        self.aggregates: dict[str, tuple[exp.Expression, exp.Expression | None]] = {}
        self.known: dict[str, str] = {}
        self.of_all: exp.Expression = exp.true()

    def count(self, name: str, when: exp.Expression) -> exp.Column:
        """How many events; 0 without any."""
        one = exp.Sum(this=case((when, whole(1)), otherwise=whole(0)))
        return self._ask(name, _bigint(one), whole(0))

    def count_by_kind(self, name: str, tests: ByKind, of_all: exp.Expression) -> exp.Column:
        """How many events of these kinds fit; ``of_all`` must be true of each."""
        if not self.packs:
            members = [both(_is_kind(kind), test) for kind, test in tests.items()]
            return self.count(name, both(of_all, exp.paren(either(*members))))
        spelled = repr([(kind, test.sql(copy=False)) for kind, test in tests.items()])
        if spelled not in self.known:
            self.known[spelled] = name
            self.packed[name] = tests
            self.of_all = of_all
            self.sheet.grow(name)
        return column(self.known[spelled])

    def every(self) -> exp.Column:
        """How many events the lead has, those still to come among them."""
        return self._ask("events", exp.Count(this=exp.Star()), whole(0))

    def too_many(self) -> exp.Column | None:
        """Whether the lead has more events than a packed count can hold."""
        if not self.packed:
            return None
        many = compared(exp.Count(this=exp.Star()), ">=", whole(2**FIELD))
        return self._ask("too many events", many, exp.false())

    def _packs(self) -> Iterator[tuple[str, list[str]]]:
        names = list(self.packed)
        for first in range(0, len(names), _PACKED):
            yield f"pack {first // _PACKED}", names[first : first + _PACKED]

    def _pack(self, names: list[str]) -> exp.Expression:
        """One sum of several counts, each in bits of its own."""
        terms: dict[str, list[exp.Expression]] = {}
        for place, name in enumerate(names):
            for kind, test in self.packed[name].items():
                bit = whole(1 << (FIELD * place))
                terms.setdefault(kind, []).append(case((test, bit), otherwise=whole(0)))
        of_kinds = case(
            *((_is_kind(kind), total(each)) for kind, each in terms.items()), otherwise=whole(0)
        )
        return exp.Sum(this=_bigint(case((self.of_all, of_kinds), otherwise=whole(0))))

    def _unpacked(self) -> Iterator[exp.Expression]:
        for pack, names in self._packs():
            for place, name in enumerate(names):
                of = exp.Column(
                    this=exp.to_identifier(pack, quoted=True),
                    table=exp.to_identifier(self.name, quoted=True),
                )
                # A sum is twice as wide, which is slow. What does not fit is of too many events.
                bits = exp.TryCast(this=coalesce(of, whole(0)), to=exp.DataType.build("bigint"))
                shifted = exp.BitwiseRightShift(this=bits, expression=whole(FIELD * place))
                field = exp.BitwiseAnd(this=exp.paren(shifted), expression=whole((1 << FIELD) - 1))
                yield named(_bigint(exp.paren(field)), name)

    def sum(self, name: str, value: exp.Expression) -> exp.Column:
        """A sum of whole numbers; 0 without any."""
        return self._ask(name, _bigint(exp.Sum(this=value.copy())), whole(0))

    def extreme(
        self, name: str, which: str, value: exp.Expression, when: exp.Expression
    ) -> exp.Column:
        """The ``min`` or ``max``; NULL without an event."""
        kept = case((when, value.copy()))
        function = exp.Max(this=kept) if which == "max" else exp.Min(this=kept)
        return self._ask(name, function, None)

    def different(self, name: str, key: exp.Expression, when: exp.Expression) -> exp.Column:
        """How many different keys that are not NULL."""
        # Not a CASE: what is filtered out need not be told apart at all.
        if self.packs:
            known = both(
                when, exp.Not(this=exp.Is(this=exp.paren(key, copy=True), expression=exp.Null()))
            )
            return self._ask(name, call("LIST_UNIQUE", _listed(key, known)), whole(0))
        count = exp.Count(this=exp.Distinct(expressions=[key.copy()]))
        kept = exp.Filter(this=count, expression=exp.Where(this=when.copy()))
        return self._ask(name, kept, whole(0))

    def different_days(
        self, name: str, day: exp.Expression, today: int, reaches: int, when: exp.Expression
    ) -> tuple[exp.Column, ...]:
        """Bits of the days on which something happened, ``reaches`` days back from ``today``."""
        words = []
        for word in range(reaches // _WORD + 1):
            ago = exp.Sub(this=whole(today - word * _WORD), expression=exp.paren(day, copy=True))
            low, high = today - word * _WORD - _WORD + 1, today - word * _WORD
            here = both(when, compared(day, ">=", whole(low)), compared(day, "<=", whole(high)))
            bit = exp.BitwiseLeftShift(this=_bigint(whole(1)), expression=_int(ago))
            bits = call("BIT_OR", case((here, bit)))
            words.append(self._ask(f"{name} bits {word}", bits, whole(0)))
        return tuple(words)

    def any_true(self, name: str, test: exp.Expression) -> exp.Column:
        return self._ask(name, call("BOOL_OR", test), exp.false())

    def repeats(self, name: str, value: exp.Expression) -> exp.Column:
        """Whether two events have the same value (NULL apart)."""
        every = exp.Count(this=value.copy())
        different: exp.Expression = exp.Count(this=exp.Distinct(expressions=[value.copy()]))
        if self.packs:
            # Different values of one hash are told to be the same: then Python looks.
            known = exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))
            different = call("LIST_UNIQUE", _listed(call("HASH", value), known))
        return self._ask(name, compared(every, "!=", different), exp.false())

    def _ask(
        self, name: str, aggregate: exp.Expression, without: exp.Expression | None
    ) -> exp.Column:
        spelled = aggregate.sql(copy=False)
        if spelled not in self.known:
            assert name not in self.aggregates, name
            self.known[spelled] = name
            self.aggregates[name] = aggregate, without
            self.sheet.grow(name)
        return column(self.known[spelled])

    def select(self, ground: Ground) -> exp.Select:
        aggregates = {name: aggregate for name, (aggregate, _) in self.aggregates.items()}
        aggregates |= {pack: self._pack(names) for pack, names in self._packs()}
        select = ground.select(aggregates.values())
        chosen = [named(aggregate.copy(), name) for name, aggregate in aggregates.items()]
        return select.select(column("lead"), *chosen).group_by(column("lead"))

    def columns(self) -> list[exp.Expression]:
        """The columns as they are for every lead, once joined."""
        aggregates = [
            _joined(self.name, name, without) for name, (_, without) in self.aggregates.items()
        ]
        return [*aggregates, *self._unpacked()]


class Selection:
    """A query of its own over some of the events: those that ``when`` and the limits leave."""

    def __init__(self, name: str, sheet: Sheet, when: exp.Expression) -> None:
        self.name = name
        self.sheet = sheet
        self.when = when
        self.values: dict[str, exp.Expression] = {}
        self.limits: list[tuple[list[exp.Expression], exp.Expression | None, int]] = []
        self.totals: dict[str, exp.Expression] = {}
        self.tiebreak: exp.Expression | None = None
        self.asked: dict[str, exp.Expression | None] = {}

    def keep_newest_of(
        self, name: str, group: exp.Expression, most: int, or_without: bool = False
    ) -> None:
        """Of each group only the newest events (``or_without``: and those without a group)."""
        self.values[name] = group.copy()
        alone = exp.Is(this=column(name), expression=exp.Null()) if or_without else None
        self.limits.append(([column("lead"), column(name)], alone, most))

    def keep_newest(self, most: int) -> None:
        self.limits.append(([column("lead")], None, most))

    def total(self, name: str, aggregate: exp.Expression) -> None:
        self.totals[name] = _bigint(aggregate)

    def newest_only(self, tiebreak: exp.Expression) -> None:
        """Only the newest event; of those at one instant the one with the greater tiebreak."""
        self.tiebreak = tiebreak

    def property(self, name: str, value: exp.Expression) -> exp.Column:
        self.values[name] = value.copy()
        return self.ask(name)

    def ask(self, name: str) -> exp.Column:
        """A total, a property of the newest event, its instant (``at``), or whether there are two
        of them (``tied``), as a column of the lead.
        """
        without = whole(0) if name in self.totals else exp.false() if name == "tied" else None
        self.asked[name] = without
        return self.sheet.grow(f"{self.name} {name}")

    def select(self, ground: Ground) -> exp.Select:
        values = dict(self.values)
        if self.tiebreak is not None:
            values["tiebreak"] = self.tiebreak
        chosen = [named(value.copy(), name) for name, value in values.items()]
        select = ground.select((*values.values(), self.when))
        select = select.select(column("lead"), column("at"), *chosen).where(self.when.copy())
        if self.tiebreak is not None:
            return self._newest(select)
        for number, (parts, alone, most) in enumerate(self.limits):
            rank = f"rank {number}"
            ranked = _within(select, "kept").select(exp.Star(), _ranked(rank, parts, []))
            test = compared(column(rank), "<=", whole(most))
            kept = test if alone is None else either(alone.copy(), test)
            select = _within(ranked, "ranked").select(exp.Star()).where(kept)
        totals = [named(total.copy(), name) for name, total in self.totals.items()]
        return _within(select, "counted").select(column("lead"), *totals).group_by(column("lead"))

    def _newest(self, select: exp.Select) -> exp.Select:
        tie = column("tiebreak")
        ranked = _within(select, "kept").select(
            exp.Star(),
            _ranked("rank", [column("lead")], [tie]),
            named(
                exp.Window(
                    this=exp.Count(this=exp.Star()),
                    partition_by=[column("lead"), column("at"), tie.copy()],
                ),
                "alike",
            ),
        )
        tied = named(compared(column("alike"), ">", whole(1)), "tied")
        names = [column(name) for name in ("lead", "at", *self.values)]
        first = compared(column("rank"), "==", whole(1))
        return _within(ranked, "ranked").select(*names, tied).where(first)

    def columns(self) -> list[exp.Expression]:
        return [
            _joined(self.name, name, without, f"{self.name} {name}")
            for name, without in self.asked.items()
        ]


def _listed(value: exp.Expression, when: exp.Expression) -> exp.Expression:
    """All values as a list. DuckDB is slow at DISTINCT, and keeps the events in memory for it."""
    listed = call("LIST", value)
    return exp.Filter(this=listed, expression=exp.Where(this=when.copy()))


def _is_kind(kind: str) -> exp.Expression:
    return compared(column("kind"), "==", text(kind))


def _within(select: exp.Select, name: str) -> exp.Select:
    alias = exp.TableAlias(this=exp.to_identifier(name, quoted=True))
    return exp.Select().from_(exp.Subquery(this=select, alias=alias))


def _ranked(name: str, parts: list[exp.Expression], then: list[exp.Expression]) -> exp.Expression:
    order = [
        exp.Ordered(this=each.copy(), desc=True, nulls_first=False)
        for each in (column("at"), *then)
    ]
    window = exp.Window(
        this=exp.RowNumber(),
        partition_by=[part.copy() for part in parts],
        order=exp.Order(expressions=order),
    )
    return named(window, name)


def _joined(
    table: str, name: str, without: exp.Expression | None, wanted: str | None = None
) -> exp.Expression:
    of = exp.Column(
        this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table, quoted=True)
    )
    value = of if without is None else coalesce(of, without.copy())
    return named(value, wanted or name)


def _int(value: exp.Expression) -> exp.Expression:
    return exp.Cast(this=exp.paren(value), to=exp.DataType.build("int"))


def _bigint(value: exp.Expression) -> exp.Expression:
    return exp.Cast(this=value, to=exp.DataType.build("bigint"))
