"""What Spark brings together: leads and events as rows with a key, and what they are read as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from leadpact.batch.columns import layout
from leadpact.batch.numbers import Numbers
from leadpact.batch.places import RunError
from leadpact.batch.sources import NO_MAPPING, SourceMapping
from leadpact.checked import CheckedPolicy
from leadpact.places.spark_files import FAULT, Read
from leadpact.places.spark_lines import KEYED, KeyedLines
from leadpact.places.spark_worker import Rows
from leadpact.warehouse.table import Given, check_columns

__all__ = ["Input", "event_input", "lead_input", "name"]

_OF_EVENTS = ("lead", "kind", "at", "id", "by")
_BLANKS = "' \\t\\n\\r\\u000B\\u000C'"


@dataclass(frozen=True)
class Input:
    """``frame`` has the columns ``key`` and ``row``; ``unused`` names columns that tell nothing.

    ``event_ids``: an event in these rows may have an id of its own.
    """

    frame: Any
    rows: Rows
    unused: tuple[str, ...] = ()
    event_ids: bool = False


def name(text: str) -> str:
    """A name in quotes."""
    return "`" + text.replace("`", "``") + "`"


def lead_input(read: Read, policy: CheckedPolicy, mapping: SourceMapping) -> Input:
    """Leads; RunError when a column is missing, or cannot be what it is used for."""
    if read.format == "lines":
        return _of_lines(read.frame, mapping.id_column)
    header = _columns(read)
    found = layout(Path("leads"), header, policy, mapping)
    used = [header[at] for at in (found.id_at, *(at for at, _ in found.columns))]
    given = _empty(read.frame, used, "leads")
    check_columns(policy, mapping, given, None)
    return _of_columns(read, used, used[0], found.unused)


def event_input(read: Read, policy: CheckedPolicy) -> Input:
    """Events."""
    if read.format == "lines":
        return _of_lines(read.frame, "lead")
    known = {*_OF_EVENTS, *(one.name for kind in policy.kinds for one in kind.properties)}
    columns = _columns(read)
    used = [column for column in columns if column in known]
    given = _empty(read.frame, used, "activities")
    check_columns(policy, NO_MAPPING, None, given)
    unused = tuple(column for column in columns if column not in known)
    found = _of_columns(read, used, "lead", unused)
    return replace(found, event_ids="id" in used)


def _columns(read: Read) -> list[str]:
    return [column for column in read.frame.columns if column != FAULT or read.format != "csv"]


def _empty(frame: Any, used: Sequence[str], what: str) -> Given:
    """A table without rows, whose columns have the types that a worker will see."""
    from pyspark.errors import PySparkException
    from pyspark.sql.pandas.types import to_arrow_schema
    from pyspark.sql.types import StructType

    types = {field.name: field for field in frame.schema.fields}
    for column in used:
        try:
            to_arrow_schema(StructType([types[column]]), timezone="UTC")
        except PySparkException:
            type_ = types[column].dataType.simpleString()
            raise RunError(
                f"{what}: the column `{column}` holds values of the type {type_}.",
                "Give it another type in a view; a column of texts is read like a CSV file.",
            ) from None
    schema = to_arrow_schema(StructType([types[column] for column in used]), timezone="UTC")
    return Given(schema.empty_table(), Numbers(what))


def _of_columns(read: Read, used: Sequence[str], key: str, unused: tuple[str, ...]) -> Input:
    """Rows of columns: those that are used travel, under numbers in place of their names."""
    text = f"trim(BOTH {_BLANKS} FROM CAST({name(key)} AS string))"
    keyed = f"CAST(nullif({text}, '') AS binary)"
    cells = [name(column) for column in used]
    if read.format != "csv":
        frame = read.frame.selectExpr(f"{keyed} AS key", f"{_struct(cells)} AS row")
        return Input(frame, Rows("columns", tuple(used)), unused)
    # A line that is none has no cells; of a row without a key the whole text is shown.
    columns = _columns(read)
    whole = ", ".join(f"coalesce({name(column)}, '')" for column in columns)
    shown = f"CASE WHEN {keyed} IS NULL THEN concat_ws(',', {whole}) END"
    fine = f"{name(FAULT)} IS NULL"
    cells = [f"CASE WHEN {fine} THEN {cell} END" for cell in cells]
    struct = _struct([name(FAULT), shown, *cells])
    frame = read.frame.selectExpr(f"CASE WHEN {fine} THEN {keyed} END AS key", f"{struct} AS row")
    names = ("#fault", "#value", *used)
    return Input(frame, Rows("checked", names, len(columns)), unused)


def _struct(values: Sequence[str]) -> str:
    return f"struct({', '.join(f'{value} AS c{at}' for at, value in enumerate(values))})"


def _of_lines(frame: Any, key: str) -> Input:
    found = frame.selectExpr("CAST(value AS binary) AS line").mapInArrow(KeyedLines(key), KEYED)
    rows = found.selectExpr("key", "struct(fault, value, text) AS row")
    return Input(rows, Rows("lines", ("#fault", "#value", "text")), event_ids=True)
