"""What a lead did lately, and what was done with it: grouped by kind, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from leadpact.checked import AnsweredItem, CheckedPolicy, Field, OneOfType, TextType
from leadpact.english import value
from leadpact.life.happenings import Labels
from leadpact.schema import RecordTypes, attribute
from leadpact.waiting.told import Activity

__all__ = ["LATELY", "Looking"]

LATELY = timedelta(days=90)
"""How far back is looked. Of a lead that did nothing since, its last event is told."""

_MOST_ABOUT = 3


class Looking:
    """Groups the events of leads of one policy."""

    def __init__(self, policy: CheckedPolicy, types: RecordTypes) -> None:
        self._labels = Labels(policy, types)
        self._answers = {
            item.kind
            for checklist in policy.checklists
            for item in checklist.items
            if isinstance(item, AnsweredItem)
        }
        self._parties = {kind.name: kind.party for kind in policy.kinds}
        self._about: Mapping[str, list[Field]] = {
            kind.name: [
                field
                for field in kind.properties
                if _tells(field) or (kind.name in self._answers and field.name == "answer")
            ]
            for kind in policy.kinds
        }

    def __call__(self, events: Iterable[Any], as_of: datetime) -> tuple[Activity, ...]:
        """The events of typed leads until ``as_of``, a row a kind."""
        past = sorted((event for event in events if event.at <= as_of), key=lambda one: one.at)
        newest = past[::-1]
        lately = [event for event in newest if event.at >= as_of - LATELY] or newest[:1]
        grouped: dict[tuple[str, str], list[Any]] = {}
        for event in lately:
            told = self._labels.happening(event)
            grouped.setdefault((told.kind, told.label), []).append(event)
        return tuple(
            Activity(
                kind=kind,
                label=f"Answered “{label}”" if kind in self._answers else label,
                times=len(found),
                last=found[0].at.astimezone(UTC),
                by=self._parties[kind],
                about=tuple(self._said(kind, found)),
            )
            for (kind, label), found in grouped.items()
        )

    def _said(self, kind: str, events: Iterable[Any]) -> Iterator[str]:
        """The first few different things that the events say of themselves."""
        fields = self._about[kind]
        told: dict[str, None] = {}
        for event in events:
            held = (getattr(event, attribute(field.name)) for field in fields)
            words = ", ".join(
                _words(field, one)
                for field, one in zip(fields, held, strict=True)
                if one not in (None, "")
            )
            if words:
                told[words] = None
            if len(told) == _MOST_ABOUT:
                break
        yield from told


def _tells(field: Field) -> bool:
    """Whether people learn something from a property: texts and choices, nothing personal.

    Ids are for machines.
    """
    return (
        isinstance(field.type, TextType | OneOfType)
        and not field.personal
        and not field.name.endswith("_id")
    )


def _words(field: Field, held: str | bool) -> str:
    if isinstance(held, bool):
        return "yes" if held else "no"
    return value(held).strip("“”") if isinstance(field.type, OneOfType) else held
