"""Who waits for whom, as a list that is understood at once, and one lead after the other."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from leadpact.checked import CheckedPolicy, Stage
from leadpact.cli.columns import cut, hung, table
from leadpact.cli.dossier_text import DossierText, results
from leadpact.cli.instants import shown
from leadpact.cli.lengths import brief, time_left
from leadpact.cli.painting import bad, dim, strong
from leadpact.cli.waiting_words import Words
from leadpact.rows_text import points_text, reason_text
from leadpact.waiting import Deadline, Waiting

__all__ = ["dossiers_text", "queue_text"]

_TITLES = ("Lead", "Waits", "Time left", "What is due")
_DUE = _TITLES.index("What is due")
_LEFT = _TITLES.index("Time left")
_NOTHING_DUE = "no deadline"
_SAID = 3
"""How many kinds of events a list names of each lead."""


def queue_text(
    policy: CheckedPolicy,
    stages: Sequence[Stage],
    waiting: Sequence[Waiting],
    as_of: datetime,
    width: int,
    *,
    limit: int | None = None,
    hidden: int = 0,
) -> str:
    """A list a stage, its leads in their order. ``hidden`` is how many asleep are not shown."""
    text = _List(policy, Words(policy, as_of), width)
    left = len(waiting) if limit is None else limit
    blocks = []
    for stage in stages:
        here = [one for one in waiting if one.stage == stage.name]
        if here or len(stages) == 1:
            blocks.append("\n".join([*text.heading(stage, here), *text.rows(here[:left])]))
        left -= min(left, len(here))
    blocks = blocks or [strong("Nobody waits in any of these stages.")]
    beyond = 0 if limit is None else max(len(waiting) - limit, 0)
    blocks += ["\n".join(text.foot(beyond, hidden))] if beyond or hidden else []
    return "\n\n".join(blocks)


def dossiers_text(
    policy: CheckedPolicy,
    waiting: Sequence[Waiting],
    as_of: datetime,
    width: int,
) -> str:
    """Everything about each lead, with a line between one and the next."""
    text = _List(policy, Words(policy, as_of), width)
    dossiers = DossierText(text.words, width)
    told = []
    for one in waiting:
        blocks = [
            [*text.verdict(one)],
            *dossiers.blocks(one.dossier, results(one.scores, one.grades)),
        ]
        told.append("\n\n".join("\n".join(block) for block in blocks if block))
    return f"\n\n{dim('-' * min(width, 40))}\n\n".join(told)


@dataclass(frozen=True, slots=True)
class _List:
    policy: CheckedPolicy
    words: Words
    width: int

    # --- the list --------------------------------------------------------------------------------

    def heading(self, stage: Stage, waiting: Sequence[Waiting]) -> Iterator[str]:
        number = len(waiting)
        who = f" for {self.words.party(stage.owner)}" if stage.owner is not None else ""
        leads = "Nobody waits" if not number else f"{number:,} leads wait"
        leads = "1 lead waits" if number == 1 else leads
        yield from map(strong, textwrap.wrap(f"{stage.label}: {leads}{who}", self.width))
        when = shown(self.words.as_of, self.policy.zone)
        about = f"{self.policy.label}, version {self.policy.version}, as of {when}"
        yield from map(dim, textwrap.wrap(about, self.width))

    def rows(self, waiting: Sequence[Waiting]) -> Iterator[str]:
        """Each lead in a line or two; where there is no room for a table, in a few short ones."""
        if not waiting:
            return
        yield ""
        laid = table([self._titles(), *map(self._cells, waiting)], self.width, _DUE, self._points())
        if laid is None:
            for one in waiting:
                yield from self._stacked(one)
            return
        yield dim(laid[0])
        for one, line in zip(waiting, laid[1:], strict=True):
            yield self._painted(line, one)
            if lately := self._lately(one):
                yield dim(f"  {cut(lately, self.width - 2)}")

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

    def _cells(self, one: Waiting) -> list[str]:
        left, due = self._next(one)
        return [
            *(one.id, self._waits(one), left, due),
            *(points_text(one.scores[score.name]) for score in self.policy.scores),
            *(one.grades[grade.name] for grade in self.policy.grades),
            *(self._group(one, group.name) for group in self.policy.groups),
        ]

    def _group(self, one: Waiting, name: str) -> str:
        return self.words.group(name, one.groups[name]) if name in one.groups else ""

    def _waits(self, one: Waiting) -> str:
        return "?" if one.waits_since is None else brief(self.words.as_of - one.waits_since)

    def _next(self, one: Waiting) -> tuple[str, str]:
        """How long until what has to happen next, and what that is."""
        if one.asleep:
            until = one.asleep_until
            return ("asleep", "" if until is None else f"until {self.words.when(until)}")
        first = next(iter(one.deadlines), None)
        if first is None:
            return _NOTHING_DUE, ""
        return self._left(first), self.words.due(first)

    def _left(self, deadline: Deadline) -> str:
        if deadline.due is None:
            return "paused" if deadline.state == "paused" else "not started"
        return time_left(deadline.due, self.words.as_of)

    def _painted(self, line: str, one: Waiting) -> str:
        left = self._next(one)[0]
        return line.replace(left, bad(left), 1) if left.endswith(" late") else line

    def _lately(self, one: Waiting) -> str:
        return "; ".join(self.words.activity(each) for each in one.dossier.activities[:_SAID])

    def _stacked(self, one: Waiting) -> Iterator[str]:
        left, due = self._next(one)
        said = bad(left) if left.endswith(" late") else left
        yield from hung(f"{one.id}  ", f"{said}: {due}" if due else said, self.width)
        groups = [self._group(one, group.name) for group in self.policy.groups]
        looks = self.words.looks(one.scores, one.grades)
        parts = [f"waits {self._waits(one)}", looks, ", ".join(filter(None, groups))]
        yield from hung("  ", "; ".join(filter(None, parts)), self.width)
        if lately := self._lately(one):
            yield dim(f"  {cut(lately, self.width - 2)}")

    def foot(self, beyond: int, hidden: int) -> Iterator[str]:
        if beyond:
            yield dim(f"and {beyond:,} more")
        if hidden:
            sleeps = "1 lead is asleep" if hidden == 1 else f"{hidden:,} leads are asleep"
            said = f"{sleeps} and not shown; --asleep shows {'it' if hidden == 1 else 'them'}."
            yield from map(dim, textwrap.wrap(said, self.width, break_on_hyphens=False))

    # --- one lead --------------------------------------------------------------------------------

    def verdict(self, one: Waiting) -> Iterator[str]:
        stage = self.words.stage(one.stage)
        owner = "" if one.owner is None else f" for {self.words.party(one.owner)}"
        does = "sleeps" if one.asleep else f"waits{owner}"
        said = f"{one.id} {does} in “{stage}”{self._since(one)}."
        yield from map(strong, textwrap.wrap(said, self.width, break_on_hyphens=False))
        yield from self._why(one)
        for deadline in one.deadlines:
            yield from hung("", self._deadline(deadline), self.width)
        if not one.deadlines and not one.asleep:
            yield "Nothing is due."
        groups = [self._group(one, group.name) for group in self.policy.groups]
        looks = [self.words.looks(one.scores, one.grades), *filter(None, groups)]
        yield from hung("", f"It has {', '.join(filter(None, looks))}.", self.width)

    def _since(self, one: Waiting) -> str:
        if one.waits_since is None:
            return "; nobody knows since when"
        return f" since {self.words.when(one.waits_since)} ({self._waits(one)})"

    def _why(self, one: Waiting) -> Iterator[str]:
        if one.because is not None:
            yield from hung("", f"because: {reason_text(one.because)}", self.width)
        if one.asleep:
            until = one.asleep_until
            yield (
                "It is asleep until something wakes it."
                if until is None
                else f"It wakes up {self.words.when(until)}."
            )

    def _deadline(self, deadline: Deadline) -> str:
        label, due = deadline.label, deadline.due
        if due is None:
            stands = "is paused" if deadline.state == "paused" else "has not started yet"
            return f"“{label}” {stands}."
        left = time_left(due, self.words.as_of)
        said = bad(left) if left.endswith(" late") else strong(left)
        when = self.words.when(due)
        match deadline.what:
            case "target":
                was = "was due" if due < self.words.as_of else "is due"
                return f"{said}: “{label}” {was} {when}."
            case "time out":
                where = f"“{self.words.stage(deadline.to or '')}”"
                return f"{said}: without “{label}” until {when} it goes to {where}."
            case "hand back":
                where = f"“{self.words.stage(deadline.to or '')}”"
                return f"{said}: without “{label}” until {when} it is handed back to {where}."
