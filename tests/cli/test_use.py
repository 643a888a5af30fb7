"""What all commands share: help, wrong use, pipes, colour, faults."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from leadpact import cli
from leadpact.cli import cmd_decide, main

COMMANDS = (
    *("check", "explain", "fmt", "decide", "replay", "run", "sql", "queue", "worklist"),
    *("test", "diff", "serve", "keys", "new", "demo"),
)


def status_of(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code


def test_help_names_every_command(leadpact):
    ran = leadpact("--help")
    assert ran.status == 0
    for name in COMMANDS:
        assert f"\n  {name} " in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_has_examples_and_tells_its_exit_status(name, capsys):
    assert status_of([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert f"    leadpact {name}" in out
    assert "Exit status: 0" in out


def test_the_version(leadpact):
    ran = leadpact("--version")
    assert ran.status == 0
    assert ran.out.startswith("leadpact 0.")


def test_nothing_asked_for_shows_the_help(leadpact):
    ran = leadpact()
    assert (ran.status, ran.out) == (2, "")
    assert "Commands:" in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["chek"], "leadpact: there is no command `chek`. Did you mean `check`?\n"),
        (["check"], "leadpact: missing argument 'POLICY...'.\n"),
        (["check", "--jsn", "x"], "leadpact: no such option '--jsn'."),
    ],
)
def test_wrong_use_is_one_line_and_where_to_read_more(arguments, says, capsys):
    assert status_of(arguments) == 2
    err = capsys.readouterr().err
    assert err.startswith(says)
    assert "--help` tells more.\n" in err


def test_a_reader_that_leaves_is_no_fault(policy, tmp_path):
    """Standard output is a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "leadpact", "check", "ours"],
        cwd=tmp_path,
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="a shell closes the standard streams here")
@pytest.mark.parametrize(("closed", "status"), [("<&-", 2), (">&-", 0), (">&- 2>&- <&-", 2)])
def test_a_closed_standard_stream_is_no_fault(policy, lead, tmp_path, closed, status):
    source = "-" if "<" in closed else "lead.json"
    done = subprocess.run(
        f'"{sys.executable}" -m leadpact decide ours {source} {closed}',
        shell=True,
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    assert b"fault" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_told(policy, tmp_path):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "leadpact", "check", "ours"],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"leadpact: ")
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("raised", "status", "says"),
    [
        (KeyboardInterrupt(), 130, "leadpact: stopped.\n"),
        (
            PermissionError(13, "Permission denied", "x.json"),
            2,
            "leadpact: x.json: permission denied.\n",
        ),
        (MemoryError(), 2, "leadpact: this is too large for the memory of this machine.\n"),
        (
            ZeroDivisionError("a"),
            70,
            "leadpact: a fault in Leadpact itself (ZeroDivisionError: a).\n",
        ),
    ],
)
def test_whatever_happens_is_told_without_a_traceback(raised, status, says, monkeypatch, capsys):
    def fail(path: str) -> bytes:
        raise raised

    monkeypatch.setattr(cmd_decide, "_bytes", fail)
    assert status_of(["decide", "ours", "x.json"]) == status
    assert says in capsys.readouterr().err


def test_colour_is_for_terminals_and_can_be_turned_off(policy, tmp_path):
    pty = pytest.importorskip("pty")

    def colour(**more: str) -> bytes:
        above, below = pty.openpty()
        subprocess.run(
            [sys.executable, "-m", "leadpact", "check", "ours"],
            cwd=tmp_path,
            stdout=below,
            env={**os.environ, "TERM": "xterm", **more},
            check=True,
        )
        os.close(below)
        seen: bytes = os.read(above, 10_000)
        os.close(above)
        return seen

    assert b"\x1b[32mfine" in colour(NO_COLOR="")
    assert b"\x1b" not in colour(NO_COLOR="1")


def test_labels_that_the_output_cannot_hold_do_not_stop_it(program, policy, lead):
    ran = program("decide", "ours", "lead.json", PYTHONIOENCODING="latin-1")
    assert ran.status == 0
    assert ran.out.startswith("L-17 stays in ?Lead?.\n")


def test_every_command_is_its_own_module():
    assert tuple(cli._COMMANDS) == COMMANDS
