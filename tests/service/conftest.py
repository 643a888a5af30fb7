"""What the tests of the service share: real services, and a client to ask them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import httpx
import pytest

# The tests are no package, so what they share is made a module here.
for _name, _file in (("service_tests", "running.py"), ("fuzz_bodies", "fuzz.py")):
    _spec = spec_from_file_location(_name, Path(__file__).with_name(_file))
    assert _spec is not None
    assert _spec.loader is not None
    _module = module_from_spec(_spec)
    sys.modules[_name] = _module
    _spec.loader.exec_module(_module)

from service_tests import (  # noqa: E402
    FIRST,
    KONTOR,
    PATIENCE,
    Service,
    Start,
    start,
    write_policy,
)

collect_ignore_glob = ["*.py"] if sys.platform == "win32" else []
"""The service runs on Linux and macOS."""


@pytest.fixture
def serve() -> Iterator[Start]:
    """Start services that end with the test."""
    running: list[Service] = []

    def one(*options: object, cwd: Path | None = None) -> Service:
        running.append(start(*options, cwd=cwd))
        return running[-1]

    yield one
    for service in running:
        if service.process.poll() is None:
            service.process.kill()
            service.process.wait(PATIENCE)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A small policy in a folder of its own."""
    return write_policy(tmp_path / "first", FIRST)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with two policies, for all tests of a module that only ask."""
    folder = write_policy(tmp_path_factory.mktemp("policies") / "first", FIRST)
    options = ("--max-body", 200_000, "--max-events", 2_000, "--max-seconds", 1, "--patience", 1.5)
    running = start(folder, KONTOR, *options)
    yield running
    assert running.process.poll() is None
    assert running.stop() == 0


@pytest.fixture
def ask(service: Service) -> Iterator[httpx.Client]:
    with service.client() as client:
        yield client
