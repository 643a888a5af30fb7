"""The reference policies' targets, time-outs, lists and wake-ups, with instants worked out by hand.

Examples in a policy cannot ask for these, so the numbers behind them are held here. All instants
are UTC; Stockholm and Berlin are one hour ahead in winter and two in summer, India 5:30.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import leadpact

POLICIES = Path(__file__).parents[2] / "policies"

Record = dict[str, object]
Targets = dict[str, str]


@cache
def loaded(policy: str) -> leadpact.Policy:
    return leadpact.load(POLICIES / policy)


def decide(policy: str, as_of: str, record: Record) -> leadpact.Decision:
    agreed = loaded(policy)
    instant = datetime.fromisoformat(as_of).replace(tzinfo=UTC)
    who: Record = {"id": "L-1"}
    if any(field.name == "email" for field in agreed.checked.fields):
        who["email"] = "dana@buyer.example"
    decision = agreed.decide(who | record, as_of=instant, explain=True)
    assert isinstance(decision, leadpact.Decision)
    assert decision.warnings == ()
    return decision


def targets(decision: leadpact.Decision) -> Targets:
    """``running until …``, ``met at …``: each target's state, and the instant that goes with it."""
    found = {}
    assert isinstance(decision.targets, tuple)
    for target in decision.targets:
        match target.state:
            case "met":
                told = f"met at {short(target.at)}"
            case "running" | "missed":
                told = f"{target.state}, due {short(target.due)}"
            case state:
                told = state
        found[target.target] = told
    return found


def short(instant: datetime | None) -> str:
    return "never" if instant is None else f"{instant:%Y-%m-%d %H:%M}"


def in_stage(stage: str, since: str, *actions: Record) -> Record:
    return {"moves": [{"to": stage, "at": since + "Z"}], "stage": stage, "actions": list(actions)}


def act(kind: str, at: str, **properties: object) -> Record:
    return {"kind": kind, "at": at + "Z", **properties}


# --- Kontor ---------------------------------------------------------------------------------------


def test_kontor_counts_from_the_pick_in_office_hours() -> None:
    """Picked on a Friday at 16:00: an hour is left, three more make Monday noon."""
    listed = in_stage("mql", "2026-10-29T09:00:00", act("picked_up", "2026-10-30T15:00:00"))
    assert targets(decide("kontor", "2026-10-30T15:30", listed)) == {
        "pick": "met at 2026-10-30 15:00",
        "first_contact": "running, due 2026-11-02 11:00",
        "claim": "running, due 2026-11-03 16:00",
    }
    assert targets(decide("kontor", "2026-11-02T11:00", listed)) == {
        "pick": "met at 2026-10-30 15:00",
        "first_contact": "missed, due 2026-11-02 11:00",
        "claim": "running, due 2026-11-03 16:00",
    }


def test_kontor_waits_for_the_pick_until_the_week_is_over() -> None:
    decision = decide("kontor", "2026-10-30T15:30", in_stage("mql", "2026-10-29T09:00:00"))
    assert targets(decision) == {
        "pick": "running, due 2026-11-05 09:00",
        "first_contact": "waiting",
        "claim": "waiting",
    }
    assert decision.stage is not None
    assert isinstance(decision.stage.time_outs, tuple)
    (week,) = decision.stage.time_outs
    assert (week.rule, short(week.due)) == ("mql.times_out_to.nurture", "2026-11-05 09:00")


def test_kontor_counts_a_call_as_work_but_not_as_a_talk() -> None:
    picked, called = act("picked_up", "2026-10-30T15:00:00"), act("called", "2026-10-30T15:20:00")
    decision = decide(
        "kontor", "2026-10-30T15:30", in_stage("mql", "2026-10-29T09:00:00", picked, called)
    )
    assert targets(decision) == {
        "pick": "met at 2026-10-30 15:00",
        "first_contact": "running, due 2026-11-02 11:00",
        "claim": "met at 2026-10-30 15:20",
    }


def test_kontor_keeps_a_list_of_what_nobody_picked() -> None:
    listed, left = "2026-10-01T08:00:00Z", "2026-10-08T08:00:00Z"
    back = {"to": "nurture", "at": left, "rule": "mql.times_out_to.nurture"}
    decision = decide(
        "kontor",
        "2026-11-02T09:00",
        {"stage": "nurture", "moves": [{"to": "mql", "at": listed}, back]},
    )
    assert isinstance(decision.worklists, tuple)
    (entry,) = decision.worklists
    assert (entry.worklist, short(entry.since)) == ("unpicked", "2026-10-08 08:00")


READY: Record = {
    "phone": "+46 8 465 004 17",
    "seniority": "vp",
    "industry": "manufacturing",
    "employees": 450,
    "activities": [
        {"kind": "demo_request", "at": "2026-11-01T08:00:00Z"},
        {"kind": "page_view", "at": "2026-11-01T08:00:00Z", "url": "/pricing"},
        {"kind": "page_view", "at": "2026-10-31T08:00:00Z", "url": "/pricing"},
    ],
}


