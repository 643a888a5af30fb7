"""Named cases on a real server: odd rows, tables that are replaced, and what people are told."""

# ruff: noqa: E501
from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.places.server import started

import leadpact
from leadpact.batch.places import RunError, shown_address
from leadpact.places import PlaceOptions, PlaceOutcome, run_in_place
from leadpact.places.postgres_outputs import NewTable
from leadpact.places.postgres_server import split_name
from leadpact.warehouse.postgres_door import _refused

psycopg = pytest.importorskip("psycopg", reason="no Postgres: `pip install 'leadpact[postgres]'`")

AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
KONTOR = Path(__file__).parent.parent.parent / "policies" / "kontor"
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
    call "Called":
        length "Length" text

score interest "Interest":
    +1 each visit within 30 days, at most 5 times
    +10 when size is large
    +20 when staff is more than 10
    +40 when topics includes tea
    +80 when open is yes
    +100 when seen is before 2026-10-25
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with started() as running:
        yield running


@pytest.fixture
def db(address: str) -> Iterator[Any]:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS shop CASCADE; CREATE SCHEMA shop")
        connection.execute("SET search_path = shop; SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE TABLE leads (id text, email text, size text, staff integer, budget numeric,"
            " open boolean, topics text[], born date, seen timestamptz)"
        )
        connection.execute(
            "CREATE TABLE activities (lead text, kind text, at timestamptz, id text,"
            ' "visit.length" double precision, "call.length" text)'
        )
        yield connection


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    return leadpact.load_text(POLICY)


def run(address: str, policy: leadpact.Policy, **changes: Any) -> PlaceOutcome:
    plain: dict[str, Any] = {
        "on": address,
        "leads": "shop.leads",
        "activities": "shop.activities",
        "source": None,
        "as_of": AS_OF,
        "out": "shop.decisions",
        "rejects": "shop.rejects",
        "verify_sample": 100,
    }
    return run_in_place(policy, PlaceOptions(**{**plain, **changes}))


def interest(db: Any) -> dict[str, float]:
    rows = db.execute("SELECT id, interest FROM shop.decisions ORDER BY id").fetchall()
    return {key: float(points) for key, points in rows}


def rejects(db: Any) -> list[tuple[str, ...]]:
    return list(db.execute("SELECT * FROM shop.rejects ORDER BY input, id, field").fetchall())


def mistake(address: str, policy: leadpact.Policy, **changes: Any) -> tuple[str, str]:
    with pytest.raises(RunError) as raised:
        run(address, policy, **changes)
    return raised.value.message, raised.value.help


# --- rows ----------------------------------------------------------------------------------------


def test_plain_rows_are_decided_on_the_server(address: str, db: Any, policy: Any) -> None:
    db.execute(
        "INSERT INTO leads (id, size, staff, topics, open) VALUES"
        " ('a', 'large', 11, '{tea}', true), (' b ', NULL, NULL, NULL, false), ('c', 'small', 10, '{coffee}', NULL)"
    )
    db.execute(
        "INSERT INTO activities (lead, kind, at) VALUES ('a', 'visit', '2026-11-20'), ('b', 'visit ', '2026-11-21 09:00'),"
        " ('b', 'visit', '2026-11-21 09:00:00.000001'), (' b', 'visit', '2026-10-01')"
    )
    told = run(address, policy)
    assert interest(db) == {"a": 151, "b": 1, "c": 0}
    assert rejects(db) == []
    assert told.notes == ("3 leads were decided by Python, too: the same decisions.",)
    summary = told.summary
    assert (summary.read, summary.decided, summary.events.read, summary.exit_status) == (3, 3, 4, 0)
    assert summary.scores["interest"] == 152


