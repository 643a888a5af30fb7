"""What Spark reads and writes: paths of Parquet, CSV and JSON lines, and tables of its catalog."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from leadpact.batch.places import RunError

__all__ = ["FAULT", "Read", "read_place", "written"]

FAULT = "#fault"

_FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}
_TIMES: dict[str, str | bool] = {
    "timestampFormat": "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XXX",
    "dateFormat": "yyyy-MM-dd",
}
_CELLS: dict[str, str | bool] = {
    **_TIMES,
    "header": True,
    # As everybody else writes it, and with no blank of a text lost.
    "escape": '"',
    "emptyValue": "",
    "ignoreLeadingWhiteSpace": False,
    "ignoreTrailingWhiteSpace": False,
}
_WRITTEN: dict[str, dict[str, str | bool]] = {"csv": _CELLS, "json": _TIMES, "parquet": {}}


@dataclass(frozen=True)
class Read:
    """A DataFrame, and what its rows are: columns, cells of CSV, or lines of JSON.

    Cells are texts, with the column ``FAULT`` behind them: the text of a line that has another
    number of cells than there are columns.
    """

    frame: Any
    format: Literal["columns", "csv", "lines"] = "columns"


def read_place(session: Any, place: str) -> Read:
    """What is at a path, by its ending, or the table of that name; RunError if nothing is."""
    from pyspark.errors import AnalysisException

    format_ = _format_of(place)
    try:
        match format_:
            case None:
                return Read(session.table(place))
            case "csv":
                return Read(_cells(session, place), "csv")
            case "json":
                return Read(session.read.option("lineSep", "\n").text(place), "lines")
            case _:
                return Read(session.read.format(format_).load(place))
    except AnalysisException as error:
        what = "table" if format_ is None else "file"
        if "NOT_FOUND" in str(error) or "PATH" in str(error):
            raise RunError(
                f"{place}: Spark finds no such {what}.",
                "A path ends in .parquet, .csv or .jsonl; anything else is the name of a table.",
            ) from None
        raise


def _cells(session: Any, place: str) -> Any:
    """Texts, so that nothing is guessed: they are read like the cells of any CSV file."""
    from pyspark.sql.types import StringType, StructField, StructType

    options = {"header": True, "multiLine": True, "escape": '"', "inferSchema": False}
    columns = session.read.options(**options).csv(place).columns
    texts = [StructField(column, StringType()) for column in (*columns, FAULT)]
    # Without all columns Spark would not see that a line has too few.
    options |= {"columnNameOfCorruptRecord": FAULT, "columnPruning": False}
    return session.read.options(**options).schema(StructType(texts)).csv(place)


def _format_of(place: str) -> str | None:
    path = PurePath(place.rstrip("/"))
    found = _FORMATS.get(path.suffix.lower())
    if found is None and "/" in place:
        # A folder, as Spark itself writes them.
        return "parquet"
    return found


def written(session: Any, wanted: list[tuple[str, Any]]) -> None:
    """Write frames to their paths: first all of them beside, then each in its place."""
    beside = []
    try:
        for place, frame in wanted:
            format_ = _format_of(place)
            if format_ is None:
                raise RunError(
                    f"{place}: a path is wanted here.", "End it in .parquet, .csv or .jsonl."
                )
            partial = _partial(place)
            beside.append((partial, place))
            flat = _flattened(frame) if format_ == "csv" else frame
            options = _WRITTEN[format_]
            flat.write.format(format_).options(**options).mode("overwrite").save(partial)
        for partial, place in beside:
            _replace(session, partial, place)
    finally:
        for partial, _ in beside:
            system, path = _system(session, partial)
            system.delete(path, True)


def _flattened(frame: Any) -> Any:
    """Lists as JSON, because cells of CSV hold none."""
    columns = [
        f"to_json(`{field.name}`) AS `{field.name}`"
        if field.dataType.simpleString().startswith("array")
        else f"`{field.name}`"
        for field in frame.schema.fields
    ]
    return frame.selectExpr(*columns)


def _partial(place: str) -> str:
    folder, _, last = place.rstrip("/").rpartition("/")
    return f"{folder}/.{last}.partial" if folder else f".{last}.partial"


def _replace(session: Any, partial: str, place: str) -> None:
    system, source = _system(session, partial)
    _, target = _system(session, place)
    system.delete(target, True)
    if not system.rename(source, target):
        raise RunError(f"{place}: what was written could not be put there.")


def _system(session: Any, place: str) -> tuple[Any, Any]:
    """The file system of a path, and the path as it knows it."""
    java = session.sparkContext._jvm
    path = java.org.apache.hadoop.fs.Path(place)
    return path.getFileSystem(session.sparkContext._jsc.hadoopConfiguration()), path
