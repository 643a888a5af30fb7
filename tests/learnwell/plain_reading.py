"""A plain reading of LearnWell's agreement, written from its text alone.

It decides one row of the leads file at a time and uses nothing but the standard library, so that
it can be held against any other way of deciding the same rows:

    python tests/learnwell/plain_reading.py Leads.csv
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

LETTERS = ("A", "B", "C", "D")
QUADRANTS = ("contact", "nurture", "keep_warm", "leave_alone")

OCCUPATION_POINTS = {
    "Working Professional": 40,
    "Businessman": 30,
    "Unemployed": 20,
    "Other": 20,
    "Student": 10,
    "Housewife": 10,
}

CITY_POINTS = {
    "Mumbai": 15,
    "Thane & Outskirts": 15,
    "Other Metro Cities": 10,
    "Other Cities of Maharashtra": 10,
    "Other Cities": 5,
    "Tier II Cities": 5,
}

ORIGIN_POINTS = {
    "Lead Add Form": 35,
    "Quick Add Form": 20,
    "Landing Page Submission": 10,
    "API": 0,
    "Lead Import": -5,
}

# Sources are compared without case, so these names are in lower case.
SOURCE_POINTS = {
    "reference": 15,
    "welingak website": 15,
    "olark chat": -5,
}
TEST_SOURCE = "testone"

LAST_ACTIVITY_POINTS = {
    "Had a Phone Conversation": 15,
    "Email Link Clicked": 8,
    "Form Submitted on Website": 8,
    "Email Opened": 5,
    "SMS Sent": 5,
    "Page Visited on Website": 3,
    "Olark Chat Conversation": 3,
    "Unreachable": -5,
    "Email Bounced": -15,
    "Unsubscribed": -20,
    "Email Marked Spam": -25,
}


@dataclass(frozen=True)
class Verdict:
    """What the agreement says about one lead.

    A rejected row is not judged: it has 0 points, letter D, quadrant leave_alone, and is neither
    an MQL nor ineligible. Look at `rejected` first.
    """

    id: str
    rejected: str | None
    grade_points: int
    letter: str
    points: int
    quadrant: str
    mql: bool
    ineligible: bool


def known(row: dict[str, str], column: str) -> str | None:
    """The value of a column, or None if it is blank or "Select"."""
    value = row[column].strip()
    if value in ("", "Select"):
        return None
    return value


def points_for(value: str | None, table: dict[str, int]) -> int:
    """The points a table gives to a value: 0 if it is unknown or not in the table."""
    if value is None:
        return 0
    return table.get(value, 0)


def source_of(row: dict[str, str]) -> str | None:
    """The lead's source in lower case, or None if unknown."""
    source = known(row, "Lead Source")
    if source is None:
        return None
    return source.lower()


def specialization_points(row: dict[str, str]) -> int:
    """20 for a known specialization, 10 more if its name contains "Management"."""
    specialization = known(row, "Specialization")
    if specialization is None:
        return 0
    if "Management" in specialization:
        return 30
    return 20


def country_points(row: dict[str, str]) -> int:
    """15 for India or an unknown country, 5 for any other."""
    if known(row, "Country") in (None, "India", "unknown"):
        return 15
    return 5


def grade_points_of(row: dict[str, str]) -> int:
    """Occupation, specialization, city and country together."""
    return (
        points_for(known(row, "What is your current occupation"), OCCUPATION_POINTS)
        + specialization_points(row)
        + points_for(known(row, "City"), CITY_POINTS)
        + country_points(row)
    )


def letter_of(grade_points: int) -> str:
    """A from 70, B from 50, C from 30, else D."""
    if grade_points >= 70:
        return "A"
    if grade_points >= 50:
        return "B"
    if grade_points >= 30:
        return "C"
    return "D"


