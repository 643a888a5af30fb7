"""The one pass over a lead's events, in which every slot is filled.

Events are told apart by their class, then by window from the longest to the shortest, so an old
event costs one comparison. ``m0``, ``m1``, … hold, for each window, the earliest event inside it of
the kinds that its slots look at: the first of them to leave bounds ``valid_until``. (Of a kind,
not of a pattern: that is the same for every backend, and never later than the true instant.)
"""

from __future__ import annotations

from typing import assert_never

from leadpact import plan as p
from leadpact.backends.python.spell import Facts, Speller
from leadpact.backends.python.writer import Writer
from leadpact.checked import (
    AnyNumberOfType,
    Condition,
    Duration,
    Ever,
    FieldFact,
    Kind,
    OncePerPeriod,
    OncePerProperty,
    SinceEntered,
    TextTest,
    TextType,
    UpTo,
    Within,
)
from leadpact.operators.text import fold
from leadpact.operators.times import exact_length
from leadpact.schema import RecordTypes, attribute

__all__ = ["write_facts"]

_DEEPEST = 20

_PERIOD = {
    "day": "local.toordinal()",
    "week": "(local.toordinal() - 1) // 7",
    "month": "local.year * 12 + local.month",
    "quarter": "local.year * 4 + (local.month - 1) // 3",
}


def write_facts(writer: Writer, plan: p.Plan, types: RecordTypes, flags: bool) -> None:
    """Write the pass over the events.

    Afterwards ``c<slot>`` holds each slot's value and ``later`` (set before) is at most the first
    event after ``now``.
    With ``flags``, slots of which only "ever or never" is asked hold just 1 or 0.
    """
    for slot_number, slot in enumerate(plan.slots):
        _write_start(writer, slot_number, slot)
    for window_number in range(len(plan.windows)):
        writer.line(f"m{window_number} = FAR")
    flagged = _flags(plan) if flags else set()
    for events, of_actions in (("activities", False), ("actions", True)):
        with writer.block(f"for e in {events}:"):
            writer.line("t = e.at")
            # Comparing instants of different offsets is slow; most are in UTC already.
            with writer.block("if t.tzinfo is not UTC:"):
                writer.line("t = t.astimezone(UTC)")
            with writer.block("if t > now:"):
                with writer.block("if t < later:"):
                    writer.line("later = t")
                writer.line("continue")
            _write_dispatch(writer, plan, types, of_actions, flagged)
    for slot_number, slot in enumerate(plan.slots):
        _write_end(writer, slot_number, slot)


def _write_start(writer: Writer, number: int, slot: p.Slot) -> None:
    match slot.measure:
        case p.Count(None, None):
            writer.line(f"c{number} = 0")
        case p.Count(OncePerProperty(), None):
            writer.line(f"c{number} = 0")
            writer.line(f"x{number} = set()")
        case p.Count(OncePerPeriod(), None) | p.Different():
            writer.line(f"x{number} = set()")
        case p.Count(None, UpTo()):
            writer.line(f"x{number} = {{}}")
        case p.Count():
            writer.line(f"x{number} = {{}}")
            writer.line(f"y{number} = {{}}")
        case p.Newest():
            writer.line(f"x{number} = None")
        case _:
            assert_never(slot.measure)


def _write_end(writer: Writer, number: int, slot: p.Slot) -> None:
    match slot.measure:
        case p.Count(OncePerProperty(), None):
            writer.line(f"c{number} += len(x{number})")
        case p.Count(OncePerPeriod(), None) | p.Different():
            writer.line(f"c{number} = len(x{number})")
        case p.Count(None, UpTo(amount)):
            writer.line(f"c{number} = rationed(x{number}, {amount})")
        case p.Count(_, UpTo(amount)):
            writer.line(f"c{number} = rationed_newest(x{number}, y{number}, {amount})")
        case p.Newest(property_):
            value = f"x{number}.{attribute(property_)}"
            writer.line(f"c{number} = None if x{number} is None else {value}")
        case _:
            pass


# --- one kind ----------------------------------------------------------------------------------


