"""A lead's life as people read it: stay after stay, what happened when, and what comes next."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from leadpact.arrivals import worklists
from leadpact.batch.summary import WarningCount
from leadpact.batch.summary_text import warning_words
from leadpact.checked import CheckedPolicy
from leadpact.cli.columns import hung
from leadpact.cli.instants import shown
from leadpact.cli.lengths import brief, length, weekday_time
from leadpact.cli.painting import bad, dim, good, strong, unsure
from leadpact.decision import SetAside
from leadpact.life import Clock, Coming, Exit, History, Stay, Told
from leadpact.rows_text import points_text, reason_text

__all__ = ["history_text"]

_HOW = {
    "moves to": "Moves",
    "hands back to": "Is handed back",
    "times out to": "Times out",
    "recorded": "Moved, as the record tells,",
}
_NO_TIME = " " * len("Sat 2026-11-21 10:00")


def history_text(
    policy: CheckedPolicy, history: History, aside: Sequence[SetAside] = (), width: int = 100
) -> str:
    """The whole life: where the lead is now, its stays with what happened in each, what comes."""
    text = _Text(policy, history, width)
    blocks = [
        [*text.verdict()],
        *([*text.stay(stay)] for stay in history.stays),
        [*text.next()],
        [*text.warnings(aside)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


@dataclass(frozen=True, slots=True)
class _Line:
    """Something that happened. Lines of the same instant stand in the order they are given."""

    at: datetime | None
    text: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Text:
    policy: CheckedPolicy
    history: History
    width: int

    # --- the verdict -----------------------------------------------------------------------------

    def verdict(self) -> Iterator[str]:
        *before, now = self.history.stays
        yield strong(f"{self.history.id} is in {self.stage(now.stage)}{self._since(now)}.")
        why = before[-1].exit.because if before and before[-1].exit is not None else None
        if why is not None:
            yield from self._hung("", f"because: {reason_text(why)}")
        looks = self._looks(self.history.scores, self.history.grades)
        if looks:
            yield f"It has {looks}."
        yield from self._kept()
        when = shown(self.history.until, self.policy.zone)
        asked = f"{self.policy.label}, version {self.policy.version}, until {when}"
        yield from map(dim, textwrap.wrap(asked, self.width))

    def _since(self, now: Stay) -> str:
        if now.entered is None:
            return ""
        span = self.history.until - now.entered
        return f" since {self._when(now.entered)}" + (f" ({brief(span)})" if span else "")

    def _kept(self) -> Iterator[str]:
        """How many promises were kept so far, and which were not."""
        clocks = [clock for stay in self.history.stays for clock in stay.targets]
        kept = sum(clock.state == "met" for clock in clocks)
        missed = Counter(self._target(one.target) for one in clocks if one.state == "missed")
        if not kept and not missed:
            return
        names = [
            f"“{label}”" if times == 1 else f"“{label}” ({times:,} times)"
            for label, times in missed.items()
        ]
        told = f"{missed.total():,} missed: {_and(names)}" if missed else "none missed"
        yield from self._hung("", f"Promises so far: {kept:,} kept, {told}.")

    # --- a stay ----------------------------------------------------------------------------------

    def stay(self, stay: Stay) -> Iterator[str]:
        owner = self._party(stay.owner)
        yield strong(self._label(stay.stage)) + (f", owned by {owner}" if owner else "")
        lines = [*self._lines(stay)]
        # What nobody can date stands first; what ends the stay stands last.
        lines.sort(key=lambda line: (line.at is not None, line.at or self.history.until))
        for line in lines:
            yield from self._told(line)
        if stay.other_events:
            others = "event" if stay.other_events == 1 else "events"
            more = "other " if stay.events else ""
            yield dim(f"  {_NO_TIME}  {stay.other_events:,} {more}{others} in this time")
        if not lines and not stay.other_events and stay.exit is None:
            yield dim(f"  {_NO_TIME}  nothing has happened here yet")
        if stay.exit is not None:
            yield from self._told(self._exit(stay, stay.exit))

    def _told(self, line: _Line) -> Iterator[str]:
        when = _NO_TIME if line.at is None else self._when(line.at)
        yield from self._hung(f"  {dim(when)}  ", line.text)
        for more in line.more:
            yield from self._hung(f"  {_NO_TIME}    ", more)

    def _lines(self, stay: Stay) -> Iterator[_Line]:
        came = self._came(stay)
        if came is not None:
            yield came
        for happening in stay.events:
            yield _Line(happening.at, happening.label)
        for listed in stay.worklists:
            looks = self._looks(listed.scores, listed.grades)
            text = f"On the list “{self._worklist(listed.worklist)}”"
            yield _Line(listed.since, f"{text}, with {looks}" if looks else text)
        if stay.sleep is not None:
            until, woke = stay.sleep.until, stay.sleep.woke
            if woke != stay.sleep.since:
                text = "" if woke is not None or until is None else f" until {self._when(until)}"
                yield _Line(stay.sleep.since, f"Falls asleep{text}")
            if woke is not None:
                yield _Line(woke, "Wakes up")
        for clock in stay.targets:
            yield from self._clock(clock)
        for listed in stay.worklists:
            if listed.until is not None:
                text = f"Off the list “{self._worklist(listed.worklist)}”"
                yield _Line(listed.until, text)

    def _came(self, stay: Stay) -> _Line | None:
        if stay is not self.history.stays[0] and stay.entered is not None:
            return None
        if stay.entered is None:
            return _Line(None, "Since when, the record does not tell")
        if any(event.at == stay.entered for event in stay.events):
            return None
        return _Line(stay.entered, "First known to us")

    def _exit(self, stay: Stay, exit: Exit) -> _Line:
        why = exit.because
        because = None if why is None else f"because: {reason_text(why)}"
        looks = self._looks(exit.scores, exit.grades)
        text = f"{_HOW[exit.how]} to {self.stage(exit.to)}"
        if stay.entered is not None and exit.at is not None:
            span = exit.at - stay.entered
            text += f", after {length(span)}" if span else ", at once"
        return _Line(exit.at, strong(text), tuple(each for each in (because, looks) if each))

    # --- promises --------------------------------------------------------------------------------

    def _clock(self, clock: Clock) -> Iterator[_Line]:
        name = f"“{self._target(clock.target)}”"
        if clock.started is None:
            return
        due = "" if clock.due is None else f"due {self._when(clock.due)}"
        # A pause moves the due instant, so it is told once it is settled.
        early = due and not clock.pauses
        says = f"{name} is {due}" if early else f"The clock of {name} starts"
        yield _Line(clock.started, says)
        for pause in clock.pauses:
            yield _Line(pause.since, f"The clock of {name} stands still")
            if pause.until is not None:
                last = f": {due}" if due and pause is clock.pauses[-1] else ""
                yield _Line(pause.until, f"The clock of {name} goes on{last}")
        for told in clock.told:
            if told.percent is not None:
                used = f"{points_text(told.percent)}% of the time for {name} is used"
                yield _Line(told.at, f"{used}: {self._who(told)} is told")
        if clock.state == "met":
            yield _Line(clock.at, f"{name} is {good('kept')}")
        if clock.state == "missed":
            people = [self._who(one) for one in clock.told if _when_missed(one)]
            told_of = (
                f": {_and(people)} {'is' if len(people) == 1 else 'are'} told" if people else ""
            )
            yield _Line(clock.due, f"{name} is {bad('missed')}{told_of}")
        for told in clock.told:
            if told.percent is None and told.late:
                yield _Line(told.at, f"{name} is still missed: {self._who(told)} is told")
        if clock.late is not None:
            yield _Line(clock.late, f"{name} is done, too late")

    def _who(self, told: Told) -> str:
        labels = {one.name: one.label for one in self.policy.parties}
        labels |= {one.name: one.label for one in self.policy.roles}
        return labels.get(told.to, "the owner" if told.to == "owner" else told.to)

    # --- what comes next -------------------------------------------------------------------------

    def next(self) -> Iterator[str]:
        yield strong("What comes next")
        now = self.history.stays[-1]
        lines = [self._coming(one) for one in self.history.coming]
        if now.sleep is not None and now.sleep.woke is None and now.sleep.until is None:
            lines.append("It is asleep until something wakes it.")
        if self.history.later_events:
            later = self.history.later_events
            told = (
                "1 event of the record is" if later == 1 else f"{later:,} events of the record are"
            )
            lines.append(f"{told} later than that, and not counted yet.")
        for line in lines or ["Nothing that happens by itself. The lead's next event decides."]:
            yield from self._hung("  ", line)

    def _coming(self, coming: Coming) -> str:
        when = self._when(coming.at)
        match coming.what:
            case "time out":
                assert coming.to is not None
                return f"If nothing happens, it times out to {self.stage(coming.to)} {when}."
            case "hand back":
                assert coming.to is not None
                return f"If nothing happens, it is handed back to {self.stage(coming.to)} {when}."
            case "target":
                return f"“{self._target(coming.name)}” is due {when}."
            case "wake up":
                return f"It wakes up {when}."
            case _:
                assert_never(coming.what)

    def warnings(self, aside: Sequence[SetAside]) -> Iterator[str]:
        if self.history.warnings:
            yield unsure("Warnings")
        for one in sorted(self.history.warnings, key=lambda one: one.code == "event_set_aside"):
            times = "" if one.count == 1 else f" ({one.count:,} times)"
            words = warning_words(WarningCount(one.code, one.subject, one.count))
            yield from self._hung("  ", f"{words}{times}")
        for event in aside:
            for problem in event.problems:
                field = f"{problem.field}: " if problem.field else ""
                yield from self._hung("    ", f"{event.kind} {field}{problem.reason}".lstrip())

    # --- names -----------------------------------------------------------------------------------

    def stage(self, name: str) -> str:
        return f"“{self._label(name)}”"

    def _label(self, name: str) -> str:
        return next((one.label for one in self.policy.stages if one.name == name), name)

    def _party(self, name: str | None) -> str | None:
        return next((one.label for one in self.policy.parties if one.name == name), name)

    def _target(self, name: str) -> str:
        targets = (one for stage in self.policy.stages for one in stage.targets)
        return next((one.label for one in targets if one.name == name), name)

    def _worklist(self, name: str) -> str:
        return next((one.label for one in worklists(self.policy) if one.name == name), name)

    def _looks(self, scores: object, grades: object) -> str:
        """``interest 75, fit A``"""
        assert isinstance(scores, dict)
        assert isinstance(grades, dict)
        told = [f"{name} {points_text(points)}" for name, points in scores.items()]
        return ", ".join([*told, *(f"{name} {letter}" for name, letter in grades.items())])

    def _when(self, instant: datetime) -> str:
        return weekday_time(instant, self.policy.zone)

    def _hung(self, before: str, text: str) -> Iterator[str]:
        yield from hung(before, text, self.width)


def _when_missed(told: Told) -> bool:
    return told.percent is None and not told.late


def _and(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
