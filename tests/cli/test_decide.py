"""``leadpact decide``"""

from __future__ import annotations

import json

import pytest

AS_OF = "2026-03-02T10:00:00Z"


def test_the_verdict_comes_first_then_why_then_what_is_missing(leadpact, policy, lead):
    ran = leadpact("decide", "ours", "lead.json", "--as-of", AS_OF)
    lines = ran.out.split("\n")
    assert ran.status == 0
    assert lines[:2] == [
        "L-17 stays in “Lead”.",
        "Our leads, version 1, as of 2026-03-02 10:00 (UTC)",
    ]
    assert "interest  65  How interested the lead is" in lines
    assert "  +50  when the lead asked for a demo in the last 30 days" in lines
    assert "       because: Nobody asks for a demo without a plan" in lines
    at = lines.index("Why not “Marketing qualified lead”")
    assert lines[at + 1 : at + 4] == [
        "  no       the lead is ready for sales",
        "  yes        the lead is in the group “Contact”",
        "  no         the phone is known",
    ]
    at = lines.index("Unknown, and could change the decision")
    assert lines[at + 1] == "  Phone"
    assert lines[-2] == (
        "This holds until 2026-03-29 08:31 (UTC), unless something new is known or happens before."
    )


def test_a_lead_that_moves(program, policy, lead):
    record = json.dumps(lead | {"phone": "+46 8 123 456"})
    ran = program("decide", "ours", "-", "--as-of", AS_OF, stdin=record)
    assert ran.status == 0
    assert ran.out.startswith("L-17 moves from “Lead” to “Marketing qualified lead” now.\n")
    assert "\nWhy “Marketing qualified lead”\n  because: Keen, fits, and can be called\n" in ran.out


def test_a_definition_that_fails_is_opened_to_the_fact_behind_it(leadpact, policy, lead):
    record = json.dumps(lead | {"phone": "+46 8 123 456", "activities": []})
    ran = leadpact("decide", "ours", "-", "--as-of", AS_OF, stdin=record)
    assert "the lead is in the group “Contact” (it is “Nurture”)" in ran.out
    assert "the interest score is at least 50 points (it is 0)" in ran.out


def test_an_unknown_condition_is_called_unknown(leadpact, policy, lead):
    stages = policy / "stages.leadpact"
    text = stages.read_text().replace("and phone is known", "and employees is at least 200")
    stages.write_text(text)
    record = json.dumps(
        {key: lead[key] for key in ("id", "email", "activities")} | {"position": "decides"}
    )
    ran = leadpact("decide", "ours", "-", "--as-of", AS_OF, stdin=record)
    assert "  unknown    the number of employees is at least 200\n" in ran.out


def test_rows_tell_how_often_they_counted_and_when_their_limit_was_reached(leadpact, policy, lead):
    clicks = [
        {"id": f"c{day}", "kind": "email_click", "at": f"2026-02-2{day}T10:00:00Z"}
        for day in range(6)
    ]
    record = json.dumps(lead | {"activities": clicks})
    ran = leadpact("decide", "ours", "-", "--as-of", AS_OF, stdin=record)
    said = " ".join(ran.out.split())
    assert "+20 +5 for each time the lead clicked in an e-mail, once a day, in the last 30" in said
    assert "at most 20 points (6 times, limit reached)" in said


def test_json_is_the_decision_record(leadpact, policy, lead):
    ran = leadpact("decide", "ours", "lead.json", "--as-of", AS_OF, "--json")
    record = json.loads(ran.out)
    assert ran.status == 0
    assert (record["id"], record["status"], record["as_of"]) == ("L-17", "decided", AS_OF)
    assert record["scores"]["interest"]["points"] == 65
    assert sum(row["points"] for row in record["scores"]["interest"]["rows"]) == 65


def test_as_of_without_an_offset_is_local_time(leadpact, policy, lead):
    zoned = policy / "policy.leadpact"
    zoned.write_text(zoned.read_text().replace('"UTC"', '"Europe/Stockholm"'))
    ran = leadpact("decide", "ours", "lead.json", "--as-of", "2026-03-02T10:00", "--json")
    assert json.loads(ran.out)["as_of"] == "2026-03-02T09:00:00Z"
    ran = leadpact("decide", "ours", "lead.json", "--as-of", "2026-03-02T10:00")
    assert "as of 2026-03-02 10:00 (Europe/Stockholm)" in ran.out


