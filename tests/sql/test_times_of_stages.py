"""Ways out, targets and how long a decision holds: a query against the Python engine.

``LEADPACT_MORE=20 pytest tests/sql`` tries so many times as many leads.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from tests.how_many import how_many
from tests.property.draw_history import deadlines
from tests.sql.in_duckdb import Answer, answers, differences, engine
from tests.sql.inputs import inputs_of

import leadpact
from leadpact import Policy
from leadpact.backends.sql import query

POLICY = """\
policy clocks "Clocks":
    language 1
    version 1
    in force from 2020-01-01
    time zone "America/Santiago"
    currency EUR

party sales:
    contact "sales@seller.example"
party marketing:
    contact "marketing@seller.example"

calendar office:
    time zone "Europe/Stockholm"
    open mon to thu 09:00 to 12:00, 13:00 to 17:00
    open fri 09:00 to 15:00
    closed on 2026-04-03

calendar nights:
    open mon to sun 20:00 to 24:00

lead:
    bad yes or no
    renewal date
    called_at date and time

activities:
    visit:
        page text
    answer

actions by sales:
    call
    pause
    resume

score interest owned by marketing:
    +10 each visit within 2 months, at most 3 times
    +5 each answer within 36 hours
    +3 when renewal is less than 40 days ahead
    +2 when called_at is at least 3 days ago
    counts 20% less for each month without activity

any stage except lost:
    moves to lost when bad is yes
    times out to lost after 11 months without activity

stage fresh owned by marketing:
    start
    moves to open when visit at least 3 times
    times out to lost after 3 business days of office without visit
    target greeting "Greeting" is call within 4 business hours of office:
        hands back to lost 2 days after missed
    target daily "Daily" is visit every 36 hours

stage open owned by sales:
    moves to fresh when no activity ever and in open within 3 days
    times out to lost after 1 month without call
    times out to fresh after 24 business hours of nights without pause as quick
    target first "First" is call within 2 business days of office:
        hands back to fresh 3 business hours of office after missed
    target second "Second" is call at least 2 times within 1 day
    target pages "Pages" is visit with at least 2 different page within 5 days
    target afternoon "Afternoon" is call by 16:30 of office:
        hands back to lost when missed
    target gone "Gone" is left within 1 month
    target answered "Answered" is answer within 1 day:
        starts when visit
    target unpaused "Unpaused" is answer within 8 business hours of office:
        pauses from pause until resume
    target renewed "Renewed" is call within 3 weeks when renewal is known in force from 2026-03-01

stage parked owned by marketing:
    times out to lost after 3 business days of office without visit
    times out to fresh after 5 days without answer

stage lost owned by marketing:
    final
"""

KINDS = ("visit", "visit", "visit", "answer", "call", "call", "pause", "pause", "resume")
LEADS = how_many(350)
INSTANTS = (
    datetime(2026, 4, 6, 15, 0, tzinfo=UTC),
    datetime(2026, 9, 6, 4, 0, 0, 1, tzinfo=UTC),
)
# Some are lengths that the policy names, so that things fall due at the very instant.
SPANS = (
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=5),
    timedelta(days=35),
    timedelta(days=400),
    timedelta(days=2000),
)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return leadpact.load_text(POLICY)


def drawn(r: Random, as_of: datetime, policy: Policy) -> dict[str, Any]:
    """A lead that came to its stage some while ago, with events since, before and to come, some of
    them at the very instant at which something falls due.
    """
    span = r.choice(SPANS)
    since = as_of - span * r.choice((1, r.random(), r.random()))
    record: dict[str, Any] = {"id": "L-17", "activities": [], "actions": []}
    stage = r.choice(("fresh", "open", "open", "parked", "lost", None))
    if stage is not None:
        record["stage"] = stage
        if r.random() < 0.9:
            record["stage_since"] = since.isoformat()
    if r.random() < 0.5:
        record["bad"] = r.random() < 0.1
    if r.random() < 0.7:
        record["renewal"] = (as_of + timedelta(days=r.randint(-50, 60))).date().isoformat()
    if r.random() < 0.5:
        record["called_at"] = (as_of + timedelta(hours=r.randint(-90, 40))).isoformat()
    known = [since, as_of, *(since + one for one in SPANS)]
    known += sorted(deadlines(policy.checked, record, as_of))
    for place in range(r.choice((0, 1, 2, 4, 8))):
        at = r.choice((since, since - span * 0.2, as_of, as_of - span * r.random() / 5))
        at += r.choice((timedelta(0), timedelta(0), r.random() * (as_of - since)))
        if r.random() < 0.5:
            at = r.choice(known) + r.choice((0, 0, 0, 1, -1)) * timedelta(microseconds=1)
        known.append(at)
        add(record, r.choice(KINDS), f"e{place}", at, r)
    return record


def add(record: dict[str, Any], kind: str, name: str, at: datetime, r: Random) -> None:
    event = {"kind": kind, "at": at.isoformat(), "id": name}
    if kind == "visit" and r.random() < 0.7:
        event["page"] = r.choice(("/a", "/A ", "/b", " "))
    record["actions" if kind in ("call", "pause", "resume") else "activities"].append(event)


def test_the_query_agrees_with_the_engine(policy: Policy) -> None:
    """At some instants; and each rule is taken somewhere, each target stands in each state."""
    seen: Counter[str] = Counter()
    odd = 0
    for as_of in INSTANTS:
        r = Random(as_of.isoformat())
        records = [drawn(r, as_of, policy) for _ in range(LEADS)]
        made = query(policy.checked, as_of)
        for record, answer in zip(records, answers(made, inputs_of(policy, records)), strict=True):
            if answer["odd"]:
                odd += 1
                continue
            wrong = list(differences(engine(policy, record, as_of), answer))
            assert not wrong, f"{record}\nas of {as_of}\n{wrong}"
            seen.update(_told(policy, answer))
    assert odd < LEADS
    missing = {one for one in wanted(policy) if not seen[one]}
    assert not missing


def _told(policy: Policy, answer: Answer) -> set[str]:
    found = {f"takes {answer['next_rule']}"}
    for stage in policy.checked.stages:
        for target in stage.targets:
            found.add(f"{target.name} is {answer[f'target.{target.name}']}")
    return found


def wanted(policy: Policy) -> set[str]:
    found = {"takes any_stage.moves_to.lost", "takes any_stage.times_out_to.lost"}
    for stage in policy.checked.stages:
        found |= {f"takes {move.rule}" for move in stage.moves}
        for target in stage.targets:
            found |= {f"takes {back.rule}" for back in target.hands_back}
            found |= {f"{target.name} is {state}" for state in ("running", "missed", "met")}
    # What is asked for is to have left, or ever again, so nobody has done it.
    return found - {"gone is met", "daily is met"} | {"answered is waiting"}
