"""Many random lives, told by the engine and by the slow evaluator, until two disagree.

``python -m tests.life.soak_lives --policies 200 --records 40 --seed 1`` prints how often each thing
occurred that can happen to a lead, and on the first disagreement the smallest policy and record
that show it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

from tests.life.agreement import Answer, differences, engine_life, slow_life
from tests.life.draw_lives import draw_busy_policy, draw_life
from tests.property.draw_policy import thinned
from tests.property.draw_record import aims_of
from tests.property.shrink import shrink
from tests.reference.life import TooManyInstantsError

import leadpact


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=200)
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--as-drawn", action="store_true", help="print a disagreement without making it small"
    )
    parser.add_argument("--past", help="keep going past differences that match this pattern")
    chosen = parser.parse_args()
    past = re.compile(chosen.past) if chosen.past else None
    counts: Counter[str] = Counter()
    began = time.monotonic()
    for seed in range(chosen.seed, chosen.seed + chosen.policies):
        found = one_policy(seed, chosen.records, counts, past, chosen.as_drawn)
        if found is not None:
            print(found)
            return 1
    lives = counts["lives"]
    for what, count in sorted(counts.items()):
        print(f"{count:9,}  {count / lives if lives else 0:7.2%}  {what}")
    print(f"{chosen.policies} policies, no disagreement, {time.monotonic() - began:.0f} s")
    return 0


def one_policy(
    seed: int, records: int, counts: Counter[str], past: re.Pattern[str] | None, as_drawn: bool
) -> str | None:
    """Tells lives by one drawn policy; what to print when the two disagree about one."""
    r = Random(seed)
    text = draw_busy_policy(r)
    if seed % 3 == 0:
        # Fewer rules are fewer reasons to leave a stage: clocks run out, sleepers wake.
        text = thinned(r, text)
    try:
        policy = leadpact.load_text(text)
    except leadpact.PolicyError:
        counts["policies that are wrong"] += 1
        return None
    if not policy.checked.stages:
        counts["policies without stages"] += 1
        return None
    counts["policies"] += 1
    aims = aims_of(policy.checked)
    for number in range(records):
        record, until = draw_life(r, policy.checked, aims)
        try:
            slow = slow_life(policy, record, until)
        except TooManyInstantsError:
            counts["lives with too many instants"] += 1
            continue
        found = [one for one in complaints(policy, record, until, slow) if not _known(past, one)]
        if found and as_drawn:
            return "\n".join((f"seed {seed}, record {number + 1}", *found))
        if found:
            return f"seed {seed}, record {number + 1}\n{smallest(text, record, until, found[0])}"
        counts["lives"] += 1
        counts.update(set(happened(slow)))
    return None


def _known(past: re.Pattern[str] | None, complaint: str) -> bool:
    return past is not None and past.search(complaint) is not None


def complaints(
    policy: leadpact.Policy, record: dict[str, Any], until: datetime, slow: Answer
) -> list[str]:
    """Where the engine tells another life than the slow evaluator did."""
    try:
        return list(differences(slow, engine_life(policy, record, until)))
    except Exception as crash:
        # Whatever it is, it is a finding, and worth making small.
        return [f"crash {type(crash).__name__}: {crash}"]


def smallest(text: str, record: dict[str, Any], until: datetime, complaint: str) -> str:
    """The disagreement made small, with both lives."""
    wanted = _sort_of(complaint)

    def lives(policy_text: str, tried: dict[str, Any]) -> tuple[leadpact.Policy, Answer]:
        policy = leadpact.load_text(policy_text)
        return policy, slow_life(policy, tried, until)

    def disagrees(policy_text: str, tried: dict[str, Any]) -> bool:
        try:
            policy, slow = lives(policy_text, tried)
        except (leadpact.PolicyError, TooManyInstantsError, StopIteration):
            return False
        return any(_sort_of(one) == wanted for one in complaints(policy, tried, until, slow))

    text, record = shrink(text, record, disagrees)
    policy, slow = lives(text, record)
    found = complaints(policy, record, until, slow)
    lines = [f"until {until.isoformat()}", text, json.dumps(record, ensure_ascii=False)]
    lines += [f"reference {json.dumps(slow)}"]
    if not any(one.startswith("crash") for one in found):
        lines += [f"engine    {json.dumps(engine_life(policy, record, until))}"]
    return "\n".join([*lines, *found])


def _sort_of(complaint: str) -> str:
    """What a difference is about, without numbers: it stays while others come and go."""
    return re.sub(r"/\d+", "", complaint.split(":")[0])


# --- what occurred -----------------------------------------------------------------------------


def happened(life: Answer) -> Iterator[str]:
    """What can happen to a lead, and did in this life."""
    yield f"status {life['status']}"
    if life["status"] != "replayed":
        return
    yield f"stays: {min(len(life['stays']), 6)}{' or more' if len(life['stays']) > 5 else ''}"
    yield from (f"warning {one['code']}" for one in life["warnings"])
    yield from (f"coming: {one['what']}" for one in life["coming"])
    for stay in life["stays"]:
        yield from _of_stay(stay)


def _of_stay(stay: Answer) -> Iterator[str]:
    out, sleep = stay["exit"], stay["sleep"]
    if stay["entered"] is None:
        yield "stay since nobody knows when"
    if out is not None:
        at_once = ", at once" if stay["entered"] == stay["left"] else ""
        yield f"exit: {out['how']}{at_once}"
        if out["how"] != "recorded":
            any_stage = out["rule"].startswith("any_stage")
            yield "exit by any stage" if any_stage else "exit by the stage's own"
        if out["because"] is not None:
            yield "exit with a reason"
    if sleep is not None:
        woke = sleep["woke"]
        yield f"sleep: {'still asleep or left' if woke is None else 'woke'}"
        if woke is None and sleep["until"] is None:
            yield "sleep until an event"
        if woke == sleep["since"]:
            yield "sleep: woke at once"
    yield from (
        f"worklist, {'left' if one['until'] else 'still on it'}" for one in stay["worklists"]
    )
    for clock in stay["targets"]:
        yield from _of_clock(clock)


def _of_clock(clock: Answer) -> Iterator[str]:
    yield f"clock {clock['state']}"
    if clock["late"] is not None:
        yield "clock missed, done late"
    if clock["handed_back"] is not None:
        yield "clock missed, handed back"
    if clock["state"] == "met" and clock["at"] == clock["due"]:
        yield "clock met at its very deadline"
    for pause in clock["pauses"]:
        yield f"pause, {'open' if pause['until'] is None else 'over'}"
    for tell in clock["told"]:
        when = "late" if tell["late"] else "missed" if tell["percent"] is None else "in time"
        yield f"told: {when}"


if __name__ == "__main__":
    sys.exit(main())
