"""What a run is asked to do, and the mistakes that are found before it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from leadpact.batch.places import (
    Format,
    Place,
    RunError,
    cannot_write,
    check_input,
    check_output,
    did_you_mean,
    format_of,
    same,
)
from leadpact.operators.times import AsOfError, supported

__all__ = [
    "Format",
    "Place",
    "Progress",
    "RunError",
    "RunOptions",
    "Step",
    "cannot_write",
    "did_you_mean",
    "format_of",
]

Step: TypeAlias = Literal["reading activities", "looking for duplicates", "deciding", "comparing"]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run of a policy over the leads of a place.

    ``activities`` is a second place with events, one a row; ``source`` names a mapping in the
    policy's ``sources`` folder. ``as_of`` has a time zone. Without ``out`` or ``rejects`` that
    file is not written. ``strict`` stops at the first wrong record. ``replay`` tells each lead's
    life until ``as_of`` instead of deciding about it then. ``only`` is the id of the one lead that
    is looked at.
    """

    leads: Place
    activities: Place | None
    source: str | None
    as_of: datetime
    out: Place | None
    rejects: Path | None
    explain: bool
    strict: bool
    replay: bool = False
    only: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: bytes read of what this step reads, and records so far.

    Of a table rows are counted in place of bytes.
    """

    step: Step
    records: int
    bytes_read: int
    bytes_total: int


def check_places(options: RunOptions) -> None:
    """RunError unless every place can be what it is meant to be."""
    try:
        supported(options.as_of)
    except AsOfError as error:
        raise RunError(str(error)) from error
    inputs = [place for place in (options.leads, options.activities) if place is not None]
    for place in inputs:
        check_input(place)
    for written in (options.out, options.rejects):
        if written is not None:
            check_output(written, inputs)
    if options.rejects is not None and format_of(options.rejects) == "parquet":
        raise RunError(
            f"{options.rejects}: rejects are written as a table or as JSON lines.",
            "Give the file the ending `.csv` or `.jsonl`.",
        )
    if isinstance(options.out, Path) and options.rejects and same(options.out, options.rejects):
        raise RunError(
            f"{options.out}: the decisions and the rejects cannot go to the same file.",
            "Give the rejects a name of their own.",
        )
