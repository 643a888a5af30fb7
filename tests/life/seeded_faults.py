"""Does the slow evaluator find faults? Some are put into a copy of the engine, one at a time.

``python tests/life/seeded_faults.py`` copies the tree, breaks one line of what tells lives or of
the clocks, and lets ``soak_lives.py`` look for a disagreement. It prints where each fault showed; a
fault that is not found is a hole in the drawing or in the evaluator.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIFE = "engine/leadpact/life"
CLOCKS = "engine/leadpact/backends/python/clocks.py"
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    ("left at the deadline is missed", f"{LIFE}/promises.py",
     "in_time = leaves and left == result.due", "in_time = False"),
    ("told though it was left in time", f"{LIFE}/promises.py",
     "spans[-1] = replace(spans[-1], last=False)", "pass"),
    ("told at once instead of later", f"{LIFE}/promises.py",
     "at = add(tell.after, result.due, self.promise.zone, self.promise.open_times)", "pass"),
    ("pauses do not delay warnings", f"{LIFE}/promises.py",
     "stops.append((span.since, span.until))", "pass"),
    ("what was done late is not told", f"{LIFE}/promises.py",
     'late = self._late(result) if state == "missed" else None', "late = None"),
    ("a promise that no longer applies goes on", f"{LIFE}/staying.py",
     "if seen[-1][1] is not None:", "if False:"),
    ("woken leads are told asleep", f"{LIFE}/staying.py",
     "return Slept(came.at, sleep.woke, sleep.woke), warnings",
     "return Slept(came.at, sleep.woke, None), warnings"),
    ("never off a list", f"{LIFE}/staying.py",
     "Listed(one.name, at, left, by.scores, by.grades)",
     "Listed(one.name, at, None, by.scores, by.grades)"),
    ("moves to where the lead is count", f"{LIFE}/recorded.py",
     "if move.to != place]", "]"),
    ("a move forgets its rule", f"{LIFE}/recorded.py",
     "moves.append(Move(to, at, rule))", "moves.append(Move(to, at))"),
    ("an event is passed over", f"{LIFE}/replaying.py",
     "coming += self.instants[after : after + 1]",
     "coming += self.instants[after + 1 : after + 2]"),
    ("deadlines are slept through", f"{LIFE}/replaying.py",
     "coming += [] if decision.valid_until is None else [decision.valid_until]", "pass"),
    ("three moves are a circle", f"{LIFE}/replaying.py", "MOST_MOVES = 100", "MOST_MOVES = 3"),
    ("people's moves are the policy's", f"{LIFE}/ways.py",
     "(*holder.moves, *holder.by_hand)", "(*holder.moves,)"),
    ("clocks do not start anew on waking", CLOCKS,
     "began = entered if woke is None else woke", "began = entered"),
    ("a time-out comes too late for its event", CLOCKS,
     "if any(began <= event.at <= last for event in events):",
     "if any(began <= event.at < last for event in events):"),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=300)
    parser.add_argument("--records", type=int, default=20)
    parser.add_argument("--only", type=int, help="only this fault, from 1")
    chosen = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        for number, (what, file, old, new) in enumerate(FAULTS, start=1):
            if chosen.only in (None, number):
                said = look_for(Path(name), file, old, new, chosen.policies, chosen.records)
                missed += said is None
                print(f"{number:2}. {what}: {said or 'NOT FOUND'}", flush=True)
    return 1 if missed else 0


def look_for(
    folder: Path, file: str, old: str, new: str, policies: int, records: int
) -> str | None:
    """Where the fault showed; ``None`` if it did not."""
    for room in ("dsl", "engine", "sla", "tests"):
        shutil.rmtree(folder / room, ignore_errors=True)
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    broken = folder / file
    text = broken.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{file} has changed: it does not hold `{old}` any more.")
    broken.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    soak = [sys.executable, "-m", "tests.life.soak_lives", "--policies", str(policies)]
    ran = subprocess.run(
        [*soak, "--records", str(records), "--as-drawn"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((".", "dsl", "engine", "sla"))},
        capture_output=True,
        text=True,
    )
    if ran.returncode == 0:
        return None
    first = (ran.stdout or ran.stderr).strip().split("\n")
    return f"{first[0]} … {first[-1]}"[:160]


if __name__ == "__main__":
    sys.exit(main())
