"""Calendars as constants: their openings, and the public holidays of many years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from leadpact.backends.javascript.literals import day, listed, text, yes
from leadpact.checked import Calendar, Opening
from leadpact.public_holidays import public_holidays

__all__ = ["HOLIDAY_YEARS", "calendars", "holidays"]

HOLIDAY_YEARS = (2000, 2060)
"""First and last year whose public holidays a script knows; it says so of others."""


def regions_of(all_calendars: Sequence[Calendar]) -> tuple[tuple[str, ...], ...]:
    """The different sets of regions, in order."""
    return tuple(dict.fromkeys(each.regions for each in all_calendars if each.regions))


def calendars(all_calendars: Sequence[Calendar], zones: dict[str, str]) -> str:
    """An object of all calendars; ``zones`` names the constant of each zone."""
    regions = regions_of(all_calendars)
    members = [
        f"{text(each.name)}: {_calendar(each, zones[each.zone], regions)}" for each in all_calendars
    ]
    return f"{{ {', '.join(members)} }}"


def _calendar(calendar: Calendar, zone: str, regions: tuple[tuple[str, ...], ...]) -> str:
    weekly = listed(map(_openings, calendar.weekly))
    days = [
        f"{day(special.day)}: {_openings(special.openings)}"
        for special in calendar.special
        if not special.every_year
    ]
    every_year = [
        f'"{special.day.month}-{special.day.day}": {_openings(special.openings)}'
        for special in calendar.special
        if special.every_year
    ]
    held = str(regions.index(calendar.regions)) if calendar.regions else "null"
    ever = any(calendar.weekly) or any(special.openings for special in calendar.special)
    return (
        f"{{ zone: {zone}, weekly: {weekly}, days: {{ {', '.join(days)} }}, "
        f"everyYear: {{ {', '.join(every_year)} }}, holidays: {held}, "
        f"ever: {yes(ever)}, made: new Map() }}"
    )


def _openings(openings: tuple[Opening, ...]) -> str:
    return listed(f"[{each.start}, {each.end}]" for each in openings)


def holidays(all_calendars: Sequence[Calendar]) -> str:
    """A set of days for each set of regions, written as the steps from one day to the next."""
    found = []
    for regions in regions_of(all_calendars):
        days = sorted(
            {
                each
                for region in regions
                for year in range(HOLIDAY_YEARS[0], HOLIDAY_YEARS[1] + 1)
                for each in public_holidays(region, year)
            }
        )
        found.append(f"daysApart([{', '.join(map(str, _steps(days)))}])")
    return listed(found)


def _steps(days: list[date]) -> list[int]:
    if not days:
        return []
    return [int(day(days[0])), *((after - before).days for before, after in pairwise(days))]
