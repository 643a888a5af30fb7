"""What the page "Try a lead" needs to know of a policy: its form, and the words of its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from leadpact.checked import (
    AnyNumberOfType,
    Category,
    CheckedPolicy,
    Condition,
    DateType,
    Field,
    Grade,
    Group,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    PointsBy,
    Score,
    ScoreTest,
    TextType,
    YesNoType,
)
from leadpact.english import amount, number, sentences, value
from leadpact.english.names import Names
from leadpact.english.wording import result_name
from leadpact.javascript import period_policies
from leadpact.lower import all_conditions, tests_in
from leadpact_sla.places import Places
from leadpact_sla.quadrant import quadrant
from leadpact_sla.try_moves import asked, moves_of, told
from leadpact_sla.try_presets import filled_in, presets
from leadpact_sla.words import WORDS, say
from leadpact_sla.words_try import SCRIPT_PREFIX
from leadpact_sla.writing import capital

__all__ = ["EventChoice", "EventList", "Input", "event_lists", "inputs", "model"]

# --- the form ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Input:
    """One input. ``kind`` is that of the field's type; ``choices`` are (value, label)."""

    name: str
    label: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    unit: str | None = None
    hint: str | None = None
    step: str = "any"
    low: str | None = None
    high: str | None = None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class EventChoice:
    """A kind of event that can be added: of a derived kind, its base with ``values`` filled in."""

    kind: str
    label: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventList:
    """A list of the form: what can be added to it, and the inputs of each base kind."""

    name: str
    title: str
    question: str
    choices: tuple[EventChoice, ...]
    inputs: tuple[tuple[str, tuple[Input, ...]], ...]
    help: str | None = None


def inputs(policy: CheckedPolicy, fields: Iterable[Field]) -> tuple[Input, ...]:
    return tuple(_input(policy, field) for field in fields)


def _input(policy: CheckedPolicy, field: Field) -> Input:
    unknown = say("try unknown no" if field.no_when_unknown else "try unknown")
    match field.type:
        case YesNoType():
            choices = (("true", say("try yes")), ("false", say("try no")))
            return Input(field.name, field.label, "yes or no", choices, unknown=unknown)
        case OneOfType(values):
            return Input(field.name, field.label, "one of", _labelled(values), unknown=unknown)
        case AnyNumberOfType(values):
            return Input(field.name, field.label, "any number of", _labelled(values))
        case NumberType(whole, money, low, high):
            return Input(
                field.name,
                field.label,
                "number",
                unit=policy.currency if money else None,
                hint=_range(field.type),
                step="1" if whole else "any",
                low=None if low is None else str(low),
                high=None if high is None else str(high),
            )
        case DateType():
            return Input(field.name, field.label, "date")
        case InstantType():
            return Input(field.name, field.label, "instant")
        case TextType():
            return Input(field.name, field.label, "text")