def not_now(wake_on: str) -> Record:
    return READY | {
        "stage": "nurture",
        "moves": [
            {"to": "mql", "at": "2026-06-01T08:00:00Z"},
            {"to": "nurture", "at": "2026-06-03T08:00:00Z", "rule": "mql.hands_back_to.not_now"},
        ],
        "actions": [
            act("rejected", "2026-06-03T08:00:00", reason="not_now", wake_on=wake_on),
        ],
    }


def test_kontor_lets_a_lead_sleep_until_the_day_that_it_named() -> None:
    asleep = decide("kontor", "2026-11-02T09:00", not_now("2026-11-20")).stage
    assert asleep is not None
    assert asleep.next is None
    assert isinstance(asleep.asleep_until, datetime)
    assert short(asleep.asleep_until) == "2026-11-19 23:00"
    awake = decide("kontor", "2026-11-02T09:00", not_now("2026-11-02")).stage
    assert awake is not None
    assert (awake.next, awake.asleep_until) == ("mql", None)


# --- LearnWell ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-02T15:00:00", "2026-11-02 15:30"),
        ("2026-11-02T15:20:00", "2026-11-03 03:50"),
        ("2026-11-02T20:00:00", "2026-11-03 04:00"),
    ],
    ids=["20:30 in India", "20:50: ten minutes, and twenty more in the morning", "at night"],
)
def test_learnwell_calls_within_30_minutes_of_its_calling_hours(since: str, due: str) -> None:
    decision = decide("learnwell", "2026-11-02T20:00", in_stage("mql", since))
    assert targets(decision)["first_call"].endswith(f"due {due}")


def test_learnwell_tries_five_times_within_7_days_unless_somebody_answers() -> None:
    calls = [act("call", f"2026-11-02T1{n}:00:00", outcome="busy") for n in range(4)]
    tried = in_stage("mql", "2026-11-02T09:45:00", *calls)
    assert targets(decide("learnwell", "2026-11-03T20:00", tried)) == {
        "first_call": "met at 2026-11-02 10:00",
        "attempts": "running, due 2026-11-09 09:45",
    }
    answered = in_stage(
        "mql", "2026-11-02T09:45:00", *calls, act("call", "2026-11-03T10:00:00", outcome="answered")
    )
    assert "attempts" not in targets(decide("learnwell", "2026-11-03T20:00", answered))


def waits_for(batch_on: str) -> Record:
    return {
        "occupation": "working_professional",
        "specialization": "Finance Management",
        "origin": "lead_add_form",
        "last_activity": "email_opened",
        "stage": "recycled",
        "moves": [
            {"to": "mql", "at": "2026-09-01T08:00:00Z"},
            {
                "to": "recycled",
                "at": "2026-09-02T08:00:00Z",
                "rule": "mql.hands_back_to.next_batch",
            },
        ],
        "actions": [
            act("rejected", "2026-09-02T08:00:00", reason="next_batch", batch_on=batch_on),
        ],
    }


def test_learnwell_comes_back_when_the_batch_begins() -> None:
    asleep = decide("learnwell", "2026-11-02T09:00", waits_for("2026-11-03")).stage
    assert asleep is not None
    assert asleep.next is None
    assert isinstance(asleep.asleep_until, datetime)
    assert short(asleep.asleep_until) == "2026-11-02 18:30"
    awake = decide("learnwell", "2026-11-02T18:30", waits_for("2026-11-03")).stage
    assert awake is not None
    assert (awake.next, awake.rule) == ("mql", "recycled.moves_to.mql")


# --- Studio North ---------------------------------------------------------------------------------


def test_studio_north_checks_a_lead_within_two_business_hours() -> None:
    """Thursday before Midsummer the office closes at noon, and opens again on Monday."""
    form: Record = {"activities": [{"kind": "contact_form", "at": "2027-06-24T09:00:00Z"}]}
    assert targets(decide("studio_north", "2027-06-24T09:30", form)) == {
        "checking": "running, due 2027-06-28 08:00"
    }


@pytest.mark.parametrize(
    ("since", "evening", "waiting"),
    [
        ("2026-11-02T13:00:00", "2026-11-02 16:00", "2026-11-03 09:00"),
        ("2026-11-02T16:00:00", "2026-11-03 16:00", "2026-11-03 13:00"),
        ("2027-06-24T08:30:00", "2027-06-24 10:00", "2027-06-28 09:30"),
    ],
    ids=["Monday afternoon", "Monday, just when the office closes", "half day before Midsummer"],
)
def test_studio_north_empties_its_queue(since: str, evening: str, waiting: str) -> None:
    decision = decide("studio_north", f"{since[:13]}:30", in_stage("mql", since))
    told = targets(decision)
    assert told["emptied"].endswith(f"due {evening}")
    assert told["waiting"].endswith(f"due {waiting}")


