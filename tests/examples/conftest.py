"""A policy from text, small enough to see all of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leadpact.api import Policy, load_text

POLICY = """\
policy small "Small":
    language 1
    version 1
    time zone "UTC"
    currency SEK

party sales "Sales"

lead:
    email text (required)
    seniority one of vp, staff
    employees whole number from 0 to 1,000
    budget money
    refused when email is "test@sample.example" because "Test record"

activities:
    order "Ordered":
        worth number
    big_order "Ordered a lot" is order where worth is at least 100
    webinar "Attended a webinar"

actions by sales:
    contacted "Spoke with the lead"

score interest from 0 to 50:
    category web "Web" at most 30 points:
        +10  each webinar once per day within 30 days, at most 2 times
        +15  big_order within 2 weeks
    -5   when seniority is staff

grade fit:
    points by seniority:
        +20  vp
        +0   otherwise
        +0   unknown
    points by employees:
        +20  from 200
        +10  from 50 to 199
        +0   otherwise
        +0   unknown
    letters:
        A from 40
        B from 20
        C otherwise

define interested "Interested" when interest is at least 20

group quadrant:
    contact "Contact" when interested and fit is B or better
    leave_alone "Leave alone" otherwise

checklist bant:
    budget "Is there a budget?" met when budget is at least 500 SEK
    authority "Can they decide?" met when seniority is vp
    needs at least 1 met

stage lead "Lead":
    start
    moves to mql when quadrant is contact and bant is met
stage mql "MQL":
    moves to won when contacted
    moves to lead when budget is less than 100 SEK
stage won "Won":
    final
"""

KEEN = """\
    as of 2026-03-02 10:00
    email is "dana@buyer.example"
    seniority is vp
    employees is 50
    webinar 1 day ago
    webinar 2 days ago
"""


@pytest.fixture
def small() -> Callable[[str], Policy]:
    """The small policy with the examples given (``KEEN`` in them is a lead that moves to MQL)."""

    def load(examples: str) -> Policy:
        keen = examples.replace("    KEEN\n", KEEN)
        return load_text(f"{POLICY}\n{keen}")

    return load
