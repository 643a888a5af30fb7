"""What a run is asked to do, and the mistakes that are found before it starts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from leadpact.operators.times import AsOfError, supported

__all__ = ["Format", "Progress", "RunError", "RunOptions", "Step", "did_you_mean", "format_of"]

Format: TypeAlias = Literal["csv", "json lines"]

# A later format (Parquet, a database) is a line here, a reader in `leads`, a writer in `output`.
FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".jsonl": "json lines",
    ".ndjson": "json lines",
}


Step: TypeAlias = Literal["reading activities", "looking for duplicates", "deciding"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run of a policy over a file of leads.

    ``activities`` is a second file with events, one a row; ``source`` names a mapping in the
    policy's ``sources`` folder. ``as_of`` has a time zone. Without ``out`` or ``rejects`` that
    file is not written. ``strict`` stops at the first wrong record. ``replay`` tells each lead's
    life until ``as_of`` instead of deciding about it then. ``only`` is the id of the one lead that
    is looked at.
    """

    leads: Path
    activities: Path | None
    source: str | None
    as_of: datetime
    out: Path | None
    rejects: Path | None
    explain: bool
    strict: bool
    replay: bool = False
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: bytes read of the file that this step reads, and records so far."""

    step: Step
    records: int
    bytes_read: int
    bytes_total: int


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


def format_of(path: Path) -> Format:
    """How the file is written, by its ending; RunError for an ending that is not known."""
    found = FORMATS.get(path.suffix.lower())
    if found is None:
        raise RunError(
            f"{path}: I do not know what is in a file with the ending `{path.suffix}`."
            if path.suffix
            else f"{path}: the file needs an ending that says what is in it.",
            "Use `.csv` for a table, or `.jsonl` or `.ndjson` for one JSON record a line.",
        )
    return found


def check_files(options: RunOptions) -> None:
    """RunError unless every file can be what it is meant to be."""
    try:
        supported(options.as_of)
    except AsOfError as error:
        raise RunError(str(error)) from error
    inputs = [path for path in (options.leads, options.activities) if path is not None]
    outputs = [path for path in (options.out, options.rejects) if path is not None]
    for path in inputs:
        format_of(path)
        _check_input(path)
    for path in outputs:
        format_of(path)
        _check_output(path, inputs)
    if len(outputs) == 2 and _same(*outputs):
        raise RunError(
            f"{options.out}: the decisions and the rejects cannot go to the same file.",
            "Give the rejects a name of their own.",
        )


def _check_input(path: Path) -> None:
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


def _check_output(path: Path, inputs: list[Path]) -> None:
    if path.is_dir():
        raise RunError(f"{path}: this is a folder.", "Name a file in it.")
    try:
        path.resolve()
    except (OSError, RuntimeError):
        # How Python says it has changed with its versions; nothing can be written in any case.
        raise RunError(f"{path}: this link leads to itself.", "Name another file.") from None
    if not path.parent.is_dir():
        raise RunError(f"{path}: there is no folder {path.parent}.", "Make the folder first.")
    if any(_same(path, other) for other in inputs):
        raise RunError(
            f"{path}: this file is read in the same run, and would be lost.",
            "Give the output a name of its own.",
        )
    if path.exists() and not path.is_file():
        raise RunError(f"{path}: this is not an ordinary file.", "Name another file.")


def _same(one: Path, other: Path) -> bool:
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.resolve() == other.resolve()


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def cannot_write(path: Path, error: OSError) -> RunError:
    return RunError(
        f"{path}: the file cannot be written ({_why(error)}).",
        "Nothing was changed. Choose another place, or make room there.",
    )
