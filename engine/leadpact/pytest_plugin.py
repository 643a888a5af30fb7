"""``pytest policies/``: every example of every policy is a test.

A folder with ``.leadpact`` files is one policy. It is collected through its first file, and only
below a folder named ``policies``, or where the ini option ``leadpact_paths`` says. Nothing of the
engine is imported before there is a policy to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from leadpact.checked import CheckedPolicy
    from leadpact.examples import ExampleResult

_SUFFIX = ".leadpact"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini(
        "leadpact_paths",
        "Folders whose Leadpact policies are tested (without it: those below a folder `policies`).",
        type="paths",
        default=[],
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != _SUFFIX:
        return None
    named = parent.session.isinitpath(file_path)
    if not named and not (_is_first(file_path) and _is_wanted(file_path, parent.config)):
        return None
    collector: pytest.Collector = PolicyFolder.from_parent(parent, path=file_path)
    return collector


def _is_first(path: Path) -> bool:
    """One file stands for its folder, so that a policy is not collected once a file."""
    return path.name == min(other.name for other in path.parent.glob(f"*{_SUFFIX}"))


def _is_wanted(path: Path, config: pytest.Config) -> bool:
    paths: list[Path] = config.getini("leadpact_paths")
    if paths:
        return any(path.is_relative_to(allowed) for allowed in paths)
    below = path.parent
    if below.is_relative_to(config.rootpath):
        below = below.relative_to(config.rootpath)
    return "policies" in below.parts


class PolicyFolder(pytest.File):
    """One policy; ``path`` is its first file."""

    def collect(self) -> Iterator[pytest.Item]:
        from leadpact.api import Policy
        from leadpact.examples import run_examples
        from leadpact.reading import read
        from leadpact_dsl import has_errors, render

        checked, diagnostics, sources = read(self.path.parent)
        if checked is None or has_errors(diagnostics):
            by_name = {source.name: source for source in sources}
            text = "\n\n".join(render(one, by_name) for one in diagnostics if one.is_error)
            yield BrokenPolicy.from_parent(self, name="check", text=text)
            return
        for result in run_examples(Policy(checked)):
            name = result.example.name
            yield ExampleItem.from_parent(self, name=name, policy=checked, result=result)


class PolicyError(Exception):
    """What is wrong, already in words."""


class _Item(pytest.Item):
    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, PolicyError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class BrokenPolicy(_Item):
    """A policy with mistakes: one failing test that shows them."""

    def __init__(self, *, text: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.text = text

    def runtest(self) -> None:
        raise PolicyError(self.text)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.parent.name}: the policy has mistakes"


class ExampleItem(_Item):
    """One example of a policy."""

    def __init__(self, *, policy: CheckedPolicy, result: ExampleResult, **rest: Any) -> None:
        super().__init__(**rest)
        self.policy = policy
        self.result = result

    def runtest(self) -> None:
        from leadpact.examples import report

        if not self.result.holds:
            raise PolicyError(report(self.policy, self.result))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        span = self.result.example.span
        return self.path.with_name(span.file), span.line - 1, self.name
