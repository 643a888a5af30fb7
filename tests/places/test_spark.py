"""Spark on this machine: random tables, the sample, paths, and what people are told.

One session serves all of them. Without Java or pyspark they are skipped.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.places.shapes import Record, Shape, as_json, draw_shape, laid_down, plain
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_instant, draw_record
from tests.sql.drawing import clean_record

import leadpact
from leadpact import Policy
from leadpact.backends.sql import Query, query
from leadpact.batch import RunOptions
from leadpact.batch import run as run_in_python
from leadpact.batch.places import RunError
from leadpact.cli import main
from leadpact.decision import Decision, RefusedRecord
from leadpact.places import PlaceOptions, PlaceOutcome, run_in_place
from leadpact.warehouse.results import Wording
from leadpact.warehouse.writing import Typed

pyarrow = pytest.importorskip("pyarrow")
pytest.importorskip("pyarrow.parquet")
pytest.importorskip("pyspark", reason="no Spark: `make spark`, or `pip install 'leadpact[spark]'`")
if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
    pytest.skip("Spark needs Java 17 or newer", allow_module_level=True)

from leadpact.places import spark_deciding  # noqa: E402
from leadpact.places.spark_session import told  # noqa: E402

KONTOR = Path(__file__).parent.parent.parent / "policies" / "kontor"
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
LEADS = 40
SEEDS = range(3, 4 + int(os.environ.get("LEADPACT_SPARK_POLICIES", "0")))
"""``LEADPACT_SPARK_POLICIES=28`` draws so many more policies."""
POLICY = """\
policy shop "Shop":
    language 1
    version 1
    time zone "Europe/Stockholm"
    currency SEK

lead:
    refused when domain of email is "spam.example" because "Nobody is there."
    email "E-mail" text
    size "Size" one of small, large
    staff "Staff" whole number from 0 to 1,000
    budget "Budget" money
    open "Open" yes or no
    topics "Topics" any number of tea, coffee
    born "Born" date
    seen "Seen" date and time

activities:
    visit "Visited":
        length "Length" number from 0 to 100
        page "Page" text
    call "Called":
        value "Value" text

score interest "Interest":
    +1 each visit within 30 days, at most 5 times
    +5 when page of last visit is "/prices" as prices
    +10 when size is large
    +20 when staff is more than 10
    +40 when topics includes tea
    +80 when open is yes
    +100 when seen is before 2026-10-25
    +200 when budget is more than 0.1 SEK
    +400 when born is before 1990-01-01
