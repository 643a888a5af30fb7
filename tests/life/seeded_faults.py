"""Does the slow evaluator find faults? Some are put into a copy of the engine, one at a time.

``python tests/life/seeded_faults.py`` copies the tree, breaks one line of what tells lives or of
the clocks, and lets ``soak_lives.py`` look for a disagreement. It prints where each fault showed; a
fault that is not found is a hole in the drawing or in the evaluator.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.seeding import Fault, main

LIFE = "engine/leadpact/life"
CLOCKS = "engine/leadpact/backends/python/clocks.py"
FAULTS: tuple[Fault, ...] = (
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


if __name__ == "__main__":
    sys.exit(main(__doc__ or "", FAULTS, ("-m", "tests.life.soak_lives"), policies=300, records=20))
