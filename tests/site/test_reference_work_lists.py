"""The page about work lists: its leads give the lists shown, and it explains every key and option.

Its leads are decided by the policy that the language's page shows as its frame.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest
from site_tests_built import ROOT

from leadpact import cli
from leadpact.cli import main
from leadpact.waiting import Activity, Deadline, Dossier, OnList, Reason, Step, Waiting

REFERENCE = ROOT / "site" / "reference"
PAGE = (REFERENCE / "work_lists.md").read_text("utf-8")
AS_OF = "2026-11-20T10:00:00Z"
COMMANDS = re.findall(r"^.*?`leadpact ((?:queue|worklist) sample\S* [^`]*)`", PAGE, re.MULTILINE)


def fence(kind: str, text: str = PAGE) -> str:
    (only,) = re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert isinstance(only, str)
    return only


def table(title: str) -> set[str]:
    """What the first column names of each table with this title."""
    found = PAGE.split(f"\n| {title} |")[1:]
    rows = [row for each in found for row in each.partition("\n\n")[0].split("\n")[2:]]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row.split("|")[1])}


@pytest.fixture
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, tuple[str, dict[str, object]]]:
    """What each command of the page prints, and the line of JSON."""
    frame = fence("leadpact-frame", (REFERENCE / "language.md").read_text("utf-8"))
    (tmp_path / "sample.leadpact").write_text(frame, "utf-8")
    (tmp_path / "leads.jsonl").write_text(fence("json-leads"), "utf-8")
    monkeypatch.chdir(tmp_path)
    found = {}
    for command in COMMANDS:
        outs = []
        for more in ((), ("--json",)):
            with pytest.raises(SystemExit) as left:
                main([*command.split(), "--as-of", AS_OF, *more])
            assert left.value.code == 0
            outs.append(capsys.readouterr().out)
        entry = json.loads(outs[1])
        entry["policy"]["digest"] = "sha256:…"
        found[command.split()[0]] = outs[0], entry
    return found


def test_the_lists_are_those_shown(told: dict[str, tuple[str, dict[str, object]]]) -> None:
    assert set(told) == {"queue", "worklist"}
    assert told["queue"][0] == fence("text-queue")
    assert told["worklist"][0] == fence("text-worklist")


def test_the_lines_of_json_are_those_shown(told: dict[str, tuple[str, dict[str, object]]]) -> None:
    assert told["queue"][1] == json.loads(fence("json-waiting"))
    listed = told["worklist"][1]
    assert listed.pop("dossier")
    assert listed == json.loads(fence("json-listed"))


def keys(struct: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(struct)} - {"format"}


def test_every_key_is_explained() -> None:
    assert keys(Waiting) == table("key")
    assert keys(Deadline) == table("key of a deadline")
    assert keys(Dossier) == table("key of a dossier")
    assert keys(OnList) - {"id", "as_of", "policy"} == table("key of a lead on a worklist")
    for row, struct in (("path", Step), ("activities", Activity), ("reasons", Reason)):
        (line,) = re.findall(rf"^\| `{row}` \|.*$", PAGE, re.MULTILINE)
        assert keys(struct) <= set(re.findall(r"`(\w+)`", line)), row


def test_every_option_is_explained() -> None:
    options: dict[str, set[str]] = {}
    with cli._leadpact.make_context("leadpact", [], resilient_parsing=True) as context:
        for name in ("queue", "worklist"):
            command = cli._leadpact.get_command(context, name)
            assert command is not None
            options[name] = {one for each in command.params for one in each.opts if one[:2] == "--"}
    shown = {name.split()[0] for name in table("option")}
    assert shown == options["queue"]
    alone = set(re.findall(r"^\| `(--\w+)[^|]*\| `queue` alone", PAGE, re.MULTILINE))
    assert options["worklist"] == shown - alone
