"""``leadpact test``"""

from __future__ import annotations

import json


def break_one(policy):
    examples = policy / "examples.leadpact"
    text = examples.read_text()
    examples.write_text(
        text.replace("    expect interest is 50\n", "    expect interest is 51\n", 1)
    )


def test_all_examples_hold(leadpact, policy):
    ran = leadpact("test", "ours")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("ours: 11 examples, all hold in ")


def test_a_failing_example_says_what_is_so_and_where(leadpact, policy):
    break_one(policy)
    ran = leadpact("test", "ours")
    assert ran.status == 1
    assert ran.out.startswith(
        "FAILED “Asks for a demo, decides, and has a phone” does not hold\n"
        "  --> ours/examples.leadpact:4\n"
        "  line 11: expected interest is 51\n"
        "           but it is not so\n"
        "  what is so:\n"
        "    interest is 50\n"
        "      +50  when the lead asked for a demo in the last 30 days\n"
        "    fit is A (60 points)\n"
    )
    assert "ours: 11 examples, 1 does not hold in " in ran.out


def test_json_lists_every_example(leadpact, policy):
    break_one(policy)
    ran = leadpact("test", "ours", "--json")
    (told,) = json.loads(ran.out)
    assert ran.status == 1
    assert len(told["examples"]) == 11
    first, *others = told["examples"]
    assert (first["holds"], first["file"], first["line"]) == (False, "ours/examples.leadpact", 4)
    assert first["unmet"] == [{"expected": "interest is 51", "found": "false", "line": 11}]
    assert all(one["holds"] for one in others)


def test_mutating_lists_what_no_example_notices(leadpact, policy):
    examples = policy / "examples.leadpact"
    kept = examples.read_text().split('example "Clicks give')
    examples.write_text(kept[0])
    ran = leadpact("test", "ours", "--mutate")
    assert ran.status == 1
    assert (
        "ours/points.leadpact:5 at most 20 points → at most 21 points is noticed by no example "
        "interest.email_click\n"
    ) in ran.out
    told = json.loads(leadpact("test", "ours", "--mutate", "--json").out)[0]
    assert {"file", "line", "rule", "change"} == set(told["survivors"][0])
    assert told["changes_tried"] > len(told["survivors"]) > 0


def test_a_failing_policy_is_not_mutated(leadpact, policy):
    break_one(policy)
    ran = leadpact("test", "ours", "--mutate")
    assert ran.status == 1
    assert "changes tried" not in ran.out


def test_a_policy_without_examples_says_so(leadpact, policy):
    (policy / "examples.leadpact").unlink()
    ran = leadpact("test", "ours")
    assert ran.status == 0
    assert ran.out.startswith("ours: there are no examples\n")


def test_a_policy_with_errors_is_a_finding(leadpact, policy):
    (policy / "stages.leadpact").unlink()
    ran = leadpact("test", "ours")
    assert ran.status == 1
    assert "no example was run" in ran.out
    assert leadpact("test", "nowhere").status == 2
