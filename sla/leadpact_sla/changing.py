"""What git tells of a policy's past, for its pages; kept between the rebuilds of a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from leadpact.changes.effect import Effect
from leadpact.changes.git import GitError, repository, resolve
from leadpact.changes.history import History, history
from leadpact.checked import CheckedPolicy
from leadpact_dsl.frozen import frozen
from leadpact_sla.changes_page import changes_markdown, latest_change
from leadpact_sla.changes_sample import Sample, effects, sample_of
from leadpact_sla.model import Links
from leadpact_sla.places import Places

__all__ = ["Past", "Told"]


@frozen
class Told:
    """The page "What changed" as Markdown, and the latest change in a few words."""

    page: str
    latest: str | None


class Past:
    """Histories and effects that were worked out already. A policy is edited far more often than
    committed, and reading its whole history takes longer than all the rest of its pages.
    """

    def __init__(self) -> None:
        self._histories: dict[tuple[Path, str], History] = {}
        self._effects: dict[tuple[Path, str, str], Mapping[str, Effect]] = {}

    def told(self, policy: CheckedPolicy, path: Path, links: Links, today: date) -> Told:
        """What the pages of the policy at ``path`` tell of its past.

        Without git, or in a clone that is cut off, the page says so.
        """
        folder = path if path.is_dir() else path.parent
        head = _head(path)
        found = self._history(path, head)
        sample = _sample(policy, folder)
        page = changes_markdown(
            policy,
            found,
            Places.of(policy, links),
            today,
            self._effects_of(path, head, found, sample) if sample is not None else {},
            sample.says if sample is not None else "",
        )
        return Told(page, latest_change(found))

    def _history(self, path: Path, head: str | None) -> History:
        if head is None:
            return _without_place(history(path), path)
        key = (path, head)
        if key not in self._histories:
            self._histories[key] = history(path)
        return self._histories[key]

    def _effects_of(
        self, path: Path, head: str | None, found: History, sample: Sample
    ) -> Mapping[str, Effect]:
        if head is None:
            return {}
        key = (path, head, repr(sample.leads))
        if key not in self._effects:
            self._effects = {one: of for one, of in self._effects.items() if one[0] != path}
            self._effects[key] = effects(found, sample)
        return self._effects[key]


def _without_place(found: History, path: Path) -> History:
    """Without the folder of the machine that makes the pages: readers have no use for it."""
    if found.missing is None:
        return found
    said = found.missing
    for place in (path, path.parent):
        said = said.removeprefix(f"{place}: ")
    return replace(found, missing=said)


def _head(path: Path) -> str | None:
    """The commit that is checked out; ``None`` where git cannot tell."""
    try:
        return resolve(repository(path), "HEAD")
    except GitError:
        return None


def _sample(policy: CheckedPolicy, folder: Path) -> Sample | None:
    try:
        return sample_of(policy, folder)
    # A file of leads that cannot be read shows no effect; the pages are about the policy.
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
