"""What a run reads and writes: one file, the files of a pattern, or a table of a database."""

from __future__ import annotations

import difflib
import glob
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, assert_never

__all__ = [
    "DATABASE_FILES",
    "FORMATS",
    "Format",
    "Pattern",
    "Place",
    "RunError",
    "Table",
    "TextFormat",
    "cannot_write",
    "check_input",
    "check_output",
    "did_you_mean",
    "files_of",
    "format_of",
    "is_server",
    "place_of",
    "same",
    "shown_address",
    "text_format",
]

TextFormat: TypeAlias = Literal["csv", "json lines"]
Format: TypeAlias = TextFormat | Literal["parquet"]

FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "json lines",
    ".ndjson": "json lines",
    ".parquet": "parquet",
}
DATABASE_FILES = (".duckdb", ".ddb", ".sqlite", ".sqlite3", ".db")
"""Endings of files that hold tables. Which database wrote it, the file itself tells."""

_SERVERS = ("postgresql://", "postgres://")
_WILD = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Pattern:
    """All files whose paths match, in the order of their names: ``leads/*.parquet``."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a database: a file of DuckDB or SQLite, or the address of a Postgres server.

    Written ``crm.duckdb::leads``, ``postgresql://host/crm::sales.leads``.
    """

    database: str
    name: str

    def __str__(self) -> str:
        return f"{self.database}::{self.name}"

    @property
    def shown(self) -> str:
        """The table as messages name it."""
        server = is_server(self.database)
        return f"{shown_address(self.database) if server else self.database}::{self.name}"


Place: TypeAlias = Path | Pattern | Table


class RunError(Exception):
    """A run that cannot start or go on; ``message`` and ``help`` are for people."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``Did you mean `city`?`` for the nearest known word, or nothing."""
    by_folded = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), by_folded, n=1)
    return f"Did you mean `{by_folded[near[0]]}`?" if near else ""


def place_of(text: str) -> Place:
    """What a user means by ``text``. Nothing is looked at but whether a file has that very name."""
    database, mark, name = text.rpartition("::")
    if mark and database and name and (is_server(database) or _holds_tables(Path(database))):
        return Table(database, name)
    if is_server(text):
        raise RunError(
            f"{shown_address(text)}: this does not say which table.",
            "Add its name behind two colons: `postgresql://host/database::leads`.",
        )
    path = Path(text)
    if _WILD & set(text) and not path.exists():
        return Pattern(text)
    return path


def is_server(database: str) -> bool:
    """Whether a table's ``database`` is the address of a server, and no file."""
    return database.startswith(_SERVERS)


def files_of(place: Path | Pattern) -> tuple[Path, ...]:
    """The files that are meant, in order; RunError when a pattern matches none."""
    if isinstance(place, Path):
        return (place,)
    found = sorted(Path(one) for one in glob.glob(place.text, recursive=True))  # noqa: PTH207
    files = tuple(path for path in found if not path.is_dir())
    if not files:
        raise RunError(
            f"{place}: no file matches this pattern.",
            "`*` stands for any letters of a name, `**` for any folders between.",
        )
    return files


def format_of(place: Place) -> Format:
    """How the files are written, by their ending; RunError for an ending that is not known."""
    path = place if isinstance(place, Path) else Path(str(place))
    found = FORMATS.get(path.suffix.lower())
    if found is not None:
        return found
    if path.suffix.lower() in DATABASE_FILES:
        raise RunError(
            f"{place}: this is a database; which table of it?",
            f"Write the table's name behind two colons: `{place}::leads`.",
        )
    raise RunError(
        f"{place}: I do not know what is in a file with the ending `{path.suffix}`."
        if path.suffix
        else f"{place}: the file needs an ending that says what is in it.",
        "Use `.csv` for a table, `.jsonl` or `.ndjson` for one JSON record a line, or `.parquet`.",
    )


def text_format(place: Place) -> TextFormat:
    """The same for what is read line by line; RunError for all else."""
    found = format_of(place)
    if found == "parquet":
        raise RunError(
            f"{place}: this command reads and writes lines of text only.",
            "Use `.csv` for a table, or `.jsonl` or `.ndjson` for one JSON record a line.",
        )
    return found


