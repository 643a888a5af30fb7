"""``leadpact queue`` and ``leadpact worklist``: wrong use, pipes, and terminals."""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[1] / "corpus" / "queue" / "desk"
AS_OF = ("--as-of", "2026-11-20T12:00")
LEADS = ("--leads", "leads.jsonl", *AS_OF)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CORPUS, tmp_path, dirs_exist_ok=True))


NO_STAGES = (
    'policy flat "Flat":\n    language 1\n    version 1\n    time zone "UTC"\nlead:\n    x text\n'
)
NO_LISTS = f'{NO_STAGES}stage lead "Lead":\n    start\n'


@pytest.mark.parametrize(
    ("arguments", "message", "help"),
    [
        (
            ("queue", ".", "mgl"),
            "leadpact: .: there is no stage `mgl`.",
            "Did you mean `mql`?",
        ),
        (
            ("queue", ".", "Nurtur"),
            "leadpact: .: there is no stage `Nurtur`.",
            "Did you mean `nurture`?",
        ),
        (
            ("queue", ".", "xyz"),
            "leadpact: .: there is no stage `xyz`.",
            "There are `lead`, `mql`, `nurture`, `sql`.",
        ),
        (
            ("queue", "."),
            "leadpact: say which stage you ask for, or whose.",
            "There are `lead`, `mql`, `nurture`, `sql`.",
        ),
        (
            ("queue", ".", "--owner", "sals"),
            "leadpact: .: there is no party `sals`.",
            "Did you mean `sales`?",
        ),
        (
            ("queue", ".", "--owner", "sales"),
            "leadpact: .: `sales` owns no stage in which leads wait.",
            "",
        ),
        (
            ("queue", ".", "mql", "--owner", "sales"),
            "leadpact: .: the stage `mql` is owned by `inbound`, not by `sales`.",
            "",
        ),
        (
            ("queue", "flat.leadpact", "mql"),
            "leadpact: flat.leadpact: the policy has no stages, so nobody waits in one.",
            "`leadpact run` decides about a file of leads.",
        ),
        (
            ("worklist", ".", "agian"),
            "leadpact: .: there is no worklist `agian`.",
            "Did you mean `again`?",
        ),
        (
            ("worklist", ".", "xyz"),
            "leadpact: .: there is no worklist `xyz`.",
            "There is `again`.",
        ),
        (
            ("worklist", "one.leadpact", "again"),
            "leadpact: one.leadpact: the policy has no worklists.",
            'A line `put on worklist NAME "Label"` below a move makes one.',
        ),
        (
            ("queue", ".", "mql", "--leads", "laeds.jsonl"),
            "leadpact: laeds.jsonl: there is no such file.",
            "Did you mean `leads.jsonl`?",
        ),
        (
            ("worklist", ".", "again", "--as-of", "soon"),
            "leadpact: --as-of: `soon` is no instant.",
            "Write it like 2026-11-21T09:00:00Z, or 2026-11-21T10:00 for local time.",
        ),
        (
            ("queue", ".", "mql", "--limit", "0"),
            "leadpact: invalid value for '--limit': 0 is not in the range x>=1.",
            "`leadpact queue --help` tells more.",
        ),
    ],
)
def test_wrong_use(leadpact, desk, arguments, message, help):
    (desk / "flat.leadpact").write_text(NO_STAGES, "utf-8")
    (desk / "one.leadpact").write_text(NO_LISTS, "utf-8")
    # A policy of a folder is all of its files.
    policy = desk / "desk"
    policy.mkdir()
    shutil.copy(CORPUS / "policy.leadpact", policy)
    given = [str("desk" if one == "." else one) for one in arguments]
    leads = [] if "--leads" in given else ["--leads", "leads.jsonl"]
    as_of = [] if "--as-of" in given else AS_OF
    ran = leadpact(*given, *leads, *as_of)
    said = f"{message}\n  {help}\n" if help else f"{message}\n"
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == said.replace(" .:", " desk:")


def test_piped_it_is_plain(leadpact, program, desk):
    ran = program("queue", ".", "mql", *LEADS)
    assert ran.status == 1
    assert ran.out == (CORPUS / "waiting_for_the_desk.120.txt").read_text("utf-8")
    dossier = leadpact("queue", ".", "mql", *LEADS, "--lead", "L-1")
    assert "\x1b" not in dossier.out
    assert max(map(len, dossier.out.split("\n"))) <= 100


def test_without_an_instant_it_is_now(leadpact, desk):
    ran = leadpact("queue", ".", "nurture", "--leads", "leads.jsonl", "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert told
    assert all(one["as_of"] > "2026-11-20" for one in told)


def test_rejects_can_be_written(leadpact, desk):
    ran = leadpact("queue", ".", "mql", *LEADS, "--rejects", "wrong.csv")
    assert ran.status == 1
    assert (desk / "wrong.csv").read_text("utf-8").split("\n")[1].startswith("10,L-10,size,")
    assert "--rejects" not in ran.err


def test_wrong_use_writes_nothing(leadpact, desk):
    ran = leadpact("queue", ".", "mgl", *LEADS, "--rejects", "wrong.csv")
    assert ran.status == 2
    assert not (desk / "wrong.csv").exists()


def test_on_a_terminal_it_has_colour_and_fits(desk):
    pty = pytest.importorskip("pty")
    fcntl = pytest.importorskip("fcntl")
    termios = pytest.importorskip("termios")
    above, below = pty.openpty()
    fcntl.ioctl(below, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 44, 0, 0))
    environment = {**os.environ, "TERM": "xterm", "NO_COLOR": ""}
    environment.pop("COLUMNS", None)
    done = subprocess.Popen(
        [sys.executable, "-m", "leadpact", "queue", ".", "mql", *LEADS],
        cwd=desk,
        stdout=below,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    os.close(below)
    seen = b""
    while True:
        try:
            part = os.read(above, 10_000)
        except OSError:
            break
        if not part:
            break
        seen += part
    os.close(above)
    assert done.wait(60) == 1
    import click

    text = seen.decode()
    assert "\x1b[31m\x1b[1m3 days late" in text
    plain = click.unstyle(text).replace("\r\n", "\n")
    assert plain == (CORPUS / "waiting_for_the_desk.44.txt").read_text("utf-8")
