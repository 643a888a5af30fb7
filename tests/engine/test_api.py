"""The public interface: what a program that calls the engine can rely on."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import leadpact
from leadpact.decision import encode

ROOT = Path(__file__).parents[2]
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
LEAD: dict[str, Any] = {
    "id": "L-17",
    "email": "dana@buyer.example",
    "phone": "+46 8 123 456",
    "seniority": "vp",
    "industry": "manufacturing",
    "employees": 450,
    "activities": [
        {"kind": "demo_request", "at": "2026-11-19T10:00:00Z"},
        {"kind": "page_view", "url": "/pricing", "at": "2026-11-18T10:00:00Z"},
        {"kind": "page_view", "url": "/pricing", "at": "2026-11-20T11:00:00+01:00"},
    ],
}


@pytest.fixture(scope="module")
def kontor() -> leadpact.Policy:
    return leadpact.load(ROOT / "bench/kontor")


def decided(outcome: object) -> leadpact.Decision:
    assert isinstance(outcome, leadpact.Decision)
    return outcome


def test_a_decision_has_every_result(kontor: leadpact.Policy) -> None:
    decision = decided(kontor.decide(LEAD, as_of=AS_OF))
    assert decision.scores["interest"].points == 70
    assert (decision.grades["fit"].points, decision.grades["fit"].letter) == (90, "A")
    assert decision.groups["quadrant"].value == "contact"
    assert decision.checklists["bant"].result == "unknown"
    assert decision.stage is not None
    assert (decision.stage.current, decision.stage.next) == ("lead", "mql")
    assert decision.valid_until == datetime(2026, 12, 18, 10, tzinfo=UTC)


def test_the_instant_is_the_same_whatever_its_offset(kontor: leadpact.Policy) -> None:
    there = AS_OF.astimezone(datetime.fromisoformat("2026-11-21T18:00:00+09:00").tzinfo)
    assert kontor.decide(LEAD, as_of=there) == kontor.decide(LEAD, as_of=AS_OF)


def test_instants_and_numbers_may_be_python_values(kontor: leadpact.Policy) -> None:
    activities = [{**one, "at": datetime.fromisoformat(one["at"])} for one in LEAD["activities"]]
    given = {**LEAD, "activities": activities}
    assert kontor.decide(given, as_of=AS_OF) == kontor.decide(LEAD, as_of=AS_OF)


@pytest.mark.parametrize("explain", [False, True])
def test_all_ways_in_give_the_same_bytes(kontor: leadpact.Policy, explain: bool) -> None:
    data = json.dumps(LEAD).encode()
    outcome = kontor.decide(LEAD, as_of=AS_OF, explain=explain)
    assert kontor.decide_json(data, as_of=AS_OF, explain=explain) == leadpact_bytes(outcome)
    assert list(kontor.decide_many([LEAD], as_of=AS_OF, explain=explain)) == [outcome]


def leadpact_bytes(outcome: Any) -> bytes:
    from leadpact.decision import encode

    return encode(outcome)


def test_bytes_that_are_no_text_are_answered(kontor: leadpact.Policy) -> None:
    told = json.loads(kontor.decide_json(b'{"id": "\xff"}', as_of=AS_OF))
    assert told["status"] == "rejected"
    assert told["problems"][0]["reason"] == "This is not JSON: it is not text in UTF-8."


def test_what_the_policy_does_not_know_is_counted_and_changes_nothing(
    kontor: leadpact.Policy,
) -> None:
    odd = {**LEAD, "shoe_size": 44}
    odd["activities"] = [*LEAD["activities"], {"kind": "yawned", "at": "2026-11-20T10:00:00Z"}]
    decision = decided(kontor.decide(odd, as_of=AS_OF))
    assert [(w.code, w.subject, w.count) for w in decision.warnings] == [
        ("unknown_key", "shoe_size", 1),
        ("unknown_kind", "yawned", 1),
    ]
    assert decision.scores == decided(kontor.decide(LEAD, as_of=AS_OF)).scores


def test_a_wrong_record_names_every_wrong_field(kontor: leadpact.Policy) -> None:
    wrong = {"id": "L-1", "email": 5, "employees": "many", "seniority": "boss"}
    with pytest.raises(leadpact.RecordError) as raised:
        kontor.decide(wrong, as_of=AS_OF)
    assert sorted(problem.field for problem in raised.value.problems) == [
        "email",
        "employees",
        "seniority",
    ]
    (rejected,) = kontor.decide_many([wrong], as_of=AS_OF)
    assert isinstance(rejected, leadpact.RejectedRecord)
    assert rejected.problems == raised.value.problems


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"1", b"\xff", b'{"id": "x"', b"[" * 100_000])
def test_what_is_no_record_is_rejected_in_words(kontor: leadpact.Policy, data: bytes) -> None:
    answer = json.loads(kontor.decide_json(data, as_of=AS_OF))
    assert answer["status"] == "rejected"
    assert answer["problems"][0]["reason"]


NESTED: list[Any] = []
for _ in range(50_000):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"id": "L-\ud800"}, "id"),
        ({"id": 10**5000}, "id"),
        ({"seniority": "\ud800"}, "seniority"),
        ({"stage": "\ud800"}, "stage"),
        ({"employees": 10**5000}, "employees"),
        ({"phone": NESTED}, "phone"),
        ({"phone": {(1, 2): 3}}, "phone"),
        ({"format": Decimal("sNaN")}, "format"),
    ],
)
def test_values_that_cannot_be_written_are_told(
    kontor: leadpact.Policy, wrong: dict[str, Any], field: str
) -> None:
    rejected = kontor.decide_raw(LEAD | wrong, as_of=AS_OF)
    assert isinstance(rejected, leadpact.RejectedRecord)
    assert [problem.field for problem in rejected.problems] == [field]
    assert json.loads(encode(rejected))["problems"]


@pytest.mark.parametrize(
    "odd",
    [
        {"\ud800": 1},
        {"activities": [{"kind": "\ud800", "at": "2026-11-19T10:00:00Z"}]},
        {"activities": [{"kind": "webinar", "at": "\ud800"}]},
        {"activities": [{"kind": "webinar", "at": "2026-11-19T10:00:00Z", "id": 10**5000}]},
        {"activities": [{"kind": "webinar", "at": "2026-11-19T10:00:00Z", "\ud800": 1}]},
        {"activities": [NESTED]},
    ],
)
def test_oddities_that_cannot_be_written_are_counted(
    kontor: leadpact.Policy, odd: dict[str, Any]
) -> None:
    decision = decided(kontor.decide(LEAD | odd, as_of=AS_OF))
    assert [warning.count for warning in decision.warnings] == [1]
    assert json.loads(encode(decision))["warnings"]


@pytest.mark.parametrize("value", [None, 5, "L-17", [LEAD]])
def test_what_is_no_mapping_stops_nothing(kontor: leadpact.Policy, value: Any) -> None:
    wrong, right = kontor.decide_many([value, LEAD], as_of=AS_OF)
    assert isinstance(wrong, leadpact.RejectedRecord)
    assert [problem.reason for problem in wrong.problems] == ["A record is an object."]
    assert decided(right).id == "L-17"


@pytest.mark.parametrize("as_of", [datetime(2026, 11, 21, 9), datetime(1800, 1, 1, tzinfo=UTC)])
@pytest.mark.parametrize(
    "record", [LEAD, {**LEAD, "stage": "mql", "stage_since": "2026-01-01T00:00:00Z"}]
)
def test_an_instant_that_cannot_be_used_is_told(
    kontor: leadpact.Policy, as_of: datetime, record: dict[str, Any]
) -> None:
    with pytest.raises(leadpact.AsOfError):
        kontor.decide(record, as_of=as_of)


def test_a_lead_without_events_enters_its_start_stage_at_each_instant_anew() -> None:
    policy = leadpact.load_text(
        """policy late:
    language 1
    version 1
    time zone "Europe/Stockholm"
