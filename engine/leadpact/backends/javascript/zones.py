"""A time zone as constants: its changes as the zone data tells them, then the rule after them.

So a page knows the same local days as the engine, in every year, whatever its browser knows.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources

from leadpact.backends.javascript.literals import NotSayableError
from leadpact.zones import zone as zone_of

__all__ = ["ZoneData", "zone_data"]

_HEADER = struct.Struct(">4s1s15x6l")
_NAME = r"(?:[A-Za-z]{3,}|<[^>]+>)"
_TIME = r"[+-]?\d+(?::\d+(?::\d+)?)?"
_DAY = rf"M(\d+)\.(\d+)\.(\d+)(?:/({_TIME}))?"
_RULE = re.compile(rf"{_NAME}({_TIME})(?:{_NAME}({_TIME})?,{_DAY},{_DAY})?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ZoneData:
    """``changes`` in seconds since 1970; the i-th of ``offsets`` (seconds) holds before the i-th
    change. ``rule`` (``None``: the last offset stays) is ``(standard, summer, begins, ends)``,
    with days as ``(month, week, day from Sunday, second of the day)``.
    """

    changes: tuple[int, ...]
    offsets: tuple[int, ...]
    rule: tuple[int, int, tuple[int, ...], tuple[int, ...]] | None

    def spelled(self) -> str:
        rule = "null"
        if self.rule is not None:
            standard, summer, begins, ends = self.rule
            days = f"begins: {list(begins)}, ends: {list(ends)}"
            rule = f"{{ standard: {standard}, summer: {summer}, {days} }}"
        changes, offsets = list(self.changes), list(self.offsets)
        return f"{{ changes: {changes}, offsets: {offsets}, rule: {rule} }}"


def zone_data(name: str) -> ZoneData:
    """The zone of that name. Raises ``NotSayableError`` for a rule of an unknown form."""
    place = zone_of(name)
    data = resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    instants, footer = _read(data)
    changes: list[int] = []
    offsets = [_offset(datetime(2, 1, 1, tzinfo=UTC), place)]
    for instant in instants:
        offset = _offset(_EPOCH + timedelta(seconds=instant), place)
        if offset != offsets[-1]:
            changes.append(instant)
            offsets.append(offset)
    found = _rule(footer, name)
    if found is not None and instants and instants[-1] not in changes:
        # The rule begins where the table ends, whether or not that changed the offset.
        changes.append(instants[-1])
        offsets.append(offsets[-1])
    return ZoneData(tuple(changes), tuple(offsets), found)


def _read(data: bytes) -> tuple[tuple[int, ...], str]:
    """The instants of a zone file's second part, and its last line."""
    _, _, utc, std, leaps, times, types, letters = _HEADER.unpack_from(data)
    second = _HEADER.size + times * 5 + types * 6 + letters + leaps * 8 + std + utc
    _, _, utc, std, leaps, times, types, letters = _HEADER.unpack_from(data, second)
    start = second + _HEADER.size
    instants = struct.unpack_from(f">{times}q", data, start)
    end = start + times * 9 + types * 6 + letters + leaps * 12 + std + utc
    return instants, data[end:].decode("ascii").strip("\n")


def _offset(instant: datetime, place: object) -> int:
    offset = instant.astimezone(place).utcoffset()  # type: ignore[arg-type]
    assert offset is not None
    return int(offset.total_seconds())


def _rule(footer: str, name: str) -> tuple[int, int, tuple[int, ...], tuple[int, ...]] | None:
    match = _RULE.fullmatch(footer)
    if match is None:
        raise NotSayableError(f"the time zone {name}: its rule is `{footer}`")
    found = match.groups()
    if found[2] is None:
        return None
    # Zone rules count the offset westwards.
    standard = -_seconds(found[0])
    summer = standard + 3600 if found[1] is None else -_seconds(found[1])
    begins = (*map(int, found[2:5]), _seconds(found[5] or "2"))
    ends = (*map(int, found[6:9]), _seconds(found[9] or "2"))
    return standard, summer, begins, ends


def _seconds(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    return sign * sum(part * size for part, size in zip(parts, (3600, 60, 1), strict=False))
