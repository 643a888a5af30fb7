"""Time zones come from the ``tzdata`` package alone."""

from __future__ import annotations

import importlib.resources
import zoneinfo
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leadpact import zones


def test_zones_are_known_as_iana_spells_them() -> None:
    assert zones.known("Europe/Stockholm")
    assert zones.known("America/Argentina/Buenos_Aires")
    assert zones.known("UTC")
    assert not zones.known("europe/stockholm")
    assert not zones.known("Stockholm")


@pytest.mark.parametrize("name", ["", "../zones", "Europe", "Europe/../UTC", "/etc/localtime"])
def test_nothing_but_a_zone_is_read(name: str) -> None:
    assert not zones.known(name)
    with pytest.raises(KeyError):
        zones.zone(name)


def test_the_machines_own_zones_are_not_asked(tmp_path: Path) -> None:
    utc = importlib.resources.files("tzdata").joinpath("zoneinfo", "UTC").read_bytes()
    (tmp_path / "Europe").mkdir()
    (tmp_path / "Europe" / "Stockholm").write_bytes(utc)
    zones.zone.cache_clear()
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    try:
        stockholm = zones.zone("Europe/Stockholm")
    finally:
        zoneinfo.reset_tzpath()
    assert datetime(2026, 7, 1, tzinfo=stockholm).utcoffset() == timedelta(hours=2)
    assert datetime(2026, 12, 1, tzinfo=stockholm).utcoffset() == timedelta(hours=1)
