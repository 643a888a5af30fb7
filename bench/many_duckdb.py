"""Runs a hand-written query by DuckDB, Parquet to Parquet, in a process of its own.

    python bench/many_duckdb.py QUERY.sql LEADS ACTIVITIES OUT AS_OF [--once] [--memory SIZE]

``--once`` leaves out events that repeat an id (many_once.sql). OUT is ``-`` for queries whose
answers are thrown away.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent


def text(value: object) -> str:
    """A text in SQL."""
    return "'" + str(value).replace("'", "''") + "'"


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a hand-written query by DuckDB.")
    parser.add_argument("query", type=Path)
    parser.add_argument("leads", type=Path)
    parser.add_argument("activities", type=Path)
    parser.add_argument("out")
    parser.add_argument("as_of")
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--memory")
    asked = parser.parse_args()
    query = asked.query.read_text(encoding="utf-8").rstrip().removesuffix(";")
    with duckdb.connect() as connection:
        run = connection.execute
        run("SET TimeZone = 'UTC'")
        run(f"SET VARIABLE as_of = TIMESTAMPTZ {text(asked.as_of)}")
        if asked.memory:
            run(f"SET memory_limit = {text(asked.memory)}")
        if asked.out != "-":
            # The order of the rows is nobody's concern here, which saves memory.
            run("SET preserve_insertion_order = false")
            run(f"SET temp_directory = {text(Path(asked.out).parent / 'spilt')}")
        run(f"CREATE TEMP VIEW leads AS FROM read_parquet({text(asked.leads)})")
        events = "given" if asked.once else "events"
        run(f"CREATE TEMP VIEW {events} AS FROM read_parquet({text(asked.activities)})")
        if asked.once:
            run((HERE / "many_once.sql").read_text(encoding="utf-8"))
        if asked.out == "-":
            for one in query.split(";"):
                run(f"CREATE OR REPLACE TEMP TABLE thrown_away AS {one}")
        else:
            run(f"COPY ({query}) TO {text(asked.out)} (FORMAT parquet)")


if __name__ == "__main__":
    main()
