"""Which event ends a decision: the first to leave a window, to grow a day older, to come."""

from __future__ import annotations

from datetime import timedelta

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.decays import age, behind, fades_after
from leadpact.backends.sql.dialects import Dialect, both, either
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.held import Held
from leadpact.backends.sql.instants import DAY
from leadpact.backends.sql.matching import compared
from leadpact.backends.sql.passes import Pass
from leadpact.backends.sql.sheet import case, column, whole
from leadpact.checked import SinceEntered, Within
from leadpact.operators.times import exact_length

__all__ = ["Ends"]

_TICK = timedelta(microseconds=1)


class Ends:
    """Aggregates of the ``main`` pass for ``valid_until``, instants in microseconds."""

    def __init__(
        self, plan: p.Plan, now: int, held: Held, events: Events, main: Pass, dialect: Dialect
    ) -> None:
        self.plan = plan
        self.now = now
        self.held = held
        self.events = events
        self.main = main
        self.dialect = dialect

    def later(self) -> exp.Column:
        """The first event that is still to come; NULL without one."""
        to_come = compared(column("at"), ">", whole(self.now))
        return self.main.extreme("later event", "min", column("at"), to_come)

    def window_first(self, number: int) -> exp.Column:
        """The earliest event in a window of the kinds that its counting slots look at."""
        window = Within(self.plan.windows[number])
        kinds = {
            part.kind
            for slot in self.plan.slots
            if slot.window == window and not isinstance(slot.measure, p.Newest)
            for part in slot.parts
        }
        held = both(self.held.window(window), self.events.is_one_of(kinds))
        return self.main.extreme(f"window {number}", "min", column("at"), held)

    def first_end(self) -> exp.Column | None:
        """When the first event leaves a window of an exact length; ``None``: there are none.

        Of an event in several windows the end of the shortest comes first. Events count by their
        kind, as in ``window_first``.
        """
        windows: dict[str, dict[int, int]] = {}
        for slot in self.plan.slots:
            if not isinstance(slot.window, Within) or isinstance(slot.measure, p.Newest):
                continue
            length = exact_length(slot.window.duration)
            if length is not None:
                for part in slot.parts:
                    ends = windows.setdefault(part.kind, {})
                    ends[length // _TICK] = self.held.thresholds[slot.window.duration]
        if not windows:
            return None
        at, of_kinds = column("at"), []
        for kind, ends in windows.items():
            inside = [
                (compared(at, ">", whole(after)), exp.Add(this=at.copy(), expression=whole(length)))
                for length, after in sorted(ends.items())
            ]
            of_kinds.append((self.events.is_one_of({kind}), case(*inside)))
        return self.main.extreme("first end", "min", case(*of_kinds), self.held.is_past())

    def aged(self) -> exp.Column:
        """How long ago the next event that turns a day older turned the last; NULL: none will."""
        tests: list[exp.Expression] = []
        by_kind: dict[tuple[str, object], int] = {}
        for slot in self.plan.slots:
            if isinstance(slot.measure, p.Decayed):
                last = fades_after(slot.measure.decay)
                for part in slot.parts:
                    key = part.kind, slot.window
                    by_kind[key] = max(last, by_kind.get(key, 0))
        for (kind, window), last in by_kind.items():
            old = age(self.dialect, self.now)
            since = self.held.window(window) if isinstance(window, Within | SinceEntered) else (
                self.held.is_past()
            )  # fmt: skip
            young = compared(old, "<", whole(last))
            tests.append(exp.paren(both(since, self.events.is_one_of({kind}), young)))
        into = exp.Mod(this=exp.paren(behind(self.now)), expression=whole(DAY))
        return self.main.extreme("aged", "max", into, exp.paren(either(*tests)))
