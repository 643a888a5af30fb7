"""Spark on this machine: random tables, the sample, paths, and what people are told.

One session serves all of them. Without Java or pyspark they are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.places.shapes import Record, as_json, draw_shape, laid_down
from tests.places.test_postgres_named import POLICY
from tests.places.test_postgres_random import plain
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.sql.drawing import clean_record

import leadpact
from leadpact.batch.places import RunError
from leadpact.decision import Decision, RefusedRecord
from leadpact.places import PlaceOptions, run_in_place
from leadpact.places.postgres_outputs import decision_row

pytest.importorskip("pyspark", reason="no Spark: `make spark`, or `pip install 'leadpact[spark]'`")
if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    pytest.skip("Spark needs Java 17 or newer", allow_module_level=True)

AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
LEADS = 40
_TYPES = {
    "text": "string",
    "whole": "bigint",
    "number": "decimal(38, 12)",
    "float": "double",
    "yes or no": "boolean",
    "date": "date",
    "instant": "timestamp",
    "local time": "timestamp_ntz",
    "texts": "array<string>",
}


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master("local[2]").appName("tests")
    for key, value in {
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "2",
        # A session that lives so short does not get back what compiling well costs.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "Asia/Kolkata",
    }.items():
        builder = builder.config(key, value)
    running = builder.getOrCreate()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    return leadpact.load_text(POLICY)


def frame(session: Any, columns: dict[str, Any], rows: list[list[Any]]) -> Any:
    schema = ", ".join(f"`{name}` {_TYPES[holds]}" for name, holds in columns.items())
    return session.createDataFrame(rows, schema)


long = pytest.mark.skipif(
    not os.environ.get("LEADPACT_SPARK"), reason="takes minutes: set LEADPACT_SPARK=1"
)


@long
@pytest.mark.parametrize("seed", range(2))
def test_the_same_decisions(session: Any, seed: int) -> None:
    text = draw_policy(Random(f"spark {seed}"))
    policy = leadpact.load_text(text)
    r = Random(seed)
    aims, as_of = aims_of(policy.checked), draw_instant(r, policy.checked)
    drawn: list[Record] = [
        dict((clean_record if r.random() < 0.85 else draw_record)(r, policy.checked, aims, as_of))
        for _ in range(LEADS)
    ]
    tables = laid_down(policy.checked, draw_shape(r, policy.checked), drawn)
    leads = frame(session, tables.lead_columns, tables.leads)
    events = frame(session, tables.event_columns, tables.events)
    rows = {row["id"]: row for row in policy.spark(leads, events, as_of=as_of).collect()}
    complaints = []
    for record in tables.records:
        outcome = policy.decide_raw(record, as_of=as_of)
        row = rows[record["id"]]
        status = "refused" if isinstance(outcome, RefusedRecord) else "wrong"
        status = "decided" if isinstance(outcome, Decision) else status
        if row["status"] != status:
            complaints.append(f"{record['id']} is {row['status']}, but {status} in Python")
        elif isinstance(outcome, Decision):
            wanted = [plain(cell) for cell in decision_row(policy.checked, outcome, False)][2:]
            found = [_utc(plain(cell)) for cell in list(row)[4:]]
            if found != [_utc(cell) for cell in wanted]:
                complaints.append(f"{record['id']}: {found}, but {wanted} in Python")
    assert not complaints, f"{text}\nas of {as_of}\n{as_json(tables.records)}\n" + "\n".join(
        complaints[:3]
    )


def _utc(cell: object) -> object:
    """Spark gives local times of this machine without an offset."""
    if isinstance(cell, datetime):
        return cell.astimezone(UTC) if cell.tzinfo else cell.astimezone().astimezone(UTC)
    return cell


def test_odd_rows(session: Any, policy: Any) -> None:
    leads = session.createDataFrame(
        [
            ("a", "large", 11.0, ["tea"]),
            (" b ", "LARGE", None, None),
            ("c", None, float("nan"), None),
            ("d", None, 0.1, None),
            ("twice", None, None, None),
            ("twice ", None, None, None),
            (None, None, None, None),
        ],
        "id string, size string, budget double, topics array<string>",
    )
    events = session.createDataFrame(
        [("a", "visit", datetime(2026, 11, 20)), (" b", "visit", datetime(2026, 11, 20)),
         ("d", "dance", datetime(2026, 11, 20)), ("d", "visit", None)],
        "lead string, kind string, at timestamp_ntz",
    )  # fmt: skip
    rows = policy.spark(leads, events, as_of=AS_OF).collect()
    found = {
        (row["id"] or "").strip(): (row["status"], row["reason"], row["interest"]) for row in rows
    }
    assert len(rows) == 7
    assert (found["a"][0], found["a"][2]) == ("decided", 51)
    assert found["b"][:2] == ("wrong", "One of small, large is wanted here.")
    assert found["c"][:2] == ("wrong", "`NaN` is not a number.")
    assert (found["d"][0], found["d"][2]) == ("decided", 0)
    assert found["twice"][:2] == ("wrong", "Several leads have this id: 2 rows.")
    assert found[""][:2] == ("wrong", "A record needs an id.")
    # What the session was set to, it still is.
    assert session.conf.get("spark.sql.session.timeZone") == "Asia/Kolkata"


@pytest.mark.parametrize(
    "ending", ["csv", pytest.param("jsonl", marks=long), pytest.param("parquet", marks=long)]
)
def test_paths(session: Any, policy: Any, tmp_path: Path, ending: str) -> None:
    if ending == "csv":
        (tmp_path / "leads.csv").write_text("id,size,email\na,large,\nb,huge,\nc,,x@spam.example\n")
        (tmp_path / "events.csv").write_text(
            "lead,kind,at\na,visit,2026-11-20T00:00Z\n,visit,2026-11-20T00:00Z\nz,visit,2026-11-20T00:00Z\n"
        )
    else:
        leads = [
            {"id": "a", "size": "large"},
            {"id": "b", "size": "huge"},
            {"id": "c", "email": "x@spam.example"},
        ]
        events = [
            {"lead": lead, "kind": "visit", "at": "2026-11-20T00:00Z"} for lead in ("a", None, "z")
        ]
        for name, objects in (("leads", leads), ("events", events)):
            path = tmp_path / f"{name}.jsonl"
            path.write_text("".join(json.dumps(one) + "\n" for one in objects))
            if ending == "parquet":
                session.read.json(str(path)).write.parquet(str(tmp_path / f"{name}.parquet"))
    told = run_in_place(
        policy,
        PlaceOptions(
            "spark", f"{tmp_path}/leads.{ending}", f"{tmp_path}/events.{ending}", None, AS_OF,
            f"{tmp_path}/out.{ending}", f"{tmp_path}/rejects.csv", verify_sample=10,
        ),
    )  # fmt: skip
    summary = told.summary
    assert (summary.read, summary.decided, summary.refused, summary.wrong) == (3, 1, 1, 1)
    assert (summary.events.wrong_lines, summary.events.without_lead) == (1, 1)
    assert summary.reject_rows == 4
    assert summary.scores["interest"] == 11
    assert "1 lead was decided by Python, too: the same decisions." in told.notes
    reader = session.read.option("header", True) if ending == "csv" else session.read
    written = getattr(reader, "json" if ending == "jsonl" else ending)(f"{tmp_path}/out.{ending}")
    assert [(row["id"], float(row["interest"])) for row in written.collect()] == [("a", 11.0)]
    assert not list(tmp_path.glob(".*.partial"))
    rejects = session.read.option("header", True).csv(f"{tmp_path}/rejects.csv")
    assert sorted((row["id"] or "") for row in rejects.collect()) == ["", "b", "c", "z"]


def test_mistakes(session: Any, policy: Any, tmp_path: Path) -> None:
    def mistake(**changes: Any) -> str:
        plain = {
            "on": "spark",
            "leads": str(tmp_path / "no.csv"),
            "activities": None,
            "source": None,
        }
        plain |= {"as_of": AS_OF, "out": None, "rejects": None}
        with pytest.raises(RunError) as raised:
            run_in_place(policy, PlaceOptions(**{**plain, **changes}))
        return raised.value.message

    assert mistake().endswith("no.csv: Spark finds no such file.")
    assert mistake(leads="nowhere").endswith("nowhere: Spark finds no such table.")
    (tmp_path / "leads.csv").write_text("name\na\n")
    assert mistake(leads=str(tmp_path / "leads.csv")).endswith("there is no column `id`.")
    with pytest.raises(RunError, match="no DataFrame of Spark"):
        policy.spark([])


def test_without_java(monkeypatch: pytest.MonkeyPatch, policy: Any) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RunError, match="Spark needs Java"):
        run_in_place(policy, PlaceOptions("spark", "a.csv", None, None, AS_OF, None, None))
