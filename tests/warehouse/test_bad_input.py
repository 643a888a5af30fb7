"""Input that is broken, columns that cannot be what they are named after, disks that are full."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from tests.warehouse.both_ways import CORPUS, options, policy

from leadpact.batch import RunError, place_of
from leadpact.warehouse import Resources, run

TABLE = CORPUS / "table"


def mistake(leads: object, **changes: object) -> tuple[str, str]:
    with pytest.raises(RunError) as raised:
        run(policy(), options(leads, **changes))
    return raised.value.message, raised.value.help


def parquet(path: Path, select: str) -> Path:
    duckdb.sql(f"COPY ({select}) TO '{path}'")
    return path


def test_a_parquet_file_cut_off(tmp_path: Path) -> None:
    path = parquet(tmp_path / "leads.parquet", "SELECT 'L-1' AS id, 'a@buyer.example' AS email")
    path.write_bytes(path.read_bytes()[:-40])
    message, help = mistake(path, out=tmp_path / "out.csv")
    assert message == f"{path}: this is no Parquet file, or only the first part of one."
    assert help == "Copy or write it again."
    assert [one.name for one in tmp_path.iterdir()] == ["leads.parquet"]


def test_a_column_that_cannot_be_a_text(tmp_path: Path) -> None:
    path = parquet(tmp_path / "leads.parquet", "SELECT 'L-1' AS id, {'a': 1} AS email")
    assert mistake(path)[0] == (
        f"{path}: the column `email` holds values of the type STRUCT(a INTEGER), "
        "but `email` is a text."
    )


def test_a_column_of_another_plain_type_is_read_as_its_text(tmp_path: Path) -> None:
    """What is no value then goes to the rejects, each with its reason."""
    select = "SELECT 'L-1' AS id, 'a@buyer.example' AS email, DATE '2026-01-01' AS employees"
    path = parquet(tmp_path / "leads.parquet", f"{select}, 46812345 AS phone")
    summary = run(policy(), options(path))
    assert [(one.line, one.reason) for one in summary.first_rejects] == [
        (1, "`2026-01-01` is not a number.")
    ]


def test_a_table_that_lacks_a_column(tmp_path: Path) -> None:
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(str(path)) as database:
        database.sql("CREATE TABLE leads AS SELECT 'L-1' AS id, 3 AS e_mail")
        database.sql("CREATE TABLE events AS SELECT 'L-1' AS lead, 'page_view' AS kind")
    place = f"{path}::leads"
    assert mistake(place_of(place)) == (
        f"{place}: there is no column `email`, which the policy requires.",
        "Did you mean `e_mail`? Rename it, or name it in a source mapping.",
    )
    events = place_of(f"{path}::events")
    message, _ = mistake(TABLE / "leads.csv", activities=events)
    assert message == f"{path}::events: there is no column `at`."


def test_a_database_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "crm.duckdb"
    path.write_text("not a database", encoding="utf-8")
    assert "this is no database" in mistake(place_of(f"{path}::leads"))[0]
    gone = tmp_path / "gone.duckdb"
    assert mistake(place_of(f"{gone}::leads"))[0] == f"{gone}: there is no such file."


def test_a_database_without_the_table(tmp_path: Path) -> None:
    path = tmp_path / "crm.duckdb"
    with duckdb.connect(str(path)) as database:
        database.sql("CREATE TABLE leads AS SELECT 'L-1' AS id")
    assert mistake(place_of(f"{path}::lead")) == (
        f"{path}::lead: there is no table `lead` in this database.",
        "Did you mean `leads`?",
    )


def test_a_database_without_the_name_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "crm.duckdb"
    duckdb.connect(str(path)).close()
    message, help = mistake(place_of(str(path)))
    assert message == f"{path}: this is a database; which table of it?"
    assert help == f"Write the table's name behind two colons: `{path}::leads`."


def test_a_pattern_that_matches_nothing(tmp_path: Path) -> None:
    place = str(tmp_path / "*.parquet")
    assert mistake(place_of(place))[0] == f"{place}: no file matches this pattern."


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_files_of_one_pattern_with_different_columns(ending: str, tmp_path: Path) -> None:
    columns = "'L-1' AS id, 'a@buyer.example' AS email"
    parquet(tmp_path / f"a.{ending}", f"SELECT {columns}, 1 AS employees")
    parquet(tmp_path / f"b.{ending}", f"SELECT {columns}")
    assert mistake(place_of(str(tmp_path / f"*.{ending}")))[0] == (
        f"{tmp_path}/b.{ending}: there is no column `employees`, but {tmp_path}/a.{ending} has one."
    )


def test_a_pattern_over_files_of_several_kinds(tmp_path: Path) -> None:
    parquet(tmp_path / "a.csv", "SELECT 1 AS id")
    parquet(tmp_path / "b.parquet", "SELECT 1 AS id")
    assert "of several kinds" in mistake(place_of(str(tmp_path / "*")))[0]


SMALL_DISK = """
import resource, signal, sys
from pathlib import Path
import leadpact
from leadpact.batch import RunError
from leadpact.warehouse import Resources, run
from tests.warehouse.both_ways import options, policy

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    run(policy(), options(Path(sys.argv[1]), out=Path(sys.argv[2])))
except RunError as wrong:
    print(wrong.message)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="files are limited in size on Linux only")
@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_a_full_disk(name: str, tmp_path: Path) -> None:
    leads, out = tmp_path / "leads.csv", tmp_path / name
    rows = "".join(f"L-{one * 7919},lead{one}@buyer.example\n" for one in range(8_000))
    leads.write_text(f"id,email\n{rows}", encoding="utf-8")
    command = [sys.executable, "-c", SMALL_DISK, str(leads), str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "cannot be written" in done.stdout or "no room left" in done.stdout, done.stdout
    assert [one.name for one in tmp_path.iterdir()] == ["leads.csv"]


def test_a_memory_that_is_too_little(tmp_path: Path) -> None:
    asked = options(TABLE / "leads.csv", out=tmp_path / "out.csv")
    with pytest.raises(RunError) as raised:
        run(policy(), asked, resources=Resources(memory="a lot"))
    assert raised.value.message == "--memory: `a lot` is no size."
    assert not list(tmp_path.iterdir())
