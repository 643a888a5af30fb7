"""What generated code calls for the rarer things; the common ones are written out in place."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from leadpact.operators.decimals import exact
from leadpact.operators.text import BLANKS

__all__ = [
    "FAR",
    "PAST",
    "first_instant",
    "newer",
    "newest_of",
    "next_move",
    "rationed",
    "rationed_newest",
    "without_repeats",
]

FAR = datetime.max.replace(tzinfo=UTC)
PAST = datetime.min.replace(tzinfo=UTC)


def _text(event: Any) -> str:
    """The event's known properties as text, for the last comparison between two events.

    ``name=value`` in the order of the names, one a line. Both ways in and every backend must come
    to the same text, so values are written in one form: decimals without trailing zeros, instants
    in UTC.
    """
    known = []
    for name, value in msgspec.structs.asdict(event).items():
        if name in ("at", "id", "by") or value is None:
            continue
        if not isinstance(value, str) or value.strip(BLANKS):
            known.append(f"{name}={_plain(value)}")
    return "\n".join(sorted(known))


def _plain(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float():
            return _plain(exact(value))
        case Decimal():
            return format(value.normalize(), "f")
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case list():
            return ", ".join(sorted(value))
        case _:
            return str(value)


def newer(one: Any, other: Any) -> bool:
    """Whether ``one`` is the newer event: later, then the greater id, then the greater text."""
    if one.at != other.at:
        return bool(one.at > other.at)
    if one.id != other.id:
        return (one.id or "") > (other.id or "")
    return _text(one) > _text(other)


def _kind(event: Any) -> str:
    return str(event.__struct_config__.tag)


def without_repeats(activities: list[Any], actions: list[Any]) -> tuple[list[Any], list[Any]]:
    """The events without those whose id an earlier one has (at equal instants: the smaller kind,
    then the smaller text of properties). Events without an id all stay.
    """
    kept: dict[str, Any] = {}
    repeated = False
    for event in (*activities, *actions):
        if not _named(event):
            continue
        other = kept.setdefault(event.id, event)
        if other is not event:
            repeated = True
            if _before(event, other):
                kept[event.id] = event
    if not repeated:
        return activities, actions
    return (
        [event for event in activities if not _named(event) or kept[event.id] is event],
        [event for event in actions if not _named(event) or kept[event.id] is event],
    )


def _named(event: Any) -> bool:
    """Whether the event has an id; one of blanks only is none."""
    return event.id is not None and event.id.strip(BLANKS) != ""


def _before(one: Any, other: Any) -> bool:
    if one.at != other.at:
        return bool(one.at < other.at)
    if _kind(one) != _kind(other):
        return _kind(one) < _kind(other)
    return _text(one) < _text(other)


def rationed(counts: dict[int, int], most: int) -> int:
    """How many events are left when each period keeps at most ``most``."""
    return sum(min(count, most) for count in counts.values())


def newest_of(groups: dict[Any, tuple[datetime, int]], key: Any, at: datetime, period: int) -> None:
    """Remember the newest event of a group, by the period in which it lies."""
    kept = groups.get(key)
    if kept is None or at > kept[0]:
        groups[key] = (at, period)


def rationed_newest(
    groups: dict[Any, tuple[datetime, int]], alone: dict[int, int], most: int
) -> int:
    """``rationed`` over the newest event of each group and those that count one by one."""
    counts = dict(alone)
    for _, period in groups.values():
        counts[period] = counts.get(period, 0) + 1
    return rationed(counts, most)


def next_move(lead: Any, now: datetime) -> datetime:
    """The first recorded move after ``now``; ``FAR`` without one.

    From then on the record tells another history, so a decision that looks at it cannot be kept
    longer.
    """
    later = (move.at for move in lead.moves or () if move.at > now)
    first = min(later, default=None)
    return FAR if first is None else first.astimezone(UTC)


def first_instant(lead: Any, now: datetime) -> datetime:
    """The lead's first event at or before ``now``; ``now`` itself for a lead without any."""
    instants = [event.at for event in (*lead.activities, *lead.actions) if event.at <= now]
    return min(instants, default=now).astimezone(UTC)
