"""A record as it may stand in the decision log.

Facts that the policy calls ``(personal)``, who did something (``by``), the lead's id, and whatever
the policy does not know are left out, unless personal data is asked for. What is named to be
redacted is always left out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from leadpact.checked import CheckedPolicy
from leadpact.schema import RESERVED_KEYS
from leadpact.service.settings import Logging

__all__ = ["GONE", "Redaction", "unknown_names"]

GONE: Final = "[redacted]"

_LISTS: Final = ("activities", "actions", "moves")
_OF_MOVES: Final = ("to", "at", "rule")


class Redaction:
    """How records of one policy are written down."""

    def __init__(self, policy: CheckedPolicy, settings: Logging) -> None:
        self._personal = settings.personal
        fields = {field.name for field in policy.fields if not field.personal}
        self._record = fields | {"format", "stage", "stage_since"}
        if settings.ids or settings.personal:
            self._record |= {"id"}
        self._events = {
            kind.name: {field.name for field in kind.properties if not field.personal}
            | {"kind", "at", "id"}
            for kind in policy.kinds
        }
        self._never = frozenset(settings.redact)
        self._names = _names(policy) | self._never | {"id"}

    def __call__(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record without what must not be written."""
        plain = {key: value for key, value in record.items() if key not in _LISTS}
        shown = self._shown(plain, self._record, "")
        for key in ("activities", "actions"):
            if isinstance(record.get(key), list) and key not in self._never:
                shown[key] = [self._event(event) for event in record[key]]
        if isinstance(record.get("moves"), list) and "moves" not in self._never:
            shown["moves"] = [self._move(move) for move in record["moves"]]
        return shown

    def _event(self, event: object) -> object:
        if not isinstance(event, dict):
            return GONE
        kind = event.get("kind")
        known = self._events.get(kind) if isinstance(kind, str) else None
        if known is None and not self._personal:
            return {"kind": GONE}
        return self._shown(event, known or (), f"{kind}.")

    def _move(self, move: object) -> object:
        return self._shown(move, _OF_MOVES, "moves.") if isinstance(move, dict) else GONE

    def _shown(
        self, values: Mapping[str, Any], plain: Collection[str], prefix: str
    ) -> dict[str, Any]:
        shown: dict[str, Any] = {}
        for key, value in values.items():
            name = prefix + key
            if name not in self._never and (self._personal or key in plain):
                shown[key] = value
            elif name in self._names:
                shown[key] = GONE
            else:
                # Where the policy does not know the key, it may be personal itself.
                shown[GONE] = GONE
        return shown


def unknown_names(policies: Collection[CheckedPolicy], names: Collection[str]) -> tuple[str, ...]:
    """Which of these facts and properties no policy has: they are slips."""
    known = {*RESERVED_KEYS}
    for policy in policies:
        known |= _names(policy)
    return tuple(name for name in names if name not in known)


def _names(policy: CheckedPolicy) -> set[str]:
    names = {field.name for field in policy.fields}
    for kind in policy.kinds:
        names |= {f"{kind.name}.{field.name}" for field in kind.properties}
        names |= {f"{kind.name}.id", f"{kind.name}.by"}
    return names
