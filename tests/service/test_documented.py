"""What the README and the page about the service say is what happens."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from service_tests import KONTOR, ROOT, write_policy

from leadpact.cli.cmd_serve import command
from leadpact.service.keys import RIGHTS
from leadpact.service.problems import KINDS

README = (ROOT / "README.md").read_text("utf-8")
PAGE = (ROOT / "site" / "reference" / "service.md").read_text("utf-8")
HERE = "http://127.0.0.1:8080"

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def curl_lines(text: str) -> list[str]:
    return re.findall(r"^(curl .*)$", text, re.MULTILINE)


def run_curl(line: str, url: str, folder: Path) -> list[dict]:
    command = line.replace(HERE, url).replace("curl ", "curl --silent --show-error --fail ", 1)
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, (line, done.stderr)
    return [json.loads(answer) for answer in done.stdout.splitlines()]


@needs_curl
def test_the_curl_lines_of_the_readme(serve, tmp_path):
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    policy, record = (
        next(text for kind, text in blocks if kind == k) for k in ("leadpact", "json")
    )
    (tmp_path / "lead.json").write_text(record, encoding="utf-8")
    service = serve(write_policy(tmp_path / "first", policy))
    decided, replayed, told = (
        run_curl(line, service.url, tmp_path)[0] for line in curl_lines(README)
    )
    assert (decided["id"], decided["stage"]["next"]) == ("L-17", "mql")
    assert [stay["stage"] for stay in replayed["stays"]] == ["lead", "mql"]
    assert told["in_force"]["version"] == 1


@needs_curl
def test_the_page(serve):
    """Its curl lines and its script."""
    sample = KONTOR / "sample"
    service = serve(KONTOR)
    statuses = [
        run_curl(line, service.url, sample)[0].get("status", "") for line in curl_lines(PAGE)
    ]
    assert statuses == ["decided", "decided", "replayed", ""]
    (script,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    told: list[str] = []
    exec(script.replace(HERE, service.url), {"print": lambda *words: told.extend(words)})
    assert told == ["lead", "C"]


def test_every_option_problem_and_right_is_explained():
    options = {
        name
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in parameter.opts
    }
    named = set(re.findall(r"`(--[a-z-]+)", PAGE))
    assert options - {"--help"} <= named
    assert named - options <= {"--rights", "--file"}
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", PAGE, re.MULTILINE))
    assert rows == {name: str(kind.status) for name, kind in KINDS.items()}
    assert set(RIGHTS) <= set(re.findall(r"^\| `([a-z]+)` \|", PAGE, re.MULTILINE))


def test_the_examples_of_running_it_say_that_they_were_not_run():
    assert "They were not run by those who wrote them." in PAGE
