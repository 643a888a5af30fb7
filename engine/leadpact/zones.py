"""Time zones from the ``tzdata`` package alone, so that every machine knows the same ones."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

__all__ = ["known", "names", "zone"]


# Not by `importlib.resources`: it takes longer to import than all else that is done here.
_FOLDER = Path(import_module("tzdata").__path__[0])


@cache
def names() -> frozenset[str]:
    """The IANA names of all zones that ``tzdata`` has."""
    return frozenset((_FOLDER / "zones").read_text(encoding="utf-8").split())


def known(name: str) -> bool:
    """Whether ``name`` is a zone, spelled exactly as IANA spells it."""
    return name in names()


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises ``KeyError`` where there is none (see ``known``)."""
    # Names reach the file system, so only those of the package's own list are looked for.
    if not known(name):
        raise KeyError(name)
    with _FOLDER.joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
