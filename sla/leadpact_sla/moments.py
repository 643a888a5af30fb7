"""The time line of a worked example: what the lead did, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from leadpact.api import Policy
from leadpact.checked import Example, ExampleEvent, Expectation
from leadpact.english import day
from leadpact.english.wording import quoted
from leadpact.examples import ExampleResult, example_record
from leadpact.life import Clock, Exit
from leadpact.life.happenings import Labels
from leadpact.rows_text import points_text
from leadpact_sla.model_pages import MomentDoc
from leadpact_sla.valued import valued
from leadpact_sla.words import say
from leadpact_sla.writing import Writer, capital

__all__ = ["EventNames", "instant", "moments", "moves_of"]

_MANY = 60
"""A time line has at most so many points; of more only the last are shown."""

_ORDER = {"event": 0, "now": 1, "stage": 2, "step": 3}


class EventNames:
    """What the events of examples are called: as the narrowest kind of the policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.labels = Labels(policy.checked, policy.types)

    def of(self, example: Example) -> Mapping[str, str]:
        """The names of an example's events, by the ids that their record has."""
        lead = self.policy.admit(example_record(example), partial=True)
        events = (*lead.activities, *lead.actions)
        return {event.id: self.labels.happening(event).label for event in events}


def moves_of(result: ExampleResult) -> tuple[Exit, ...]:
    """The moves that the lead of an example over time makes, oldest first."""
    standing = next((one.standing for one in reversed(result.steps) if one.standing), None)
    return standing.moves if standing is not None else ()


def moments(
    writer: Writer,
    result: ExampleResult,
    names: EventNames,
    expected: Callable[[Writer, Expectation], str],
) -> Iterator[MomentDoc]:
    """Events and stages in order of time, the decision, and what is so at later instants."""
    example = result.example
    found: list[tuple[datetime, MomentDoc]] = [
        (example.as_of, MomentDoc(instant(writer, example.as_of), (say("decided"),), "now"))
    ]
    if result.outcome is not None:
        labels = names.of(example)
        for count, event in enumerate(example.events, start=1):
            text = _event(writer, event, labels[f"e{count}"])
            found.append((event.at, MomentDoc(_when(writer, example, event.at), (text,), "event")))
    for stage, at in example.stays:
        text = say("enters", stage=quoted(writer.names.stages[stage]))
        found.append((at, MomentDoc(_when(writer, example, at), (text,), "stage")))
    found += _became(writer, result)
    for step in example.steps:
        texts = tuple(expected(writer, one) for one in step.expects)
        when = instant(writer, step.at)
        if not step.text.startswith("on "):
            when = say("step", when=capital(step.text), instant=when)
        found.append((step.at, MomentDoc(when, texts, "step")))
    found.sort(key=lambda one: (one[0], _ORDER[one[1].kind]))
    yield from _together([moment for _, moment in found[-_MANY:]])


def _became(writer: Writer, result: ExampleResult) -> Iterator[tuple[datetime, MomentDoc]]:
    """The moves of the lead, the promises that were missed, and who was told."""
    example = result.example
    for move in moves_of(result):
        if move.at is not None:
            text = say(f"did {move.how}", stage=quoted(writer.names.stages[move.to]))
            if move.because is not None:
                text = say("for reason", said=text, reason=move.because)
            yield move.at, MomentDoc(_when(writer, example, move.at), (text,), "stage")
    standing = next((one.standing for one in reversed(result.steps) if one.standing), None)
    for stay in standing.stays if standing is not None else ():
        for clock in stay.targets:
            for at, text in _of_clock(writer, clock):
                yield at, MomentDoc(_when(writer, example, at), (text,), "stage")


def _of_clock(writer: Writer, clock: Clock) -> Iterator[tuple[datetime, str]]:
    target = quoted(writer.names.targets[clock.target])
    for told in clock.told:
        people = {**writer.names.parties, **writer.names.roles}
        who = people.get(told.to, say("the owner"))
        if told.percent is None:
            yield told.at, say("was told missed", who=who, target=target)
        else:
            share = f"{points_text(told.percent)}%"
            yield told.at, say("was told at", who=who, target=target, percent=share)
    if clock.state == "missed" and clock.due is not None:
        yield clock.due, say("was missed", target=target)


def _together(found: Sequence[MomentDoc]) -> Iterator[MomentDoc]:
    """Events at one time are one point; the same one several times says how often."""
    at = 0
    while at < len(found):
        first, same = found[at], [found[at]]
        for other in found[at + 1 :]:
            if (other.when, other.kind) != (first.when, first.kind):
                break
            same.append(other)
        at += len(same)
        texts = [text for moment in same for text in moment.texts]
        counted = tuple(
            text if texts.count(text) == 1 else say("so often", text=text, count=texts.count(text))
            for text in dict.fromkeys(texts)
        )
        yield MomentDoc(first.when, counted, first.kind)


def _event(writer: Writer, event: ExampleEvent, label: str) -> str:
    kind = next(one for one in writer.policy.kinds if one.name == event.kind)
    properties = {one.name: one for one in kind.properties}
    told = [
        say("with", label=properties[name].label, value=valued(writer, properties[name], given))
        for name, given in event.properties
        if name in properties
    ]
    return say("event with", event=label, facts="; ".join(told)) if told else label


# --- times ---------------------------------------------------------------------------------------


def instant(writer: Writer, at: datetime) -> str:
    """``2 November 2026, 10:00``, by the policy's clock."""
    local = at.astimezone(ZoneInfo(writer.policy.zone))
    return f"{day(local.date())}, {local:%H:%M}"


def _when(writer: Writer, example: Example, at: datetime) -> str:
    """How long before the decision; in an example over time the instant itself."""
    if example.steps or at > example.as_of:
        return instant(writer, at.astimezone(UTC))
    return say("before", length=_length(int((example.as_of - at).total_seconds())))


def _length(seconds: int) -> str:
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds and (seconds % size == 0 or seconds >= 2 * size):
            count = seconds // size
            exact = "" if seconds % size == 0 else say("about")
            return exact + say(f"one {unit}" if count == 1 else f"many {unit}", count=f"{count:,}")
    return say("seconds", count=seconds) if seconds else say("at once")