def _flags(plan: p.Plan) -> set[int]:
    """The counting slots of which nothing but "at least one" or "none" is asked."""
    asked: dict[int, set[tuple[str, int]]] = {}
    for test in plan.slot_tests():
        asked.setdefault(test.slot, set()).add((test.op, test.count))
    for row in plan.rows():
        if row.slot is not None:
            asked.setdefault(row.slot, set()).add((">=", row.times or 0))
    return {slot for slot, uses in asked.items() if uses <= {(">=", 1), ("==", 0), ("<=", 0)}}


def _write_dispatch(
    writer: Writer, plan: p.Plan, types: RecordTypes, of_actions: bool, flagged: set[int]
) -> None:
    word = "if"
    writer.line("kind = type(e)")
    for kind in plan.policy.kinds:
        slots = [
            number
            for number, slot in enumerate(plan.slots)
            if slot.of_actions == of_actions and any(part.kind == kind.name for part in slot.parts)
        ]
        if not slots:
            continue
        name = writer.constant(types.events[kind.name], "Kind")
        with writer.block(f"{word} kind is {name}:"):
            _Branch(writer, plan, kind, flagged).write(slots)
        word = "elif"


class _Branch:
    """The code for the events of one kind."""

    def __init__(self, writer: Writer, plan: p.Plan, kind: Kind, flagged: set[int]) -> None:
        self.flagged = flagged
        self.writer = writer
        self.plan = plan
        self.kind = kind
        self.facts = Facts("e", "e_", kind.properties)
        self.speller = Speller(writer, self.facts)

    def write(self, slots: list[int]) -> None:
        by_window: dict[object, list[int]] = {}
        for number in slots:
            by_window.setdefault(self.plan.slots[number].window, []).append(number)
        tests = {number: self._where(number) for number in slots}
        exact = sorted(
            (window for window in by_window if isinstance(window, Within) and _length(window)),
            key=lambda window: _length(window) or 0,
            reverse=True,
        )
        months = [w for w in by_window if isinstance(w, Within) and not _length(w)]
        longest = exact[0] if exact and not months and by_window.keys() == set(exact) else None
        if longest is not None:
            # Nothing about an event that is out of the longest window needs a look.
            with self.writer.block(f"if t > w{self._number(longest.duration)}:"):
                if self._are_exclusive(slots, tests):
                    self._write_chain(exact, by_window, tests)
                else:
                    self._write_nested(exact, by_window, tests, opened=True)
            return
        others = [n for w, members in by_window.items() if w not in exact for n in members]
        # What looks at no property can count before the properties are loaded.
        late = not months and all(self._is_plain(number, tests) for number in others)
        if not late:
            self.facts.load(self.writer)
        for window, numbers in by_window.items():
            if isinstance(window, Ever):
                self._write_updates(numbers, tests, None)
            elif isinstance(window, SinceEntered):
                with self.writer.block("if t >= since:"):
                    self._write_updates(numbers, tests, None)
        for window in months:
            with self.writer.block(f"if t > w{self._number(window.duration)}:"):
                self._write_updates(by_window[window], tests, window)
        if exact and late:
            with self.writer.block(f"if t > w{self._number(exact[0].duration)}:"):
                self._write_nested(exact, by_window, tests, opened=True)
        else:
            self._write_nested(exact, by_window, tests, opened=False)

    def _is_plain(self, number: int, tests: dict[int, str | None]) -> bool:
        measure = self.plan.slots[number].measure
        return tests[number] is None and measure == p.Count()

    def _write_nested(
        self,
        windows: list[Within],
        by_window: dict[object, list[int]],
        tests: dict[int, str | None],
        opened: bool,
        depth: int = 0,
    ) -> None:
        """Windows from the longest to the shortest, each inside the one before."""
        if not windows:
            return
        first, rest = windows[0], windows[1:]
        if opened:
            self.facts.load(self.writer)
            self._write_updates(by_window[first], tests, first)
            self._write_nested(rest, by_window, tests, opened=False)
            return
        with self.writer.block(f"if t > w{self._number(first.duration)}:"):
            self._write_updates(by_window[first], tests, first)
            if depth < _DEEPEST:
                self._write_nested(rest, by_window, tests, opened=False, depth=depth + 1)
        if depth >= _DEEPEST:
            # Python allows only so many levels; from here on they stand side by side.
            for window in rest:
                with self.writer.block(f"if t > w{self._number(window.duration)}:"):
                    self._write_updates(by_window[window], tests, window)

    def _are_exclusive(self, slots: list[int], tests: dict[int, str | None]) -> bool:
        """Whether at most one of the slots' (at least two) conditions can hold of an event."""
        wheres = {
            tests[number]: [
                part.where for part in self.plan.slots[number].parts if part.kind == self.kind.name
            ]
            for number in slots
        }
        if len(wheres) < 2 or any(len(parts) > 1 for parts in wheres.values()):
            return False
        single = [parts[0] for parts in wheres.values()]
        return all(
            _excludes(one, other) for i, one in enumerate(single) for other in single[i + 1 :]
        )

    def _write_chain(
        self,
        windows: list[Within],
        by_window: dict[object, list[int]],
        tests: dict[int, str | None],
    ) -> None:
        """One look at what the event is, then at how old: for conditions that exclude others."""
        line = self.writer.line
        for window in windows:
            if not self._is_counted(by_window[window]):
                continue
            number = self._number(window.duration)
            inside = "" if window == windows[0] else f"t > w{number} and "
            with self.writer.block(f"if {inside}t < m{number}:"):
                line(f"m{number} = t")
        name = _property_of(self.plan.slots[next(iter(tests))], self.kind)
        # An unknown text is none of what the conditions ask for.
        with self.writer.block(f"if e.{attribute(name)} is not None:"):
            self.facts.load(self.writer)
            self._write_alternatives(windows, by_window, tests)

    def _write_alternatives(
        self,
        windows: list[Within],
        by_window: dict[object, list[int]],
        tests: dict[int, str | None],
    ) -> None:
        word = "if"
        for test in dict.fromkeys(tests.values()):
            with self.writer.block(f"{word} {test}:"):
                for window in windows:
                    members = [n for n in by_window[window] if tests[n] == test]
                    if not members:
                        continue
                    if window == windows[0]:
                        self._write_group(members, window)
                        continue
                    with self.writer.block(f"if t > w{self._number(window.duration)}:"):
                        self._write_group(members, window)
            word = "elif"

    def _is_counted(self, numbers: list[int]) -> bool:
        """Whether some slot counts every event (a newest one has an end of its own)."""
        return any(not isinstance(self.plan.slots[n].measure, p.Newest) for n in numbers)

    def _number(self, duration: Duration) -> int:
        return self.plan.windows.index(duration)

    def _where(self, number: int) -> str | None:
        """When an event of this kind counts for the slot; ``None``: always."""
        wheres = [
            part.where for part in self.plan.slots[number].parts if part.kind == self.kind.name
        ]
        for name in _needed(self.plan.slots[number]):
            if any(field.name == name for field in self.kind.properties):
                self._property(name)
        spelled = []
        for where in wheres:
            if where is None:
                return None
            # A condition on properties mentions no events, so it is an expression as it stands.
            spelled.append(self.speller.true(where))
        return " or ".join(spelled)

    def _property(self, name: str) -> str:
        """The property's value as it is compared; falsy only for an unknown text."""
        field = self.facts.fields[name]
        if isinstance(field.type, TextType):
            return self.facts.folded(name)
        value = self.facts.exact(name)
        # Of an "any number of" neither order nor repeats count.
        return f"frozenset({value})" if isinstance(field.type, AnyNumberOfType) else value

    def _write_updates(
        self, numbers: list[int], tests: dict[int, str | None], window: Within | None
    ) -> None:
        if window is not None and self._is_counted(numbers):
            earliest = f"m{self._number(window.duration)}"
            with self.writer.block(f"if t < {earliest}:"):
                self.writer.line(f"{earliest} = t")
        groups: dict[str | None, list[int]] = {}
        for number in numbers:
            groups.setdefault(tests[number], []).append(number)
        for test, members in groups.items():
            if test is None:
                self._write_group(members, window)
                continue
            with self.writer.block(f"if {test}:"):
                self._write_group(members, window)

    def _write_group(self, numbers: list[int], window: Within | None) -> None:
        if any(_needs_local(self.plan.slots[number]) for number in numbers):
            self._write_local(window)
        for number in numbers:
            self._write_update(number)

    def _write_local(self, window: Within | None) -> None:
        if window is None:
            self.writer.line("local = local_time(t, PLACE)")
            return
        # Inside a window the zone's offsets are a short table, which beats asking the zone.
        self.writer.line("local = t + offsets[bisect_right(changes, t)]")

    def _write_update(self, number: int) -> None:
        line = self.writer.line
        match self.plan.slots[number].measure:
            case p.Count(None, None):
                line(f"c{number} {'=' if number in self.flagged else '+='} 1")
            case p.Count(OncePerPeriod(period), None):
                line(f"x{number}.add({_PERIOD[period]})")
            case p.Count(OncePerProperty(name), None):
                self._write_distinct(number, name, f"c{number} += 1")
            case p.Count(None, UpTo(_, period)):
                line(f"q = {_PERIOD[period]}")
                line(f"x{number}[q] = x{number}.get(q, 0) + 1")
            case p.Count(once_per, UpTo(_, period)):
                self._write_newest_of_group(number, once_per, _PERIOD[period])
            case p.Different(name):
                self._write_distinct(number, name, None)
            case p.Newest():
                with self.writer.block(f"if x{number} is None or newer(e, x{number}):"):
                    line(f"x{number} = e")

    def _write_distinct(self, number: int, name: str, otherwise: str | None) -> None:
        if all(field.name != name for field in self.kind.properties):
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
        if all(field.name != name for field in self.kind.properties):
            line(alone)
            return
        with self.writer.block(f"if {self._is_known(name)}:"):
            line(f"newest_of(x{number}, {self._property(name)}, t, {period})")
        with self.writer.block("else:"):
            line(alone)

    def _is_known(self, name: str) -> str:
        is_text = isinstance(self.facts.fields[name].type, TextType)
        return f'{self._property(name)} != ""' if is_text else f"{self.facts.raw(name)} is not None"


