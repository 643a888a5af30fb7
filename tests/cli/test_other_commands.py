"""Commands that other packages add through the entry points ``leadpact.commands``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = '''
import click

@click.command("greet")
@click.argument("name")
def greet(name):
    """Say good day."""
    click.echo(f"Good day, {name}.")
    return 1

class NoCommand:
    pass
'''

ENTRIES = """
[leadpact.commands]
greet = greeting:greet
broken = greeting_gone:command
no_name = greeting:nothing
no_command = greeting:NoCommand
check = greeting:greet
"""


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder in which a package of another author is installed."""
    library = tmp_path / "library"
    metadata = library / "greeting-1.0.dist-info"
    metadata.mkdir(parents=True)
    (library / "greeting.py").write_text(PACKAGE, "utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(ENTRIES, "utf-8")
    return library


@pytest.fixture
def run(program, installed):
    def with_it(*words: str):
        path = os.pathsep.join(filter(None, (str(installed), os.environ.get("PYTHONPATH"))))
        return program(*words, PYTHONPATH=path)

    return with_it


def test_such_a_command_runs_and_its_exit_status_counts(run):
    ran = run("greet", "Dana")
    assert (ran.status, ran.out, ran.err) == (1, "Good day, Dana.\n", "")


def test_it_stands_in_the_help_with_ours(run):
    ran = run("--help")
    assert ran.status == 0
    lines = [line.split(None, 1) for line in ran.out.splitlines()]
    assert ["greet", "Say good day."] in lines
    assert ["broken", "(cannot be loaded)"] in lines
    assert ["check", "Look for mistakes in policies."] in lines
    assert len([line for line in lines if line[:1] == ["check"]]) == 1


def test_ours_cannot_be_replaced(run):
    assert "a folder of .leadpact files" in run("check", "--help").out


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("broken", "(ModuleNotFoundError: No module named 'greeting_gone')"),
        ("no_name", "(AttributeError: module 'greeting' has no attribute 'nothing')"),
        ("no_command", ": it is no command"),
    ],
)
def test_one_that_cannot_be_loaded_is_told_in_a_line(name, why, run):
    ran = run(name)
    assert (ran.status, ran.out) == (2, "")
    gap = "" if why.startswith(":") else " "
    assert ran.err == (
        f"leadpact: the command `{name}` cannot be loaded{gap}{why}.\n"
        "  It comes with the package `greeting`: install that again, or remove it.\n"
    )


def test_a_word_that_is_nearly_one_is_told(run):
    ran = run("gret")
    assert ran.err.startswith("leadpact: there is no command `gret`. Did you mean `greet`?\n")


def test_our_own_commands_do_not_look_for_others(tmp_path):
    """Looking costs more than a whole start of the program."""
    code = (
        "import sys, leadpact.cli as cli\n"
        "try: cli.main(['explain', 'E131'])\n"
        "except SystemExit: pass\n"
        "print('leadpact.cli.others' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == "False\n"


def test_the_commands_of_the_site_are_found(leadpact):
    ran = leadpact("site", "--help")
    assert ran.status == 0
    for name in ("build", "serve", "export"):
        assert f"\n  {name} " in ran.out


@pytest.mark.parametrize("name", ["build", "serve", "export"])
def test_the_help_of_each_has_examples_and_tells_its_exit_status(name, leadpact):
    ran = leadpact("site", name, "--help")
    assert f"    leadpact site {name}" in ran.out
    assert "Exit status: 0" in ran.out
