"""From a raw record to a lead that can be decided, or to the reasons why it cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.reference.conditions import Value, Values, is_known
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
    """``entered`` is the instant of entering ``stage``; ``None`` while it is unknown."""

    id: str
    values: Values
    events: tuple[Event, ...]
    stage: str | None
    entered: datetime | None
    warnings: tuple[dict[str, object], ...]


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
    read_required_when(policy.fields, values, zone, problems)
    if problems:
        return Rejected(tuple(problems))
    past = _without_duplicates([event for event in events if event.at <= as_of])
    return Lead(
        id=str(identity),
        values=values,
        events=tuple(past),
        stage=stage or _start(policy),
        entered=_entered(policy, stage, since, past, as_of),
        warnings=tuple(
            {"code": code, "subject": subject, "count": count}
            for (code, subject), count in sorted(warnings.items())
        ),
    )


def _entered(
    policy: CheckedPolicy,
    stage: str | None,
    since: datetime | None,
    past: Sequence[Event],
    as_of: datetime,
) -> datetime | None:
    """Since when the lead is in its stage; from its first event on in the start stage."""
    if stage is not None and (since is not None or stage != _start(policy)):
        return since
    return min((event.at for event in past), default=as_of)


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
    moves = _read_moves(record, zone, warnings, problems)
    if since is None:
        since = max((at for to, at in moves if to == stage and at <= as_of), default=None)
    return (stage if isinstance(stage, str) else None), since


def _read_moves(
    record: Mapping[str, object],
    zone: ZoneInfo,
    warnings: Warnings,
    problems: list[tuple[str, str]],
) -> list[tuple[str, datetime]]:
    raw = record.get("moves")
    moves: list[tuple[str, datetime]] = []
    if raw is not None and not isinstance(raw, list):
        problems.append(("moves", "is not a list"))
    for move in raw if isinstance(raw, list) else ():
        if not isinstance(move, dict) or not isinstance(move.get("to"), str):
            problems.append(("moves", "holds something that is no move"))
            continue
        try:
            moves.append((move["to"], read_instant_of(move.get("at"), zone, "moves.at", warnings)))
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


def properties_as_text(event: Event) -> str:
    """The known properties in the order of their names, each in one way of writing it."""
    known = {name: value for name, value in event.values.items() if is_known(value)}
    return "\n".join(f"{name}={_as_text(known[name])}" for name in sorted(known))


def _as_text(value: Value | None) -> str:
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
