"""What became of a target in one stay, from what the decisions said of it one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, TypeAlias

from leadpact.backends.python.matching import matcher
from leadpact.checked import CheckedPolicy, Target, TargetEvery, Tell
from leadpact.decision import TargetResult
from leadpact.life.history import Clock, ClockState, Exit, Stopped, Told
from leadpact.operators.clocks import PAUSED, OpenTimes, add, done, share
from leadpact.operators.decimals import points
from leadpact.operators.text import fold
from leadpact.schema import RecordTypes, attribute

__all__ = ["Promise", "Seen"]

Seen: TypeAlias = list[tuple[datetime, TargetResult | None]]
"""From when on the decisions said what of a target; ``None``: it did not apply."""


@dataclass(frozen=True, slots=True)
class _Span:
    """What was so from ``since`` until ``until``, that instant included only in the ``last``."""

    since: datetime
    until: datetime
    last: bool
    result: TargetResult | None


class Promise:
    """A target of a stage, ready to say what became of it.

    Who is to be told is told at the first instant from its own on at which the target applies and
    is in that state: a warning while it is running, the rest while it is missed.
    """

    def __init__(
        self,
        target: Target,
        owner: str | None,
        policy: CheckedPolicy,
        types: RecordTypes,
        open_times: OpenTimes,
    ) -> None:
        self.target = target
        self.owner = owner
        self.zone = policy.zone
        self.open_times = open_times
        self.events = None if target.events is None else matcher(target.events, policy, types)

    def clocks(
        self,
        seen: Seen,
        end: datetime,
        exit: Exit | None,
        activities: list[Any],
        actions: list[Any],
    ) -> Iterator[Clock]:
        """Its clocks in a stay that ended, or is still going on, at ``end``."""
        spans = _spans(seen, end)
        if self.target.events is None and exit is not None and not self.own(exit):
            # At the instant of leaving it is done: from then on nobody is told.
            spans[-1] = replace(spans[-1], last=False)
        started = next(
            (span.result.started for span in spans if span.result and span.result.started), None
        )
        acts = _Acts([], None)
        if started is not None and self.events is not None:
            acts = self._acts(self.events(activities, actions), started, end)
        if not isinstance(self.target.limit, TargetEvery) or started is None:
            story = _Story(self, spans, started, acts, None, exit)
            yield from story.clock()
            return
        turns = sorted({started, *acts.instants})
        for turn, following in pairwise([*turns, None]):
            assert turn is not None
            until = None if following is None else following
            cut = _cut(spans, None if turn == started else turn, until)
            mine = _Acts([] if until is None else [until], None)
            story = _Story(self, cut, turn, mine, until, None if until is not None else exit)
            yield from story.clock()

    def own(self, exit: Exit) -> bool:
        """Whether the lead left by a hand-back of this very target."""
        return exit.rule in {back.rule for back in self.target.hands_back}

    def _acts(self, found: list[Any], started: datetime, end: datetime) -> _Acts:
        found = sorted((e for e in found if started <= e.at <= end), key=lambda event: event.at)
        instants = [event.at.astimezone(UTC) for event in found]
        if self.target.different is None:
            return _Acts(instants, None)
        name = attribute(self.target.different[1])
        return _Acts(instants, [_compared(getattr(event, name)) for event in found])


@dataclass(frozen=True, slots=True)
class _Acts:
    """When what was promised was done, and what each says of the property that must differ."""

    instants: list[datetime]
    values: Sequence[object] | None


def _compared(value: Any) -> object:
    if isinstance(value, str):
        return fold(value) or None
    return frozenset(value) if isinstance(value, list) else value


def _spans(seen: Seen, end: datetime) -> list[_Span]:
    turns = [at for at, _ in seen]
    return [
        _Span(at, until, index == len(seen) - 1, result)
        for index, ((at, result), until) in enumerate(zip(seen, [*turns[1:], end], strict=True))
    ]


def _cut(spans: list[_Span], since: datetime | None, until: datetime | None) -> list[_Span]:
    """The spans from ``since`` until ``until``; ``None``: from the first, to the last."""
    found = []
    for span in spans:
        if since is not None and span.since < since:
            if span.until < since or (span.until == since and not span.last):
                continue
            span = replace(span, since=since)
        if until is not None:
            if span.since >= until:
                continue
            if span.until >= until:
                span = replace(span, until=until, last=False)
        found.append(span)
    return found


@dataclass(frozen=True, slots=True)
class _Story:
    """One clock. ``counts_from`` is its start; ``done`` the event that ended its round."""

    promise: Promise
    spans: list[_Span]
    counts_from: datetime | None
    acts: _Acts
    done: datetime | None
    exit: Exit | None

    @property
    def target(self) -> Target:
        return self.promise.target

    def clock(self) -> Iterator[Clock]:
        shown = [span for span in self.spans if span.result is not None]
        if not shown:
            return
        last = shown[-1]
        result = last.result
        assert result is not None
        state, at, stopped = self._end(last, result)
        late = self._late(result) if state == "missed" else None
        told = sorted(self._told(), key=lambda one: one.at)
        handed_back = self.exit.at if self.exit is not None and self._own_exit() else None
        yield Clock(
            self.target.name,
            state,
            None if result.started is None else self.counts_from,
            result.due,
            at,
            late,
            stopped,
            tuple(self._pauses(open=state == "paused")),
            tuple(told),
            handed_back,
        )

    def _own_exit(self) -> bool:
        return self.exit is not None and self.promise.own(self.exit)

    def _end(
        self, last: _Span, result: TargetResult
    ) -> tuple[ClockState, datetime | None, datetime | None]:
        """What it came to, when it was met, and when it stopped."""
        leaves = self.target.events is None and self.exit is not None and not self._own_exit()
        left = None if self.exit is None else self.exit.at
        if result.state == "met":
            return "met", result.at, None
        if result.state == "missed":
            in_time = leaves and left == result.due
            return ("met", left, None) if in_time else ("missed", None, None)
        if last is not self.spans[-1]:
            return "stopped", None, last.until
        if self.done is not None:
            return "met", self.done, None
        if left is None:
            return result.state, None, None
        if leaves and result.state != "waiting":
            return "met", left, None
        return "stopped", None, left

    def _late(self, result: TargetResult) -> datetime | None:
        """When it was done after all."""
        if self.done is not None:
            return self.done
        if self.target.events is None:
            return None if self.exit is None or self._own_exit() else self.exit.at
        return self._done_until(self.spans[-1].until, result.started)

    def _done_until(self, until: datetime, started: datetime | None) -> datetime | None:
        different = self.target.different[0] if self.target.different else 0
        if started is None or isinstance(self.target.limit, TargetEvery):
            return None
        acts, values = self.acts.instants, self.acts.values
        return done(acts, values, self.target.at_least, different, started, until)

    def _pauses(self, open: bool) -> Iterator[Stopped]:
        """When its clock stood still; the last pause is ``open`` where the history ends in it."""
        for span in self.spans:
            if span.result is not None and span.result.state == "paused":
                yield Stopped(span.since, None if span.last and open else span.until)

    # --- who was told --------------------------------------------------------------------------

    def _told(self) -> Iterator[Told]:
        for tell in self.target.tells:
            at = self._missed(tell) if tell.percent is None else self._warned(tell)
            if at is not None:
                to = self.promise.owner or "owner" if tell.kind == "owner" else tell.to
                share = None if tell.percent is None else points(int(tell.percent * 100))
                yield Told(at, to, share, tell.after is not None)

    def _warned(self, tell: Tell) -> datetime | None:
        assert tell.percent is not None
        target, zone, calendars = self.target, self.promise.zone, self.promise.open_times
        stops: list[tuple[datetime, datetime | None]] = []
        for span in self.spans:
            result = span.result
            if result is not None and result.state == "paused":
                stops.append((span.since, span.until))
            if result is None or result.state != "running" or self.counts_from is None:
                continue
            due = PAUSED if result.due is None else result.due
            at = share(target.limit, self.counts_from, due, tell.percent, stops, zone, calendars)
            when = None if at is None else _first_in(span, at)
            if when is not None:
                return when
        return None

    def _missed(self, tell: Tell) -> datetime | None:
        for span in self.spans:
            result = span.result
            if result is None or result.state != "missed" or result.due is None:
                continue
            at: datetime | None = result.due
            if tell.after is not None:
                at = add(tell.after, result.due, self.promise.zone, self.promise.open_times)
            when = None if at is None else _first_in(span, at)
            if when is None:
                continue
            if tell.after is not None and self._done_until(when, result.started) is not None:
                return None
            return when
        return None


def _first_in(span: _Span, at: datetime) -> datetime | None:
    """The first instant of the span from ``at`` on."""
    when = max(at, span.since)
    return when if when < span.until or (span.last and when == span.until) else None
