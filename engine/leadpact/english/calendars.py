"""When a calendar is open, as English sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from leadpact.checked import Calendar, Opening, SpecialDay
from leadpact.english.catalogue import ENGLISH
from leadpact.english.wording import day, day_of_year, joined, say, time_of_day, value

__all__ = ["calendar_parts", "special_day_parts", "weekday", "zone_says"]


def calendar_parts(calendar: Calendar) -> Iterator[str]:
    """``Open Monday to Friday from 09:00 to 12:00 and from 13:00 to 17:00``, then closed days."""
    closed: list[str] = []
    for openings, days in groupby(enumerate(calendar.weekly), key=lambda item: item[1]):
        at = [index for index, _ in days]
        said = ENGLISH.weekdays[at[0]]
        if len(at) == 2:
            said = joined([said, ENGLISH.weekdays[at[1]]], "and")
        elif len(at) > 2:
            said = say("days from to", first=said, last=ENGLISH.weekdays[at[-1]])
        if openings:
            yield say("open", days=said, hours=_hours(openings))
        else:
            closed.append(said)
    if closed:
        yield say("closed", days=joined(closed, "and"))
    for region in calendar.regions:
        yield say("closed on holidays", region=region)


def special_day_parts(special: SpecialDay) -> Iterator[str]:
    """``Closed on 24 December every year``, ``Open on 18 June 2026 from 09:00 to 12:00``"""
    on = day(special.day)
    if special.every_year:
        on = say("every year", day=day_of_year(special.day))
    if special.openings:
        yield say("open on", day=on, hours=_hours(special.openings))
    else:
        yield say("closed on", day=on)


def weekday(when: date) -> str:
    """``Monday``"""
    return ENGLISH.weekdays[when.weekday()]


def zone_says(zone: str) -> str:
    """A time zone in people's words: ``Stockholm time``, ``New York time``, ``UTC``"""
    _, slash, place = zone.rpartition("/")
    return say("zone", place=place.replace("_", " ")) if slash else value(zone)


def _hours(openings: tuple[Opening, ...]) -> str:
    """``from 09:00 to 12:00 and from 13:00 to 17:00``; ``all day``"""
    if [(one.start, one.end) for one in openings] == [(0, 24 * 60)]:
        return say("all day")
    return joined(
        (say("hours", start=time_of_day(o.start), end=time_of_day(o.end)) for o in openings),
        "and",
    )