def test_odd_leads_are_told_as_python_tells_them(address: str, db: Any, policy: Any) -> None:
    db.execute(
        "INSERT INTO leads (id, budget) VALUES ('nan', 'NaN'), ('endless', 'Infinity'), ('digits', 0.1234567), ('huge', 1e40), ('fine', 0.123456)"
    )
    db.execute("INSERT INTO leads (id, size) VALUES ('choice', 'LARGE'), ('blank', '  ')")
    db.execute("INSERT INTO leads (id, staff) VALUES ('many', 1001)")
    db.execute(
        "INSERT INTO leads (id, topics) VALUES ('hole', '{tea,NULL}'), ('none', '{}'), ('wine', '{wine}')"
    )
    db.execute(
        "INSERT INTO leads (id, born) VALUES ('old', '0044-03-15 BC'), ('never', 'infinity')"
    )
    db.execute("INSERT INTO leads (id, seen) VALUES ('ever', '-infinity')")
    db.execute("INSERT INTO leads (id) VALUES (NULL), ('  '), ('twice'), (' twice'), ('twice')")
    db.execute("INSERT INTO leads (id, email) VALUES ('spam', 'x@SPAM.example')")
    told = run(address, policy)
    assert set(interest(db)) == {"blank", "fine", "huge", "none"}
    found = {(key, field): (value, reason) for key, field, value, reason, _ in rejects(db)}
    assert found["nan", "budget"] == ("NaN", "`NaN` is not a number.")
    assert found["endless", "budget"] == ("Infinity", "`Infinity` is not a number.")
    assert "more than 6 decimals" in found["digits", "budget"][1]
    assert found["choice", "size"] == ("LARGE", "One of small, large is wanted here.")
    assert found["many", "staff"] == ("1001", "The number is above 1,000.")
    assert (
        found["hole", "topics"][1]
        == found["wine", "topics"][1]
        == "One of tea, coffee is wanted here."
    )
    assert "not a date like" in found["old", "born"][1]
    assert "not a date like" in found["never", "born"][1]
    assert found["ever", "seen"][1].startswith("An instant is wanted here")
    assert found["", "id"][1] == "A record needs an id."
    assert found["twice", "id"] == ("twice", "Several leads have this id: 3 rows.")
    assert [row[3] for row in rejects(db) if row[0] == "spam"] == ["Nobody is there."]
    summary = told.summary
    assert (summary.read, summary.decided, summary.refused, summary.wrong) == (20, 4, 1, 15)
    assert summary.reject_rows == len(rejects(db)) == 16


def test_odd_events_are_told_as_python_tells_them(address: str, db: Any, policy: Any) -> None:
    db.execute("INSERT INTO leads (id) VALUES ('a'), ('b')")
    db.execute(
        'INSERT INTO activities (lead, kind, at, id, "visit.length", "call.length") VALUES'
        " ('a', 'visit', '2026-11-20', 'e1', 101, NULL), ('a', 'visit', '2026-11-20', 'e2', 0.1, NULL),"
        " ('a', 'visit', '2026-11-20', 'e2', 0.1, NULL), ('a', NULL, '2026-11-20', NULL, NULL, NULL),"
        " ('a', 'visit', NULL, NULL, NULL, NULL), ('a', 'visit', 'infinity', NULL, NULL, NULL),"
        " ('b', 'dance', '2026-11-20', NULL, NULL, NULL), ('b', 'visit', '2026-11-20', NULL, 7, 'long'),"
        " (NULL, 'visit', '2026-11-20', NULL, NULL, NULL), ('z', 'visit', '2026-11-20', NULL, NULL, NULL)"
    )
    told = run(address, policy)
    assert interest(db) == {"a": 1, "b": 1}
    assert [(row[0], row[1], row[3]) for row in rejects(db) if row[4] == "activities"] == [
        ("", "", "The event does not say whose it is: `lead` is missing."),
        ("a", "kind", "An event needs a kind."),
        ("a", "visit.at", "An instant is wanted here, like 2026-11-21T09:00:00Z."),
        ("a", "visit.at", "An instant is wanted here, like 2026-11-21T09:00:00Z."),
        ("a", "visit.length", "The number is above 100."),
        ("z", "lead", "No lead with this id was read."),
    ]
    events = told.summary.events
    assert (events.read, events.ignored, events.set_aside) == (9, 1, 4)
    assert (events.wrong_lines, events.without_lead) == (1, 1)
    warned = {(one.code, one.subject): one.count for one in told.summary.warnings}
    assert warned["unknown_key", "visit.call.length"] == 1


@pytest.mark.parametrize(
    ("local", "points"),
    [
        # The clock is put back from 03:00 to 02:00: what stands there twice is the first time.
        ("2026-10-24 23:59:59.999999", 100),
        ("2026-10-25 00:00:00", 0),
        ("2026-10-25 02:30:00", 0),
    ],
)
def test_times_without_an_offset_are_local(
    address: str, db: Any, policy: Any, local: str, points: int
) -> None:
    db.execute("ALTER TABLE leads ALTER seen TYPE timestamp")
    db.execute("INSERT INTO leads (id, seen) VALUES ('a', %s), ('b', NULL)", (local,))
    told = run(address, policy)
    assert interest(db) == {"a": points, "b": 0}
    warned = {(one.code, one.subject): one.count for one in told.summary.warnings}
    assert warned == {("naive_instant", "seen"): 1}


