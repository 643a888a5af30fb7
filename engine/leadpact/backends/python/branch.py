"""The events of one kind: which windows they lie in, and which conditions hold of them.

From the longest window to the shortest, so an old event costs one comparison. Where at most one
of the conditions can hold, one look decides between them.
"""

from __future__ import annotations

from leadpact import plan as p
from leadpact.backends.python.decays import fades_after
from leadpact.backends.python.exclusion import excludes, property_of, text_test, which_holds
from leadpact.backends.python.loads import Facts
from leadpact.backends.python.memo import Memo
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.told import Told
from leadpact.backends.python.updates import Updates, needs_local
from leadpact.backends.python.writer import Writer
from leadpact.checked import Duration, Ever, Kind, SinceEntered, SinceStage, Within
from leadpact.operators.times import exact_length
from leadpact.schema import attribute

__all__ = ["Branch"]

_DEEPEST = 20
"""How many windows nest before they stand side by side."""


class Branch:
    """The code for the events of one kind."""

    def __init__(
        self, writer: Writer, plan: p.Plan, kind: Kind, flagged: set[int], told: Told
    ) -> None:
        self.told = told
        self.writer = writer
        self.plan = plan
        self.kind = kind
        self.facts = Facts("e", "e_", kind.properties, recurring=True)
        self.speller = Speller(writer, self.facts)
        self.updates = Updates(writer, kind, self.facts, flagged)

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
            if isinstance(window, Ever | SinceStage | p.Gaining):
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
        if any(not self._is_simple(number) for number in slots):
            return False
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
            excludes(one, other) for i, one in enumerate(single) for other in single[i + 1 :]
        )

    def _is_simple(self, number: int) -> bool:
        """Whether nothing but the window and the condition decides what an event adds."""
        slot = self.plan.slots[number]
        return slot.restart is None and not isinstance(slot.measure, p.Decayed)

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
        wheres = [text_test(self.plan.slots[n], self.kind) for n in _firsts(tests)]
        name = property_of(wheres[0])
        # Texts come again and again, so which condition a text fulfils is worked out once. (Zero:
        # none of them, like an unknown text.)
        which = Memo(lambda text: which_holds(wheres, text))
        given = f"e.{attribute(name)}"
        self.facts.used.pop(self.facts.lowered(name), None)
        with self.writer.block(f"if {given} is not None:"):
            with self.writer.block("try:"):
                line(f"q = {self.writer.constant(which.made, 'Which')}[{given}]")
            with self.writer.block("except KeyError:"):
                line(f"q = {self.writer.constant(which, 'Make')}[{given}]")
            with self.writer.block("if q:"):
                self.facts.load(self.writer)
                self._write_alternatives(windows, by_window, tests)

    def _write_alternatives(
        self,
        windows: list[Within],
        by_window: dict[object, list[int]],
        tests: dict[int, str | None],
    ) -> None:
        word = "if"
        for number, test in enumerate(dict.fromkeys(tests.values()), start=1):
            with self.writer.block(f"{word} q == {number}:"):
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
        slot = self.plan.slots[number]
        self.updates.look_at(slot)
        tests = []
        if slot.restart is not None:
            tests.append(f"t > r{slot.restart}")
        if isinstance(slot.window, SinceStage | p.Gaining):
            tests.append(f"t >= {self.told.since(slot.window)}")
        wheres = [part.where for part in slot.parts if part.kind == self.kind.name]
        if None not in wheres:
            # A condition on properties mentions no events, so it is an expression as it stands.
            spelled = " or ".join(self.speller.true(where) for where in wheres if where is not None)
            tests.append(f"({spelled})" if tests and len(wheres) > 1 else spelled)
        return " and ".join(tests) or None

    def _write_updates(
        self, numbers: list[int], tests: dict[int, str | None], window: Within | None
    ) -> None:
        if window is not None and self._is_counted(numbers):
            earliest = f"m{self._number(window.duration)}"
            with self.writer.block(f"if t < {earliest}:"):
                self.writer.line(f"{earliest} = t")
        self._write_aging(numbers)
        groups: dict[str | None, list[int]] = {}
        for number in numbers:
            groups.setdefault(tests[number], []).append(number)
        for test, members in groups.items():
            if test is None:
                self._write_group(members, window)
                continue
            with self.writer.block(f"if {test}:"):
                self._write_group(members, window)

    def _write_aging(self, numbers: list[int]) -> None:
        """Note when the next of these events will be a day older, as far as that matters."""
        last = [
            fades_after(measure.decay)
            for number in numbers
            if isinstance(measure := self.plan.slots[number].measure, p.Decayed)
        ]
        if last:
            self.writer.line("age = now - t")
            with self.writer.block(f"if age.days < {max(last)} and age % DAY > aged:"):
                self.writer.line("aged = age % DAY")

    def _write_group(self, numbers: list[int], window: Within | None) -> None:
        if any(needs_local(self.plan.slots[number]) for number in numbers):
            self._write_local(window)
        for number in numbers:
            self.updates.write(number, self.plan.slots[number])

    def _write_local(self, window: Within | None) -> None:
        if window is None:
            self.writer.line("local = local_time(t, PLACE)")
            return
        # Inside a window the zone's offsets are a short table, which beats asking the zone.
        self.writer.line("local = t + offsets[bisect_right(changes, t)]")


def _length(window: Within) -> float | None:
    length = exact_length(window.duration)
    return None if length is None else length.total_seconds()


def _firsts(tests: dict[int, str | None]) -> list[int]:
    """The first slot of each different condition, in order."""
    first: dict[str | None, int] = {}
    for slot, test in tests.items():
        first.setdefault(test, slot)
    return list(first.values())
