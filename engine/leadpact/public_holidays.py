"""Public holidays of countries and their regions: the one place that knows the library.

A region is written as in ISO 3166: ``SE``, ``US-NY``, ``GB-ENG``. Only days off for everybody
count, and the days to which they are moved ("observed"); no half days, no bank-only days, and
no Sundays as such. Import this module only where it is needed: the library takes long to load.
"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Any

import holidays
from holidays.registry import COUNTRIES

__all__ = ["known_region", "last_known_year", "near", "public_holidays"]


def known_region(region: str) -> bool:
    """Whether the holidays of ``region`` are known; the spelling must be exact."""
    country, dash, part = region.partition("-")
    return country in _countries() and (not dash or part in _parts(country))


def near(region: str) -> tuple[str, ...]:
    """Up to three known regions that somebody who wrote ``region`` may have meant, best first.

    Understands other cases (``se``), codes of three letters, names of countries and regions
    (``Sweden``, ``GB-England``), and a region's code without its country (``ENG``).
    """
    wanted = region.strip().replace("_", "-")
    country, dash, part = wanted.partition("-")
    found = _country_meant(country)
    if found is None:
        return _anywhere(wanted)
    if not dash:
        return (found,)
    parts = _part_names(found)
    close = _close(part, parts)
    return tuple(f"{found}-{code}" for code in close) or (found,)


@cache
def public_holidays(region: str, year: int) -> dict[date, str]:
    """The public holidays of a known region in a year, with their names in English, by day.

    Empty for years that the library does not know (see ``last_known_year``). The same dictionary
    for the same question: read it only. Raises ``KeyError`` for an unknown region.
    """
    if not known_region(region):
        raise KeyError(region)
    country, _, part = region.partition("-")
    days = holidays.country_holidays(
        country,
        subdiv=part or None,
        years=year,
        language=_english(country),
        categories=("public",),
    )
    # Observed days of the first of January may stand in the year before.
    return {day: name for day, name in sorted(days.items()) if day.year == year}


def last_known_year(region: str) -> int:
    """The last year whose public holidays are known. ``KeyError`` for an unknown region."""
    if not known_region(region):
        raise KeyError(region)
    return int(_country(region.partition("-")[0]).end_year)


@cache
def _countries() -> dict[str, str]:
    """The codes of two letters, each with the country's name."""
    return {names[1]: key.replace("_", " ") for key, names in COUNTRIES.items()}


def _country(code: str) -> Any:
    return getattr(holidays, code)


def _parts(country: str) -> tuple[str, ...]:
    return tuple(_country(country).subdivisions)


def _part_names(country: str) -> dict[str, str]:
    """What people call the parts of a country (their codes too), in small letters: the code."""
    named = {name.casefold(): code for name, code in _country(country).subdivisions_aliases.items()}
    return named | {code.casefold(): code for code in _parts(country)}


@cache
def _english(country: str) -> str | None:
    """The library's language code for English names; ``None`` where there are no others."""
    of_country = _country(country)
    own = of_country.default_language
    if own is not None and own.startswith("en"):
        return str(own)
    return "en_US" if "en_US" in of_country.supported_languages else None


def _country_meant(text: str) -> str | None:
    wanted = text.casefold()
    for key, names in COUNTRIES.items():
        if wanted in {name.casefold() for name in (*names, key.replace("_", " "))}:
            return names[1]
    return None


def _close(text: str, names: dict[str, str]) -> list[str]:
    """The codes of the names that are like ``text``, best first, each once."""
    return list(
        dict.fromkeys(names[name] for name in get_close_matches(text.casefold(), names, n=3))
    )


def _anywhere(text: str) -> tuple[str, ...]:
    """Regions whose own code or name it is, or else countries with a name that is like it.

    Parts are looked for in three countries alone, whose parts people name by themselves: most
    codes of two letters mean some part of some country.
    """
    found = []
    for country in ("GB", "US", "CA"):
        code = _part_names(country).get(text.casefold())
        if code is not None:
            found.append(f"{country}-{code}")
    if found:
        return tuple(found)
    return tuple(_close(text, {name: code for code, name in _countries().items()}))