# --- Cloudpipe ------------------------------------------------------------------------------------


def test_cloudpipe_answers_a_demo_request_within_five_minutes() -> None:
    asked = {"kind": "demo_request", "at": "2026-11-02T23:00:00Z"}
    lead = in_stage("mql", "2026-11-02T23:00:00") | {"activities": [asked], "country": "US"}
    assert targets(decide("cloudpipe", "2026-11-02T23:01", lead)) == {
        "demo_contact": "running, due 2026-11-02 23:05",
        "attempts": "running, due 2026-11-17 22:00",
    }


def test_cloudpipe_counts_from_a_demo_request_that_comes_later() -> None:
    asked = {"kind": "demo_request", "at": "2026-11-03T15:00:00Z"}
    tried = act("attempt", "2026-11-02T14:30:00", channel="mail")
    lead = in_stage("mql", "2026-11-02T14:00:00", tried)
    lead |= {"activities": [asked], "country": "US"}
    assert targets(decide("cloudpipe", "2026-11-03T15:01", lead))["demo_contact"] == (
        "running, due 2026-11-03 15:05"
    )


def test_cloudpipe_has_four_business_hours_for_others_and_waits_for_consent_in_the_eu() -> None:
    """16:00 in New York: an hour is left, three more make noon."""
    lead = in_stage("mql", "2026-11-02T21:00:00") | {"country": "US"}
    assert targets(decide("cloudpipe", "2026-11-02T21:01", lead))["first_contact"] == (
        "running, due 2026-11-03 17:00"
    )
    european = lead | {"country": "FR"}
    assert set(targets(decide("cloudpipe", "2026-11-02T21:01", european)).values()) == {"waiting"}
    consent = {"kind": "consent_given", "at": "2026-11-03T21:00:00Z"}
    consenting = european | {"activities": [consent]}
    assert targets(decide("cloudpipe", "2026-11-03T21:01", consenting))["first_contact"] == (
        "running, due 2026-11-04 17:00"
    )


# --- Ferrum ---------------------------------------------------------------------------------------


def test_ferrum_waits_while_the_customer_is_on_holiday() -> None:
    away = act("holiday", "2026-11-02T10:00:00", back_on="2026-11-09")
    lead = in_stage("sql", "2026-11-02T09:00:00", away)
    assert targets(decide("ferrum", "2026-11-04T09:00", lead)) == {
        "first_contact": "paused",
        "decision": "paused",
        "confirmation": "running, due 2027-01-01 09:00",
    }
    assert targets(decide("ferrum", "2026-11-09T09:00", lead)) == {
        "first_contact": "running, due 2026-11-09 16:00",
        "decision": "running, due 2026-11-11 16:00",
        "confirmation": "running, due 2027-01-01 09:00",
    }


def test_ferrum_has_one_and_three_business_days_without_a_holiday() -> None:
    lead = in_stage("sql", "2026-11-05T09:00:00", act("confirmed", "2026-11-05T10:00:00"))
    assert targets(decide("ferrum", "2026-11-05T11:00", lead)) == {
        "first_contact": "running, due 2026-11-06 16:00",
        "decision": "running, due 2026-11-10 16:00",
        "confirmation": "running, due 2027-01-04 10:00",
    }


@pytest.mark.parametrize(
    ("expected", "wakes"),
    [("2028-12-15", "2028-03-14 23:00"), ("2027-03-01", "2026-11-05 23:00")],
    ids=["nine months before", "but not within 60 days"],
)
def test_ferrum_wakes_a_lead_in_time_for_its_decision(expected: str, wakes: str) -> None:
    decision = decide(
        "ferrum",
        "2026-10-01T09:00",
        {
            "expected_decision": expected,
            "stage": "mql",
            "moves": [
                {"to": "sql", "at": "2026-08-01T08:00:00Z"},
                {"to": "mql", "at": "2026-09-06T23:00:00Z", "rule": "sql.hands_back_to.too_early"},
            ],
        },
    )
    assert decision.stage is not None
    assert isinstance(decision.stage.asleep_until, datetime)
    assert short(decision.stage.asleep_until) == wakes


def test_ferrum_keeps_a_pool_of_leads_without_capacity() -> None:
    pool = {"to": "mql", "at": "2026-10-08T08:00:00Z", "rule": "sql.hands_back_to.no_capacity"}
    moves = [{"to": "sql", "at": "2026-10-01T08:00:00Z"}, pool]
    decision = decide("ferrum", "2026-11-02T09:00", {"stage": "mql", "moves": moves})
    assert isinstance(decision.worklists, tuple)
    (entry,) = decision.worklists
    assert (entry.worklist, short(entry.since)) == ("mql_pool", "2026-10-08 08:00")
