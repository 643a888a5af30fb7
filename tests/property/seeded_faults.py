"""Does the property test find faults? Twenty are put into a copy of the engine, one at a time.

``python tests/property/seeded_faults.py`` copies the tree, breaks one line of what makes or runs
generated Python, and lets ``soak.py`` look for a disagreement with the reference. It prints after
how many policies each fault was found; a fault that is not found is a hole in the drawing.
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
PYTHON = "engine/leadpact/backends/python"
FAULTS: tuple[tuple[str, str, str, str], ...] = (
    ("a window keeps its end", f"{PYTHON}/branch.py", "if t > w{self._number(first.duration)}:",
     "if t >= w{self._number(first.duration)}:"),
    ("months end a day late", "engine/leadpact/operators/times.py",
     "return day_start(outside + timedelta(days=1), zone) - timedelta(microseconds=1)",
     "return day_start(outside, zone) - timedelta(microseconds=1)"),
    ("unknown counts as no", f"{PYTHON}/spell.py",
     'return f"({left} is not None and {left} {op} {right})"',
     'return f"({left} is None or {left} {op} {right})"'),
    ("at least one less", f"{PYTHON}/spell.py", 'return f"({\' + \'.join(ones)} >= {count})"',
     'return f"({\' + \'.join(ones)} >= {count - 1})"'),
    ("text compares with its case", "engine/leadpact/operators/text.py",
     "return text.lower() if text.isascii() else text.translate(_LOWER)", "return text"),
    ("a category is not capped", f"{PYTHON}/rows.py",
     "if row.at_most is not None:\n                    self._limit",
     "if False:\n                    self._limit"),
    ("shares are rounded down", f"{PYTHON}/decays.py",
     "return (2 * numerator + denominator) // (2 * denominator)",
     "return numerator // denominator"),
    ("fading one day late", f"{PYTHON}/decays.py", "decay.days - age", "decay.days - age + 1"),
    ("inactivity before the first period", "engine/leadpact/operators/times.py",
     "return (as_of - last) // _LENGTHS[period]", "return (as_of - last) // _LENGTHS[period] + 1"),
    ("a restart keeps its own instant", f"{PYTHON}/branch.py", 'f"t > r{slot.restart}"',
     'f"t >= r{slot.restart}"'),
    ("gained since counts all", f"{PYTHON}/told.py", 'never = f"PAST if {at} is FAR else {at}"',
     'never = "PAST"'),
    ("more than is at least", "engine/leadpact/plan.py",
     'strict = test.verb in ("more than", "at most")', "strict = False"),
    ("ahead is ago", f"{PYTHON}/spell.py", 'if test.direction == "ago":', "if True:"),
    ("history is always known", f"{PYTHON}/history.py",
     "return History(made, lead.stage is None or lead.moves is not None)",
     "return History(made, True)"),
    ("a time-out comes too late for its event", f"{PYTHON}/clocks.py",
     "if any(began <= event.at <= last for event in events):",
     "if any(began <= event.at < last for event in events):"),
    ("a sleeping lead moves", f"{PYTHON}/moves.py",
     'awake = "not asleep and " if self.can_sleep else ""', 'awake = ""'),
    ("business days begin on the day itself", "engine/leadpact/operators/business.py",
     "index = bisect_right(open_time.year(day.year).days, day) + count - 1",
     "index = bisect_right(open_time.year(day.year).days, day) + count - 2"),
    ("pauses do not count", f"{PYTHON}/clocks.py", "pauses=pauses,", "pauses=(),"),
    ("rows of yesterday", "engine/leadpact/dated.py", "return bisect_right(days, day)",
     "return bisect_right(days, day - timedelta(days=1))"),
    ("a late answer stops no hand-back", f"{PYTHON}/clocks.py",
     "if at is None or isinstance(asked.limit, TargetEvery):", "if True:"),
)  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=300)
    parser.add_argument("--records", type=int, default=40)
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
    soak = [sys.executable, "tests/property/soak.py", "--policies", str(policies)]
    ran = subprocess.run(
        [*soak, "--records", str(records), "--whole", "5", "--as-drawn"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(("dsl", "engine", "sla"))},
        capture_output=True,
        text=True,
    )
    if ran.returncode == 0:
        return None
    first = (ran.stdout or ran.stderr).strip().split("\n")
    return f"{first[0]} … {first[-1]}"[:160]


if __name__ == "__main__":
    sys.exit(main())
