"""Deadlines in business time as constant tables.

For a fixed length the deadline is piecewise linear in the start: it stands still while the calendar
is closed, and moves on with the start while it is open. So each piece is a row: starts of that UTC
``day`` from ``low`` to ``high`` fall due at ``due`` where they do not ``move``, else as much before
it as they lie before ``high``. ``operators.business`` works the deadlines out; what is done here is
to find where the pieces end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

from sqlglot import exp

from leadpact.backends.sql.instants import DAY, LAST
from leadpact.backends.sql.sheet import ConstantTable, Sheet, case, column, micros, whole
from leadpact.checked import BusinessTime, Calendar, TargetBy, TargetWithin
from leadpact.operators import business, clocks
from leadpact.operators.times import day_start, transitions

__all__ = ["YEARS_BACK", "BusinessLimit", "deadline", "pieces", "table_name"]

YEARS_BACK = 2
"""The tables begin with the year so long before that of the evaluation."""

BusinessLimit = BusinessTime | TargetBy
"""What a calendar decides: a length of business time, or ``by HH:MM``."""

# In place of NULL, which a list of numbers cannot hold.
_NEVER = LAST + 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """Starts from ``low`` to ``high`` fall due at ``due``, less what is left until ``high`` if they
    ``move``; ``due`` is ``None`` for those that never do.
    """

    low: int
    high: int
    due: int | None
    moves: bool

    def goes_on(self, later: Piece) -> bool:
        """Whether the piece that follows says the same."""
        if self.due is None or later.due is None:
            return self.due == later.due
        moves = self.moves or later.moves
        alone = self.low == self.high or later.low == later.high
        if self.moves != later.moves and not alone:
            return False
        return later.due - self.due == (later.high - self.high if moves else 0)


def deadline(
    limit: BusinessLimit, start: exp.Expression, calendar: Calendar, as_of: datetime, sheet: Sheet
) -> tuple[exp.Expression, exp.Expression]:
    """When a clock falls due that started at ``start`` (NULL: never), and whether the table tells.

    Asked again, they are the same columns.

    The table ends at ``as_of``'s year and begins ``YEARS_BACK`` years before.
    """
    start = sheet.add("clock start", start)
    name = table_name(limit)
    columns = tuple(f"{name} {each}" for each in ("day", "low", "high", "due", "moves"))
    found = {each: f"{each} of {start.name}" for each in columns[2:]}
    if found[columns[2]] not in sheet:
        rows = pieces(limit, calendar, as_of.year - YEARS_BACK, as_of.year)
        day, low, high = (column(each) for each in columns[:3])
        on = exp.And(
            this=exp.EQ(this=day, expression=_utc_day(start)),
            expression=exp.Between(this=start.copy(), low=low, high=high),
        )
        sheet.join(ConstantTable(name, columns, rows), on, found)
    high, due, moves = (column(each) for each in found.values())
    moved = case(
        (exp.EQ(this=due.copy(), expression=whole(_NEVER)), exp.cast(exp.Null(), "bigint")),
        (exp.EQ(this=moves, expression=whole(1)), due - exp.Paren(this=high - start)),
        otherwise=due.copy(),
    )
    told = exp.Not(this=exp.Is(this=high.copy(), expression=exp.Null()))
    return sheet.add(f"due {name}", moved), told


def table_name(limit: BusinessLimit) -> str:
    if isinstance(limit, TargetBy):
        return f"by {limit.minutes // 60:02}:{limit.minutes % 60:02} of {limit.calendar}"
    return f"{limit.amount} business {limit.unit} of {limit.calendar}"


def _utc_day(instant: exp.Expression) -> exp.Expression:
    # Before 1970 the quotient is rounded to the wrong side; no table reaches there.
    return exp.IntDiv(this=instant.copy(), expression=whole(DAY))


# --- the pieces ----------------------------------------------------------------------------------


@lru_cache(maxsize=128)
def pieces(
    limit: BusinessLimit, calendar: Calendar, first: int, last: int
) -> tuple[tuple[int, ...], ...]:
    """Rows for all starts of the (UTC) years from ``first`` to ``last``, in order and apart.

    A start that never falls due has the instant after the last one.
    """
    low = datetime(first, 1, 1, tzinfo=UTC)
    high = datetime(last + 1, 1, 1, tzinfo=UTC)
    open_times = business.open_times([calendar])
    asked = limit if isinstance(limit, TargetBy) else TargetWithin(limit)

    def due(start: int) -> int | None:
        instant = _EPOCH + timedelta(microseconds=start)
        found = clocks.due(asked, instant, (), calendar.zone, open_times)
        return micros(found) if isinstance(found, datetime) else None

    borders = {micros(border) for border in _borders(limit, calendar, low, high)}
    rows: list[tuple[int, ...]] = []
    for piece in _joined(_simple(borders, micros(low), micros(high), due)):
        rows += _by_day(piece)
    return tuple(rows)


def _simple(
    borders: set[int], low: int, high: int, due: Callable[[int], int | None]
) -> Iterator[Piece]:
    """The starts between two borders, and those at the borders by themselves."""
    edges = {low, high}
    for border in borders:
        edges |= {edge for edge in (border, border + 1) if low < edge < high}
    for begins, ends in pairwise(sorted(edges)):
        first = due(begins)
        last = first if begins == ends - 1 else due(ends - 1)
        moves = first != last
        if moves:
            assert first is not None
            assert last is not None
            assert last - first == ends - 1 - begins
        yield Piece(begins, ends - 1, last, moves)


def _joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """With those in one that say the same."""
    held: Piece | None = None
    for piece in found:
        if held is not None and held.goes_on(piece):
            held = Piece(held.low, piece.high, piece.due, piece.due != held.due or held.moves)
            continue
        if held is not None:
            yield held
        held = piece
    if held is not None:
        yield held


def _by_day(piece: Piece) -> Iterator[tuple[int, ...]]:
    """The piece, cut at the ends of UTC days."""
    for day in range(piece.low // DAY, piece.high // DAY + 1):
        low, high = max(piece.low, day * DAY), min(piece.high, (day + 1) * DAY - 1)
        due = _NEVER if piece.due is None else piece.due
        if piece.moves:
            due -= piece.high - high
        yield day, low, high, due, int(piece.moves)


# --- where they end ------------------------------------------------------------------------------


def _borders(
    limit: BusinessLimit, calendar: Calendar, low: datetime, high: datetime
) -> Iterator[datetime]:
    """Instants between which the deadline is linear (more than are needed do no harm)."""
    first, last = low - 2 * _DAY, high + 2 * _DAY
    yield from _midnights(calendar.zone, first, last)
    open_time = business.open_time(calendar)
    if isinstance(limit, TargetBy):
        days = business.opening_days(first.date(), open_time)
        for day, close in days:
            if day > last.date():
                return
            yield min(business.clock_time(day, limit.minutes, open_time), close)
    elif limit.unit != "day":
        yield from _crossings(business.exact_amount(limit), calendar, first, last)


def _midnights(zone: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """The local midnights, also those that come twice, and the clock changes themselves."""
    changes, offsets = transitions(zone, first, last)
    yield from changes
    for change, *both in zip(changes, offsets, offsets[1:], strict=False):
        for offset in both:
            near = (change + offset).date()
            for day in (near - _DAY, near, near + _DAY):
                yield datetime.combine(day, datetime.min.time(), UTC) - offset
    day = first.date()
    while day <= last.date():
        yield day_start(day, zone)
        day = date.fromordinal(day.toordinal() + 1)


def _crossings(
    length: timedelta, calendar: Calendar, first: datetime, last: datetime
) -> Iterator[datetime]:
    """The openings and closings, and the starts whose deadline is one."""
    open_time = business.open_time(calendar)
    starts: list[datetime] = []
    ends: list[datetime] = []
    passed: list[timedelta] = []
    total = timedelta()
    year = first.year - 1
    while year <= last.year + business.YEARS_AHEAD:
        found = open_time.year(year)
        starts += found.starts
        ends += found.ends
        passed += [total + before for before in found.before[1:]]
        total += found.before[-1]
        reached = bisect_left(ends, last)
        if year > last.year + 1 and reached < len(ends) and total > passed[reached] + length:
            break
        year += 1
    for start, end, used in zip(starts, ends, passed, strict=True):
        yield start
        yield end
        place = bisect_left(passed, used - length)
        yield ends[place] - (passed[place] - (used - length))