def _property_of(slot: p.Slot, kind: Kind) -> str:
    """The property of the one text condition that the slot has on the kind."""
    where = next(part.where for part in slot.parts if part.kind == kind.name)
    assert isinstance(where, TextTest)
    assert isinstance(where.fact, FieldFact)
    return where.fact.name


def _excludes(one: Condition | None, other: Condition | None) -> bool:
    """Whether two conditions on the same text can never hold together."""
    if not isinstance(one, TextTest) or not isinstance(other, TextTest):
        return False
    if not isinstance(one.fact, FieldFact) or one.fact != other.fact:
        return False
    if one.negated or other.negated:
        return False
    hows = {one.how, other.how}
    if not hows <= {"is", "starts with"}:
        return False
    return all(
        not _may_both(fold(a), one.how, fold(b), other.how)
        for a in one.values
        for b in other.values
    )


def _may_both(one: str, how: str, other: str, other_how: str) -> bool:
    if how == "is" and other_how == "is":
        return one == other
    if how == "is":
        return one.startswith(other)
    if other_how == "is":
        return other.startswith(one)
    return one.startswith(other) or other.startswith(one)


def _length(window: Within) -> float | None:
    length = exact_length(window.duration)
    return None if length is None else length.total_seconds()


def _needed(slot: p.Slot) -> list[str]:
    """The properties that the slot's measure looks at, beside those of its conditions."""
    match slot.measure:
        case p.Count(OncePerProperty(name)) | p.Different(name):
            return [name]
        case _:
            return []


def _needs_local(slot: p.Slot) -> bool:
    measure = slot.measure
    if not isinstance(measure, p.Count):
        return False
    return measure.up_to is not None or isinstance(measure.once_per, OncePerPeriod)