def test_columns_of_texts_are_read_like_cells_of_csv(address: str, db: Any, policy: Any) -> None:
    for column in ("staff", "budget", "open", "topics", "born", "seen"):
        db.execute(f"ALTER TABLE leads ALTER {column} TYPE text USING NULL")
    db.execute("ALTER TABLE activities ALTER at TYPE text USING NULL")
    db.execute(
        "INSERT INTO leads (id, staff, open, topics, born, seen) VALUES"
        " ('a', ' 11 ', 'Yes', 'tea; coffee', '2026-02-28', '2026-10-01T00:00+02:00'),"
        " ('b', '11.0', '0', ' ; ', '2024-02-29', '2026-10-24T23:00Z'), ('c', '1e1', 'on', 'x', '2026-02-30', 'soon')"
    )
    db.execute(
        "INSERT INTO activities (lead, kind, at) VALUES ('a', 'visit', '2026-11-20T10:00:00.5+05:30')"
    )
    run(address, policy)
    assert interest(db) == {"a": 241, "b": 20}
    assert [row[1] for row in rejects(db)] == ["born", "open", "seen", "staff", "topics"]


def test_moves_in_a_column_of_json_are_a_history(address: str, db: Any) -> None:
    db.execute("DROP TABLE leads")
    db.execute(
        "CREATE TABLE leads (id text, email text, stage text, stage_since timestamptz, moves jsonb)"
    )
    db.execute(
        "INSERT INTO leads VALUES ('a', 'a@buyer.example', 'mql', '2026-11-20', '[{\"to\": \"mql\", \"at\": \"2026-11-20T00:00:00Z\"}]'),"
        " ('b', 'b@buyer.example', 'mql', '2026-11-20', NULL), ('c', 'c@buyer.example', 'mql', '2026-11-20', '{}')"
    )
    told = run(address, leadpact.load(KONTOR), activities=None)
    assert told.summary.decided == 2
    assert [row[1] for row in rejects(db)] == ["moves"]


# --- tables --------------------------------------------------------------------------------------


def test_a_table_is_replaced_only_when_all_is_well(
    address: str, db: Any, policy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.execute("INSERT INTO leads (id) VALUES ('a')")
    run(address, policy)
    db.execute("INSERT INTO leads (id) VALUES ('b')")
    keep = NewTable.keep

    def stop(table: NewTable, comment: str) -> None:
        keep(table, comment)
        raise KeyboardInterrupt

    monkeypatch.setattr(NewTable, "keep", stop)
    with pytest.raises(KeyboardInterrupt):
        run(address, policy)
    assert interest(db) == {"a": 0}
    monkeypatch.undo()
    run(address, policy)
    assert interest(db) == {"a": 0, "b": 0}
    tables = db.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relname LIKE 'leadpact%'"
    ).fetchall()
    assert tables == []


def test_a_run_that_is_killed_leaves_nothing(
    address: str, db: Any, policy: Any, tmp_path: Path
) -> None:
    db.execute("INSERT INTO leads (id) VALUES ('a')")
    run(address, policy)
    db.execute("INSERT INTO leads (id) VALUES ('b')")
    (tmp_path / "shop.leadpact").write_text(POLICY, "utf-8")
    command = [sys.executable, "-m", "leadpact", "run", str(tmp_path), "--on", address]
    tables = ["--leads", "shop.leads", "--activities", "shop.activities", "--out", "shop.decisions"]
    ours = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'leadpact'"
    with db.transaction():
        # The table that is read here cannot be replaced meanwhile: there the run is killed.
        assert interest(db) == {"a": 0}
        with subprocess.Popen([*command, *tables]) as running:
            wait_for(db, f"{ours} AND wait_event_type = 'Lock'", 1)
            running.kill()
        wait_for(db, ours, 0)
    assert interest(db) == {"a": 0}
    made = "SELECT count(*) FROM pg_class WHERE relnamespace = 'shop'::regnamespace"
    assert db.execute(f"{made} AND relname LIKE 'leadpact%'").fetchone() == (0,)


def wait_for(db: Any, sql: str, count: int) -> None:
    for _ in range(300):
        # The server tells a transaction the same again and again, unless it is asked anew.
        db.execute("SELECT pg_stat_clear_snapshot()")
        if db.execute(sql).fetchone() == (count,):
            return
        time.sleep(0.1)
    raise AssertionError(sql)


def test_odd_names_and_names_without_a_schema(address: str, db: Any, policy: Any) -> None:
    db.execute('ALTER TABLE leads RENAME TO "All ""our"" leads."')
    db.execute('INSERT INTO "All ""our"" leads." (id) VALUES (\'a\')')
    run(
        address, policy, leads='shop."All ""our"" leads."', out='shop."New.decisions"', rejects=None
    )
    assert db.execute('SELECT id FROM shop."New.decisions"').fetchall() == [("a",)]
    assert split_name("shop.leads") == ("shop", "leads")
    with pytest.raises(RunError):
        split_name("a.b.c")