"""
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
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # Each in two parts, however few there are.
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        # A session that lives so short does not get back what compiling well costs.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.session.timeZone": "Asia/Kolkata",
    }.items():
        builder = builder.config(key, value)
    running = builder.getOrCreate()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def policy() -> Policy:
    return leadpact.load_text(POLICY)


# --- DataFrames ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_decisions(session: Any, seed: int) -> None:
    text = draw_policy(Random(f"spark {seed}"))
    policy = leadpact.load_text(text)
    r = Random(seed)
    aims, as_of = aims_of(policy.checked), draw_instant(r, policy.checked)
    drawn: list[Record] = [
        dict((clean_record if r.random() < 0.85 else draw_record)(r, policy.checked, aims, as_of))
        for _ in range(LEADS)
    ]
    tables = laid_down(policy.checked, as_in_files(policy, draw_shape(r, policy.checked)), drawn)
    leads = frame(session, tables.lead_columns, tables.leads)
    events = frame(session, tables.event_columns, tables.events)
    found = policy.spark(leads, events, as_of=as_of).toArrow().to_pylist()
    rows = {row["id"]: row for row in found}
    assert len(found) == len(rows) == LEADS
    typed = Typed(Wording(policy.checked, policy.digest, as_of), False)
    complaints = []
    for record in tables.records:
        outcome = policy.decide_raw(record, as_of=as_of)
        row = rows[record["id"]]
        status = "refused" if isinstance(outcome, RefusedRecord) else "wrong"
        wanted = dict.fromkeys(row, None) | {"id": record["id"]}
        if isinstance(outcome, Decision):
            status, wanted = "decided", wanted | typed.row(outcome)
        wanted |= {"status": status, "reason": row["reason"]}
        complaints += [
            f"{record['id']}: {key} is {row[key]}, but {value} in Python"
            for key, value in wanted.items()
            if plain(row[key]) != plain(value)
        ]
    assert not complaints, f"{text}\nas of {as_of}\n{as_json(tables.records)}\n" + "\n".join(
        complaints[:3]
    )


def frame(session: Any, columns: dict[str, Any], rows: list[list[Any]]) -> Any:
    schema = ", ".join(f"`{name}` {_TYPES[holds]}" for name, holds in columns.items())
    return session.createDataFrame(rows, schema)


def as_in_files(policy: Policy, shape: Shape) -> Shape:
    """One column for all properties of a name, as files have them; of texts, if types differ."""
    types: dict[str, set[Any]] = {}
    for kind in policy.checked.kinds:
        for one in kind.properties:
            types.setdefault(one.name, set()).add(one.type)
    drawn = {column.rpartition(".")[2]: holds for column, holds in shape.events.items()}
    events = {name: drawn[name] if len(found) == 1 else "text" for name, found in types.items()}
    return Shape(shape.leads, {"at": shape.events["at"], **events})


def test_columns_are_read_as_those_of_a_table(session: Any, policy: Policy) -> None:
    leads = session.sql(
        """SELECT * FROM VALUES
        ('a', 'large', 11, 0.1D, true, array('tea'), date '1989-12-31', '2026-10-24', 1),
        (' b\\t', 'LARGE', -1, null, null, null, null, null, 2),
        ('c', ' ', 1000, double('NaN'), false, array('milk'), null, '2026-10-25', 3),
        ('d', null, null, 1e18D, null, array(), null, 'soon', 4),
        ('e', null, null, 0.25D, null, array('tea', null), date '2026-02-03', '', 5),
        ('twice', null, null, null, null, null, null, null, 6),
        (' twice', null, null, null, null, null, null, null, 7),
        (null, null, null, null, null, null, null, null, 8),
        ('  ', null, null, null, null, null, null, null, 9),
        ('7', 'small', null, null, null, null, null, '2026-10-24T23:30:00+02:00', 10)
        AS t(id, size, staff, budget, open, topics, born, seen, `struct`)"""
    ).selectExpr(
        "id",
        "size",
        "CAST(staff AS smallint) AS staff",
        "budget",
        "open",
        "topics",
        "CAST(born AS timestamp_ntz) AS born",
        "seen",
        "named_struct('any', map('thing', `struct`)) AS `Not a field`",
        "NULL AS email",
    )
    events = session.sql(
        """SELECT * FROM VALUES
        ('a ', 'visit', timestamp_ntz '2026-11-20 10:00:00', 5.5BD, 'x', 'e1', '/prices'),
        ('a', 'visit', timestamp_ntz '2026-11-20 10:00:00', 5.5BD, 'x', 'e1', '/prices'),
        ('b', 'visit', timestamp_ntz '2026-11-20 10:00:00', 5.5BD, 'x', null, null),
        ('d', 'dance', timestamp_ntz '2026-11-20 10:00:00', null, 'x', null, null),
        ('d', 'visit', null, null, null, null, null),
        ('e', 'visit', timestamp_ntz '2026-11-20 10:00:00', 100.5BD, null, null, null),
        ('c', 'call', timestamp_ntz '2026-11-20 10:00:00', 1.0BD, 'y', null, null),
        ('7', 'visit', timestamp_ntz '2026-10-25 02:30:00', 1.0BD, 'y', '', '/prices')
        AS t(lead, kind, at, length, value, id, page)"""
    )
    found = rows_of(policy.spark(leads, events, as_of=AS_OF, explain=True))
    assert session.conf.get("spark.sql.session.timeZone") == "Asia/Kolkata"
    table = policy.table(leads.toArrow(), events.toArrow(), as_of=AS_OF, explain=True)
    assert found == in_order(table.to_pylist())
    assert [row["id"] for row in found if row["status"] == "decided"] == ["7", "a"]
    assert [row["interest"] for row in found if row["id"] in ("7", "a")] == [106, 656]


def rows_of(frame: Any) -> list[dict[str, Any]]:
    return in_order(frame.toArrow().to_pylist())


def in_order(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without an order of their own, and without places that Spark does not know."""
    for row in rows:
        if row["reason"] is not None:
            row["reason"] = re.sub(r"lines [\d, ]+\d", "2 rows", row["reason"])
    return sorted(rows, key=lambda row: (row["id"] or "", row["status"], row["reason"] or ""))