def time_points(row: dict[str, str]) -> int:
    """Points for the seconds spent on the site; 0 if unknown."""
    text = known(row, "Total Time Spent on Website")
    if text is None:
        return 0
    seconds = int(text)
    if seconds < 60:
        return 0
    if seconds < 300:
        return 5
    if seconds < 900:
        return 15
    if seconds < 1500:
        return 25
    return 35


def visit_points(row: dict[str, str]) -> int:
    """1 for each visit, at most 8; 0 if unknown."""
    text = known(row, "TotalVisits")
    if text is None:
        return 0
    return min(int(text), 8)


def page_points(row: dict[str, str]) -> int:
    """5 for 4 or more pages per visit; 0 if unknown."""
    text = known(row, "Page Views Per Visit")
    if text is None:
        return 0
    if Decimal(text) >= 4:
        return 5
    return 0


def score_of(row: dict[str, str]) -> int:
    """Website, arrival and last activity together, kept between 0 and 100."""
    website = min(time_points(row) + visit_points(row) + page_points(row), 45)
    arrival = min(
        points_for(known(row, "Lead Origin"), ORIGIN_POINTS)
        + points_for(source_of(row), SOURCE_POINTS),
        40,
    )
    activity = points_for(known(row, "Last Activity"), LAST_ACTIVITY_POINTS)
    return max(0, min(100, website + arrival + activity))


def quadrant_of(letter: str, points: int) -> str:
    """Which of the four quadrants a lead is in: split at 40 points and at grade B."""
    enough_points = points >= 40
    good_grade = letter in ("A", "B")
    if enough_points and good_grade:
        return "contact"
    if good_grade:
        return "nurture"
    if enough_points:
        return "keep_warm"
    return "leave_alone"


def reaches_mql(letter: str, points: int) -> bool:
    """Grade A or B and 40 points or more, or grade C and 60 or more."""
    if letter in ("A", "B"):
        return points >= 40
    return letter == "C" and points >= 60


def decide(row: dict[str, str]) -> Verdict:
    """Decide one row of the leads file."""
    lead_id = row["Prospect ID"]

    if source_of(row) == TEST_SOURCE:
        return Verdict(
            id=lead_id,
            rejected="test record",
            grade_points=0,
            letter="D",
            points=0,
            quadrant="leave_alone",
            mql=False,
            ineligible=False,
        )

    grade_points = grade_points_of(row)
    letter = letter_of(grade_points)
    points = score_of(row)
    ineligible = row["Do Not Email"] == "Yes" and row["Do Not Call"] == "Yes"

    return Verdict(
        id=lead_id,
        rejected=None,
        grade_points=grade_points,
        letter=letter,
        points=points,
        quadrant=quadrant_of(letter, points),
        mql=reaches_mql(letter, points) and not ineligible,
        ineligible=ineligible,
    )


def decide_file(path: Path) -> Iterator[Verdict]:
    """Decide every row of a leads file, in the order of the file."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            yield decide(row)


def main() -> None:
    """Print the counts for one leads file; a rejected row is counted only as rejected."""
    parser = argparse.ArgumentParser(description="Decide every lead of a file and print counts.")
    parser.add_argument("file", type=Path, help="the leads file, as CSV")
    verdicts = list(decide_file(parser.parse_args().file))

    judged = [verdict for verdict in verdicts if verdict.rejected is None]
    letters = Counter(verdict.letter for verdict in judged)
    quadrants = Counter(verdict.quadrant for verdict in judged)

    print(f"rows {len(verdicts)}")
    for letter in LETTERS:
        print(f"letter {letter} {letters[letter]}")
    for quadrant in QUADRANTS:
        print(f"quadrant {quadrant} {quadrants[quadrant]}")
    print(f"sum of scores {sum(verdict.points for verdict in judged)}")
    print(f"MQLs {sum(verdict.mql for verdict in judged)}")
    print(f"ineligible {sum(verdict.ineligible for verdict in judged)}")
    print(f"rejected {len(verdicts) - len(judged)}")


if __name__ == "__main__":
    main()
