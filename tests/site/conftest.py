"""The site of the shipped policies, built once for all tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

# Tests are imported by path, so what they share is loaded under its own name first.
_SPEC = importlib.util.spec_from_file_location(
    "site_tests_built", Path(__file__).with_name("built.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
_BUILT = importlib.util.module_from_spec(_SPEC)
sys.modules["site_tests_built"] = _BUILT
_SPEC.loader.exec_module(_BUILT)


@pytest.fixture(scope="session")
def built_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``mkdocs build --strict`` of the project's own mkdocs.yml."""
    out = tmp_path_factory.mktemp("site")
    run = _BUILT.mkdocs(_BUILT.ROOT / "mkdocs.yml", out)
    assert run.returncode == 0, run.stdout + run.stderr
    return out


@pytest.fixture(scope="session")
def built(built_folder: Path) -> dict[str, Any]:
    return _BUILT.read_site(built_folder)
