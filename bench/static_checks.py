"""How long the static checks take: at about 150 lines, and at 500 rules.

    python bench/static_checks.py

Prints the time to parse and check, the time of the static checks on top, their share, and how many
questions were too hard. Policies are made here: products with points, events, a grade, groups and
stages, all with thresholds that lie near each other.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from leadpact.analysis import analyse
from leadpact.analysis.mentions import rows_of
from leadpact.checked import CheckedPolicy, PointsBy
from leadpact.reading import checked
from leadpact_dsl import SourceFile

RUNS = 5
HEAD = """policy made "Made":
    language 1
    version 1
    time zone "Europe/Stockholm"
    currency SEK
party sales "Sales"
"""


def text_of(size: int) -> str:
    """A policy that grows evenly: each step adds a field, an event, and rules about both."""
    lines = [HEAD, "lead:"]
    lines += [f"    size_{n} whole number from 0 to 1,000" for n in range(size)]
    lines += [f"    kind_{n} one of small, middle, large" for n in range(size)]
    lines.append("activities:")
    lines += [f'    visit_{n} "Visit {n}":\n        page text' for n in range(size)]
    for n in range(size):
        lines.append(f'score part_{n} "Part {n}" from 0 to 60:')
        lines.append(f"    +10 each visit_{n} once per day within 30 days, at most 30 points")
        lines.append(f"    +5 visit_{n} at least 3 times within 90 days as often")
        lines.append(f"    +20 when kind_{n} is large and size_{n} is at least 500")
        lines.append(f"    points by size_{n}:")
        lines += ["        +10 from 700", "        +5 from 200", "        +0 below 200"]
        lines.append("        +0 unknown")
        lines.append(f"define keen_{n} when part_{n} is at least 40 and kind_{n} is not small")
        lines.append(f"group place_{n}:")
        lines.append(f"    first when keen_{n} and size_{n} is more than 900")
        lines.append(f"    second when keen_{n}")
        lines.append("    rest otherwise")
    lines += ['stage new "New":', "    start"]
    lines += [f"    moves to ready when place_{n} is first as by_{n}" for n in range(size)]
    lines += ['stage ready "Ready":', "    final"]
    return "\n".join(lines) + "\n"


def rules_in(policy: CheckedPolicy) -> int:
    rows = (row for one in (*policy.scores, *policy.grades) for _, row in rows_of(one))
    points = sum(len(row.rows) if isinstance(row, PointsBy) else 1 for row in rows)
    groups = sum(len(group.rows) for group in policy.groups)
    moves = sum(len(stage.moves) for stage in policy.stages)
    return points + groups + moves + len(policy.definitions)


def seconds(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    print("lines  rules  parse and check  static checks  share  not checked")
    for size in (6, 12, 25, 40):
        text = text_of(size)
        source = (SourceFile("made.leadpact", text),)
        policy, found = checked(source, None)
        assert policy is not None, found
        reading = seconds(lambda source=source: checked(source, None))  # type: ignore[misc]
        said = analyse(policy)
        looking = seconds(lambda policy=policy: analyse(policy))  # type: ignore[misc]
        hard = sum(one.code == "W706" for one in said)
        print(
            f"{text.count(chr(10)):5}  {rules_in(policy):5}  {reading * 1000:12.0f} ms  "
            f"{looking * 1000:10.0f} ms  {looking / reading:5.2f}  {hard:11}"
        )


if __name__ == "__main__":
    main()