def _labelled(values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((one, capital(value(one).strip("“”"))) for one in values)


def _range(kind: NumberType) -> str | None:
    low, high = (None if end is None else number(end) for end in (kind.low, kind.high))
    if low is not None and high is not None:
        return say("try range", low=low, high=high)
    if low is not None:
        return say("try range low", low=low)
    return say("try range high", high=high) if high is not None else None


def event_lists(policy: CheckedPolicy) -> Iterator[EventList]:
    """The lists of the form that people can add to; none that could hold nothing."""
    for name, of_actions in (("activities", False), ("actions", True)):
        kinds = [kind for kind in policy.kinds if (kind.party is not None) == of_actions]
        if kinds:
            given = tuple((kind.name, inputs(policy, kind.properties)) for kind in kinds)
            choices = tuple(_choices(policy, kinds))
            yield EventList(name, say(f"try {name}"), say("try event kind"), choices, given)
    if policy.stages:
        start = next(stage.label for stage in policy.stages if stage.start)
        choices = tuple(EventChoice(stage.name, stage.label, {}) for stage in policy.stages)
        none: tuple[tuple[str, tuple[Input, ...]], ...] = tuple(
            (stage.name, ()) for stage in policy.stages
        )
        help_ = say("try stays help", stage=start)
        yield EventList("stays", say("try stays"), say("try stay kind"), choices, none, help_)


def _choices(policy: CheckedPolicy, kinds: list[Kind]) -> Iterator[EventChoice]:
    for kind in kinds:
        yield EventChoice(kind.name, kind.label, {})
        for derived in policy.derived:
            found = filled_in(derived)
            if found is not None and found[0] == kind.name:
                yield EventChoice(kind.name, derived.label, found[1])


# --- the words of the answers --------------------------------------------------------------------


def model(policy: CheckedPolicy, places: Places) -> dict[str, Any]:
    """All that ``try.js`` says, as JSON data."""
    periods = [period for _, period in period_policies(policy)]
    parties = {party.name: party.label for party in policy.parties}
    return {
        "words": {
            key.removeprefix(SCRIPT_PREFIX): text
            for key, text in WORDS.items()
            if key.startswith(SCRIPT_PREFIX)
        },
        "zone": policy.zone,
        "fields": {field.name: field.label for field in policy.fields},
        "kinds": {kind.name: kind.label for kind in policy.kinds},
        "values": dict(_reason_values(policy)),
        "stages": {
            stage.name: {
                "label": stage.label,
                "owner": parties.get(stage.owner or ""),
                "means": " ".join(stage.means),
                "start": stage.start,
            }
            for stage in policy.stages
        },
        "targets": {
            target.name: target.label for stage in policy.stages for target in stage.targets
        },
        "worklists": dict(Names.of(policy).worklists),
        "checklists": {
            checklist.name: {
                "label": checklist.label,
                "items": {item.name: item.question for item in checklist.items},
            }
            for checklist in policy.checklists
        },
        "periods": [_period(policy, period, places) for period in periods],
        "presets": list(presets(policy)),
    }


def _reason_values(policy: CheckedPolicy) -> Iterator[tuple[str, str]]:
    """What events can name as a reason, and how people say it."""
    for kind in policy.kinds:
        for field in kind.properties:
            if isinstance(field.type, OneOfType):
                yield from _labelled(field.type.values)


def _period(whole: CheckedPolicy, policy: CheckedPolicy, places: Places) -> dict[str, Any]:
    names = Names.of(policy)
    numbers = {condition: at for at, condition in enumerate(asked(policy))}
    says = sentences(policy, whole)
    because = dict(_reasons(policy))
    return {
        "rules": {
            rule: [capital(text), because.get(rule), places.rule(rule)]
            for rule, text in says.items()
        },
        "scores": [_score(policy, score) for score in policy.scores],
        "grades": [_grade(grade) for grade in policy.grades],
        "groups": [_group(names, policy, group) for group in policy.groups],
        "moves": {
            stage: [
                {
                    "rule": move.rule,
                    "to": move.to,
                    "onward": move.onward,
                    "parts": [told(part, numbers) for part in move.parts],
                }
                for move in moves
            ]
            for stage, moves in moves_of(policy).items()
        },
    }


def _reasons(policy: CheckedPolicy) -> Iterator[tuple[str, str | None]]:
    results: tuple[Score | Grade, ...] = (*policy.scores, *policy.grades)
    for result in results:
        for row in result.rows:
            for inner in row.rows if isinstance(row, Category) else (row,):
                for acting in inner.rows if isinstance(inner, PointsBy) else (inner,):
                    yield acting.rule, acting.because
    for group in policy.groups:
        yield from ((row.rule, row.because) for row in group.rows)


def _title(name: str, label: str, kind: str) -> str:
    return capital(say(kind, name=result_name(name, label)))


def _score(policy: CheckedPolicy, score: Score) -> dict[str, Any]:
    return {
        "name": score.name,
        "label": _title(score.name, score.label, "score"),
        "low": None if score.low is None else score.low / 100,
        "high": None if score.high is None else score.high / 100,
        "marks": [
            {"at": at / 100, "text": amount(at), "label": label}
            for at, label in sorted(_thresholds(policy, score.name).items())
        ],
    }


def _thresholds(policy: CheckedPolicy, score: str) -> dict[int, str]:
    """The points with which the policy compares a score, and what it calls them."""
    found: dict[int, str] = {}
    for definition in policy.definitions:
        for test in _tests_of(definition.whens[0].when, score):
            found.setdefault(test.hundredths, definition.label)
    for condition in all_conditions(policy):
        for test in _tests_of(condition, score):
            found.setdefault(test.hundredths, "")
    return found


def _tests_of(condition: Condition, score: str) -> Iterator[ScoreTest]:
    for test in tests_in(condition):
        if isinstance(test, ScoreTest) and test.score == score and test.category is None:
            yield test


def _grade(grade: Grade) -> dict[str, Any]:
    return {
        "name": grade.name,
        "label": _title(grade.name, grade.label, "grade"),
        "low": None,
        "high": None,
        "marks": [
            {"at": rung.low / 100, "text": amount(rung.low), "label": rung.name}
            for rung in reversed(grade.letters)
            if rung.low is not None
        ],
    }


def _group(names: Names, policy: CheckedPolicy, group: Group) -> dict[str, Any]:
    rows = [
        {"name": row.name, "label": row.label, "does": ". ".join(row.does), "rule": row.rule}
        for row in group.rows
    ]
    square = quadrant(names, policy, group)
    told_: dict[str, Any] = {"name": group.name, "label": group.label, "rows": rows}
    if square is not None:
        told_["square"] = {
            "across": square.across_label,
            "up": square.up_label,
            "cells": [
                [square.cells[False, True], square.cells[True, True]],
                [square.cells[False, False], square.cells[True, False]],
            ],
        }
    return told_