def test_without_as_of_it_is_now_and_said(leadpact, policy, lead):
    ran = leadpact("decide", "ours", "lead.json")
    assert ran.status == 0
    assert "version 1, as of 20" in ran.out


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "", "0001-01-01", "9999-12-31T23:00Z"])
def test_what_is_no_instant(leadpact, policy, lead, text):
    ran = leadpact("decide", "ours", "lead.json", "--as-of", text)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("leadpact: --as-of: ")


def test_a_wrong_record_names_every_wrong_field(leadpact, policy, lead):
    record = json.dumps(lead | {"employees": "many", "position": "boss"})
    ran = leadpact("decide", "ours", "-", stdin=record)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("leadpact: this record cannot be decided.\n")
    assert "  employees: " in ran.err
    assert "  position: " in ran.err
    told = json.loads(leadpact("decide", "ours", "-", "--json", stdin=record).out)
    assert told["status"] == "rejected"
    assert {problem["field"] for problem in told["problems"]} == {"employees", "position"}


def test_a_refused_record_says_why(leadpact, policy, lead):
    record = policy / "record.leadpact"
    line = '    refused when email is "dana@buyer.example" because "Test record"\n'
    record.write_text(record.read_text().replace("\n# What can a lead do?", f"{line}\n# What can"))
    ran = leadpact("decide", "ours", "lead.json", "--as-of", AS_OF)
    assert ran.status == 0
    assert ran.out.startswith("L-17 is turned away: Test record.\n")


def test_odd_events_and_keys_are_warned_about(leadpact, policy, lead):
    events = [
        {"kind": "webinar", "at": "soon"},
        {"kind": "phone_call", "at": AS_OF},
        {"kind": "webinar", "at": "2026-02-01T10:00:00"},
    ]
    record = json.dumps(lead | {"activities": events, "shoe_size": 43})
    ran = leadpact("decide", "ours", "-", "--as-of", AS_OF, stdin=record)
    assert ran.status == 0
    warnings = ran.out[ran.out.index("Warnings") :]
    assert "`shoe_size` is no field of this policy, and is not used" in warnings
    assert "events `phone_call` are not in this policy, and do not count" in warnings
    assert "has no offset, and is read in the policy's zone" in warnings
    assert "an event `webinar` was left out, because something in it is wrong\n    at: " in warnings


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "this is not JSON (line 1, column 2"),
        (b"", "this is not JSON"),
        (b"[1]", "a lead is one JSON object"),
        (b"\xff\xfe{", "this is not a text in UTF-8"),
        (b"[" * 100_000, "this is nested too deep"),
        (b'{"id": ' + b"9" * 5000 + b"}", "it holds a number that is too long"),
        (b'{"id": "L-\\ud800"}', "a text in it holds half a character"),
        (b" " * 50_000_001, "a lead of more than 50,000,000 bytes is not read"),
    ],
)
def test_what_is_no_lead(leadpact, policy, data, says):
    ran = leadpact("decide", "ours", "-", stdin=data)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("leadpact: standard input: ")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_no_such_lead_and_a_folder(leadpact, policy):
    ran = leadpact("decide", "ours", "nobody.json")
    assert (ran.status, ran.err) == (2, "leadpact: nobody.json: there is no such file.\n")
    ran = leadpact("decide", "ours", "ours")
    assert ran.status == 2
    assert ran.err.startswith("leadpact: ours: this is a folder.\n")


def test_a_policy_with_errors_is_wrong_use(leadpact, policy, lead):
    stages = policy / "stages.leadpact"
    stages.write_text(
        stages.read_text().replace("interest is at least 50", "interst is at least 50")
    )
    ran = leadpact("decide", "ours", "lead.json")
    assert (ran.status, ran.out) == (2, "")
    assert "--> ours/stages.leadpact:3:" in ran.err
    assert ran.err.endswith("leadpact: ours: the policy has 1 error.\n")