def test_strict_stops_and_writes_nothing(address: str, db: Any, policy: Any) -> None:
    db.execute("INSERT INTO leads (id, size) VALUES ('a', 'huge'), ('b', 'small')")
    told = run(address, policy, strict=True)
    assert told.summary.stopped
    assert told.summary.first_rejects[0].id == "a"
    assert db.execute("SELECT to_regclass('shop.decisions')").fetchone() == (None,)


def test_rows_of_points_on_request(address: str, db: Any, policy: Any) -> None:
    db.execute(
        "INSERT INTO leads (id, size, budget) VALUES ('a', 'large', 1), ('odd', 'large', 1e30)"
    )
    db.execute(
        "INSERT INTO activities (lead, kind, at) VALUES ('a', 'visit', '2026-11-20'), ('odd', 'visit', '2026-11-20')"
    )
    run(address, policy, explain=True)
    rows = dict(db.execute("SELECT id, rows FROM shop.decisions").fetchall())
    assert rows["a"] == [
        {"rule": "interest.size", "points": 10, "count": None},
        {"rule": "interest.visit", "points": 1, "count": 1},
    ]
    assert rows["odd"] == rows["a"]


# --- what people are told ------------------------------------------------------------------------


def test_mistakes_of_use(address: str, db: Any, policy: Any) -> None:
    assert mistake(address, policy, leads="shop.lead")[1] == "Did you mean `shop.leads`?"
    assert mistake(address, policy, leads="shopp.leads")[1] == "Did you mean `shop`?"
    assert "is read in the same run" in mistake(address, policy, out="shop.leads")[0]
    assert "cannot go to the same table" in mistake(address, policy, rejects="shop.decisions")[0]
    assert "Lives are told by Python" in mistake(address, policy, replay=True)[0]
    db.execute("CREATE TABLE mine (a int)")
    assert "Leadpact has not written it" in mistake(address, policy, out="shop.mine")[0]
    db.execute("ALTER TABLE leads RENAME id TO idd")
    assert mistake(address, policy) == (
        "shop.leads: there is no column `id`.",
        "Did you mean `idd`?",
    )
    db.execute("ALTER TABLE leads RENAME idd TO id; ALTER TABLE leads ALTER open TYPE int USING 1")
    assert mistake(address, policy)[0] == (
        "shop.leads: the column `open` holds whole numbers (integer), but `open` is yes or no."
    )


def test_rights(address: str, db: Any, policy: Any) -> None:
    db.execute(
        "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA shop TO reader"
    )
    reader = address.replace("postgres:@", "reader:sesame@")
    assert mistake(reader, policy)[0] == "shop.leads: reader may not read this table."
    db.execute("GRANT SELECT ON ALL TABLES IN SCHEMA shop TO reader")
    assert mistake(reader, policy)[0] == (
        "shop.decisions: reader may not make tables in the schema shop."
    )
    assert run(reader, policy, out=None, rejects=None).summary.read == 0
    db.execute("REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
    assert mistake(reader, policy, out=None)[1] == (
        'The database\'s owner can allow it: GRANT TEMPORARY ON DATABASE "postgres" TO reader'
    )
    db.execute("GRANT TEMPORARY ON DATABASE postgres TO PUBLIC")
    db.execute("DROP OWNED BY reader; DROP ROLE reader")


def test_servers_that_refuse(address: str, policy: Any) -> None:
    nobody = "postgresql://ann:sesame@127.0.0.1:1/crm"
    assert mistake(nobody, policy)[0] == "postgresql://ann@127.0.0.1:1/crm: nobody answers there."
    assert "knows no such user" in mistake(address.replace("postgres:@", "ann:sesame@"), policy)[0]
    missing = address.replace("/postgres?", "/crm?")
    assert "no such database" in mistake(missing, policy)[0]
    told = _refused(missing, 'connection failed: FATAL:  too many connections for role "ann"')
    assert told.help == 'It says: too many connections for role "ann"'
    assert "is no address" in mistake("postgresql://ann:sesame@[::1/crm", policy)[0]


def test_passwords_are_never_told() -> None:
    where = "postgresql://ann:sesame@db.example:5432/crm?password=sesame"
    assert "sesame" not in shown_address(where)
    for said in (
        'FATAL:  password authentication failed for user "ann"',
        "fe_sendauth: no password supplied",
    ):
        told = _refused(where, said)
        assert "password" in told.message
        assert "sesame" not in told.message + told.help
