"""What one event adds to a slot: counting, telling apart, rationing, keeping the newest."""

from __future__ import annotations

from typing import assert_never

from leadpact import plan as p
from leadpact.backends.python.decays import shares
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    AnyNumberOfType,
    Kind,
    OncePerPeriod,
    OncePerProperty,
    TextType,
    UpTo,
)

__all__ = ["Updates", "needs_local"]

_PERIOD = {
    "day": "local.toordinal()",
    "week": "(local.toordinal() - 1) // 7",
    "month": "local.year * 12 + local.month",
    "quarter": "local.year * 4 + (local.month - 1) // 3",
}


class Updates:
    """Writes what one event of a kind adds to a slot."""

    def __init__(self, writer: Writer, kind: Kind, facts: Facts, flagged: set[int]) -> None:
        self.writer = writer
        self.kind = kind
        self.facts = facts
        self.flagged = flagged

    def look_at(self, slot: p.Slot) -> None:
        """See that the properties which the slot's measure looks at are loaded."""
        match slot.measure:
            case (
                p.Count(OncePerProperty(name))
                | p.Different(name)
                | p.Decayed(once_per=OncePerProperty(name))
            ):
                if self._has(name):
                    self._property(name)
            case _:
                pass

    def _has(self, name: str) -> bool:
        return any(field.name == name for field in self.kind.properties)

    def write(self, number: int, slot: p.Slot) -> None:
        line = self.writer.line
        match slot.measure:
            case p.Count(None, None):
                line(f"c{number} {'=' if number in self.flagged else '+='} 1")
            case p.Count(OncePerPeriod(period), None):
                line(f"x{number}.add({_PERIOD[period]})")
            case p.Count(OncePerProperty(name), None):
                self._write_distinct(number, name, f"c{number} += 1")
            case p.Count(None, UpTo(_, period)):
                line(f"q = {_PERIOD[period]}")
                line(f"x{number}[q] = x{number}.get(q, 0) + 1")
            case p.Count(once_per, up_to):
                assert up_to is not None
                self._write_newest_of_group(number, once_per, _PERIOD[up_to.period])
            case p.Different(name):
                self._write_distinct(number, name, None)
            case p.Newest():
                with self.writer.block(f"if x{number} is None or newer(e, x{number}):"):
                    line(f"x{number} = e")
            case p.Moment(last):
                with self.writer.block(
                    f"if c{number} is None or t {'>' if last else '<'} c{number}:"
                ):
                    line(f"c{number} = t")
            case p.Decayed(_, _, None, None, None):
                given = self.writer.constant(shares(slot.measure), "Shares")
                line(f"c{number} += {given}[(now - t).days]")
                line(f"n{number} += 1")
            case p.Decayed(_, _, once_per, up_to, _):
                group = self._group(once_per)
                held = "0" if up_to is None else _PERIOD[up_to.period]
                line(f"x{number}.append((t, {group}, {held}))")
            case _:
                assert_never(slot.measure)

    def _group(self, once_per: OncePerPeriod | OncePerProperty | None) -> str:
        """Of which group only the newest event counts; ``None``: it counts by itself."""
        match once_per:
            case OncePerPeriod(period):
                return _PERIOD[period]
            case OncePerProperty(name) if self._has(name):
                return f"({self._property(name)} if {self._is_known(name)} else None)"
            case _:
                return "None"

    def _write_distinct(self, number: int, name: str, otherwise: str | None) -> None:
        if not self._has(name):
            if otherwise is not None:
                self.writer.line(otherwise)
            return
        value = self._property(name)
        with self.writer.block(f"if {self._is_known(name)}:"):
            self.writer.line(f"x{number}.add({value})")
        if otherwise is not None:
            with self.writer.block("else:"):
                self.writer.line(otherwise)

    def _write_newest_of_group(
        self, number: int, once_per: OncePerPeriod | OncePerProperty | None, period: str
    ) -> None:
        line = self.writer.line
        if isinstance(once_per, OncePerPeriod):
            line(f"newest_of(x{number}, {_PERIOD[once_per.period]}, t, {period})")
            return
        assert once_per is not None
        name = once_per.property
        alone = f"y{number}[{period}] = y{number}.get({period}, 0) + 1"
        if not self._has(name):
            line(alone)
            return
        with self.writer.block(f"if {self._is_known(name)}:"):
            line(f"newest_of(x{number}, {self._property(name)}, t, {period})")
        with self.writer.block("else:"):
            line(alone)

    def _property(self, name: str) -> str:
        """The property's value as it is compared; falsy only for an unknown text."""
        field = self.facts.fields[name]
        if isinstance(field.type, TextType):
            return self.facts.folded(name)
        value = self.facts.exact(name)
        # Of an "any number of" neither order nor repeats count.
        return f"frozenset({value})" if isinstance(field.type, AnyNumberOfType) else value

    def _is_known(self, name: str) -> str:
        is_text = isinstance(self.facts.fields[name].type, TextType)
        return f'{self._property(name)} != ""' if is_text else f"{self.facts.raw(name)} is not None"


def needs_local(slot: p.Slot) -> bool:
    measure = slot.measure
    if not isinstance(measure, p.Count | p.Decayed):
        return False
    return measure.up_to is not None or isinstance(measure.once_per, OncePerPeriod)
