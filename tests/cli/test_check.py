"""``leadpact check``"""

from __future__ import annotations

import json
from pathlib import Path

import pytest


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_fine_policy_takes_one_line(leadpact, policy):
    ran = leadpact("check", "ours")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "ours: fine (5 files, 22 rules, 11 examples)\n"


def test_one_file_is_a_policy_too(leadpact, policy, tmp_path):
    text = "".join(path.read_text() for path in sorted(policy.glob("*.leadpact")))
    (tmp_path / "one.leadpact").write_text(text)
    ran = leadpact("check", "one.leadpact")
    assert ran.out == "one.leadpact: fine (1 file, 22 rules, 11 examples)\n"


def test_a_mistake_is_shown_with_its_place_and_counted(leadpact, policy):
    edit(policy / "stages.leadpact", "when interest is at least 50", "when interest >= 50")
    ran = leadpact("check", "ours")
    assert ran.status == 1
    assert "  --> ours/stages.leadpact:3:" in ran.out
    assert "define interested" in ran.out
    assert ran.out.endswith("\nours: 1 error\nleadpact explain E131 says more.\n")


def test_several_policies_each_get_their_line(program, policy):
    edit(policy / "stages.leadpact", "when interest is at least 50", "when interst is at least 50")
    ran = program("check", "ours", "ours/../ours")
    assert ran.status == 1
    assert [line for line in ran.out.split("\n") if line.endswith(": 1 error")] == [
        "ours: 1 error",
        "ours/../ours: 1 error",
    ]


def test_json_is_a_list_of_diagnostics(leadpact, policy):
    edit(policy / "stages.leadpact", "when interest is at least 50", "when interst is at least 50")
    ran = leadpact("check", "ours", "--json")
    (found,) = json.loads(ran.out)
    assert ran.status == 1
    assert list(found) == [
        *("code", "severity", "file", "line", "column", "end_line", "end_column"),
        *("message", "help", "fix"),
    ]
    assert (found["severity"], found["file"], found["line"]) == (
        "error",
        "ours/stages.leadpact",
        3,
    )
    assert found["end_column"] - found["column"] == len("interst")


def test_json_of_a_fine_policy_is_an_empty_list(leadpact, policy):
    ran = leadpact("check", "ours", "--json")
    assert (ran.status, json.loads(ran.out)) == (0, [])


def test_the_starting_policy_warns_until_it_is_edited(leadpact):
    leadpact("new", "fresh")
    ran = leadpact("check", "fresh")
    assert ran.status == 0
    assert ran.out.startswith("warning W901: This is still the starting policy.\n")
    assert ran.out.endswith("fresh: 1 warning (5 files, 22 rules, 11 examples)\n")


def test_a_new_name_alone_is_not_yet_edited(leadpact, policy):
    edit(policy / "policy.leadpact", '"Our leads"', '"Starter: rename me"')
    assert "W901" in leadpact("check", "ours").out


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"policy \xff\xfe", b""])
def test_a_file_of_any_bytes_gets_diagnostics(leadpact, tmp_path, data):
    (tmp_path / "odd.leadpact").write_bytes(data)
    ran = leadpact("check", "odd.leadpact")
    assert ran.status == 1
    assert ran.out.startswith("error E10")
    assert "odd.leadpact: 1 error" in ran.out
    assert "Traceback" not in ran.err


def test_a_folder_without_a_policy(leadpact, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = leadpact("check", "empty")
    assert ran.status == 1
    assert "There is no policy in this folder" in ran.out


def test_no_such_policy_is_wrong_use(leadpact):
    ran = leadpact("check", "nowhere")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("leadpact: nowhere: there is no such file or folder.\n")


def test_check_imports_nothing_that_it_does_not_need(program, policy):
    ran = program("check", "ours", PYTHONPROFILEIMPORTTIME="1")
    imported = {line.rpartition("|")[2].strip() for line in ran.err.split("\n")}
    assert ran.status == 0
    assert "leadpact.check" in imported
    late = {"leadpact.batch", "leadpact.why_not", "leadpact.explain", "leadpact.check.codes"}
    assert not imported & {"rich", "yaml", "jinja2", "leadpact_dsl.entries", *late}
