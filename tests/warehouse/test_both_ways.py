"""Through DuckDB and in Python: the same bytes over the whole batch corpus and all samples."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.warehouse.both_ways import CORPUS, POLICIES, assert_same, options, policy

CASES = sorted({path.parent for path in CORPUS.glob("*/leads.*")})


def one(case: Path, stem: str) -> Path | None:
    return next(iter(sorted(case.glob(f"{stem}.*"))), None)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_corpus(case: Path, ending: str, tmp_path: Path) -> None:
    written = case / "options.json"
    given = json.loads(written.read_text("utf-8")) if written.exists() else {}
    asked = options(one(case, "leads"), activities=one(case, "activities"), **given)
    assert_same(policy(), asked, tmp_path, ending)


def test_a_query_decides_what_is_plain(tmp_path: Path) -> None:
    summary = assert_same(policy(), options(CORPUS / "table" / "leads.csv"), tmp_path)
    assert summary is not None
    assert (summary.read, summary.in_python) == (5, 0)


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_the_sample_of_kontor(ending: str, tmp_path: Path) -> None:
    leads = POLICIES / "kontor" / "sample" / "leads.jsonl"
    summary = assert_same(policy(POLICIES / "kontor"), options(leads), tmp_path, ending)
    assert summary is not None
    assert summary.in_python is not None
    assert summary.in_python < summary.read / 4


@pytest.mark.skipif("LEADPACT_DATA" not in os.environ, reason="LEADPACT_DATA names no folder")
def test_a_real_export(tmp_path: Path) -> None:
    leads = Path(os.environ["LEADPACT_DATA"]) / "xeducation" / "Leads.csv"
    asked = options(leads, source="crm_export")
    summary = assert_same(policy(POLICIES / "learnwell"), asked, tmp_path)
    assert summary is not None
    assert summary.in_python == 0
