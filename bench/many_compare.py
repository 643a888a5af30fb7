"""Do two tables of decisions say the same? Compares every column, of Parquet files or CSV.

    python bench/many_compare.py RIGHT OTHER

prints which columns were compared, and ends with status 1 at a difference.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

POINTS = ("interest", "fit_points")
INSTANTS = ("as_of", "valid_until")
COLUMNS = (
    *("as_of", "interest", "fit", "fit_points", "quadrant", "bant"),
    *("next_stage", "valid_until"),
)


def relation(connection: duckdb.DuckDBPyConnection, name: str, path: Path) -> list[str]:
    """Make the file a view, spelled alike whoever wrote it; the columns that it lacks."""
    place = str(path).replace("'", "''")
    source = (
        f"read_csv('{place}', header = true, all_varchar = true)"
        if path.suffix == ".csv"
        else f"read_parquet('{place}')"
    )
    found = connection.execute(f"SELECT column_name, column_type FROM (DESCRIBE FROM {source})")
    types = dict(found.fetchall())
    spelled = ", ".join(
        f"{alike(column, types[column])} AS {column}" for column in COLUMNS if column in types
    )
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT id::TEXT AS id, {spelled} FROM {source}")
    return [column for column in COLUMNS if column not in types]


def alike(column: str, kind: str) -> str:
    """Points to the hundredth, instants to the microsecond, an empty text as none."""
    if column in POINTS:
        return f"{column}::DECIMAL(18, 2)"
    if column in INSTANTS:
        if kind == "BIGINT":
            return column
        known = f"nullif({column}, '')" if kind == "VARCHAR" else column
        return f"epoch_us({known}::TIMESTAMPTZ)"
    return f"nullif({column}, '')"


def differences(connection: duckdb.DuckDBPyConnection, columns: list[str]) -> list[str]:
    counts = [f"count(*) FILTER (a.{c} IS DISTINCT FROM b.{c})" for c in columns]
    both = "a.id IS NOT NULL AND b.id IS NOT NULL"
    query = f"""
        SELECT count(*) FILTER (b.id IS NULL), count(*) FILTER (a.id IS NULL),
            (SELECT count(*) - count(DISTINCT id) FROM other),
            {", ".join(count.replace("FILTER (", f"FILTER ({both} AND ") for count in counts)}
        FROM "right" a FULL JOIN other b ON a.id = b.id"""
    row = connection.execute(query).fetchone() or ()
    told = ("leads lost", "leads added", "leads told twice", *columns)
    return [f"{name}: {count:,}" for name, count in zip(told, row, strict=True) if count]


def example(connection: duckdb.DuckDBPyConnection, column: str) -> str:
    query = f"""
        SELECT a.id, a.{column}::TEXT, b.{column}::TEXT FROM "right" a JOIN other b ON a.id = b.id
        WHERE a.{column} IS DISTINCT FROM b.{column} ORDER BY a.id LIMIT 1"""
    row = connection.execute(query).fetchone()
    return "" if row is None else f"{column} of {row[0]}: {row[1]} against {row[2]}"


def main() -> None:
    right, other = map(Path, sys.argv[1:])
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        lacking = relation(connection, '"right"', right) + relation(connection, "other", other)
        columns = [column for column in COLUMNS if column not in lacking]
        found = differences(connection, columns)
        if lacking:
            found.append(f"without {', '.join(lacking)}")
        if found:
            examples = filter(None, (example(connection, column) for column in columns))
            sys.exit("; ".join(found) + "\n  " + "\n  ".join(examples))
        print(", ".join(columns))


if __name__ == "__main__":
    main()
