"""The page about records and commands: its files are read, its decision is made, its script runs.

Each fenced block of the page bears its part in its info string (``csv-leads`` and so on). They
are decided by the policy that the language's page shows as its frame.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from site_tests_built import ROOT

import leadpact
from leadpact import cli, decision
from leadpact.batch import RunOptions, run
from leadpact.batch.sources import read_mapping
from leadpact.cli import failing
from leadpact.schema import RESERVED_KEYS, Move

REFERENCE = ROOT / "site" / "reference"
PAGE = (REFERENCE / "records.md").read_text("utf-8")
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)


def fence(kind: str, text: str = PAGE) -> str:
    (only,) = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert isinstance(only, str)
    return only


def documented(heading: str, of: str = "") -> set[str]:
    """What the first columns of the tables below a heading name, or of the one table so titled."""
    (section,) = re.findall(rf"^## [^\n]*#{heading} \}}(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    if of:
        section = section.partition(f"\n| {of} |")[2].partition("\n\n")[0]
    first = re.findall(r"^\| ([^|]*) \|", section, re.MULTILINE)
    return {name for cell in first for name in re.findall(r"`([^`]+)`", cell)}


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    language = (REFERENCE / "language.md").read_text("utf-8")
    return leadpact.load_text(fence("leadpact-frame", language))


def test_the_decision_is_the_one_shown(policy: leadpact.Policy) -> None:
    record = json.loads(fence("json-record"))
    outcome = policy.decide(record, as_of=AS_OF, explain=True)
    made = json.loads(decision.encode(outcome))
    made["policy"]["digest"] = "sha256:…"
    assert made == json.loads(fence("json-decision"))


@pytest.mark.parametrize(
    ("name", "as_of"),
    [("mql", datetime(2026, 11, 20, 10, tzinfo=UTC)), ("asleep", AS_OF)],
)
def test_clocks_and_sleep_are_those_shown(
    policy: leadpact.Policy, name: str, as_of: datetime
) -> None:
    record = json.loads(fence(f"json-record-{name}"))
    made = json.loads(decision.encode(policy.decide(record, as_of=as_of, explain=True)))
    shown = json.loads(fence(f"json-decision-{name}"))
    assert {key: made[key] for key in shown} == shown


def test_the_files_are_read_as_shown(policy: leadpact.Policy, tmp_path: Path) -> None:
    for part in ("leads", "activities"):
        (tmp_path / f"{part}.csv").write_text(fence(f"csv-{part}"), "utf-8")
    options = RunOptions(
        leads=tmp_path / "leads.csv",
        activities=tmp_path / "activities.csv",
        source=None,
        as_of=AS_OF,
        out=tmp_path / "out.csv",
        rejects=tmp_path / "rejects.csv",
        explain=False,
        strict=False,
    )
    run(policy, options)
    assert (tmp_path / "out.csv").read_text("utf-8") == fence("csv-decisions")
    assert (tmp_path / "rejects.csv").read_text("utf-8") == fence("csv-rejects")
    strict = replace(options, strict=True, out=tmp_path / "strict.csv")
    assert run(policy, strict).stopped
    assert not (tmp_path / "strict.csv").exists()


def test_the_mapping_is_read(policy: leadpact.Policy, tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "crm.yaml").write_text(fence("yaml-mapping"), "utf-8")
    mapping = read_mapping(tmp_path, "crm", policy.checked)
    assert set(mapping.fields) == {"email", "seniority", "budget", "created_on"}
    keys = set(re.findall(r"(?:^|\n) {0,4}([a-z]+):", fence("yaml-mapping")))
    assert documented("mappings") == keys - set(mapping.fields)


def test_the_script_prints_what_the_page_says() -> None:
    script = fence("python")
    assert len(script.splitlines()) == 5
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.stdout == fence("text")


def test_every_key_of_a_record_and_of_a_decision_is_explained() -> None:
    assert set(RESERVED_KEYS) <= documented("record")
    moves = {field.encode_name for field in msgspec.structs.fields(Move)}
    assert moves == documented("record", "key of a move")
    named = set(re.findall(r"`(\w+)`", PAGE))
    for struct in (
        *(decision.Decision, decision.RefusedRecord, decision.RejectedRecord),
        *(decision.PolicyRef, decision.Row, decision.ScoreResult, decision.GradeResult),
        *(decision.GroupResult, decision.ChecklistResult, decision.StageResult),
        *(decision.TimeOutResult, decision.TargetResult, decision.WorklistResult),
        *(decision.Warning, decision.Refusal, decision.Problem),
    ):
        missing = {field.encode_name for field in msgspec.structs.fields(struct)} - named
        assert not missing, struct.__name__
    assert {f.encode_name for f in msgspec.structs.fields(decision.Decision)} <= documented(
        "decision"
    )


def test_every_code_of_a_warning_is_explained() -> None:
    listed = decision.Warning.__doc__ or ""
    codes = set(re.findall(r"``(\w+)``", listed.partition("one of")[2]))
    assert codes == documented("warnings")


def test_every_command_option_and_exit_status_is_explained() -> None:
    group = cli._leadpact
    with group.make_context("leadpact", [], resilient_parsing=True) as context:
        names = set(group.list_commands(context))
        command = group.get_command(context, "run")
    assert command is not None
    shown = documented("commands")
    assert names == {name.split()[1] for name in shown if name.startswith("leadpact ")}
    options = {option for one in command.params for option in one.opts if option.startswith("--")}
    assert {name.split()[0] for name in shown if name.startswith("--")} == options
    statuses = {
        *(failing.FINE, failing.FINDINGS, failing.WRONG_USE),
        *(failing.FAULT, failing.STOPPED, failing.GONE),
    }
    table = PAGE.partition("| exit status | meaning |")[2].partition("\n\n")[0]
    assert {int(found) for found in re.findall(r"\d+", table)} == statuses


def test_every_public_name_is_explained() -> None:
    section = PAGE.partition("{ #python }")[2]
    for name in leadpact.__all__:
        if name not in ("Policy", "Decision"):
            assert name in section, name
