"""``leadpact check --annotate``: what forges show beside the lines of a change."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

BAD = """policy sample "Sample: 50%, and more":
    language 1
    version 1
    time zone "Europe/Stockholm"

score heat "Heat":
    +10 when fone is known
    +10 when phone >= 3
    +20 when fone is known
list unread from "100%, of: it.txt"
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    folder = tmp_path / "policies" / "odd, name"
    folder.mkdir(parents=True)
    (folder / "a:b.leadpact").write_text(BAD, encoding="utf-8")
    return folder


def commands(out: str) -> list[str]:
    return [line for line in out.split("\n") if line.startswith("::")]


def test_github_gets_commands_beside_the_plain_output(leadpact, bad):
    plain = leadpact("check", "policies/odd, name")
    ran = leadpact("check", "policies/odd, name", "--annotate", "github")
    assert ran.status == plain.status == 1
    assert ran.out.startswith(plain.out)
    assert ran.out == plain.out + "".join(f"{line}\n" for line in commands(ran.out))
    found = commands(ran.out)
    assert len(found) == len(re.findall(r"^(?:error|warning) ", plain.out, re.MULTILINE)) >= 3
    file = "policies/odd%2C name/a%3Ab.leadpact"
    assert found[0].startswith(f"::error file={file},line=7,col=14,endColumn=18,title=E201::")
    assert any(
        line.startswith(f"::error file={file},line=10,")
        and 'The list\'s file "100%25, of: it.txt" does not exist.%0A' in line
        for line in found
    )


def test_github_gets_errors_before_warnings(leadpact, policy, bad):
    (policy / "more.leadpact").write_text("define idle when phone is known\n")
    ran = leadpact("check", "ours", "policies/odd, name", "--annotate", "github")
    kinds = [line[2:].split(" ")[0] for line in commands(ran.out)]
    assert kinds == sorted(kinds)
    assert set(kinds) == {"error", "warning"}


def test_a_fine_policy_is_not_annotated(leadpact, policy):
    assert leadpact("check", "ours", "--annotate", "github").out == leadpact("check", "ours").out
    assert json.loads(leadpact("check", "ours", "--annotate", "gitlab").out) == []
    (run,) = json.loads(leadpact("check", "ours", "--annotate", "sarif").out)["runs"]
    assert (run["results"], run["tool"]["driver"]["rules"]) == ([], [])


def test_gitlab_gets_a_report_in_which_no_fingerprint_is_repeated(leadpact, bad):
    ran = leadpact("check", "policies/odd, name", "policies/../policies/odd, name", *GITLAB)
    report = json.loads(ran.out)
    assert ran.status == 1
    assert len({each["fingerprint"] for each in report}) == len(report) >= 6
    first = report[0]
    assert first["check_name"] == "E201"
    assert first["description"].startswith("E201: Nothing is named `fone`.")
    assert first["severity"] == "major"
    assert first["location"] == {
        "path": "policies/odd, name/a:b.leadpact",
        "lines": {"begin": 7},
    }
    assert {each["location"]["path"] for each in report} == {first["location"]["path"]}


GITLAB = ("--annotate", "gitlab")


def test_fingerprints_stay_when_lines_move(leadpact, bad):
    before = json.loads(leadpact("check", "policies/odd, name", *GITLAB).out)
    (bad / "a:b.leadpact").write_text(f"# A remark\n\n{BAD}", encoding="utf-8")
    after = json.loads(leadpact("check", "policies/odd, name", *GITLAB).out)
    assert [one["fingerprint"] for one in before] == [one["fingerprint"] for one in after]
    assert [one["location"]["lines"]["begin"] + 2 for one in before] == [
        one["location"]["lines"]["begin"] for one in after
    ]


def test_sarif_names_rules_and_places(leadpact, bad):
    ran = leadpact("check", str(bad), "--annotate", "sarif")
    report = json.loads(ran.out)
    assert (ran.status, report["version"]) == (1, "2.1.0")
    (run,) = report["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "leadpact"
    rules = [rule["id"] for rule in driver["rules"]]
    assert rules == sorted({result["ruleId"] for result in run["results"]})
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning")
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        # The command was given an absolute path.
        assert place["artifactLocation"]["uri"] == "policies/odd%2C%20name/a%3Ab.leadpact"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 7, "startColumn": 14, "endLine": 7, "endColumn": 18}


def test_json_and_annotations_do_not_go_together(leadpact, policy):
    ran = leadpact("check", "ours", "--json", "--annotate", "github")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("leadpact: --json and --annotate do not go together.\n")


def test_there_are_three_ways_to_annotate(leadpact, policy):
    ran = leadpact("check", "ours", "--annotate", "gitea")
    assert (ran.status, ran.out) == (2, "")
    assert "'gitea' is not one of 'github', 'gitlab', 'sarif'" in ran.err
