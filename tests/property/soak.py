"""Many random policies and records against the reference, until one disagrees.

``python tests/property/soak.py --policies 200 --records 250 --seed 1`` prints how often each
construct acted, and on the first disagreement the smallest policy and record that show it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.property.agreement import Answer, engine_answer, reference_answer
from tests.property.coverage import constructs
from tests.property.draw_history import border_instants, deadlines
from tests.property.draw_policy import draw_policy, thinned
from tests.property.draw_record import (
    MICROSECOND,
    aims_of,
    draw_case,
)
from tests.property.shrink import shrink
from tests.property.trial import Trial, complaints, window_ends

import leadpact


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=200)
    parser.add_argument("--records", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--whole",
        type=int,
        default=1,
        help="of how many pairs one gets every check (of the others the decisions are compared)",
    )
    parser.add_argument(
        "--as-drawn", action="store_true", help="print a disagreement without making it small"
    )
    parser.add_argument("--past", help="keep going past complaints that match this pattern")
    chosen = parser.parse_args()
    past = re.compile(chosen.past) if chosen.past else None
    counts: Counter[str] = Counter()
    began = time.monotonic()
    for seed in range(chosen.seed, chosen.seed + chosen.policies):
        repro = one_policy(seed, chosen.records, counts, past, chosen.whole, chosen.as_drawn)
        if repro is not None:
            print(repro)
            return 1
    print_counts(counts)
    print(f"{chosen.policies} policies, no disagreement, {time.monotonic() - began:.0f} s")
    return 0


def print_counts(counts: Counter[str]) -> None:
    """In how many pairs each construct stood, and each kind of outcome and of edge occurred."""
    pairs = counts["pairs"]
    for what, count in sorted(counts.items()):
        of = counts["pairs whose edges were looked at"] if what.startswith("edge: ") else pairs
        share = count / of if of else 0
        seldom = "  SELDOM" if what.startswith("says ") and share < 0.01 else ""
        print(f"{count:9,}  {share:7.2%}  {what}{seldom}")


def one_policy(
    seed: int,
    records: int,
    counts: Counter[str],
    past: re.Pattern[str] | None,
    whole: int,
    as_drawn: bool,
) -> str | None:
    """Runs one drawn policy; what to print when it disagrees with the reference."""
    r = Random(seed)
    text = draw_policy(r)
    if seed % 3 == 0:
        # Every third one loses some lines: what nobody would write is drawn as well.
        text = thinned(r, text)
    try:
        policy = leadpact.load_text(text)
    except leadpact.PolicyError as error:
        if seed % 3 == 0:
            counts["policies that are wrong without some lines"] += 1
            return None
        if all("counting starts again" in one.message for one in error.diagnostics):
            # Two kinds drawn alike: a row about the very events after which its block restarts.
            counts["policies with a row that its own block undoes"] += 1
            return None
        told = "\n".join(f"{one.code} {one.message}" for one in error.diagnostics)
        return f"seed {seed}: the drawn policy is refused\n{text}\n{told}"
    except Exception as crash:
        return f"seed {seed}: loading crashes with {crash!r}\n{text}"
    counts["policies"] += 1
    said = [f"says {one}" for one in constructs(policy.checked)]
    aims = aims_of(policy.checked)
    for number in range(records):
        record, as_of = draw_case(r, policy.checked, aims)
        trial = Trial(policy, aims, record, as_of, seed)
        found = complaints(trial, light=number % whole != 0)
        new = [one for one in found if past is None or not past.search(one)]
        if new and as_drawn:
            return "\n".join((f"seed {seed}, record {number + 1}", *new))
        if new:
            return smallest(text, trial, new)
        if found:
            counts["known disagreements"] += 1
            continue
        counts["pairs"] += 1
        counts.update(said)
        counts.update(set(happened(engine_answer(policy, trial.record, as_of))))
        if number % whole == 0:
            counts["pairs whose edges were looked at"] += 1
            counts.update(set(boundaries(trial)))
    return None


def smallest(text: str, trial: Trial, new: list[str]) -> str:
    """The disagreement made small, with both answers."""
    wanted = {_sort_of_complaint(found) for found in new}

    def tried(policy_text: str, record: dict[str, Any]) -> Trial:
        policy = leadpact.load_text(policy_text)
        return replace(trial, policy=policy, aims=aims_of(policy.checked), record=record)

    def disagrees(policy_text: str, record: dict[str, Any]) -> bool:
        try:
            found = complaints(tried(policy_text, record))
        except leadpact.PolicyError:
            return False
        return any(_sort_of_complaint(one) in wanted for one in found)

    text, record = shrink(text, trial.record, disagrees)
    small = tried(text, record)
    found = complaints(small)
    answers = [reference_answer(small.policy, record, small.as_of)]
    if not any(one.startswith("crash") for one in found):
        answers.append(engine_answer(small.policy, record, small.as_of))
    written = [json.dumps(one, ensure_ascii=False) for one in (record, *answers)]
    head = f"seed {trial.seed}, as of {trial.as_of.isoformat()}"
    return "\n".join([head, text, *written, *found])


def _sort_of_complaint(complaint: str) -> str:
    """What a complaint is about, without names and numbers: it stays while others come and go."""
    words = complaint.split("/")
    return "/".join((words[0], *words[1:3])) if len(words) > 1 else complaint.split()[0]


def boundaries(trial: Trial) -> Iterator[str]:
    """How near to an edge the record's events lie."""
    for end in window_ends(trial):
        apart = end - trial.as_of
        if abs(apart) <= MICROSECOND:
            yield f"edge: {'at' if not apart else 'beside'} an event or the end of its window"
        elif apart > MICROSECOND:
            yield "edge: later than as of"
    listed = [trial.record.get(key) or () for key in ("activities", "actions")]
    ids = [event.get("id") for events in listed for event in events if event.get("id")]
    yield from ("edge: an id twice" for _ in range(len(ids) - len(set(ids))))
    for due in deadlines(trial.policy.checked, trial.record, trial.as_of):
        apart = due - trial.as_of
        if abs(apart) <= MICROSECOND:
            yield f"edge: {'at' if not apart else 'beside'} a deadline"
    midnights = border_instants(trial.policy.checked)
    if any(abs(midnight - trial.as_of) <= MICROSECOND for midnight in midnights):
        yield "edge: at or beside a border of dated rows"


