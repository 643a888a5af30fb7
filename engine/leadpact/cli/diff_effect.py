"""A file of leads, decided by two versions of a policy."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from leadpact.api import Policy
from leadpact.batch import RunOptions
from leadpact.changes.effect import Decided, Effect, effect
from leadpact.cli.cmd_run import run_batch
from leadpact.cli.diff_sides import Side

__all__ = ["effect_of_files"]

_UNDECIDED: Decided = {"status": "not decided"}


def effect_of_files(
    old: Side,
    new: Side,
    leads: Path,
    activities: Path | None,
    source: str | None,
    as_of: datetime,
    quiet: bool,
) -> Effect:
    """Decide the leads by both, and compare. Raises ``UseError`` for what a run cannot start with.

    A lead that one of the two turns away, or whose record is wrong for it, is "not decided" there.
    """
    with TemporaryDirectory(prefix="leadpact-") as made:
        written = []
        for name, side in (("old", old), ("new", new)):
            # A mapping that came later reads the same file for the earlier version, too.
            mapped = source is None or (side.folder / "sources" / f"{source}.yaml").is_file()
            policy = Policy(side.policy, side.folder if mapped else new.folder)
            out = Path(made, f"{name}.jsonl")
            options = RunOptions(
                leads, activities, source, as_of, out, None, explain=True, strict=False
            )
            run_batch(policy, options, quiet)
            written.append(out)
        return effect(old.policy, new.policy, _pairs(*written))


def _pairs(old: Path, new: Path) -> Iterator[tuple[str, Decided, Decided]]:
    """The decisions about each lead, in the order of the new ones; then the leads gone from them.

    Of the old ones only the places in the file are kept in memory.
    """
    places: dict[str, int] = {}
    with old.open("rb") as before, new.open("rb") as after:
        at = 0
        for line in before:
            places[json.loads(line)["id"]] = at
            at += len(line)

        def was(place: int) -> Any:
            before.seek(place)
            return json.loads(before.readline())

        for line in after:
            now = json.loads(line)
            place = places.pop(now["id"], None)
            yield now["id"], was(place) if place is not None else _UNDECIDED, now
        for name, place in places.items():
            yield name, was(place), _UNDECIDED
