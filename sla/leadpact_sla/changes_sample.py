"""The fixed sample of leads on which the effect of each change is worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from leadpact.api import Policy
from leadpact.changes.effect import Effect, Lead, effect_on
from leadpact.changes.history import History
from leadpact.checked import CheckedPolicy
from leadpact.english import number
from leadpact.examples import example_record
from leadpact_dsl.frozen import frozen
from leadpact_sla.words import say

__all__ = ["Sample", "effects", "sample_of"]

_MOST_LEADS = 300
_MOST_VERSIONS = 20
"""Of older versions the effect is not worked out: a site should be built in seconds."""


@frozen
class Sample:
    """Leads, and what they are called after "Of"."""

    says: str
    leads: tuple[Lead, ...]


def sample_of(policy: CheckedPolicy, folder: Path) -> Sample | None:
    """The first leads of ``sample/leads.jsonl`` in the policy's folder; without such a file, the
    leads of its examples; ``None`` without any.
    """
    leads = tuple(_shipped(folder / "sample" / "leads.jsonl"))
    if leads:
        return Sample(say("changes sample", count=number(len(leads))), leads)
    leads = tuple(
        Lead(one.name, example_record(one), one.as_of, partial=True) for one in policy.examples
    )
    return Sample(say("changes examples", count=number(len(leads))), leads) if leads else None


def _shipped(path: Path) -> Iterator[Lead]:
    """The sample as of the last event in it, so that it is the same on every day."""
    if not path.is_file():
        return
    records: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if len(records) == _MOST_LEADS:
                break
            if line.strip():
                records.append(json.loads(line))
    instants = [at for record in records for at in _instants(record)]
    as_of = max(instants, default=datetime(2026, 1, 1, tzinfo=UTC))
    for record in records:
        yield Lead(str(record.get("id", "")), record, as_of)


def _instants(record: Mapping[str, Any]) -> Iterator[datetime]:
    for name in ("activities", "actions", "moves"):
        for event in record.get(name) or ():
            at = datetime.fromisoformat(event["at"])
            if at.tzinfo is not None:
                yield at.astimezone(UTC)


def effects(history: History, sample: Sample) -> dict[str, Effect]:
    """The effect of the newest versions that decide otherwise, by the commit's name."""
    ready: dict[int, Policy] = {}

    def policy(checked: CheckedPolicy) -> Policy:
        return ready.setdefault(id(checked), Policy(checked))

    return {
        version.commit: effect_on(policy(version.before), policy(version.policy), sample.leads)
        for version in history.versions[:_MOST_VERSIONS]
        if version.before is not None
        and any(change.touches == "decisions" for change in version.changes)
    }
