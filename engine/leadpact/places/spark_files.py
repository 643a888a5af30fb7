"""What Spark reads and writes: paths of Parquet, CSV and JSON lines, and tables of its catalog."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from leadpact.batch.places import RunError

__all__ = ["read_frame", "written"]

_FORMATS = {
    ".parquet": "parquet",
    ".csv": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}
_TIMES = {"timestampFormat": "yyyy-MM-dd'T'HH:mm:ss[.SSSSSS]XXX", "dateFormat": "yyyy-MM-dd"}


def read_frame(session: Any, place: str) -> Any:
    """What is at a path, by its ending, or the table of that name; RunError if nothing is."""
    from pyspark.errors import AnalysisException

    format_ = _format_of(place)
    try:
        match format_:
            case None:
                return session.table(place)
            case "csv":
                # Texts, so that nothing is guessed: they are read like the cells of any CSV file.
                options = {"header": True, "multiLine": True, "escape": '"', "inferSchema": False}
                return session.read.options(**options).csv(place)
            case "json":
                return session.read.options(prefersDecimal=True).json(place)
            case _:
                return session.read.format(format_).load(place)
    except AnalysisException as error:
        what = "table" if format_ is None else "file"
        if "NOT_FOUND" in str(error) or "PATH" in str(error):
            raise RunError(
                f"{place}: Spark finds no such {what}.",
                "A path ends in .parquet, .csv or .jsonl; anything else is the name of a table.",
            ) from None
        raise


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
            options = {**_TIMES, "header": True} if format_ == "csv" else _TIMES
            if format_ == "parquet":
                options = {}
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
