"""How long does `leadpact check` take, as a whole process, on a policy of about 200 lines?

The policy is Kontor's own files with as many of its examples as fill 200 lines. `python -c pass`
stands beside it: what any program in Python costs here. The first run, which fills the caches,
does not count.

    python bench/check_time.py [--runs 15] [--lines 200]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KONTOR = Path(__file__).resolve().parent / "kontor"
GOAL = 0.3


def policy_of(lines: int, folder: Path) -> int:
    """Writes the policy into ``folder``; says how many lines it has."""
    written = 0
    for path in sorted(KONTOR.glob("*.leadpact")):
        if path.name != "examples.leadpact":
            shutil.copy(path, folder)
            written += len(path.read_text(encoding="utf-8").splitlines())
    text = (KONTOR / "examples.leadpact").read_text(encoding="utf-8")
    kept: list[str] = []
    for block in text.split("\n\n"):
        if written + len(kept) >= lines:
            break
        kept += [*block.splitlines(), ""]
    (folder / "examples.leadpact").write_text("\n".join(kept), encoding="utf-8", newline="\n")
    return written + len(kept)


def run(command: list[str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time, of one process."""
    before, begun = os.times(), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    passed, after = time.perf_counter() - begun, os.times()
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    spent = after.children_user + after.children_system
    return passed, spent - before.children_user - before.children_system


def leadpact_command() -> str:
    found = shutil.which("leadpact", path=str(Path(sys.executable).parent))
    if found is None:
        sys.exit("`leadpact` is not installed beside this Python.")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Time `leadpact check` as a whole process.")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--lines", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "kontor"
        folder.mkdir()
        lines = policy_of(asked.lines, folder)
        commands = {
            "leadpact check": [leadpact_command(), "check", str(folder)],
            "python -c pass": [sys.executable, "-c", "pass"],
        }
        for command in commands.values():
            run(command)
        times: dict[str, list[tuple[float, float]]] = {title: [] for title in commands}
        for _ in range(asked.runs):
            for title, command in commands.items():
                times[title].append(run(command))
    print(f"A policy of {lines} lines, {asked.runs} runs in turns.\n")
    print(f"{'seconds':<18}{'median':>8}{'least':>8}{'most':>8}{'processor':>11}")
    for title, taken in times.items():
        clock = [seconds for seconds, _ in taken]
        spent = statistics.median(seconds for _, seconds in taken)
        middle = statistics.median(clock)
        print(f"{title:<18}{middle:>8.3f}{min(clock):>8.3f}{max(clock):>8.3f}{spent:>11.3f}")
    middle = statistics.median(seconds for seconds, _ in times["leadpact check"])
    print(f"\nGoal: at most {GOAL} s. {'Met.' if middle <= GOAL else 'Too slow.'}")


if __name__ == "__main__":
    main()
