"""Which small changes no example of a policy notices, each with its reason.

Kontor's and Cloudpipe's examples notice every change, and Ferrum's all but three; trying that takes
long: ``leadpact test --mutate policies/kontor`` tells. Here are the policies that are quick to try.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import leadpact
from leadpact.mutation import mutate

POLICIES = Path(__file__).parents[2] / "policies"

LEARNWELL = {
    # With these cities all sums are tens, like the letters' bounds, or end in five: five points
    # more or less lead to no other letter.
    ("fit.city.mumbai", "+15 → +20"),
    ("fit.city.other_metro_cities", "+10 → +5"),
    ("fit.city.other_cities", "+5 → +10"),
    ("fit.city.unknown", "+0 → −5"),
}
STUDIO_NORTH = {
    # One band of the budget is one letter: above the first and below the last there is none.
    ("fit.budget.from_20000", "+3 → +4"),
    ("fit.budget.otherwise", "+0 → −1"),
    # Without a budget there is no letter, whatever the points.
    ("fit.budget.unknown", "+0 → +1"),
    ("fit.budget.unknown", "+0 → −1"),
    # No lead can have 39 points: 37 are the most below 40.
    ("interested", "interest 40 points → 39 points"),
}


@pytest.mark.parametrize(
    ("name", "explained"), [("learnwell", LEARNWELL), ("studio_north", STUDIO_NORTH)]
)
def test_examples_notice_every_change_but_these(name: str, explained: set[tuple[str, str]]) -> None:
    found = mutate(leadpact.load(POLICIES / name).checked)
    assert found.tried > 50
    assert {(one.rule, one.change.split(":")[0]) for one in found.survivors} == explained
