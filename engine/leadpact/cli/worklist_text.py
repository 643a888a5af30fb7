"""Who stands on a worklist, as a list, and one lead after the other."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from leadpact.arrivals import worklists
from leadpact.checked import CheckedPolicy, Worklist
from leadpact.cli.columns import cut, hung, table
from leadpact.cli.dossier_text import DossierText, results
from leadpact.cli.instants import shown
from leadpact.cli.lengths import brief
from leadpact.cli.painting import dim, strong
from leadpact.cli.waiting_words import Words
from leadpact.rows_text import points_text, reason_text
from leadpact.waiting import OnList

__all__ = ["listed_text", "worklist_text"]

_TITLES = ("Lead", "Since", "For", "Because")
_BECAUSE = _TITLES.index("Because")


def worklist_text(
    policy: CheckedPolicy,
    worklist: Worklist,
    listed: Sequence[OnList],
    as_of: datetime,
    width: int,
    *,
    limit: int | None = None,
) -> str:
    """The list: points and letters are those with which each lead came back."""
    text = _List(policy, Words(policy, as_of), width)
    lines = [*text.heading(worklist, listed)]
    lines += text.rows(listed[:limit])
    beyond = 0 if limit is None else max(len(listed) - limit, 0)
    if beyond:
        lines += ["", dim(f"and {beyond:,} more")]
    return "\n".join(lines)


def listed_text(
    policy: CheckedPolicy, listed: Sequence[OnList], as_of: datetime, width: int
) -> str:
    """Everything about each lead, with a line between one and the next."""
    text = _List(policy, Words(policy, as_of), width)
    told = []
    for one in listed:
        blocks = text.blocks(one)
        told.append("\n\n".join("\n".join(block) for block in blocks if block))
    return f"\n\n{dim('-' * min(width, 40))}\n\n".join(told)


@dataclass(frozen=True, slots=True)
class _List:
    policy: CheckedPolicy
    words: Words
    width: int

    def heading(self, worklist: Worklist, listed: Sequence[OnList]) -> Iterator[str]:
        number = f"{len(listed):,} leads" if listed else "no lead"
        said = f"{worklist.label}: {'1 lead' if len(listed) == 1 else number}"
        yield from map(strong, textwrap.wrap(said, self.width))
        when = shown(self.words.as_of, self.policy.zone)
        about = f"{self.policy.label}, version {self.policy.version}, as of {when}"
        yield from map(dim, textwrap.wrap(about, self.width))
        if not self._each_its_own(listed):
            for deed in listed[0].do if listed else ():
                yield from hung("To do: ", deed, self.width)

    def _each_its_own(self, listed: Sequence[OnList]) -> bool:
        """Whether there is not the same to do with all of them."""
        return len({one.do for one in listed}) > 1

    def rows(self, listed: Sequence[OnList]) -> Iterator[str]:
        if not listed:
            return
        yield ""
        laid = table(
            [self._titles(), *map(self._cells, listed)], self.width, _BECAUSE, self._points()
        )
        if laid is None:
            for one in listed:
                yield from self._stacked(one)
                for deed in one.do if self._each_its_own(listed) else ():
                    yield from hung("  to do: ", deed, self.width)
            return
        yield dim(laid[0])
        for one, line in zip(listed, laid[1:], strict=True):
            yield line
            yield dim(f"  {cut(self._now(one), self.width - 2)}")
            for deed in one.do if self._each_its_own(listed) else ():
                yield from hung("  to do: ", deed, self.width)

    def _titles(self) -> list[str]:
        policy = self.policy
        return [
            *_TITLES,
            *(score.name for score in policy.scores),
            *(grade.name for grade in policy.grades),
            *(group.name for group in policy.groups),
        ]

    def _points(self) -> range:
        """The columns of points."""
        return range(len(_TITLES), len(_TITLES) + len(self.policy.scores))

    def _cells(self, one: OnList) -> list[str]:
        points = (one.scores.get(score.name) for score in self.policy.scores)
        return [
            *(one.id, self._day(one), self._long(one), self._because(one)),
            *("" if given is None else points_text(given) for given in points),
            *(one.grades.get(grade.name, "") for grade in self.policy.grades),
            *(
                self.words.group(group.name, one.groups[group.name])
                if group.name in one.groups
                else ""
                for group in self.policy.groups
            ),
        ]

    def _day(self, one: OnList) -> str:
        return self.words.when(one.since).split()[1]

    def _long(self, one: OnList) -> str:
        return brief(self.words.as_of - one.since)

    def _because(self, one: OnList) -> str:
        return "" if one.because is None else reason_text(one.because)

    def _now(self, one: OnList) -> str:
        looks = self.words.looks(one.scores_now, one.grades_now)
        owner = "" if one.owner is None else f", with {self.words.party(one.owner)}"
        until = "" if one.asleep_until is None else f" until {self.words.when(one.asleep_until)}"
        sleeps = f", asleep{until}" if one.asleep else ""
        return f"now in {self.words.stage(one.stage)}{owner}{sleeps}; {looks} today"

    def _stacked(self, one: OnList) -> Iterator[str]:
        yield from hung(f"{one.id}  ", f"since {self._day(one)}, {self._long(one)}", self.width)
        looks = self.words.looks(one.scores, one.grades)
        parts = [self._because(one), f"came with {looks}" if looks else "", self._now(one)]
        yield from hung("  ", "; ".join(filter(None, parts)), self.width)

    # --- one lead --------------------------------------------------------------------------------

    def blocks(self, one: OnList) -> Iterator[list[str]]:
        dossiers = DossierText(self.words, self.width)
        yield [*self._verdict(one)]
        yield from dossiers.reasons(one.reasons, results(one.scores, one.grades), "then")
        yield from dossiers.blocks(one.dossier, results(one.scores_now, one.grades_now), "now")

    def _verdict(self, one: OnList) -> Iterator[str]:
        (label,) = (found.label for found in worklists(self.policy) if found.name == one.worklist)
        since = self.words.when(one.since)
        said = f"{one.id} is on the list “{label}” since {since} ({self._long(one)})."
        yield from map(strong, textwrap.wrap(said, self.width, break_on_hyphens=False))
        came = f"It came from “{self.words.stage(one.came_from)}”"
        looks = self.words.looks(one.scores, one.grades)
        yield from hung("", f"{came} with {looks}." if looks else f"{came}.", self.width)
        if one.says is not None:
            yield from hung("", f"rule: {one.says}", self.width)
        if one.because is not None:
            yield from hung("", f"because: {self._because(one)}", self.width)
        yield from hung("", f"It is {self._now(one)}.", self.width)