party sales:
stage new owned by sales:
    start
    moves to old when last entry to new is after 2027-02-28
stage old owned by sales:
    final
"""
    )
    decision = decided(policy.decide({"id": "L-17"}, as_of=AS_OF))
    assert decision.valid_until == datetime(2027, 2, 27, 23, tzinfo=UTC)
    then = decided(policy.decide({"id": "L-17"}, as_of=decision.valid_until))
    assert then.valid_until == datetime(2027, 2, 28, 23, tzinfo=UTC)
    last = decided(policy.decide({"id": "L-17"}, as_of=then.valid_until))
    assert last.stage is not None
    assert (last.stage.next, last.valid_until) == ("old", None)


def test_a_decision_can_be_kept_until_it_says(kontor: leadpact.Policy) -> None:
    decision = decided(kontor.decide(LEAD, as_of=AS_OF))
    assert decision.valid_until is not None
    last = decision.valid_until - timedelta(microseconds=1)
    assert decided(kontor.decide(LEAD, as_of=last)).scores == decision.scores
    then = decided(kontor.decide(LEAD, as_of=decision.valid_until))
    assert then.scores["interest"].points == 55


def test_results_that_leads_share_cannot_be_changed(kontor: leadpact.Policy) -> None:
    decision = decided(kontor.decide(LEAD, as_of=AS_OF))
    with pytest.raises(AttributeError):
        decision.scores["interest"].points = 100  # type: ignore[misc]


def test_a_policy_with_mistakes_does_not_load() -> None:
    with pytest.raises(leadpact.PolicyError) as raised:
        leadpact.load_text('policy x "X":\n    language 1\n    version 1\n')
    assert [found.code for found in raised.value.diagnostics]
    assert "time zone" in str(raised.value)


def test_a_policy_that_is_not_there_does_not_load(tmp_path: Path) -> None:
    with pytest.raises(leadpact.PolicyError):
        leadpact.load(tmp_path / "nothing")


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
@pytest.mark.parametrize("never", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_instants_at_the_ends_of_the_calendar_can_be_decided(zone: str, never: str) -> None:
    policy = leadpact.load_text(
        "policy ends:\n"
        "    language 1\n"
        "    version 1\n"
        "    in force from 2026-01-01\n"
        f'    time zone "{zone}"\n'
        "    currency EUR\n"
        "lead:\n"
        "    seen date and time\n"
        "score value:\n"
        "    +1 when seen is from 1900-01-01 to 2999-12-31\n"
        "    +2 when seen is known as given\n"
    )
    lead = {"id": "L-1", "seen": never}
    assert decided(policy.decide(lead, as_of=AS_OF)).scores["value"].points == 2


@pytest.mark.parametrize("wrong", [None, "2026-11-21", AS_OF.date()])
def test_what_is_no_instant_is_told(kontor: leadpact.Policy, wrong: Any) -> None:
    with pytest.raises(leadpact.AsOfError, match="datetime"):
        kontor.decide(LEAD, as_of=wrong)


def test_a_policy_can_be_sent_to_another_process(kontor: leadpact.Policy) -> None:
    sent = pickle.loads(pickle.dumps(kontor))
    assert sent.digest == kontor.digest
    assert sent.decide(LEAD, as_of=AS_OF, explain=True) == kontor.decide(
        LEAD, as_of=AS_OF, explain=True
    )
