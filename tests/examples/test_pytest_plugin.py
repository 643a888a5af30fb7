"""``pytest policies/``: policies as tests. pytest runs as a process, with our plugin in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadpact.starter import starter_files

# Plugins of others that take a second to start.
OTHERS = [
    word
    for name in ("cacheprovider", "schemathesis", "hypothesispytest", "anyio", "xdist")
    for word in ("-p", f"no:{name}")
]


def policy_at(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, data in starter_files().items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def run_pytest(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    def run(*arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *OTHERS, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_each_example_is_one_test(run_pytest, tmp_path):
    policy_at(tmp_path / "policies" / "ours")
    status, out = run_pytest("policies", "-v")
    assert status == 0
    assert "11 passed" in out
    assert "policies/ours/examples.leadpact::Only an address PASSED" in out


def test_a_failing_example_is_told_in_words(run_pytest, tmp_path):
    examples = policy_at(tmp_path / "policies" / "ours") / "examples.leadpact"
    examples.write_text(examples.read_text().replace("interest is 100", "interest is 99"))
    status, out = run_pytest("policies")
    assert status == 1
    assert "1 failed, 10 passed" in out
    assert "expected interest is 99\n" in out
    assert "but it is not so" in out
    assert "Traceback" not in out
    assert "pytest_plugin.py" not in out


def test_a_failing_step_is_told_in_words(run_pytest, tmp_path):
    folder = policy_at(tmp_path / "policies" / "ours")
    later = 'example "Later":\n    as of 2026-11-02 10:00\n    after 1 day: expect refused\n'
    (folder / "later.leadpact").write_text(later)
    status, out = run_pytest("policies", "-k", "Later")
    assert status == 1
    assert "after 1 day (2026-11-03 10:00):" in out
    assert "but the lead is not refused" in out


def test_a_policy_with_mistakes_is_one_failing_test(run_pytest, tmp_path):
    stages = policy_at(tmp_path / "policies" / "ours") / "stages.leadpact"
    stages.write_text(stages.read_text().replace("interest is at", "interst is at"))
    status, out = run_pytest("policies")
    assert status == 1
    assert "1 failed" in out
    assert "passed" not in out
    assert "--> stages.leadpact:3:" in out


def test_one_test_can_be_run_alone(run_pytest, tmp_path):
    policy_at(tmp_path / "policies" / "ours")
    status, out = run_pytest("policies/ours/examples.leadpact::Only an address")
    assert status == 0
    assert "1 passed" in out


def test_other_folders_are_left_alone(run_pytest, tmp_path):
    policy_at(tmp_path / "corpus" / "ours")
    status, out = run_pytest()
    assert status == 5
    assert "no tests ran" in out


def test_the_ini_option_says_where_to_look(run_pytest, tmp_path):
    policy_at(tmp_path / "rules" / "ours")
    policy_at(tmp_path / "policies" / "theirs")
    (tmp_path / "pytest.ini").write_text("[pytest]\nleadpact_paths = rules\n")
    status, out = run_pytest()
    assert status == 0
    assert "11 passed" in out


def test_the_engine_is_not_imported_without_policies(run_pytest, tmp_path):
    (tmp_path / "test_lazy.py").write_text(
        "import sys\n\n\ndef test_lazy():\n    assert 'leadpact.mutation' not in sys.modules\n"
        "    assert 'leadpact.examples' not in sys.modules\n"
    )
    status, out = run_pytest()
    assert status == 0, out
