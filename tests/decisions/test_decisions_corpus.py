"""The decisions corpus: small policies, named records, and what must come out, written by hand.

Each folder of ``tests/corpus/decisions`` has a ``policy.leadpact`` and ``cases.yaml``. A case
names only what it is about; both the reference evaluator and the engine must give exactly that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.property.agreement import engine_answer, in_reference_shape, outcome, reference_answer

import leadpact

CORPUS = Path(__file__).parent.parent / "corpus" / "decisions"
FOLDERS = sorted(path.parent for path in CORPUS.glob("*/policy.leadpact"))
Answer = dict[str, Any]

MICROSECOND = timedelta(microseconds=1)
FAR = timedelta(days=400)


@cache
def load(folder: Path) -> leadpact.Policy:
    return leadpact.load(folder)


def cases() -> Iterator[Any]:
    for folder in FOLDERS:
        for case in yaml.load((folder / "cases.yaml").read_bytes(), yaml.CSafeLoader):
            yield pytest.param(folder, case, id=f"{folder.name}: {case['name']}")


STAGE_KEYS = ("because", "time_outs", "asleep_until")


def engine(policy: leadpact.Policy, record: Answer, as_of: datetime) -> Answer:
    answer = engine_answer(policy, record, as_of)
    shape = in_reference_shape(answer)
    if answer["status"] == "decided":
        shape["targets"] = answer["targets"]
        shape["explained"]["worklists"] = answer["worklists"]
        if answer["stage"] is not None:
            shape["explained"]["stage"] |= {key: answer["stage"][key] for key in STAGE_KEYS}
    return shape


def reference(policy: leadpact.Policy, record: Answer, as_of: datetime) -> Answer:
    answer = reference_answer(policy, record, as_of)
    if answer["status"] == "rejected":
        answer["problems"] = [problem["field"] for problem in answer["problems"]]
    return answer


def summary(answer: Answer) -> Answer:
    """An answer in the words of ``cases.yaml``."""
    if answer["status"] == "rejected":
        return {"rejected": sorted(answer["problems"])}
    warnings = [list(warning.values()) for warning in answer["warnings"]]
    if answer["status"] == "refused":
        return {"refused": answer["refusal"]["rule"], "warnings": warnings}
    explained, stage = answer["explained"], answer["stage"]
    both = answer["scores"] | answer["grades"]
    rows = explained["scores"] | explained["grades"]
    found = {
        "points": {name: one["points"] for name, one in both.items()},
        "letters": {name: one["letter"] for name, one in answer["grades"].items()},
        "groups": {name: one["value"] for name, one in answer["groups"].items()},
        "checklists": {name: one["result"] for name, one in answer["checklists"].items()},
        "items": explained["items"],
        "rows": {
            name: {row["rule"]: row["points"] for row in listed} for name, listed in rows.items()
        },
        "capped": {
            name: [row["rule"] for row in listed if row["capped"]] for name, listed in rows.items()
        },
        "targets": answer["targets"],
        "worklists": explained["worklists"],
        "warnings": warnings,
    }
    if stage is not None:
        more = explained["stage"]
        found |= {"stage": stage["current"], "next": stage["next"]}
        found |= {"move": more["rule"], "since": more["since"]}
        found |= {key: more[key] for key in STAGE_KEYS}
    return found


def only_named(found: Answer, expect: Answer) -> Answer:
    """What the case speaks about; rows are told in full, results and items by name."""
    kept: Answer = {}
    for key, wanted in expect.items():
        value: Any = found.get(key)
        if key == "rows" or not (isinstance(wanted, dict) and isinstance(value, dict)):
            kept[key] = {name: value.get(name) for name in wanted} if key == "rows" else value
        else:
            kept[key] = only_named(value, wanted)
    return kept


@pytest.mark.parametrize("evaluate", [reference, engine])
@pytest.mark.parametrize(("folder", "case"), list(cases()))
def test_decision(
    folder: Path, case: Answer, evaluate: Callable[[leadpact.Policy, Answer, datetime], Answer]
) -> None:
    as_of = instant(case["as_of"])
    answer = evaluate(load(folder), case["record"], as_of)
    found = summary(answer)
    assert only_named(found, case["expect"]) == case["expect"], case.get("why")
    for name, rows in found.get("rows", {}).items():
        assert round(sum(rows.values()), 2) == found["points"][name]


def lasting(policy: leadpact.Policy, record: Answer, as_of: datetime) -> Answer:
    """What a decision tells that must stay as it is until ``valid_until``."""
    answer = reference_answer(policy, record, as_of)
    stage = answer["explained"]["stage"]
    return outcome(answer) | {key: stage and stage[key] for key in STAGE_KEYS}


@pytest.mark.parametrize(("folder", "case"), list(cases()))
def test_nothing_changes_before_valid_until(folder: Path, case: Answer) -> None:
    policy, as_of = load(folder), instant(case["as_of"])
    answer = engine_answer(policy, case["record"], as_of)
    if answer["status"] != "decided":
        return
    if answer["stage"] is not None and answer["stage"]["since"] == answer["as_of"]:
        # A lead without any event enters its stage at each instant anew, and its clocks with it.
        return
    end = as_of + FAR if answer["valid_until"] is None else instant(answer["valid_until"])
    assert end > as_of
    now = lasting(policy, case["record"], as_of)
    for then in (as_of + MICROSECOND, as_of + (end - as_of) / 2, end - MICROSECOND):
        assert then >= end or lasting(policy, case["record"], then) == now, then


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_every_folder_has_cases() -> None:
    assert FOLDERS
    for folder in FOLDERS:
        assert len(yaml.load((folder / "cases.yaml").read_bytes(), yaml.CSafeLoader)) >= 5
