"""The digest of a policy: of its checked meaning, not of its layout.

Left out are comments, spans, examples, the order of blocks and the order of rows that act
independently. What decides or is told to people with a decision is in.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any

from leadpact.checked import (
    Category,
    CheckedPolicy,
    Grade,
    Score,
    TextList,
)

__all__ = ["digest"]

_FORM = 2
"""The canonical form's own version: raised when the form changes, so that digests never collide."""

_LEFT_OUT = {"span", "sources", "examples", "notes"}
_UNORDERED = {
    "parties",
    "lists",
    "fields",
    "kinds",
    "derived",
    "scores",
    "grades",
    "definitions",
    "groups",
    "checklists",
    "stages",
    "roles",
    "calendars",
    "guarantees",
}


def digest(policy: CheckedPolicy) -> str:
    """``sha256:…`` of the canonical form."""
    form = {"form": _FORM, "policy": _canonical(policy)}
    text = json.dumps(form, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _canonical(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        out = {"is": type(value).__name__}
        for field in fields(value):
            if field.name not in _LEFT_OUT:
                out[field.name] = _member(value, field.name)
        return out
    if isinstance(value, (list, tuple)):
        return [_canonical(member) for member in value]
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return str(value)


def _member(owner: Any, name: str) -> Any:
    made = _canonical(getattr(owner, name))
    independent = (
        (isinstance(owner, CheckedPolicy) and name in _UNORDERED)
        or (isinstance(owner, (Score, Grade, Category)) and name == "rows")
        or (isinstance(owner, TextList) and name == "members")
    )
    if independent:
        return sorted(made, key=lambda member: json.dumps(member, sort_keys=True))
    return made
