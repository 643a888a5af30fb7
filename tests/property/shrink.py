"""Making a disagreement small: fewer events, fewer fields, fewer lines of policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Record = dict[str, Any]
Disagrees = Callable[[str, Record], bool]


def shrink(text: str, record: Record, disagrees: Disagrees) -> tuple[str, Record]:
    """The smallest policy and record found that still disagree."""
    record = _least_record(text, record, disagrees)
    text = _least_text(text, record, disagrees)
    return text, _least_record(text, record, disagrees)


def _least_record(text: str, record: Record, disagrees: Disagrees) -> Record:
    again = True
    while again:
        again = False
        for smaller in _smaller_records(record):
            if disagrees(text, smaller):
                record, again = smaller, True
                break
    return record


def _smaller_records(record: Record) -> Iterator[Record]:
    for key in record:
        if key != "id":
            yield {name: value for name, value in record.items() if name != key}
    for key in ("activities", "actions", "moves"):
        events: Any = record.get(key)
        for index, event in enumerate(events if isinstance(events, list) else ()):
            yield {**record, key: events[:index] + events[index + 1 :]}
            for name in event if isinstance(event, dict) else ():
                if name not in ("kind", "at", "to"):
                    less = {word: value for word, value in event.items() if word != name}
                    yield {**record, key: [*events[:index], less, *events[index + 1 :]]}


def _least_text(text: str, record: Record, disagrees: Disagrees) -> str:
    """Takes away lines with all that is nested under them, from the last to the first."""
    lines = text.splitlines()
    again = True
    while again:
        again = False
        for start in range(len(lines) - 1, -1, -1):
            if start >= len(lines):
                continue
            end = start + 1
            while end < len(lines) and _depth(lines[end]) > _depth(lines[start]):
                end += 1
            less = lines[:start] + lines[end:]
            if disagrees("\n".join(less) + "\n", record):
                lines, again = less, True
    return "\n".join(lines) + "\n"


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())