def test_instants_and_numbers_of_any_type(session: Any, policy: Policy) -> None:
    leads = session.createDataFrame(
        [(7, date(1970, 1, 1), datetime(2026, 10, 24, 21, 59, tzinfo=UTC), Decimal("0.11"), 12.0),
         (8, None, datetime(2026, 10, 24, 22, tzinfo=UTC), Decimal("0.10"), 10.0)],
        "id bigint, born date, seen timestamp, budget decimal(10, 2), staff float",
    )  # fmt: skip
    events = session.createDataFrame(
        [(" 7", "visit", "2026-11-20T00:00Z"), ("8", "visit", "2026-11-20 00:00"), (None, "?", "")],
        "lead string, kind string, at string",
    )
    rows = rows_of(policy.spark(leads, events, as_of=AS_OF))
    assert [(row["id"], row["interest"]) for row in rows] == [("7", 721), ("8", 1)]
    found = rows_of(policy.spark(leads, as_of=AS_OF))
    assert [row["interest"] for row in found] == [720, 0]


# --- runs ----------------------------------------------------------------------------------------


def test_the_sample(session: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = str(KONTOR / "sample" / "leads.jsonl")
    told = {}
    for on in ("python", "spark"):
        arguments = ["run", str(KONTOR), "--leads", sample, "--as-of", "2026-11-21T09:00Z"]
        arguments += ["--out", f"{tmp_path}/{on}.csv", "--on", on, "--json"]
        if on == "spark":
            arguments += ["--verify-sample", "100"]
        with pytest.raises(SystemExit, match="0"):
            main(arguments)
        told[on] = json.loads(capsys.readouterr().out)
    compared = "100 leads were decided by Python, too: the same decisions."
    assert compared in told["spark"]["notes"]
    for key in ("notes", "out", "seconds", "leads_a_second", "in_python"):
        for one in told.values():
            del one[key]
    assert told["spark"] == told["python"]
    assert told["spark"]["decided"] > 100
    found = [csv_rows(tmp_path / f"{on}.csv") for on in ("python", "spark")]
    assert sorted(found[0], key=str) == sorted(found[1], key=str)


def csv_rows(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a table of text, numbers as numbers and instants as instants."""

    def value(text: str) -> Any:
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return Decimal(text)
        return datetime.fromisoformat(text) if re.match(r"\d{4}-\d\d-\d\dT", text) else text

    rows = []
    for part in path.glob("*.csv") if path.is_dir() else [path]:
        with part.open(encoding="utf-8", newline="") as file:
            rows += [tuple(map(value, row)) for row in list(csv.reader(file))[1:]]
    return rows


LEAD_OBJECTS: list[dict[str, Any]] = [
    {"id": "a", "size": "large", "staff": 12},
    {"id": "b", "size": "huge", "staff": 1_001},
    {"id": " c", "email": "x@spam.example"},
    {"id": "d", "seen": "2026-10-24T12:00:00"},
    {"id": "d", "size": "small"},
    {"size": "small"},
    {"id": "f", "size": 'large, "so to say"', "email": "two\nlines"},
    {"id": "7", "city": "Lund"},
]
EVENT_OBJECTS: list[dict[str, Any]] = [
    {"lead": "a", "kind": "visit", "at": "2026-11-20T00:00Z", "length": 5, "id": "e1"},
    {"lead": "a ", "kind": "visit", "at": "2026-11-20T00:00Z", "length": 5, "id": "e1"},
    {"lead": "a", "kind": "visit", "at": "2026-11-19 00:00", "length": 500},
    {"lead": "7", "kind": "dance", "at": "2026-11-20T00:00Z"},
    {"lead": "7", "kind": "visit", "at": "2026-11-20T00:00Z", "value": "n", "page": "/prices"},
    {"kind": "visit", "at": "2026-11-20T00:00Z"},
    {"lead": "z", "kind": "visit", "at": "2026-11-20T00:00Z"},
    {"lead": "z", "kind": "visit", "at": "2026-11-21T00:00Z"},
]


def write(path: Path, objects: Sequence[dict[str, Any]]) -> None:
    """Objects as lines of JSON, as a table of text, or as Parquet, with what only they can hold."""
    columns = list(dict.fromkeys(key for one in objects for key in one))
    match path.suffix:
        case ".jsonl":
            lines = [json.dumps(one) for one in objects]
            if path.stem == "leads":
                lines += [
                    '{"id": "g", "moves": []}',
                    '{"id": 9, "activities": [{"kind": "visit", "at": "2026-11-20T00:00Z"}]}',
                    '{"id": "bad"',
                    "",
                    "[]",
                ]
            lines += ['{"lead": "g", "kind": "visit", "at": "2026-11-20T00:00Z"}', "no"] * (
                path.stem == "events"
            )
            path.write_bytes("\n".join([*lines, ""]).encode() + b'{"id": "\xff"}\r\n')
        case ".csv":
            cells = [[str(one.get(column, "")) for column in columns] for one in objects]
            quoted = [[f'"{cell}"'.replace('"so', '""so').replace('say""', 'say"""')
                       if set(cell) & set('",\n') else cell for cell in row]
                      for row in cells]  # fmt: skip
            lines = [",".join(row) for row in (columns, *quoted)]
            path.write_text("\n".join([*lines, "short", "", f"long{',' * len(columns)}", ""]))
        case _:
            table = {column: [one.get(column) for one in objects] for column in columns}
            pyarrow.parquet.write_table(pyarrow.table(table), path)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_paths(session: Any, policy: Policy, tmp_path: Path, ending: str) -> None:
    leads, events = tmp_path / f"leads.{ending}", tmp_path / f"events.{ending}"
    write(leads, LEAD_OBJECTS)
    write(events, EVENT_OBJECTS)
    out, rejects = tmp_path / f"out.{ending}", tmp_path / "rejects.csv"
    options = RunOptions(
        leads, events, None, AS_OF, tmp_path / "python.csv", tmp_path / "wrong.csv", False, False
    )
    from leadpact.warehouse import run

    wanted = (run_in_python if ending != "parquet" else run)(policy, options)
    told = in_spark(policy, leads, events, out=str(out), rejects=str(rejects))
    same = ("read", "decided", "refused", "wrong", "events", "reject_rows", "warnings", "scores")
    for key in same:
        assert (key, getattr(told.summary, key)) == (key, getattr(wanted, key))
    assert told.summary.refused == 1
    assert told.summary.wrong >= 4
    assert told.summary.events.without_lead == 2
    assert told.summary.warnings
    found = sorted((str(key), Decimal(str(points))) for key, points in decisions(out))
    lines = csv_rows(tmp_path / "python.csv")
    assert found == sorted((str(row[0]), row[2]) for row in lines)
    places = re.compile(r"(?<=this id: )lines \d, \d")
    lines = csv_rows(tmp_path / "wrong.csv")
    by_python = [(*row[1:4], places.sub("2 rows", row[4]), row[5]) for row in lines]
    assert sorted(map(str, by_python)) == sorted(map(str, csv_rows(rejects)))
    assert not list(tmp_path.glob(".*.partial"))


