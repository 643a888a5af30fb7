"""What a change does to leads: both versions decide the same leads, and what differs is told."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias

from leadpact.api import Policy, RecordError
from leadpact.checked import CheckedPolicy
from leadpact.decision import encode
from leadpact.english import number, value
from leadpact.english.names import Names
from leadpact.english.wording import quoted
from leadpact_dsl.frozen import frozen

__all__ = ["Decided", "Effect", "Facet", "Lead", "LeadChanged", "Shift", "effect", "effect_on"]

Decided: TypeAlias = Mapping[str, Any]
"""A decision as its JSON has it."""

_MOST_REASONS: Final = 3


@frozen
class Lead:
    """A record and its instant. ``partial``: required fields may be missing."""

    id: str
    record: Mapping[str, object]
    as_of: datetime
    partial: bool = False


@frozen
class Shift:
    """``count`` leads went from ``before`` to ``after``; a score only goes "up" or "down"."""

    before: str
    after: str
    count: int


@frozen
class Facet:
    """One outcome, ``title`` in words (``Score “Interest”``), and how many leads change it."""

    sort: str
    name: str
    title: str
    changed: int
    shifts: tuple[Shift, ...]


@frozen
class LeadChanged:
    """One lead: what changed (title, before, after), and the rules that made it so."""

    id: str
    changes: tuple[tuple[str, str, str], ...]
    why: tuple[str, ...]


@frozen
class Effect:
    """``leads`` were decided by both, of which ``changed`` are decided otherwise now."""

    leads: int
    changed: int
    facets: tuple[Facet, ...]
    first: tuple[LeadChanged, ...]


def effect_on(old: Policy, new: Policy, leads: Iterable[Lead]) -> Effect:
    """The effect of a change from ``old`` to ``new`` on these leads."""
    decided = ((lead.id, _decided(old, lead), _decided(new, lead)) for lead in leads)
    return effect(old.checked, new.checked, decided)


def _decided(policy: Policy, lead: Lead) -> Decided:
    try:
        if lead.partial:
            told = policy.decide_partial(lead.record, as_of=lead.as_of)
        else:
            told = policy.decide(lead.record, as_of=lead.as_of, explain=True)
    except RecordError:
        return {"status": "rejected"}
    decided: Decided = json.loads(encode(told))
    return decided


def effect(
    old: CheckedPolicy,
    new: CheckedPolicy,
    decided: Iterable[tuple[str, Decided, Decided]],
    most: int = 5,
) -> Effect:
    """Pairs of decisions about the same lead compared; the first ``most`` leads are told."""
    words = _Words(old, new)
    counts: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    leads = changed = 0
    first: list[LeadChanged] = []
    for name, before, after in decided:
        leads += 1
        was, now = _standing(before), _standing(after)
        differing = [key for key in {**was, **now} if was.get(key) != now.get(key)]
        if not differing:
            continue
        changed += 1
        for key in differing:
            shift = _shift(key, was.get(key), now.get(key))
            counts.setdefault(key, Counter())[shift] += 1
        if len(first) < most:
            first.append(
                LeadChanged(
                    name,
                    tuple(
                        (words.title(key), words.of(key, was), words.of(key, now))
                        for key in differing
                    ),
                    tuple(_why(before, after))[:_MOST_REASONS],
                )
            )
    facets = tuple(words.facet(key, counts[key]) for key in sorted(counts, key=_place))
    return Effect(leads, changed, facets, tuple(first))


# --- what a decision comes down to ---------------------------------------------------------------

_SORTS: Final = ("status", "score", "grade", "group", "checklist", "stage")


def _place(key: tuple[str, str]) -> tuple[int, str]:
    return _SORTS.index(key[0]), key[1]


def _standing(decided: Decided) -> dict[tuple[str, str], str]:
    if decided["status"] != "decided":
        return {("status", ""): str(decided["status"])}
    found = {("status", ""): "decided"}
    for name, score in decided["scores"].items():
        found["score", name] = str(score["points"])
    for name, grade in decided["grades"].items():
        found["grade", name] = grade["letter"]
    for name, group in decided["groups"].items():
        found["group", name] = group["value"]
    for name, checklist in decided["checklists"].items():
        found["checklist", name] = checklist["result"]
    stage = decided["stage"]
    if stage is not None:
        found["stage", ""] = stage["next"] or stage["current"]
    return found


def _shift(key: tuple[str, str], before: str | None, after: str | None) -> tuple[str, str]:
    if key[0] == "score" and before is not None and after is not None:
        return ("up", "") if Decimal(after) > Decimal(before) else ("down", "")
    return before or "", after or ""


def _why(before: Decided, after: Decided) -> Iterator[str]:
    """The rules that gave other points, or another way out."""
    was, now = _rows(before), _rows(after)
    for rule in dict.fromkeys((*was, *now)):
        old, new = was.get(rule), now.get(rule)
        given = old["points"] if old else 0, new["points"] if new else 0
        if given[0] != given[1]:
            says = (new or old or {}).get("says") or rule
            yield f"{_signed(given[0])} → {_signed(given[1])}: {says}"
    old_stage, new_stage = (one.get("stage") or {} for one in (before, after))
    if old_stage.get("next") != new_stage.get("next") and new_stage.get("says"):
        yield str(new_stage["says"])
    refused = after.get("refusal") or {}
    if refused and before["status"] == "decided":
        yield str(refused.get("because") or refused["rule"])


def _rows(decided: Decided) -> dict[str, Any]:
    results = [*decided.get("scores", {}).values(), *decided.get("grades", {}).values()]
    return {row["rule"]: row for result in results for row in result.get("rows", ())}


def _signed(points: float) -> str:
    said = number(Decimal(str(points)))
    return said if points < 0 else f"+{said}"


# --- in words ------------------------------------------------------------------------------------


class _Words:
    """What outcomes are called: by the new policy, or by the old one for what is gone."""

    def __init__(self, old: CheckedPolicy, new: CheckedPolicy) -> None:
        self.names = Names.of(new), Names.of(old)
        self.labels: dict[tuple[str, str], str] = {}
        for policy in (old, new):
            for sort, things in (
                ("score", policy.scores),
                ("grade", policy.grades),
                ("group", policy.groups),
                ("checklist", policy.checklists),
            ):
                for thing in things:
                    self.labels[sort, thing.name] = thing.label

    def title(self, key: tuple[str, str]) -> str:
        sort, name = key
        if sort == "stage":
            return "Stage next"
        if sort == "status":
            return "Taken or turned away"
        return f"{sort.capitalize()} {quoted(self.labels.get(key, name))}"

    def of(self, key: tuple[str, str], standing: Mapping[tuple[str, str], str]) -> str:
        return self.word(key, standing.get(key, ""))

    def word(self, key: tuple[str, str], outcome: str) -> str:
        """``contact`` → ``Contact``: the outcome's own label."""
        sort, name = key
        for names in self.names:
            if sort == "group" and (name, outcome) in names.group_rows:
                return names.group_rows[name, outcome]
            if sort == "stage" and outcome in names.stages:
                return names.stages[outcome]
        if not outcome:
            return "none"
        if sort == "score" and outcome not in ("up", "down"):
            return number(Decimal(outcome))
        return value(outcome) if sort == "group" else outcome

    def facet(self, key: tuple[str, str], shifts: Counter[tuple[str, str]]) -> Facet:
        told = tuple(
            Shift(
                self.word(key, before),
                self.word(key, after) if after or key[0] != "score" else "",
                count,
            )
            for (before, after), count in shifts.most_common()
        )
        return Facet(key[0], key[1], self.title(key), shifts.total(), told)
