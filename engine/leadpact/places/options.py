"""What a run is asked to do where the data lies, and which places there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from leadpact.batch.places import RunError
from leadpact.batch.summary import Summary
from leadpact.operators.times import AsOfError, supported

__all__ = [
    "PlaceOptions",
    "PlaceOutcome",
    "Where",
    "check_options",
    "compared",
    "is_place",
    "where",
]

Where: TypeAlias = Literal["postgres", "spark"]

_SERVERS = ("postgresql://", "postgres://")
_MASTERS = ("spark://", "k8s://", "mesos://", "local[")
_MASTER_NAMES = ("spark", "local", "yarn")


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """One run of a policy over tables of a server, or over what Spark reads.

    ``on`` is a Postgres address, ``spark``, or the URL of a Spark master. ``leads``,
    ``activities``, ``out`` and ``rejects`` are names of tables there, or paths that Spark reads and
    writes. ``source`` names a mapping in the policy's ``sources`` folder. ``as_of`` has a time
    zone. ``explain`` writes the reasons, too; ``strict`` stops at the first wrong lead;
    ``verify_sample`` is the number of leads that are decided by the Python engine as well, and
    compared. Lives are not replayed there: ``replay`` is a mistake of use.
    """

    on: str
    leads: str
    activities: str | None
    source: str | None
    as_of: datetime
    out: str | None
    rejects: str | None
    explain: bool = False
    strict: bool = False
    replay: bool = False
    verify_sample: int = 0


def compared(leads: int) -> str:
    """What is said when so many leads were decided twice."""
    were = "1 lead was" if leads == 1 else f"{leads:,} leads were"
    return f"{were} decided by Python, too: the same decisions."


def where(on: str) -> Where | None:
    """Which kind of place an address is; ``None`` for none."""
    if on.startswith(_SERVERS):
        return "postgres"
    if on in _MASTER_NAMES or on.startswith(_MASTERS):
        return "spark"
    return None


def is_place(on: str) -> bool:
    """Whether ``--on`` names a place of this room: a Postgres server, or Spark."""
    return where(on) is not None


@dataclass(frozen=True, slots=True)
class PlaceOutcome:
    """What a run tells; ``notes`` are lines for people about the way it took."""

    summary: Summary
    notes: tuple[str, ...] = ()


def check_options(options: PlaceOptions) -> None:
    """RunError for what no place can do."""
    try:
        supported(options.as_of)
    except AsOfError as error:
        raise RunError(str(error)) from error
    if options.replay:
        raise RunError(
            "Lives are told by Python alone, not where the data lies.",
            "Leave out --replay, or name files and leave out --on.",
        )
    if options.verify_sample < 0:
        raise RunError("--verify-sample: a number of leads is wanted.")
