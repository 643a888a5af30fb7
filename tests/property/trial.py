"""One trial: a policy, a record and an instant, and everything that must hold of the decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from tests.property.agreement import (
    Answer,
    differences,
    engine_answer,
    lean_answers,
    lean_differences,
    outcome,
    reference_answer,
    without_clocks,
)
from tests.property.draw_record import MICROSECOND, SECONDS, Aims, RecordDrawing
from tests.reference.instants import add_months, local_day, read_instant, zone_named

from leadpact import Policy
from leadpact.decision import encode

FAR = timedelta(days=3000)


@dataclass(frozen=True)
class Trial:
    """``seed`` draws the instants at which the decision is judged again."""

    policy: Policy
    aims: Aims
    record: dict[str, Any]
    as_of: datetime
    seed: int


def complaints(trial: Trial, light: bool = False) -> list[str]:
    """What is wrong with the engine's decision; empty when nothing is.

    ``light`` compares the decisions alone, which is several times faster.
    """
    policy, record, as_of = trial.policy, trial.record, trial.as_of
    reference = reference_answer(policy, record, as_of)
    try:
        engine = engine_answer(policy, record, as_of)
        lean = lean_answers(policy, record, as_of)
    except Exception as crash:
        # Whatever it is, it is a finding, and worth making small.
        return [f"crash {type(crash).__name__}: {crash}"]
    found = [f"explained {one}" for one in differences(reference, engine)]
    for way, raw in zip(("from a record", "from JSON"), lean, strict=True):
        found += [f"lean, {way} {one}" for one in lean_differences(reference, json.loads(raw))]
    if lean[0] != lean[1]:
        found.append("a record and its JSON get different bytes")
    if light:
        return found
    found += _same_bytes(policy, record, as_of)
    if engine["status"] == "decided":
        found += _rows_add_up(engine)
        found += _lean_is_the_explained_without_reasons(engine, json.loads(lean[0]))
        found += _asks(policy, engine)
        found += _unknowns_are_named(trial, reference, engine)
        found += _until(trial, reference, engine["valid_until"])
    return found


def _same_bytes(policy: Policy, record: dict[str, Any], as_of: datetime) -> list[str]:
    """The same decision for the same lead, whatever the order of its keys and events."""
    turned = {key: record[key] for key in reversed(record)}
    for key in ("activities", "actions"):
        if isinstance(turned.get(key), list):
            turned[key] = turned[key][::-1]
    # The order in which problems are named is no part of the decision.
    if json.loads(encode(policy.decide_raw(record, as_of=as_of)))["status"] == "rejected":
        return []
    ways = {
        encode(policy.decide_raw(one, as_of=as_of, explain=True))
        for one in (record, record, turned)
    }
    return [] if len(ways) == 1 else ["the same lead gets different bytes"]


def _rows_add_up(engine: Answer) -> Iterator[str]:
    for name, result in (engine["scores"] | engine["grades"]).items():
        rows = sum(round(row["points"] * 100) for row in result["rows"])
        if rows != round(result["points"] * 100):
            yield f"the rows of {name} do not add up"


def _lean_is_the_explained_without_reasons(engine: Answer, lean: Answer) -> list[str]:
    if lean["valid_until"] != engine["valid_until"]:
        return ["valid_until differs with and without reasons"]
    return []


def _asks(policy: Policy, engine: Answer) -> Iterator[str]:
    """An unknown checklist asks for what is unknown, and for nothing else."""
    for checklist in policy.checked.checklists:
        told = engine["checklists"][checklist.name]
        unknown = {
            item.question for item in checklist.items if told["items"][item.name] == "unknown"
        }
        if not set(told["ask"]) <= unknown:
            yield f"{checklist.name} asks for what is known"
        if told["result"] == "unknown" and not told["ask"]:
            yield f"{checklist.name} is unknown and asks nothing"


def _unknowns_are_named(trial: Trial, reference: Answer, engine: Answer) -> Iterator[str]:
    """Unknown fields that the decision does not name change nothing when they become known."""
    policy, record, as_of = trial.policy, trial.record, trial.as_of
    r = Random(trial.seed)
    now = _result(reference)
    drawing = RecordDrawing(r, policy.checked, trial.aims, as_of)
    silent = [
        field
        for field in policy.checked.fields
        if _is_unknown(record.get(field.name))
        and not field.no_when_unknown
        and field.name not in engine["unknown"]
    ]
    for _ in range(3 if silent else 0):
        some = r.sample(silent, r.randint(1, len(silent)))
        more = {field.name: drawing.value(field.type) for field in some}
        then = reference_answer(policy, {**record, **more}, as_of)
        # A record that would be refused is no advice about what to ask.
        if then["status"] == "decided" and _result(then) != now:
            yield f"unknown fields that are not named change the decision: {more}"
            return


def _is_unknown(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" \t\n\r\v\f"))


def _result(answer: Answer) -> Answer:
    return {key: value for key, value in answer.items() if key not in ("explained", "warnings")}


def _until(trial: Trial, reference: Answer, valid_until: str | None) -> Iterator[str]:
    """Nothing may change before ``valid_until``, judged by the reference."""
    end = datetime.fromisoformat(valid_until) if valid_until else trial.as_of + FAR
    if end <= trial.as_of:
        yield f"valid_until {end} is not after as_of"
        return
    stage = reference["explained"]["stage"]
    floats = stage is not None and stage["since"] == reference["as_of"]

    def told(answer: Answer) -> Answer:
        return without_clocks(outcome(answer)) if floats else outcome(answer)

    now = told(reference)
    for instant in _instants_between(trial, end):
        then = told(reference_answer(trial.policy, trial.record, instant))
        if then != now:
            parts = ", ".join(key for key in now if now[key] != then[key])
            yield f"valid_until {valid_until} is late: {parts} differ at {instant}"
            return


def _instants_between(trial: Trial, end: datetime) -> list[datetime]:
    """The last instant before the end, ends of windows in between, and some at random."""
    r, as_of = Random(trial.seed), trial.as_of
    found = [end - MICROSECOND]
    span = min(end - as_of, FAR)
    found += [as_of + span * r.random() ** 3 for _ in range(2)]
    ends = [instant for instant in window_ends(trial) if as_of < instant < end]
    r.shuffle(ends)
    return [instant for instant in (*found, *ends[:5]) if as_of < instant < end]


def window_ends(trial: Trial) -> Iterator[datetime]:
    """The instants at which an event happens or leaves a window of the policy."""
    zone = zone_named(trial.policy.checked.zone)
    for key in ("activities", "actions"):
        for event in trial.record.get(key) or ():
            try:
                at = read_instant(event["at"], zone)[0]
            except (KeyError, TypeError, ValueError):
                continue
            yield at
            for duration in trial.aims.durations:
                if duration.unit == "month":
                    day = add_months(local_day(at, zone), duration.amount)
                    yield datetime.combine(day, time(0), zone).astimezone(UTC)
                else:
                    yield at + timedelta(seconds=SECONDS[duration.unit] * duration.amount)
