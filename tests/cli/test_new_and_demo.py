"""``leadpact new`` and ``leadpact demo``"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
needs_sample = pytest.mark.skipif(
    not (ROOT / "policies" / "kontor" / "sample" / "leads.jsonl").is_file(),
    reason="the sample of policies/kontor is not here",
)


def test_a_new_policy_works_as_it_says(leadpact, tmp_path):
    ran = leadpact("new", "deep/fresh")
    assert ran.status == 0
    assert (tmp_path / "deep" / "fresh" / "policy.leadpact").is_file()
    commands = re.findall(r"^  leadpact (.*)$", ran.out, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["check", "test", "decide", "site"]
    for command in commands:
        done = leadpact(*command.split())
        assert (done.status, done.err) == (0, ""), command


def test_no_number_of_the_starting_policy_is_without_an_example(leadpact):
    leadpact("new", "fresh")
    ran = leadpact("test", "fresh", "--mutate")
    assert ran.status == 0, ran.out
    assert "each is noticed by an example" in ran.out


def test_the_files_of_a_new_policy_end_their_lines_the_same_everywhere(leadpact, tmp_path):
    leadpact("new", "fresh")
    files = [path for path in (tmp_path / "fresh").rglob("*") if path.is_file()]
    assert len(files) > 10
    for path in files:
        assert b"\r" not in path.read_bytes()


def test_nothing_is_overwritten(leadpact, policy, tmp_path):
    before = {path: path.read_bytes() for path in policy.iterdir()}
    ran = leadpact("new", "ours")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("leadpact: ours: this folder is not empty.\n")
    assert {path: path.read_bytes() for path in policy.iterdir()} == before
    (tmp_path / "note.txt").write_text("hello")
    assert leadpact("new", "note.txt").err.startswith("leadpact: note.txt: this is a file.\n")
    assert leadpact("new", "note.txt/sub").status == 2


def test_an_empty_folder_may_be_filled(leadpact, tmp_path):
    (tmp_path / "fresh").mkdir()
    assert leadpact("new", "fresh").status == 0


@needs_sample
def test_the_demo_does_the_main_job(leadpact, tmp_path):
    ran = leadpact("demo")
    assert (ran.status, ran.err) == (0, "")
    for heading in ("leadpact check", "leadpact test", "leadpact decide", "leadpact run"):
        assert f"\n$ {heading} " in ran.out
    assert "K-17 moves from “Lead” to “Marketing qualified lead” now." in ran.out
    assert "What to try next" in ran.out
    assert (tmp_path / "build" / "demo" / "decisions.csv").stat().st_size > 10_000


def test_without_the_sample_the_demo_says_where_it_is(monkeypatch, tmp_path, capsys):
    from leadpact.cli import cmd_demo, main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cmd_demo, "__file__", str(tmp_path / "a" / "b" / "c" / "d" / "e.py"))
    with pytest.raises(SystemExit) as left:
        main(["demo"])
    assert left.value.code == 2
    assert "leadpact: the sample (policies/kontor) is not here.\n" in capsys.readouterr().err
