"""Public holidays of regions, and those of Great Britain as its government published them."""

from __future__ import annotations

import json
import os
from datetime import date, datetime
from pathlib import Path

import pytest

from leadpact.public_holidays import known_region, last_known_year, near, public_holidays


@pytest.mark.parametrize("region", ["SE", "US", "US-NY", "GB", "GB-ENG", "IN", "DE-BY"])
def test_known(region: str) -> None:
    assert known_region(region)
    assert public_holidays(region, 2026)


@pytest.mark.parametrize("region", ["", "se", "UK", "SWE", "Sweden", "US-", "US-XX", "SE-", "-NY"])
def test_not_known(region: str) -> None:
    assert not known_region(region)
    with pytest.raises(KeyError):
        public_holidays(region, 2026)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("se", "SE"),
        ("UK", "GB"),
        ("SWE", "SE"),
        ("Sweden", "SE"),
        ("swedn", "SE"),
        ("England", "GB-ENG"),
        ("ENG", "GB-ENG"),
        ("GB-England", "GB-ENG"),
        ("UK-ENG", "GB-ENG"),
        ("us_ny", "US-NY"),
        ("US-New York", "US-NY"),
        ("US-XX", "US"),
        ("SE-", "SE"),
    ],
)
def test_near(written: str, meant: str) -> None:
    assert near(written)[0] == meant
    assert all(known_region(region) for region in near(written))


def test_nothing_is_near() -> None:
    assert near("Zz") == ()


def test_only_days_off_in_english_and_no_sundays() -> None:
    days = public_holidays("SE", 2026)
    assert days[date(2026, 6, 6)] == "National Day"
    assert date(2026, 6, 19) not in days, "Midsummer Eve is no public holiday"
    assert date(2026, 11, 22) not in days, "nor is a Sunday"
    assert len(days) == 13
    assert list(days) == sorted(days)


def test_a_year_holds_its_own_days_alone() -> None:
    # New Year's Day of 2022 was a Saturday, so its day off was in 2021.
    assert public_holidays("US", 2021)[date(2021, 12, 31)].startswith("New Year's Day")
    assert {day.year for day in public_holidays("US", 2022)} == {2022}


def test_years_beyond_what_is_known_have_none() -> None:
    assert last_known_year("SE") == 2100
    assert public_holidays("SE", 2101) == {}
    with pytest.raises(KeyError):
        last_known_year("UK")


@pytest.mark.parametrize(
    ("division", "region"),
    [
        ("england-and-wales", "GB-ENG"),
        ("england-and-wales", "GB-WLS"),
        ("scotland", "GB-SCT"),
        ("northern-ireland", "GB-NIR"),
    ],
)
def test_the_published_days_of_great_britain(division: str, region: str) -> None:
    """The government lists the days off; a Saturday or Sunday that was moved is not among them."""
    years = _published(division)
    assert len(years) >= 7
    for year, published in years.items():
        ours = set(public_holidays(region, year))
        assert published <= ours
        assert {day for day in ours if day.weekday() < 5} == {
            day for day in published if day.weekday() < 5
        }


def _published(division: str) -> dict[int, set[date]]:
    data = os.environ.get("LEADPACT_DATA")
    if not data:
        pytest.skip("LEADPACT_DATA does not name the folder with uk_bank_holidays")
    path = Path(data) / "uk_bank_holidays" / "bank-holidays.json"
    if not path.exists():
        pytest.skip(f"{path} is missing")
    found = json.loads(path.read_text(encoding="utf-8"))["divisions"][division]
    return {
        int(year): {datetime.strptime(day["date"], "%d/%m/%Y").date() for day in days}
        for year, days in found.items()
        if year.isdecimal()
    }
