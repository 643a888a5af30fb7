"""Does the property test find faults? Twenty are put into a copy of the engine, one at a time.

``python tests/property/seeded_faults.py`` copies the tree, breaks one line of what makes or runs
generated Python, and lets ``soak.py`` look for a disagreement with the reference. It prints after
how many policies each fault was found; a fault that is not found is a hole in the drawing.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.seeding import Fault, main

PYTHON = "engine/leadpact/backends/python"
FAULTS: tuple[Fault, ...] = (
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


if __name__ == "__main__":
    sys.exit(
        main(
            __doc__ or "",
            FAULTS,
            ("tests/property/soak.py", "--whole", "5"),
            policies=300,
            records=40,
        )
    )
