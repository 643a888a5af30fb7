"""Time zones from the ``tzdata`` package alone, so that every machine knows the same ones."""

from __future__ import annotations

import importlib.resources
from functools import cache
from zoneinfo import ZoneInfo

__all__ = ["known", "names", "zone"]


@cache
def names() -> frozenset[str]:
    """The IANA names of all zones that ``tzdata`` has."""
    listed = importlib.resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


def known(name: str) -> bool:
    """Whether ``name`` is a zone, spelled exactly as IANA spells it."""
    return name in names()


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name. Raises ``KeyError`` where there is none (see ``known``)."""
    # Names reach the file system, so only those of the package's own list are looked for.
    if not known(name):
        raise KeyError(name)
    data = importlib.resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with data.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