def decisions(path: Path) -> list[tuple[Any, Any]]:
    """Ids and points of what Spark has written."""
    match path.suffix:
        case ".csv":
            return [(row[0], row[2]) for row in csv_rows(path)]
        case ".jsonl":
            lines = [line for part in path.glob("*.json") for line in part.open(encoding="utf-8")]
            return [(row["id"], row["interest"]) for row in map(json.loads, lines)]
        case _:
            rows = pyarrow.parquet.read_table(path).to_pylist()
            return [(row["id"], row["interest"]) for row in rows]


def in_spark(policy: Policy, leads: Path, events: Path | None, **changes: Any) -> PlaceOutcome:
    plain: dict[str, Any] = {"source": None, "as_of": AS_OF, "out": None, "rejects": None}
    activities = None if events is None else str(events)
    return run_in_place(
        policy, PlaceOptions("spark", str(leads), activities, **{**plain, **changes})
    )


def test_a_strict_run_stops(session: Any, policy: Policy, tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("id,size,email\na,large,x@spam.example\nb,huge,\n")
    out = tmp_path / "out.csv"
    told = in_spark(policy, tmp_path / "leads.csv", None, out=str(out), strict=True)
    assert told.summary.stopped
    assert [one.id for one in told.summary.first_rejects] == ["b"]
    assert not out.exists()


def test_a_query_that_is_not_right_is_found(
    session: Any, policy: Policy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(*given: Any, **options: Any) -> Query:
        made = query(*given, **options)
        sql = made.sql.replace("'large'", "'small'")
        assert sql != made.sql
        return replace(made, sql=sql)

    monkeypatch.setattr(spark_deciding, "query", wrong)
    (tmp_path / "leads.csv").write_text("id,size\na,large\nb,\n")
    with pytest.raises(RunError, match=r"do not agree about the lead `a`: score.interest is 0"):
        in_spark(policy, tmp_path / "leads.csv", None, verify_sample=5)


def test_the_printed_query_runs(session: Any) -> None:
    score = 'score interest "Interest":'
    score += "\n    +1.5 each visit within 30 days\n    +10 when size is large\n"
    text = POLICY.partition("score interest")[0] + score
    made = query(leadpact.load_text(text).checked, AS_OF, "spark", event_ids=False)
    now = int(AS_OF.timestamp()) * 1_000_000
    own = (
        "CAST(NULL AS string) AS `f.email`, `f.size`, CAST(NULL AS bigint) AS `f.staff`, "
        "CAST(NULL AS decimal(38, 6)) AS `f.budget`, CAST(NULL AS boolean) AS `f.open`, "
        "CAST(NULL AS array<string>) AS `f.topics`, CAST(NULL AS date) AS `f.born`, "
        "CAST(NULL AS bigint) AS `f.seen`, CAST(NULL AS string) AS stage, "
        "CAST(NULL AS bigint) AS stage_since"
    )
    session.sql(
        f"SELECT id, pos, odd, {own} FROM VALUES ('a', 1, false, 'large'), ('b', 2, true, null), "
        "('c', 3, false, null) AS t(id, pos, odd, `f.size`)"
    ).createOrReplaceTempView("leads")
    session.sql(
        "SELECT lead, kind, `at`, CAST(NULL AS string) AS event, false AS odd, "
        "CAST(NULL AS decimal(38, 6)) AS `visit.length`, CAST(NULL AS string) AS `visit.page`, "
        "CAST(NULL AS string) AS `call.value` "
        f"FROM VALUES ('a', 'visit', {now - 1}), ('a', 'visit', {now + 1}), ('a', 'call', {now}), "
        f"('a', 'visit', {now}), ('c', 'visit', {now - 31 * 86_400_000_000}) AS t(lead, kind, `at`)"
    ).createOrReplaceTempView("events")
    rows = session.sql(made.sql).collect()
    session.catalog.dropTempView("leads")
    session.catalog.dropTempView("events")
    found = sorted((row["id"], row["odd"], row["score.interest"]) for row in rows)
    assert [row[:2] for row in found] == [("a", False), ("b", True), ("c", False)]
    assert (found[0][2], found[2][2]) == (1300, 0)


# --- what people are told ------------------------------------------------------------------------


def test_mistakes(session: Any, policy: Policy, tmp_path: Path) -> None:
    def mistake(leads: str, events: Path | None = None) -> str:
        with pytest.raises(RunError) as raised:
            in_spark(policy, Path(leads), events)
        return raised.value.message

    assert mistake(str(tmp_path / "no.csv")).endswith("no.csv: Spark finds no such file.")
    assert mistake("nowhere").endswith("nowhere: Spark finds no such table.")
    (tmp_path / "leads.csv").write_text("name\na\n")
    assert mistake(str(tmp_path / "leads.csv")).endswith("there is no column `id`.")
    (tmp_path / "good.csv").write_text("id\na\n")
    wrong = mistake(str(tmp_path / "good.csv"), tmp_path / "leads.csv")
    assert wrong == "activities: there is no column `lead`."
    with pytest.raises(RunError, match="no DataFrame of Spark"):
        policy.spark([])
    nested = session.sql("SELECT 'a' AS id, array(1) AS size")
    with pytest.raises(RunError, match=r"the column `size` holds values of the type INTEGER\[\]"):
        policy.spark(nested)
    with pytest.raises(RunError, match="the column `size` holds values of the type interval year"):
        policy.spark(session.sql("SELECT 'a' AS id, INTERVAL '1' YEAR AS size"))


def test_what_goes_wrong_on_a_worker_is_told(session: Any) -> None:
    from pyspark.errors import PySparkException

    trace = 'Traceback (most recent call last):\n  File "x.py", line 1, in f\n    g()\n'
    missing = "ModuleNotFoundError: No module named 'leadpact'"
    below = "\n\n\tat org.apache.spark.Any(Any.scala)"
    with pytest.raises(RunError, match=f"a worker says {missing}"), told():
        raise PySparkException(f"From a worker:\n{trace}{missing}{below}")


def test_without_java(monkeypatch: pytest.MonkeyPatch, policy: Policy) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(RunError, match="Spark needs Java"):
        run_in_place(policy, PlaceOptions("spark", "a.csv", None, None, AS_OF, None, None))
