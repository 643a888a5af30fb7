"""Decisions by a policy's script in node, and where they differ from the engine's."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from leadpact import Policy
from leadpact.decision import Outcome, encode
from leadpact.javascript import compile_javascript

Answer = dict[str, Any]

NODE = shutil.which("node")
NOT_KNOWN = "not known here"
_RUNNER = Path(__file__).with_name("decide_lines.js")


@dataclass(frozen=True)
class Case:
    """A lead to decide by a policy, at an instant; ``partial``: required fields may be missing."""

    policy: Policy
    record: Mapping[str, object]
    as_of: datetime
    partial: bool = False


@contextmanager
def deciding(cases: Sequence[Case]) -> Iterator[Callable[[], list[Answer]]]:
    """Starts node on the cases; the function waits for its answers, in order."""
    assert NODE is not None
    with TemporaryFile("w+", encoding="utf-8") as asked, TemporaryFile("w+") as told:
        asked.writelines(f"{line}\n" for line in _lines(cases))
        asked.seek(0)
        node = subprocess.Popen([NODE, str(_RUNNER)], stdin=asked, stdout=told)

        def answers() -> list[Answer]:
            assert node.wait() == 0
            told.seek(0)
            found = [json.loads(line) for line in told]
            assert len(found) == len(cases)
            return found

        yield answers


def _lines(cases: Iterable[Case]) -> Iterator[str]:
    last: Policy | None = None
    for case in cases:
        if case.policy is not last:
            last = case.policy
            yield json.dumps({"script": compile_javascript(case.policy.checked)})
        as_of = case.as_of.astimezone(UTC).isoformat()
        yield json.dumps({"record": case.record, "as_of": as_of, "partial": case.partial})


def engine(case: Case) -> Answer:
    """The engine's explained decision, as far as a script tells it."""
    if case.partial:
        # It comes without warnings.
        outcome: Outcome = case.policy.decide_partial(case.record, as_of=case.as_of)
    else:
        outcome = case.policy.decide_raw(case.record, as_of=case.as_of, explain=True)
    answer: Answer = json.loads(encode(outcome))
    answer.pop("valid_until", None)
    if case.partial:
        del answer["warnings"]
    answer["policy"].pop("digest")
    for result in (answer.get("scores", {}) | answer.get("grades", {})).values():
        for row in result["rows"]:
            for key in ("says", "because", "at"):
                del row[key]
    for group in answer.get("groups", {}).values():
        del group["says"]
    if answer.get("stage") is not None:
        del answer["stage"]["says"]
    for problem in answer.get("problems", ()):
        del problem["value"], problem["reason"]
    return answer


def disagreements(cases: Sequence[Case]) -> Iterator[str]:
    """What is wrong with the scripts' answers, of the cases that they can tell.

    The engine works while node does.
    """
    with deciding(cases) as answers:
        wanted = [engine(case) for case in cases]
        found_all = answers()
    unknown = 0
    for case, one, other in zip(cases, wanted, found_all, strict=True):
        if other["status"] == NOT_KNOWN:
            unknown += 1
        elif found := differences(one, other):
            yield "\n".join((json.dumps(case.record), f"as of {case.as_of.isoformat()}", *found))
    if unknown > len(cases) // 20:
        yield f"{unknown} of {len(cases)} leads are not known here"


def differences(wanted: Answer, found: Answer) -> list[str]:
    """Where a script's answer differs from the engine's; empty when they agree."""
    left_out = ("period", "probes", *(("warnings",) if "warnings" not in wanted else ()))
    found = {key: value for key, value in found.items() if key not in left_out}
    found = {**found, "problems": [{"field": one["field"]} for one in found.get("problems", ())]}
    if not found["problems"]:
        del found["problems"]
    return list(_differences("", wanted, found))


def _differences(where: str, wanted: Any, found: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in wanted | found:
            if key in wanted and key in found:
                yield from _differences(f"{where}/{key}", wanted[key], found[key])
            else:
                yield f"{where}/{key}: only in the {'script' if key in found else 'engine'}"
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(f"{where}/{index}", one, other)
    elif wanted != found:
        yield f"{where}: {wanted!r} by the engine, {found!r} by the script"
