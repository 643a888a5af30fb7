"""All about one lead before the first call, as people read it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from leadpact.cli.columns import hung
from leadpact.cli.painting import dim, strong
from leadpact.cli.waiting_words import Words
from leadpact.decision import Points
from leadpact.rows_text import points_text
from leadpact.waiting import Activity, Dossier, Reason

__all__ = ["DossierText", "results"]

_MOST_REASONS = 4
_MOST_ACTIVITIES = 6


def results(scores: Mapping[str, Points], grades: Mapping[str, str]) -> dict[str, str]:
    """The points of each score and the letter of each grade, by name."""
    return {**{name: points_text(points) for name, points in scores.items()}, **grades}


@dataclass(frozen=True, slots=True)
class DossierText:
    """The blocks below the verdict about a lead."""

    words: Words
    width: int

    def blocks(
        self, told: Dossier, looks: Mapping[str, str], when: str = ""
    ) -> Iterator[list[str]]:
        """``looks`` has the points or letter of each score and grade (see ``results``)."""
        yield [*self._contact(told)]
        yield [*self._facts(told)]
        yield [*self._list("What to do", told.do)]
        yield [*self._path(told)]
        yield [*self._activities(told)]
        yield from self.reasons(told.reasons, looks, when)
        yield [*self._list("To ask", told.ask)]
        yield [*self._unknown(told)]

    def _contact(self, told: Dossier) -> Iterator[str]:
        fields = {field.name: field for field in self.words.policy.fields}
        known = {name: held for name, held in told.contact.items() if held not in (None, "", [])}
        if told.contact:
            yield strong("How to reach it")
        column = max((len(fields[name].label) for name in told.contact), default=0)
        for name in told.contact:
            label = f"  {fields[name].label:<{column}}  "
            if name in known:
                yield from hung(label, self.words.fact(fields[name], known[name]), self.width)
            else:
                yield dim(f"{label}unknown")

    def _facts(self, told: Dossier) -> Iterator[str]:
        fields = {field.name: field for field in self.words.policy.fields}
        if told.facts:
            yield strong("What we know")
            facts = [
                f"{fields[name].label}: {self.words.fact(fields[name], held)}"
                for name, held in told.facts.items()
            ]
            yield from self._wrapped("; ".join(facts))

    def _list(self, title: str, texts: tuple[str, ...]) -> Iterator[str]:
        if texts:
            yield strong(title)
            for text in texts:
                yield from hung("  ", text, self.width)

    def _path(self, told: Dossier) -> Iterator[str]:
        yield strong("Its path")
        yield from self._wrapped(self.words.path(told.path))

    def _activities(self, told: Dossier) -> Iterator[str]:
        if not told.activities:
            return
        yield strong("What happened lately")
        for one in told.activities[:_MOST_ACTIVITIES]:
            yield from hung("  ", self._activity(one), self.width)
        more = len(told.activities) - _MOST_ACTIVITIES
        if more > 0:
            yield dim(f"  and {more} more {'kind' if more == 1 else 'kinds'} of events")

    def _activity(self, one: Activity) -> str:
        who = "" if one.by is None else f"{self.words.party(one.by)}: "
        about = f": {', '.join(one.about)}" if one.about else ""
        return f"{who}{self.words.activity(one)}{about}"

    def reasons(
        self, reasons: Mapping[str, tuple[Reason, ...]], looks: Mapping[str, str], when: str = ""
    ) -> Iterator[list[str]]:
        """A block each score and grade that any row gave points to. ``when``: ``then``, ``now``"""
        for name, every in reasons.items():
            rows = tuple(row for row in every if row.points)
            if rows:
                title = f"Why {looks[name]} for {name} {when}".rstrip()
                yield [strong(title), *self._rows(rows)]

    def _rows(self, rows: tuple[Reason, ...]) -> Iterator[str]:
        shown = rows[:_MOST_REASONS]
        given = [points_text(row.points, sign=True) for row in shown]
        column = max(len(text) for text in given)
        for row, text in zip(shown, given, strict=True):
            says = row.says.removeprefix(f"{text} ")
            if row.count is not None and row.count > 1 and says == row.says:
                says = f"{says} ({row.count:,} times)"
            yield from hung(f"  {text:>{column}}  ", says, self.width)
            if row.because is not None:
                yield from hung(f"  {'':>{column}}  ", f"because: {row.because}", self.width)
        if len(rows) > _MOST_REASONS:
            rest = rows[_MOST_REASONS:]
            number = f"{len(rest)} more {'row' if len(rest) == 1 else 'rows'}"
            together = points_text(round(sum(row.points for row in rest), 2), sign=True)
            yield dim(f"  and {number}, together {together}")

    def _unknown(self, told: Dossier) -> Iterator[str]:
        fields = {field.name: field for field in self.words.policy.fields}
        labels = [fields[name].label for name in told.unknown if name not in told.contact]
        if labels:
            yield strong("Unknown, and could change where it stands")
            yield from self._wrapped(", ".join(labels))

    def _wrapped(self, text: str) -> Iterator[str]:
        yield from textwrap.wrap(
            text, self.width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
