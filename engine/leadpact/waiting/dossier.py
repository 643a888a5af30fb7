"""What one needs to know of a lead before the first call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType

from leadpact.checked import AnsweredItem, AskedItem, CheckedPolicy
from leadpact.decision import Decision, Row
from leadpact.life import Stay
from leadpact.rows_text import corrects
from leadpact.schema import attribute
from leadpact.waiting.activities import Looking
from leadpact.waiting.standing import Policy
from leadpact.waiting.told import Dossier, Reason, Step
from leadpact.why_not import fields_read, moves_out_of

__all__ = ["Dossiers", "group_deeds", "reasons"]


class Dossiers:
    """Makes the dossiers of leads of one policy."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.checked: CheckedPolicy = policy.checked
        self._looking = Looking(policy.checked, policy.types)

    def __call__(
        self,
        record: Mapping[str, object],
        stays: Sequence[Stay],
        decision: Decision | None,
        as_of: datetime,
        do: Iterable[str] = (),
    ) -> Dossier:
        """The dossier of a lead at ``as_of``, as ``decision`` sees it then.

        ``do`` is said before what its groups say to do.
        """
        lead: Any = self.policy.admit(record)
        held = {field.name: getattr(lead, attribute(field.name)) for field in self.checked.fields}
        personal = {field.name for field in self.checked.fields if field.personal}
        events = [*lead.activities, *lead.actions]
        asked = () if decision is None else tuple(self._asked(decision))
        deeds = () if decision is None else group_deeds(self.checked, decision)
        return Dossier(
            contact={name: one for name, one in held.items() if name in personal},
            facts={
                name: one
                for name, one in held.items()
                if name not in personal and one not in (None, [])
            },
            do=tuple(dict.fromkeys((*do, *deeds))),
            path=tuple(_step(stay) for stay in stays),
            activities=self._looking(events, as_of),
            reasons={} if decision is None else reasons(decision),
            ask=tuple(item.question for item in asked),
            unknown=() if decision is None else tuple(self._unknown(decision, asked)),
        )

    def _asked(self, decision: Decision) -> Iterator[AskedItem | AnsweredItem]:
        """The items that a checklist's result or the decision waits for."""
        unknown = _given(decision.unknown)
        for checklist in self.checked.checklists:
            ask = _given(decision.checklists[checklist.name].ask)
            for item in checklist.items:
                if item.question in ask or f"{checklist.name}.{item.name}" in unknown:
                    yield item

    def _unknown(
        self, decision: Decision, asked: tuple[AskedItem | AnsweredItem, ...]
    ) -> Iterator[str]:
        """The unknown fields, without those that only a question asks about."""
        policy = self.checked
        here = decision.stage.current if decision.stage is not None else ""
        results = (policy.scores, policy.grades, policy.groups, policy.definitions)
        elsewhere = set(fields_read((*results, moves_out_of(policy, here))))
        covered = set(fields_read(asked)) - elsewhere
        for field in policy.fields:
            if field.name in _given(decision.unknown) and field.name not in covered:
                yield field.name


def _step(stay: Stay) -> Step:
    out = stay.exit
    how, because = (None, None) if out is None else (out.how, out.because)
    return Step(stay.stage, stay.entered, stay.left, how, because)


def group_deeds(policy: CheckedPolicy, decision: Decision) -> Iterator[str]:
    """What the lead's groups say to do with it."""
    for group in policy.groups:
        result = decision.groups[group.name]
        row = next(row for row in group.rows if row.name == result.value)
        yield from row.does


def reasons(decision: Decision) -> dict[str, tuple[Reason, ...]]:
    """The rows of each score and grade, the weightiest first, and what limits took at the end."""
    found: dict[str, UnsetType | list[Row]] = {
        **{name: score.rows for name, score in decision.scores.items()},
        **{name: grade.rows for name, grade in decision.grades.items()},
    }
    return {
        name: tuple(
            Reason(row.rule, row.points, row.count, row.says, row.because)
            for row in sorted(() if rows is UNSET else rows, key=_weight)
        )
        for name, rows in found.items()
    }


def _weight(row: Row) -> tuple[bool, float]:
    return corrects(row), -abs(row.points)


def _given(texts: tuple[str, ...] | UnsetType) -> tuple[str, ...]:
    return texts if isinstance(texts, tuple) else ()
