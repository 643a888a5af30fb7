"""The policies that a service answers for: read, checked, and several versions side by side.

Of one policy, the version decides that was in force at the instant of the decision. A catalogue
never changes: a reload makes another one, or leaves the old one where it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from leadpact.analysis import analyse
from leadpact.api import Policy
from leadpact.operators.times import day_start
from leadpact.reading import read
from leadpact_dsl import has_errors, render
from leadpact_dsl.frozen import frozen

__all__ = ["MOST_POLICIES", "Catalogue", "MistakesError", "Shelf", "Version", "catalogue"]

MOST_POLICIES: Final = 100

_ALWAYS: Final = datetime(1, 1, 1, tzinfo=UTC)


class MistakesError(Exception):
    """The policies cannot be served. ``text`` is for whoever wrote them, ``brief`` names codes and
    places only.
    """

    def __init__(self, text: str, brief: str) -> None:
        super().__init__(brief)
        self.text = text
        self.brief = brief


@frozen
class Version:
    """One version of a policy. ``since`` is the instant from which it is in force."""

    policy: Policy
    since: datetime
    path: str


@frozen
class Shelf:
    """The versions of one policy, in the order in which they come into force."""

    name: str
    versions: tuple[Version, ...]
    begins: tuple[datetime, ...]

    def at(self, instant: datetime) -> Version | None:
        """The version in force at an instant; ``None`` before the first."""
        index = bisect_right(self.begins, instant)
        return self.versions[index - 1] if index else None

    def numbered(self, number: int) -> Version | None:
        """The version of this number."""
        return next((one for one in self.versions if one.policy.version == number), None)

    def after(self, instant: datetime) -> Version | None:
        """The next version to come into force after an instant."""
        index = bisect_right(self.begins, instant)
        return self.versions[index] if index < len(self.versions) else None


@frozen
class Catalogue:
    """All policies by name, and when they were read."""

    shelves: Mapping[str, Shelf]
    read_at: datetime

    def __iter__(self) -> Iterator[Shelf]:
        return iter(self.shelves.values())


def catalogue(paths: Sequence[str], now: datetime) -> Catalogue:
    """The policies at some paths. Raises ``MistakesError`` unless every one checks clean."""
    policies = [(path, _policy(path)) for path in paths]
    shelves: dict[str, Shelf] = {}
    for name in dict.fromkeys(policy.name for _, policy in policies):
        versions = [_version(policy, path) for path, policy in policies if policy.name == name]
        versions.sort(key=lambda version: version.since)
        _no_clash(versions)
        begins = tuple(version.since for version in versions)
        shelves[name] = Shelf(name, tuple(versions), begins)
    if len(shelves) > MOST_POLICIES:
        said = f"{len(shelves)} policies are too many for one service: {MOST_POLICIES} at most."
        raise MistakesError(said, said)
    return Catalogue(shelves, now)


def _policy(path: str) -> Policy:
    place = Path(path)
    checked, found, files = read(place)
    if checked is not None:
        found = (*found, *analyse(checked))
    errors = [one for one in found if one.is_error]
    if checked is None or has_errors(found):
        sources = {source.name: source for source in files}
        text = "\n\n".join(render(one, sources) for one in errors)
        where = ", ".join(f"{one.code} at {one.span.file}:{one.span.line}" for one in errors[:5])
        more = f" and {len(errors) - 5} more" if len(errors) > 5 else ""
        raise MistakesError(f"{path}:\n{text}", f"The policy has errors: {where}{more}.")
    return Policy(checked, place if place.is_dir() else place.parent)


def _version(policy: Policy, path: str) -> Version:
    day = policy.checked.in_force_from
    since = _ALWAYS if day is None else day_start(day, policy.checked.zone)
    return Version(policy, since, path)


def _no_clash(versions: Sequence[Version]) -> None:
    for one, other in pairwise(versions):
        name = one.policy.name
        if one.since == other.since:
            raise MistakesError(
                f"{other.path}: it is in force from the same day as {one.path}. "
                "Give one of them another `in force from`.",
                f"Two versions of {name} are in force from the same day.",
            )
    numbers = [version.policy.version for version in versions]
    for version in versions:
        number = version.policy.version
        if numbers.count(number) > 1:
            raise MistakesError(
                f"{version.path}: another policy {version.policy.name} is version {number}, too. "
                "Give one of them another `version`.",
                f"Two policies {version.policy.name} are version {number}.",
            )
