"""``leadpact diff`` as people call it: folders, files, revisions, leads; and its exit status."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.changes.repository import POLICY, Git

from leadpact.cli import main

MORE = POLICY.replace("+10", "+15")
NAME = "policies/ours/policy.leadpact"


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    if shutil.which("git") is None:
        pytest.skip("needs the program git")
    made = Git(tmp_path / "repository")
    made.write(NAME, POLICY)
    made.commit("First")
    made.write(NAME, MORE)
    made.commit("Second")
    monkeypatch.chdir(made.root)
    return made


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *arguments])
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    assert "Traceback" not in told.err
    return ended.value.code, told.out, told.err


def file(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


SAID = """1 change. Decisions about leads can change.

Score “Interest”
  “Viewed pricing”  interest.pricing_view  policy.leadpact:10
    Points: +10 → +15
"""


def test_two_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file(tmp_path / "old", "policy.leadpact", POLICY)
    file(tmp_path / "new", "policy.leadpact", MORE)
    assert diff(capsys, str(tmp_path / "old"), str(tmp_path / "new")) == (1, SAID, "")


def test_the_same_meaning(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = file(tmp_path, "old.leadpact", POLICY)
    new = file(tmp_path, "new.leadpact", f"# Ours\n\n{POLICY}")
    assert diff(capsys, old, new) == (0, "Nothing changed in meaning.\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("HEAD~1", "HEAD", "--policy", "policies/ours"),
        ("HEAD~1", "--policy", "policies/ours"),
        ("HEAD~1", "policies/ours"),
        ("HEAD~1:policies/ours", "policies/ours"),
        ("HEAD~1:policies/ours", "main:policies/ours"),
        ("HEAD~1:./policies/ours/", "HEAD:policies/ours"),
    ],
)
def test_revisions(
    arguments: tuple[str, ...], git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    assert diff(capsys, *arguments) == (1, SAID, "")


def test_a_file_at_a_revision(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    assert diff(capsys, f"HEAD~1:{NAME}", NAME) == (1, SAID, "")


def test_a_folder_that_had_another_name(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    git.run("mv", "policies/ours", "policies/theirs")
    git.commit("Another name")
    status, _, told = diff(capsys, "HEAD~1", "policies/theirs")
    assert status == 2
    assert "there is no `policies/theirs`" in told
    assert diff(capsys, "HEAD~1:policies/ours", "policies/theirs")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nonsense", "HEAD", "--policy", "policies/ours"), "git knows no revision `nonsense`"),
        (("--policy", "policies/ours", "--", "-x", "HEAD"), "no revision begins with a hyphen"),
        (("nowhere", "nothing"), "there is no such file or folder"),
        (("HEAD~1", "HEAD"), "there is no such file or folder"),
        (("policies/ours",), "there is nothing to compare with"),
        (("HEAD:nowhere", "HEAD:policies/ours"), "there is no `nowhere`"),
        (("HEAD", "HEAD", "--policy", "nowhere"), "there is no such file or folder"),
        (("HEAD:../..", "policies/ours"), "leads out of the repository"),
        (("HEAD", "policies/ours", "--as-of", "2026-01-01"), "the leads are missing"),
    ],
)
def test_wrong_use(
    arguments: tuple[str, ...], said: str, git: Git, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, told = diff(capsys, *arguments)
    assert (status, out) == (2, "")
    assert said in told


def test_a_policy_that_could_not_be_read_then(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    git.write(NAME, MORE.replace("within", "wthin"))
    git.commit("A slip")
    git.write(NAME, MORE)
    git.commit("Mended")
    status, out, told = diff(capsys, "HEAD~1", "policies/ours")
    assert (status, out) == (2, "")
    assert f"  --> HEAD~1:{NAME}:10:" in told
    assert "HEAD~1:policies/ours: the policy has 1 error." in told


def test_no_git_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file(tmp_path / "ours", "policy.leadpact", POLICY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, told = diff(capsys, "HEAD", "ours")
    assert status == 2
    assert "this is in no git repository" in told
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "the program `git` is not here" in diff(capsys, "HEAD", "ours")[2]


def test_json(git: Git, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = diff(capsys, "HEAD~1", "policies/ours", "--json")
    told = json.loads(out)
    assert status == 1
    assert (told["old"], told["new"]) == ("HEAD~1:policies/ours", "policies/ours")
    (change,) = told["changes"]
    assert change["rule"] == "interest.pricing_view"
    assert (change["before"], change["after"]) == ("+10", "+15")
    assert change["decisions_can_change"] is True
    assert (change["file"], change["line"], change["place_in"]) == ("policy.leadpact", 10, "new")


STAGES = """stage lead "Lead":
    start
    moves to mql when interest is at least 15
stage mql "Qualified"
"""


def test_the_effect_on_leads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = file(tmp_path, "old.leadpact", POLICY + STAGES)
    new = file(tmp_path, "new.leadpact", MORE + STAGES)
    leads = file(
        tmp_path,
        "leads.jsonl",
        '{"id": "L-1", "activities": [{"kind": "pricing_view", "at": "2026-11-20T09:00:00Z"}]}\n'
        '{"id": "L-2"}\n',
    )
    arguments = (old, new, "--leads", leads, "--as-of", "2026-11-21T09:00:00Z")
    status, out, _ = diff(capsys, *arguments)
    assert status == 1
    assert out[out.index("1 lead is") :] == (
        "1 lead is decided otherwise, of 2.\n"
        "\n"
        "Score “Interest”: 1 differ\n"
        "  up  1\n"
        "\n"
        "Stage next: 1 differ\n"
        "  Lead → Qualified  1\n"
        "\n"
        "The first of them\n"
        "  L-1: Score “Interest” 10 → 15; Stage next Lead → Qualified\n"
        "      +10 → +15: +15 for each time the lead viewed pricing, in the last 30 days\n"
        "      Moves to “Qualified” when the interest score is at least 15 points\n"
    )
    told = json.loads(diff(capsys, *arguments, "--json")[1])["effect"]
    assert (told["leads"], told["changed"]) == (2, 1)
    assert told["first"][0]["id"] == "L-1"


def test_leads_that_only_one_of_the_two_decides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refusing = POLICY.replace(
        "    email text\n", '    email text\n    refused when email ends with "@test.example"\n'
    )
    old = file(tmp_path, "old.leadpact", POLICY)
    new = file(tmp_path, "new.leadpact", refusing)
    leads = file(tmp_path, "leads.csv", "id,email\nL-1,dana@test.example\nL-2,dana@buyer.example\n")
    out = diff(capsys, old, new, "--leads", leads)[1]
    assert "1 lead is decided otherwise, of 2." in out
    assert "decided → not decided  1" in out


def test_the_events_in_a_file_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = file(tmp_path, "o.leadpact", POLICY), file(tmp_path, "n.leadpact", MORE)
    leads = file(tmp_path, "leads.csv", "id,email\nL-1,dana@buyer.example\n")
    events = file(tmp_path, "events.csv", "lead,kind,at\nL-1,pricing_view,2026-11-20T09:00:00Z\n")
    out = diff(capsys, old, new, "--leads", leads, "--activities", events,
               "--as-of", "2026-11-21T09:00:00Z")[1]  # fmt: skip
    assert "L-1: Score “Interest” 10 → 15" in out
