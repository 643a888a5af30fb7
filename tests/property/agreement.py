"""The engine's answer in the reference's shape, and where the two differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.reference.evaluate import evaluate

from leadpact import Policy
from leadpact.decision import encode

Answer = dict[str, Any]

STAGE_KEYS = ("since", "owner", "rule", "because", "time_outs", "asleep_until")


def reference_answer(policy: Policy, record: Mapping[str, object], as_of: datetime) -> Answer:
    return evaluate(policy.checked, record, as_of)


def engine_answer(policy: Policy, record: Mapping[str, object], as_of: datetime) -> Answer:
    """The explained decision as JSON data."""
    answer: Answer = json.loads(encode(policy.decide_raw(record, as_of=as_of, explain=True)))
    return answer


def lean_answers(policy: Policy, record: Mapping[str, object], as_of: datetime) -> list[bytes]:
    """The lean decision by each of the engine's ways in: a record in memory, and JSON bytes."""
    raw = json.dumps(record).encode()
    return [encode(policy.decide_raw(record, as_of=as_of)), policy.decide_json(raw, as_of=as_of)]


def differences(reference: Answer, engine: Answer) -> list[str]:
    """Where an explained decision differs from the reference's; empty when they agree."""
    return list(_differences("", reference, in_reference_shape(engine)))


def lean_differences(reference: Answer, lean: Answer) -> list[str]:
    wanted = {key: value for key, value in reference.items() if key != "explained"}
    shape = in_reference_shape(lean)
    shape.pop("explained", None)
    return list(_differences("", wanted, shape))


def outcome(answer: Answer) -> Answer:
    """What must not change before ``valid_until``: all but the instant itself.

    A lead without any event is in its start stage since the very instant, and its clocks with it:
    of such a lead (and of one whose first event is now) their instants are left out.
    """
    kept = {key: value for key, value in answer.items() if key not in ("as_of", "explained")}
    explained = dict(answer.get("explained", {}))
    stage = explained.pop("stage", None)
    if stage is None:
        return {**kept, "explained": explained}
    told = ("rule", "because", "time_outs", "asleep_until")
    return {**kept, "explained": explained, "move": {key: stage[key] for key in told}}


def without_clocks(outcome: Answer) -> Answer:
    """An outcome without the instants that hang on when the lead entered its stage."""
    targets = [{key: one[key] for key in ("target", "state")} for one in outcome["targets"]]
    move = {key: outcome["move"][key] for key in ("rule", "because", "asleep_until")}
    return {**outcome, "targets": targets, "move": move}


def in_reference_shape(engine: Answer) -> Answer:
    if engine["status"] == "rejected":
        problems = sorted({_field(problem["field"]) for problem in engine["problems"]})
        return {"status": "rejected", "problems": problems}
    shape = {key: engine[key] for key in ("format", "id", "as_of", "status", "warnings")}
    shape["policy"] = {key: engine["policy"][key] for key in ("name", "version")}
    if engine["status"] == "refused":
        return {**shape, "refusal": engine["refusal"]}
    explained: Answer = {}
    for key in ("scores", "grades"):
        shape[key] = {name: _without(one, "rows") for name, one in engine[key].items()}
        explained[key] = {
            name: [_without(row, "says") for row in one.get("rows", ())]
            for name, one in engine[key].items()
        }
    shape["groups"] = {name: {"value": one["value"]} for name, one in engine["groups"].items()}
    explained["groups"] = {
        name: {key: one.get(key) for key in ("rule", "passed_over")}
        for name, one in engine["groups"].items()
    }
    shape["checklists"] = {
        name: {"result": one["result"]} for name, one in engine["checklists"].items()
    }
    explained["items"] = {name: one.get("items") for name, one in engine["checklists"].items()}
    stage = engine["stage"]
    shape["stage"] = stage and {key: stage[key] for key in ("current", "next")}
    explained["stage"] = stage and {key: stage.get(key) for key in STAGE_KEYS}
    explained["worklists"] = engine.get("worklists")
    # A lean decision leaves them out where the policy has none.
    told = ("target", "state", "started", "due", "at")
    shape["targets"] = [{key: one[key] for key in told} for one in engine.get("targets", [])]
    return {**shape, "explained": explained}


def _without(one: Answer, key: str) -> Answer:
    return {name: value for name, value in one.items() if name != key}


def _rule(row: Answer) -> str:
    return str(row["rule"])


def _field(path: str) -> str:
    """``moves`` of ``moves[0].at``: the reference names whole keys of the record."""
    return path.split("[")[0]


def _differences(where: str, wanted: Any, found: Any) -> Iterator[str]:
    if where == "/problems":
        wanted = sorted({problem["field"] for problem in wanted})
    if isinstance(wanted, dict) and isinstance(found, dict):
        if "points" in wanted and wanted.get("at", "") is None:
            # A correcting row: where its words stand is for the engine to say.
            found = {**found, "at": None, "because": None}
            if str(wanted["rule"]).endswith("counts_less"):
                found["capped"] = wanted["capped"]
        for key in wanted | found:
            if key in wanted and key in found:
                yield from _differences(f"{where}/{key}", wanted[key], found[key])
            else:
                yield f"{where}/{key}: only in the {'engine' if key in found else 'reference'}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        if wanted and isinstance(wanted[0], dict) and "points" in wanted[0]:
            # Rows act independently: their order is the engine's to choose, and has its own test.
            wanted, found = sorted(wanted, key=_rule), sorted(found, key=_rule)
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(f"{where}/{index}", one, other)
    elif wanted != found:
        yield f"{where}: {wanted!r} by the reference, {found!r} by the engine"