def check_input(place: Place) -> None:
    """RunError unless every file of the place is there and can be read."""
    match place:
        case Table(database):
            if not is_server(database):
                _check_file(Path(database))
        case Path() | Pattern():
            formats = set()
            for path in files_of(place):
                formats.add(format_of(path))
                _check_file(path)
            if len(formats) > 1:
                raise RunError(
                    f"{place}: the files that match are of several kinds.",
                    "Let the pattern end in one of `.csv`, `.jsonl` and `.parquet`.",
                )
        case other:
            assert_never(other)


def check_output(place: Place, inputs: list[Place]) -> None:
    """RunError unless the place can be written without harm to what is read."""
    match place:
        case Table():
            return _check_table_written(place, inputs)
        case Pattern():
            raise RunError(f"{place}: this names many files.", "Name one file to write to.")
        case Path():
            format_of(place)
            _check_file_written(place, inputs)
        case other:
            assert_never(other)


def _check_table_written(place: Table, inputs: list[Place]) -> None:
    if place in inputs:
        raise RunError(
            f"{place}: this table is read in the same run, and would be lost.",
            "Give the output a name of its own.",
        )
    if is_server(place.database):
        raise RunError(
            f"{place.shown}: decisions are not carried to a server's table.",
            "Write a file, or decide where the data lies: `--on postgresql://…`.",
        )
    path = Path(place.database)
    if path.is_dir():
        raise RunError(f"{path}: this is a folder.", "Name a file in it.")
    if not path.parent.is_dir():
        raise RunError(f"{path}: there is no folder {path.parent}.", "Make the folder first.")


def _check_file_written(path: Path, inputs: list[Place]) -> None:
    if path.is_dir():
        raise RunError(f"{path}: this is a folder.", "Name a file in it.")
    try:
        path.resolve()
    except (OSError, RuntimeError):
        # How Python says it has changed with its versions; nothing can be written in any case.
        raise RunError(f"{path}: this link leads to itself.", "Name another file.") from None
    if not path.parent.is_dir():
        raise RunError(f"{path}: there is no folder {path.parent}.", "Make the folder first.")
    if any(same(path, other) for place in inputs for other in _read_by(place)):
        raise RunError(
            f"{path}: this file is read in the same run, and would be lost.",
            "Give the output a name of its own.",
        )
    if path.exists() and not path.is_file():
        raise RunError(f"{path}: this is not an ordinary file.", "Name another file.")


def _read_by(place: Place) -> tuple[Path, ...]:
    if isinstance(place, Table):
        return () if is_server(place.database) else (Path(place.database),)
    return files_of(place)


def _check_file(path: Path) -> None:
    try:
        if not path.exists():
            raise RunError(f"{path}: there is no such file.", _nearest_file(path))
        if path.is_dir():
            raise RunError(f"{path}: this is a folder.", "Name the file in it.")
        if not path.is_file():
            raise RunError(
                f"{path}: this is not an ordinary file.",
                "The leads are read twice, so save them to a file first.",
            )
        with path.open("rb"):
            pass
    except OSError as error:
        raise RunError(f"{path}: the file cannot be read ({_why(error)}).") from error


def _nearest_file(path: Path) -> str:
    try:
        others = (other.name for other in path.parent.iterdir())
        return did_you_mean(path.name, (other for other in others if other != path.name))
    except OSError:
        return f"There is no folder {path.parent} either."


def same(one: Path, other: Path) -> bool:
    """Whether two paths lead to the same file, also one that is not there yet."""
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _holds_tables(path: Path) -> bool:
    return path.suffix.lower() in DATABASE_FILES


def shown_address(address: str) -> str:
    """The address of a server as it may be shown: without password and options."""
    scheme, mark, rest = address.partition("://")
    rest = rest.partition("?")[0]
    who, at, there = rest.rpartition("@")
    return f"{scheme}{mark}{who.partition(':')[0]}{at}{there}"


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def cannot_write(place: object, error: OSError) -> RunError:
    """The mistake of writing where it cannot be written."""
    return RunError(
        f"{place}: the file cannot be written ({_why(error)}).",
        "Nothing was changed. Choose another place, or make room there.",
    )
