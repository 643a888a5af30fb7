"""Every file of a policy belongs to its own people, and no line of CODEOWNERS is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(
    f"/{path.relative_to(ROOT).as_posix()}"
    for path in ROOT.glob("policies/**/*")
    if path.is_file() and "__pycache__" not in path.parts
)

Rule = tuple[str, tuple[str, ...]]


def rules() -> list[Rule]:
    lines = (ROOT / ".github/CODEOWNERS").read_text(encoding="utf-8").splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return [(pattern, tuple(owners)) for pattern, *owners in words]


def fits(pattern: str, file: str) -> bool:
    """The three kinds of patterns that stand in the file: all, a folder, a file."""
    return pattern == "*" or file == pattern or (pattern.endswith("/") and file.startswith(pattern))


def owners(file: str) -> tuple[str, ...]:
    return next(who for pattern, who in reversed(rules()) if fits(pattern, file))


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_a_policy_belongs_to_its_organisation(file: str) -> None:
    _, _, policy, *rest = file.split("/")
    team = "leadpact-maintainers" if rest[0] == "sample" else policy.replace("_", "-")
    assert all(owner.startswith(f"@example-org/{team}") for owner in owners(file))


def test_every_line_names_owners_and_fits_a_file() -> None:
    for pattern, who in rules():
        assert who
        assert any(fits(pattern, file) for file in FILES), pattern


@pytest.mark.parametrize(
    ("file", "teams"),
    [
        ("kontor/scoring.leadpact", {"kontor-marketing"}),
        ("kontor/lifecycle.leadpact", {"kontor-marketing", "kontor-sales"}),
        ("ferrum/agreement.leadpact", {"ferrum-marketing", "ferrum-sales", "ferrum-management"}),
        ("studio_north/grading.leadpact", {"studio-north-studio"}),
    ],
)
def test_who_owns_what(file: str, teams: set[str]) -> None:
    assert set(owners(f"/policies/{file}")) == {f"@example-org/{team}" for team in teams}
