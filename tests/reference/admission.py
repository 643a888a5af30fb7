"""From a raw record to a lead that can be decided, or to the reasons why it cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.reference.conditions import Value, Values, is_known
from tests.reference.history import History, RecordedMove, history_of
from tests.reference.instants import write_instant, zone_named
from tests.reference.values import (
    Warnings,
    WrongValueError,
    is_blank,
    read_fields,
    read_instant_of,
    read_required_when,
)

from leadpact.checked import (
    CheckedPolicy,
    Kind,
)

RESERVED = {"format", "id", "stage", "stage_since", "moves", "activities", "actions"}
EVENT_RESERVED = {"id", "kind", "at", "by"}


@dataclass(frozen=True)
class Event:
    kind: str
    at: datetime
    id: str | None
    values: Values
    is_action: bool


@dataclass(frozen=True)
class Lead:
    """``history`` is ``None`` where the policy has no stages."""

    id: str
    values: Values
    events: tuple[Event, ...]
    history: History | None
    warnings: tuple[dict[str, object], ...]

    @property
    def stage(self) -> str | None:
        return self.history.stays[-1].stage if self.history else None

    @property
    def entered(self) -> datetime | None:
        """The instant of entering ``stage``; ``None`` while it is unknown."""
        return self.history.stays[-1].entered if self.history else None


@dataclass(frozen=True)
class Rejected:
    problems: tuple[tuple[str, str], ...]


def admit(policy: CheckedPolicy, record: Mapping[str, object], as_of: datetime) -> Lead | Rejected:
    """The lead as it is known at ``as_of``, or every field of the record that is wrong."""
    zone = zone_named(policy.zone)
    warnings: Warnings = Counter()
    problems: list[tuple[str, str]] = []
    identity = record.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or is_blank(identity):
        problems.append(("id", "is missing, or neither a text nor a whole number"))
    if record.get("format", 1) != 1 or isinstance(record.get("format"), bool):
        problems.append(("format", "the only format is 1"))
    for key in record.keys() - RESERVED - {field.name for field in policy.fields}:
        warnings["unknown_key", key] += 1
    values = read_fields(policy.fields, record, zone, warnings, problems)
    events = _read_events(policy, record, zone, warnings, problems)
    stage, since = _read_stage(policy, record, as_of, zone, warnings, problems)
    moves = _read_moves(record, zone, warnings, problems)
    read_required_when(policy.fields, values, zone, problems)
    if problems:
        return Rejected(tuple(problems))
    past = _without_duplicates([event for event in events if event.at <= as_of])
    return Lead(
        id=str(identity),
        values=values,
        events=tuple(past),
        history=_history(policy, stage, since, moves, past, as_of),
        warnings=tuple(
            {"code": code, "subject": subject, "count": count}
            for (code, subject), count in sorted(warnings.items())
        ),
    )


def _history(
    policy: CheckedPolicy,
    stage: str | None,
    since: datetime | None,
    moves: Sequence[RecordedMove] | None,
    past: Sequence[Event],
    as_of: datetime,
) -> History | None:
    start = _start(policy)
    if start is None:
        return None
    first = min((event.at for event in past), default=as_of)
    if moves is not None and (stage is None or since is None):
        moves = [move for move in moves if move.at <= as_of]
    return history_of(start, first, stage, since, moves)


def _start(policy: CheckedPolicy) -> str | None:
    return next((stage.name for stage in policy.stages if stage.start), None)


def _read_stage(
    policy: CheckedPolicy,
    record: Mapping[str, object],
    as_of: datetime,
    zone: ZoneInfo,
    warnings: Warnings,
    problems: list[tuple[str, str]],
) -> tuple[str | None, datetime | None]:
    stage, since = record.get("stage"), None
    if is_blank(stage):
        stage = None
    elif not isinstance(stage, str) or stage not in {known.name for known in policy.stages}:
        problems.append(("stage", "no stage of the policy"))
        stage = None
    raw_since = record.get("stage_since")
    if not is_blank(raw_since):
        try:
            since = read_instant_of(raw_since, zone, "stage_since", warnings)
            if since > as_of:
                raise WrongValueError("is after the instant of the decision")
        except WrongValueError as wrong:
            problems.append(("stage_since", str(wrong)))
    return (stage if isinstance(stage, str) else None), since


def _read_moves(
    record: Mapping[str, object],
    zone: ZoneInfo,
    warnings: Warnings,
    problems: list[tuple[str, str]],
) -> list[RecordedMove] | None:
    """The moves of the record; ``None`` where it does not tell."""
    raw = record.get("moves")
    if raw is None:
        return None
    moves: list[RecordedMove] = []
    if not isinstance(raw, list):
        problems.append(("moves", "is not a list"))
    for move in raw if isinstance(raw, list) else ():
        if not isinstance(move, dict) or not isinstance(move.get("to"), str):
            problems.append(("moves", "holds something that is no move"))
            continue
        try:
            at = read_instant_of(move.get("at"), zone, "moves.at", warnings)
            rule = move.get("rule")
            moves.append(RecordedMove(move["to"], at, rule if isinstance(rule, str) else None))
        except WrongValueError as wrong:
            problems.append(("moves", str(wrong)))
    return moves


def _read_events(
    policy: CheckedPolicy,
    record: Mapping[str, object],
    zone: ZoneInfo,
    warnings: Warnings,
    problems: list[tuple[str, str]],
) -> list[Event]:
    events: list[Event] = []
    for key in ("activities", "actions"):
        is_action = key == "actions"
        kinds = {kind.name: kind for kind in policy.kinds if (kind.party is not None) == is_action}
        raw_events = record.get(key)
        if raw_events is None:
            continue
        if not isinstance(raw_events, list):
            problems.append((key, "is not a list"))
            continue
        for raw in raw_events:
            if not isinstance(raw, dict) or not isinstance(raw.get("kind"), str):
                warnings["event_set_aside", ""] += 1
            elif raw["kind"] not in kinds:
                warnings["unknown_kind", raw["kind"]] += 1
            else:
                event = _read_event(kinds[raw["kind"]], raw, is_action, zone, warnings)
                if event is not None:
                    events.append(event)
    return events


def _read_event(
    kind: Kind, raw: Mapping[str, object], is_action: bool, zone: ZoneInfo, warnings: Warnings
) -> Event | None:
    """The event, or ``None`` when it has to be set aside: then nothing else about it counts."""
    wrong: list[tuple[str, str]] = []
    seen: Warnings = Counter()
    values = read_fields(kind.properties, raw, zone, seen, wrong)
    read_required_when(kind.properties, values, zone, wrong)
    at = None
    try:
        at = read_instant_of(raw.get("at"), zone, "at", seen)
    except WrongValueError as problem:
        wrong.append(("at", str(problem)))
    for key in ("id", "by"):
        if isinstance(raw.get(key), bool) or not isinstance(raw.get(key), str | int | None):
            wrong.append((key, "is not a text"))
    for key in raw.keys() - EVENT_RESERVED - {field.name for field in kind.properties}:
        seen["unknown_key", f"{kind.name}.{key}"] += 1
    if wrong or at is None:
        warnings["event_set_aside", kind.name] += 1
        return None
    warnings.update(seen)
    identity = raw.get("id")
    return Event(kind.name, at, None if is_blank(identity) else str(identity), values, is_action)


def _without_duplicates(events: Sequence[Event]) -> list[Event]:
    """Of events with the same id the earliest; then the smaller kind, then properties as text."""
    kept: dict[str, Event] = {}
    for event in events:
        if event.id is None:
            continue
        other = kept.get(event.id)
        if other is None or _order(event) < _order(other):
            kept[event.id] = event
    return [event for event in events if event.id is None or kept[event.id] is event]


def _order(event: Event) -> tuple[datetime, str, str]:
    return event.at, event.kind, properties_as_text(event)


def order_of_last(event: Event) -> tuple[datetime, str, str]:
    """Of several events the greatest by this is the last."""
    return event.at, event.id or "", properties_as_text(event)


def properties_as_text(event: Event) -> str:
    """The known properties in the order of their names, each in one way of writing it."""
    known = {name: value for name, value in event.values.items() if is_known(value)}
    return "\n".join(f"{name}={as_text(known[name])}" for name in sorted(known))


def as_text(value: Value | None) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return format(value.normalize(), "f")
        case datetime():
            return write_instant(value)
        case frozenset():
            return ", ".join(sorted(value))
        case _:
            return str(value)
