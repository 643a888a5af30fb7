"""A small policy in a folder of its own, and the program: here, or as a process of its own."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from leadpact.cli import main
from leadpact.starter import starter_files

AS_OF = "2026-03-02T10:00:00Z"


@dataclass(frozen=True, slots=True)
class Ran:
    status: int
    out: str
    err: str


@pytest.fixture
def leadpact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Run ``leadpact …`` in ``tmp_path`` within this process, which takes a tenth of the time."""

    def run(*arguments: object, stdin: str | bytes = b"", **more: str) -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        given, out, err = (io.TextIOWrapper(io.BytesIO(one), "utf-8") for one in (data, b"", b""))
        status: object = None
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            for name, value in more.items():
                patch.setenv(name, value)
            for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            try:
                main([*map(str, arguments)])
            except SystemExit as left:
                status = left.code
            finally:
                # The program would end here, with all that it holds.
                gc.unfreeze()
        assert isinstance(status, int)
        return Ran(status, _told(out), _told(err))

    return run


def _told(stream: io.TextIOWrapper) -> str:
    stream.flush()
    told = stream.buffer
    assert isinstance(told, io.BytesIO)
    return told.getvalue().decode()


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Ran]:
    """Run ``python -m leadpact …`` in ``tmp_path``: what is shown this way is shown once for each
    command.
    """

    def run(*arguments: object, stdin: str | bytes = b"", **more: str) -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [sys.executable, "-m", "leadpact", *map(str, arguments)],
            cwd=tmp_path,
            input=data,
            capture_output=True,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **more},
            timeout=60,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """The starting policy, edited; as seen from ``tmp_path`` its path is ``ours``."""
    folder = tmp_path / "ours"
    folder.mkdir()
    for name, data in starter_files().items():
        text = data.decode().replace('starter "Starter: rename me"', 'ours "Our leads"')
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


@pytest.fixture
def lead(tmp_path: Path) -> dict[str, object]:
    """A lead that misses only its phone number; written to ``lead.json``."""
    record: dict[str, object] = {
        "id": "L-17",
        "email": "dana@buyer.example",
        "position": "advises",
        "employees": 450,
        "activities": [
            {"id": "e1", "kind": "webinar", "at": "2026-02-10T13:00:00Z"},
            {"id": "e2", "kind": "demo_request", "at": "2026-02-27T08:31:00Z"},
        ],
    }
    (tmp_path / "lead.json").write_text(json.dumps(record), encoding="utf-8")
    return record
