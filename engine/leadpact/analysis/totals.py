"""What sums can be, and with which classes of facts they are just that."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact.analysis.bits import NOTHING, Sums, sums_of
from leadpact.analysis.components import Assignment, Component, Components
from leadpact.analysis.sums import Sum

__all__ = ["Totals"]


class Totals(Components):
    """``offsets`` are what the parts have got already; ``plain`` components add to one part."""

    def _values(
        self,
        one: Sum,
        offsets: tuple[int, ...],
        plain: Sequence[Component],
        parts: tuple[int, ...],
    ) -> tuple[Sums, list[Sums]]:
        """All values of a sum, and those of each of its parts."""
        own = tuple(offsets[parts.index(part)] for part in one.parts)
        pure = [
            self._pure(part, tuple(c for c in plain if c.rows and c.rows[0][0] == part))
            for part in one.parts
        ]
        key = (one.name, own, tuple((each.low, each.bits) for each in pure))
        each_part = [
            self._capped(part, each.moved(by))
            for part, each, by in zip(one.parts, pure, own, strict=True)
        ]
        if key not in self._folded:
            total = NOTHING
            for each in each_part:
                total = total.plus(each)
            if one.fades and self.model.wide:
                total = self._faded(total, one.step)
            self._folded[key] = total.at_most(one.high).at_least(one.low)
        return self._folded[key], each_part

    def _capped(self, number: int, values: Sums) -> Sums:
        part = self.model.parts[number]
        if self.model.wide:
            least = sum(row.slack[0] for row in part.rows)
            most = sum(row.slack[1] for row in part.rows)
            values = values.smeared(least, most) if least or most else values
            values = self._faded(values, 1) if part.fades else values
        return values.at_most(part.at_most)

    def _faded(self, values: Sums, step: int) -> Sums:
        """What long inactivity can make of a sum: anything that is not more, or nothing."""
        low = min(values.low, 0) - self.model.furthest // step - 1
        high = max(values.high, 0)
        return Sums(low, (1 << (high - low + 1)) - 1)

    def _pure(self, part: int, components: tuple[Component, ...]) -> Sums:
        key = ("pure", part, tuple((one.facts, one.rows) for one in components))
        if key not in self._folded:
            total = NOTHING
            for one in components:
                total = total.plus(self._alone(one))
            self._folded[key] = total
        return self._folded[key]

    def _alone(self, component: Component) -> Sums:
        return sums_of(way.sums[0] for way in self._given(component)[1])

    def _reached(
        self,
        one: Sum,
        value: int,
        offsets: tuple[int, ...],
        plain: Sequence[Component],
        parts: tuple[int, ...],
    ) -> Assignment:
        """Classes of plain components with which the sum has the value. Of wide models none are
        looked for: their leads need not exist.
        """
        if self.model.wide:
            return {}
        _, each_part = self._values(one, offsets, plain, parts)
        total = NOTHING
        for each in each_part:
            total = total.plus(each)
        target = _before(value, one.low, one.high, total)
        found: Assignment = {}
        for part, wanted in zip(one.parts, _split(target, each_part), strict=True):
            components = [c for c in plain if c.rows and c.rows[0][0] == part]
            sets = [self._alone(c) for c in components]
            pure = NOTHING
            for each in sets:
                pure = pure.plus(each)
            by = offsets[parts.index(part)]
            raw = _before(wanted - by, None, _less(self.model.parts[part].at_most, by), pure)
            for component, amount in zip(components, _split(raw, sets), strict=True):
                way = next(w for w in self._given(component)[1] if w.sums[0] == amount)
                found |= dict(zip(component.facts, way.classes, strict=True))
        return found


def _less(limit: int | None, by: int) -> int | None:
    return None if limit is None else limit - by


def _before(value: int, low: int | None, high: int | None, values: Sums) -> int:
    """A number of the set that becomes ``value`` when held between ``low`` and ``high``."""
    if value in values and (low is None or value >= low) and (high is None or value <= high):
        return value
    if high is not None and value >= high:
        found = values.between(high - 1, None)
    else:
        found = values.between(None, None)
    assert found is not None
    return found


def _split(target: int, sets: Sequence[Sums]) -> list[int]:
    """One number of each set, so that together they make the target."""
    before = [NOTHING]
    for each in sets:
        before.append(before[-1].plus(each))
    chosen: list[int] = []
    for each, others in zip(reversed(sets), reversed(before[:-1]), strict=True):
        value = next(value for value in sorted(each, key=abs) if target - value in others)
        chosen.append(value)
        target -= value
    return chosen[::-1]
