"""The batch corpus: a file of leads in, the very bytes of decisions and rejects out.

Each folder of ``tests/corpus/batch`` with a ``leads`` file is a case: ``leads.*``, perhaps
``activities.*`` and ``options.json`` (``source``, ``explain``, ``strict``), and what must come
out: ``out.*`` and ``rejects.*``, ``summary.json`` (the keys it names), or ``error.txt`` for a
mistake of use.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import leadpact
from leadpact.batch import RunError, RunOptions, Summary, run, summary_json

CORPUS = Path(__file__).parent.parent / "corpus" / "batch"
CASES = sorted({path.parent for path in CORPUS.glob("*/leads.*")})
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)


@cache
def policy(folder: Path) -> leadpact.Policy:
    return leadpact.load(folder)


def one(case: Path, stem: str) -> Path | None:
    return next(iter(sorted(case.glob(f"{stem}.*"))), None)


def decide(case: Path, into: Path) -> Summary:
    written = case / "options.json"
    options: dict[str, Any] = json.loads(written.read_text("utf-8")) if written.exists() else {}
    leads = one(case, "leads")
    assert leads is not None
    places = {stem: one(case, stem) for stem in ("out", "rejects")}
    return run(
        policy(CORPUS / "policy"),
        RunOptions(
            leads=leads,
            activities=one(case, "activities"),
            source=options.get("source"),
            as_of=AS_OF,
            out=(path := places["out"]) and into / path.name,
            rejects=(path := places["rejects"]) and into / path.name,
            explain=options.get("explain", False),
            strict=options.get("strict", False),
        ),
    )


def with_digest(text: str) -> str:
    """The digest depends on the engine's version of it, and is not what is judged here."""
    return text.replace(policy(CORPUS / "policy").digest, "DIGEST")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    error = case / "error.txt"
    if error.exists():
        with pytest.raises(RunError) as raised:
            decide(case, tmp_path)
        found = f"{raised.value.message}\n{raised.value.help}\n"
        assert found.replace(f"{CORPUS}/", "") == error.read_text("utf-8")
        return
    summary = json.loads(summary_json(decide(case, tmp_path)))
    expected = [path for path in sorted(case.iterdir()) if path.stem in ("out", "rejects")]
    for path in expected:
        found = with_digest((tmp_path / path.name).read_bytes().decode("utf-8"))
        if os.environ.get("LEADPACT_REWRITE"):
            path.write_bytes(found.encode())
        assert found == path.read_bytes().decode("utf-8"), path.name
    assert sorted(tmp_path.iterdir()) == [tmp_path / path.name for path in expected]
    wanted = case / "summary.json"
    if wanted.exists():
        expect = json.loads(wanted.read_text("utf-8"))
        assert {key: summary[key] for key in expect} == expect


def test_every_case_expects_something() -> None:
    assert len(CASES) >= 10
    for case in CASES:
        names = {path.stem for path in case.iterdir()}
        assert names & {"out", "rejects", "summary", "error"}, case.name
