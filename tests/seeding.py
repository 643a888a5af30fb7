"""Puts faults into a copy of the engine, one at a time, and looks whether a soak finds them."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
Fault = tuple[str, str, str, str]
"""What is wrong, in which file, and which text takes the place of which."""


def main(of: str, faults: Sequence[Fault], soak: Sequence[str], policies: int, records: int) -> int:
    """Prints where each fault showed, and gives 1 if one did not; ``of`` describes the script."""
    parser = argparse.ArgumentParser(description=of)
    parser.add_argument("--policies", type=int, default=policies)
    parser.add_argument("--records", type=int, default=records)
    parser.add_argument("--only", type=int, help="only this fault, from 1")
    chosen = parser.parse_args()
    drawn = ("--policies", str(chosen.policies), "--records", str(chosen.records), "--as-drawn")
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        for number, fault in enumerate(faults, start=1):
            if chosen.only in (None, number):
                said = look_for(Path(name), fault, (*soak, *drawn))
                missed += said is None
                print(f"{number:2}. {fault[0]}: {said or 'NOT FOUND'}", flush=True)
    return 1 if missed else 0


def look_for(folder: Path, fault: Fault, soak: Sequence[str]) -> str | None:
    """Where the fault showed; ``None`` if it did not."""
    _, file, old, new = fault
    for room in ("dsl", "engine", "sla", "tests"):
        shutil.rmtree(folder / room, ignore_errors=True)
        shutil.copytree(ROOT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__"))
    broken = folder / file
    text = broken.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{file} has changed: it does not hold `{old}` any more.")
    broken.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
    ran = subprocess.run(
        [sys.executable, *soak],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((".", "dsl", "engine", "sla"))},
        capture_output=True,
        text=True,
    )
    if ran.returncode == 0:
        return None
    first = (ran.stdout or ran.stderr).strip().split("\n")
    return f"{first[0]} … {first[-1]}"[:160]