def happened(answer: Answer) -> Iterator[str]:
    """What one decision was about, for the table of counts."""
    yield f"status {answer['status']}"
    for warning in answer.get("warnings", ()):
        yield f"warning {warning['code']}"
    for problem in answer.get("problems", ()):
        yield f"wrong {'event lists' if problem['field'].startswith('act') else 'field'}"
    if answer["status"] != "decided":
        return
    yield "valid for ever" if answer["valid_until"] is None else "valid until an instant"
    for result in (answer["scores"] | answer["grades"]).values():
        for row in result["rows"]:
            yield _sort_of_row(row)
    for grade in answer["grades"].values():
        yield f"letter {'unknown' if grade['letter'] == 'insufficient data' else 'known'}"
    for group in answer["groups"].values():
        yield f"group{', a row passed over' if group.get('passed_over') else ''}"
    for checklist in answer["checklists"].values():
        yield f"checklist {checklist['result']}"
        yield from (f"item {state}" for state in checklist["items"].values())
    if answer["stage"]:
        yield f"stage, {'moves' if answer['stage']['next'] else 'stays'}"
        yield f"stage, entered {'at an instant' if answer['stage']['since'] else 'unknown'}"
        yield from _life(answer)
    yield from ("unknown named" for _ in answer["unknown"])


def _life(answer: Answer) -> Iterator[str]:
    """What became of the stage's clocks, and which sort of move is next."""
    stage = answer["stage"]
    for target in answer["targets"]:
        yield f"target {target['state']}"
        yield f"target {target['state']}, due {'known' if target['due'] else 'unknown'}"
    if stage["time_outs"]:
        yield "time-outs to come"
    if stage["asleep_until"]:
        yield "asleep until an instant"
    if answer["worklists"]:
        yield "on a worklist"
    if stage["because"]:
        yield "move with a reason"
    if stage["rule"] is not None:
        parts = stage["rule"].split(".")
        sort = parts[1] if len(parts) == 3 else "target's hands_back_to"
        yield f"next: {'any stage ' if parts[0] == 'any_stage' else ''}{sort}"


def _sort_of_row(row: dict[str, Any]) -> str:
    last = row["rule"].rpartition(".")[2]
    if last in ("at_most", "at_least", "counts_less"):
        return f"row correcting, {last}"
    sign = "+" if row["points"] > 0 else "-" if row["points"] < 0 else "0"
    about = "fields" if row["count"] is None else "events"
    return f"row about {about}, {sign}{', capped' if row['capped'] else ''}"


if __name__ == "__main__":
    sys.exit(main())
