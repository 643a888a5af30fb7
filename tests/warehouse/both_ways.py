"""One run twice, through DuckDB and in Python: the bytes of all files, and what is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import leadpact
from leadpact.batch import RunError, RunOptions, Summary, summary_json
from leadpact.warehouse import Engine, run

CORPUS = Path(__file__).parent.parent / "corpus" / "batch"
POLICIES = Path(__file__).parent.parent.parent / "policies"
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
_OF_THE_WAY = ("seconds", "leads_a_second", "in_python", "verified", "notes", "out", "rejects")


@cache
def policy(folder: Path = CORPUS / "policy") -> leadpact.Policy:
    return leadpact.load(folder)


def options(leads: Any, **changes: Any) -> RunOptions:
    plain = RunOptions(leads, None, None, AS_OF, None, None, explain=False, strict=False)
    return replace(plain, **changes)


def told(
    of: leadpact.Policy, asked: RunOptions, on: Engine, folder: Path, ending: str
) -> tuple[object, dict[str, bytes], Summary | None]:
    """What a run tells (or its mistake), and the files that it leaves."""
    folder.mkdir()
    asked = replace(asked, out=folder / f"out{ending}", rejects=folder / "rejects.csv")
    summary: Summary | None = None
    said: object
    try:
        summary = run(of, asked, on=on)
        said = json.loads(summary_json(summary))
        said = {key: value for key, value in said.items() if key not in _OF_THE_WAY}
    except RunError as wrong:
        said = wrong.message, wrong.help
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return said, files, summary


def assert_same(
    of: leadpact.Policy, asked: RunOptions, folder: Path, ending: str = ".csv"
) -> Summary | None:
    """Run both ways; gives the summary of the way through DuckDB."""
    stem = f"{len(list(folder.iterdir()))}"
    python = told(of, asked, "python", folder / f"{stem}-python", ending)
    duckdb = told(of, asked, "duckdb", folder / f"{stem}-duckdb", ending)
    assert duckdb[1] == python[1]
    assert duckdb[0] == python[0]
    return duckdb[2]
