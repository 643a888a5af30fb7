"""``mkdocs serve`` as people run it: an edit shows, and so does a mistake, until it is mended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from leadpact.starter import site_files, starter_files

# Far more than a rebuild takes, so that a busy machine does not fail the test.
PATIENCE = 60.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "ours"
    for name, data in {**starter_files(), **site_files()}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(data)
    return place


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Start ``serve`` with these words in ``tmp_path``; the address of its first page."""
    started: list[subprocess.Popen[bytes]] = []
    log = (tmp_path / "log.txt").open("wb")

    def start(*words: str) -> str:
        address = f"127.0.0.1:{free_port()}"
        command = [sys.executable, "-m", *words, address]
        started.append(subprocess.Popen(command, cwd=tmp_path, stdout=log, stderr=log))
        return f"http://{address}/"

    yield start
    for process in started:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
    log.close()
    said = (tmp_path / "log.txt").read_text("utf-8")
    assert "Traceback" not in said, said


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def page(address: str) -> str:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            text: str = answer.read().decode("utf-8")
            return text
    except (urllib.error.URLError, OSError):
        return ""


def until(address: str, holds: Callable[[str], bool]) -> str:
    """The page as soon as it is as asked; fails when it never is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        seen = page(address)
        if seen and holds(seen):
            return seen
        time.sleep(0.1)
    raise AssertionError(f"{address} never came to be as asked: {page(address)[:2000]}")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def broken(seen: str) -> bool:
    return 'class="lp-broken"' in seen


def test_an_edit_shows_and_a_mistake_comes_and_goes(folder: Path, serve) -> None:
    first = serve("mkdocs", "serve", "-f", "ours/mkdocs.yml", "-a")
    facts = f"{first}starter/facts.html"
    seen = until(facts, lambda seen: "Employees" in seen or "employees" in seen)
    assert not broken(seen)

    record = folder / "record.leadpact"
    before = record.read_bytes()
    edit(record, "lead:\n", 'lead:\n    town "Town of the office" text\n')
    until(facts, lambda seen: "Town of the office" in seen)

    edit(record, "text\n", "txet\n")
    seen = until(facts, broken)
    assert "txet" in seen
    assert "Town of the office" in seen, "the last good page stays"
    assert broken(page(first)), "every page has the box"

    record.write_bytes(before)
    seen = until(facts, lambda seen: not broken(seen))
    assert "Town of the office" not in seen


def test_new_files_and_files_of_lists_are_seen(folder: Path, serve) -> None:
    source = f"{serve('leadpact', 'site', 'serve', 'ours', '--address')}starter/facts.html"
    until(source, lambda seen: not broken(seen))
    (folder / "lists").mkdir()
    (folder / "lists" / "rivals.txt").write_text("north.example\n", "utf-8")
    new = folder / "rivals.leadpact"
    new.write_text('list rivals "Our rivals" from "lists/rivals.txt"\n', "utf-8")
    until(source, lambda seen: "north.example" in seen)
    (folder / "lists" / "rivals.txt").write_text("north.example\nsouth.example\n", "utf-8")
    until(source, lambda seen: "south.example" in seen)
    (folder / "lists" / "rivals.txt").unlink()
    until(source, broken)
    new.unlink()
    until(source, lambda seen: not broken(seen) and "north.example" not in seen)


def test_policies_alone_are_served_too_and_may_begin_with_a_mistake(folder: Path, serve) -> None:
    (folder / "mkdocs.yml").unlink()
    record = folder / "record.leadpact"
    edit(record, "lead:\n", "laed:\n")
    first = serve("leadpact", "site", "serve", "ours", "--address")
    seen = until(first, broken)
    assert "ours/record.leadpact:" in seen
    edit(record, "laed:\n", "lead:\n")
    until(first, lambda seen: not broken(seen))


def test_an_address_in_use_is_told(folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        run = subprocess.run(
            [sys.executable, "-m", "leadpact", "site", "serve", "ours", "--address", address],
            cwd=folder.parent,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
    assert run.returncode == 2
    assert f"leadpact: {address}: address already in use.\n" in run.stderr
