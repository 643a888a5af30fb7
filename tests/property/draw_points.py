"""Drawing scores and grades: rows of points of every kind."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.property.draw_condition import condition, condition_lines
from tests.property.draw_scope import (
    TEXTS,
    FieldLike,
    Lines,
    Scope,
    ScoreLike,
    choice_word,
    day,
    in_force,
    quoted,
    some,
    two_versions,
    window,
)

LETTERS = ("A+", "A", "A-", "B", "B-", "C", "D", "E")
PERIODS = ("day", "week", "month", "quarter")


class PointsDrawing:
    """One policy in the making: what is declared, and what conditions may mention."""

    def __init__(self, r: Random) -> None:
        self.r = r
        self.scope = Scope(currency=r.choice(("SEK", "EUR", "USD")))
        self.count = 0

    def name(self, word: str) -> str:
        self.count += 1
        return f"{word}_{self.count}"

    def chance(self, likelihood: float) -> bool:
        return self.r.random() < likelihood

    def label(self, likelihood: float = 0.4) -> str:
        return f" {quoted(self.r.choice(('Ready', 'Ünread “one”', 'A: b, c')))}" * self.chance(
            likelihood
        )

    def because(self) -> str:
        return f" because {quoted(self.r.choice(('It says so', 'Why – not? 100%')))}" * self.chance(
            0.3
        )

    # --- points --------------------------------------------------------------------------------

    def score(self) -> Lines:
        r, name = self.r, self.name("interest")
        low, high = r.choice((0, 0, -10)), r.choice((20, 60, 100))
        clamped = self.chance(0.6)
        clamp = f" from {low} to {high}" * clamped
        lines = [f"score {name}{self.label()}{clamp} owned by marketing:"]
        categories: dict[str, int | None] = {}
        for _ in range(r.randint(0, 2)):
            category = self.name("part")
            cap = r.choice((None, 3, 5, 20, 40))
            limit = "" if cap is None else f" at most {cap} points"
            lines.append(f"    category {category}{self.label()}{limit}:")
            rows = [line for _ in range(r.randint(1, 3)) for line in self.row(events=True)]
            rows += self.fading(rows, -1000, cap)
            lines += [f"    {line}" for line in rows]
            categories[category] = cap
        for _ in range(r.randint(1 if not categories else 0, 6)):
            lines += self.row(events=True)
        lines += self.fading(lines, low if clamped else -1000, high if clamped else None)
        score = ScoreLike(name, low, high, categories)
        self.scope.scores.append(score if clamped else replace(score, low=None, high=None))
        return lines

    def points(self, big: bool = False) -> str:
        whole = self.r.choice((1, 2, 5, 10, 15, 40) if not big else (5, 10, 20, 30))
        cents = self.r.choice(("", "", "", ".5", ".25", ".01"))
        return f"{'-' if self.chance(0.25) else '+'}{whole}{cents}"

    def row(self, events: bool) -> Lines:
        r = self.r
        by = [f for f in self.scope.fields if f.kind != "any number of"]
        if self.chance(0.15 if events else 0.6) and by:
            return self.points_by(r.choice(by))
        what, name = self.what(events), f" as {self.name('row')}"
        if self.chance(0.12):
            # A row and its next version, which may bear the same name.
            return [
                f"    {self.points()}{self.what(events) or self.when()}{dates}{name}"
                for dates in two_versions(r)
            ]
        dates = self.dates()
        start = f"    {self.points()}{what}"
        if what and self.chance(0.6):
            return [f"{start}{dates}{name}{self.because()}"]
        if self.chance(0.6):
            return [f"{start}{self.when()}{dates}{name}{self.because()}"]
        lines = [f"{start}:"]
        lines += [f"        {line}" for line in condition_lines(r, self.scope, "when")]
        return [*lines, *([f"        {dates.strip()}"] if dates else []), f"        {name.strip()}"]

    def when(self) -> str:
        return f" when {condition(self.r, self.scope, 1)}"

    def dates(self) -> str:
        return in_force(self.r) if self.chance(0.1) else ""

    def what(self, events: bool) -> str:
        """What a row is about; nothing for a row that stands on its ``when`` alone."""
        r, roll = self.r, self.r.random()
        numbers = [f for f in self.scope.fields if f.kind in ("number", "whole number", "money")]
        if events and roll < 0.45:
            return self.each()
        if events and roll < 0.65:
            times = f" at least {r.randint(2, 3)} times" * self.chance(0.4)
            return f" {self.event()}{times} {window(r, self.scope)}{self.decay()}"
        if roll < 0.78 and numbers:
            one = r.choice(numbers)
            step = r.choice(("1", "2", "10", "1,000", "0.5" if one.kind == "number" else "7"))
            cap = f", at most {r.choice((1, 7.5, 30))} points" * self.chance(0.5)
            return f" for every {step} of {one.name}{cap}"
        return ""

    def event(self) -> str:
        return "activity" if self.chance(0.05) else self.r.choice(self.scope.kinds).name

    def decay(self) -> str:
        if self.chance(0.6):
            return ""
        how = self.r.choice(("halving every", "fading over"))
        return f", {how} {self.r.choice(('1 day', '3 days', '14 days', '30 days', '2 weeks'))}"

    def each(self) -> str:
        r = self.r
        kind = r.choice(self.scope.kinds)
        if self.chance(0.15):
            # Where a cap and points that have faded away meet, which hardly happens by itself.
            return " each activity ever, at most 2 times, fading over 1 day"
        per, up_to, most = "", "", ""
        if self.chance(0.5):
            of = r.choice((*PERIODS, *(one.name for one in kind.properties)))
            per = f" once per {of}"
        if self.chance(0.3):
            up_to = f" up to {r.randint(1, 3)} per {r.choice(('day', 'week', 'month'))}"
        if self.chance(0.5):
            most = r.choice((f", at most {r.choice((3, 7.5, 20))} points",
                             f", at most {r.randint(2, 4)} times"))  # fmt: skip
        return f" each {kind.name}{per}{up_to} {window(r, self.scope)}{most}{self.decay()}"

    # --- sums ----------------------------------------------------------------------------------

    def fading(self, rows: Lines, above: float, cap: float | None) -> Lines:
        """Inactivity and starting again, of a score or a category with these rows.

        A row about the very events after which counting starts again would be a mistake.
        """
        r = self.r
        words = " ".join(rows).split()
        counted = [kind for kind in self.scope.kinds if kind.name in words]
        others = [kind for kind in self.scope.kinds if not any(kind.covers(one) for one in counted)]
        lines: Lines = []
        if self.chance(0.4):
            most = 20 if cap is None else cap
            floors = [number for number in (0, 0.5, 1, 3, 5) if above <= number < most]
            never = f", never below {r.choice(floors)}" * (bool(floors) and self.chance(0.5))
            less = r.choice(("25%", "10%", "50%", "33%", "1 point", "2.5 points", "0.01 points"))
            period = r.choice(("day", "week", "month"))
            lines.append(f"    counts {less} less for each {period} without activity{never}")
        if self.chance(0.4) and others:
            lines.append(f"    starts again after {r.choice(others).name}")
        if self.chance(0.25) and self.scope.stages:
            lines.append(f"    starts again on entering {r.choice(self.scope.stages)}")
        return lines

    def points_by(self, one: FieldLike) -> Lines:
        r = self.r
        lines = [f"    points by {one.name}:"]
        for match in self.matches(one):
            name = f" as {self.name('by')}"
            if self.chance(0.1):
                versions = two_versions(r)
                lines += [f"        {self.points(big=True)} {match}{on}{name}" for on in versions]
            else:
                lines.append(f"        {self.points(big=True)} {match}{name}")
        if self.chance(0.7):
            points = r.choice(("+0", self.points()))
            lines.append(f"        {points} unknown as {self.name('by')}{self.because()}")
        return lines

    def matches(self, one: FieldLike) -> list[str]:
        r = self.r
        match one.kind:
            case "yes or no":
                return r.sample(["yes", "no"], 2)
            case "one of":
                values = r.sample(one.values, len(one.values))
                cut = r.randint(1, len(values) - 1)
                first = ", ".join(choice_word(value) for value in values[:cut])
                return [first, "otherwise"]
            case "text":
                texts = r.sample(unlike(TEXTS), 3)
                return [f"{quoted(texts[0])}, {quoted(texts[1])}", quoted(texts[2]), "otherwise"]
            case "date" | "date and time":
                low, high = sorted((day(r), day(r)))
                return [f"from {low} to {high}", "otherwise"]
            case _:
                return self.number_ranges(one)

    def number_ranges(self, one: FieldLike) -> list[str]:
        low = one.low if one.low is not None else -30
        high = one.high if one.high is not None else 2000
        cuts = sorted(self.r.sample(range(low + 1, min(high, low + 400)), 3))
        unit = f" {self.scope.currency}" if one.kind == "money" else ""
        if one.kind == "whole number" and self.chance(0.5):
            middle = f"from {cuts[0]}{unit} to {cuts[1] - 1 if cuts[1] > cuts[0] + 1 else cuts[1]}"
            return [middle, "otherwise"]
        ranges = [f"from {cut}{unit}" for cut in reversed(cuts)]
        return [*ranges, self.r.choice((f"below {cuts[0]}{unit}", "otherwise"))]

    def grade(self) -> Lines:
        r, name = self.r, self.name("fit")
        lines = [f"grade {name}{self.label()} owned by sales:"]
        for _ in range(r.randint(2, 4)):
            lines += self.row(events=False)
        letters = sorted(r.sample(LETTERS, r.randint(2, 5)), key=LETTERS.index)
        lows = sorted(r.sample(range(1, 40), len(letters) - 1), reverse=True)
        lines.append("    letters:")
        for letter, low in zip(letters, lows, strict=False):
            if self.chance(0.15):
                # Its next version asks for a little more, and stays below the letter above.
                first, then = two_versions(r)
                lines += [
                    f"        {letter} from {low}{first}",
                    f"        {letter} from {low}.5{then}",
                ]
            else:
                lines.append(f"        {letter} from {low}")
        lines.append(f"        {letters[-1]} otherwise")
        if self.chance(0.7):
            needed = some(r, [one.name for one in self.scope.fields], 4)
            count = r.randint(1, len(needed))
            lines.append(f"    needs at least {count} known of {', '.join(needed)}")
        self.scope.grades.append((name, tuple(letters)))
        return lines


def unlike(texts: tuple[str, ...]) -> list[str]:
    """Texts that stay different when case does not count."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(re.sub("[A-Z]", lambda found: found[0].lower(), text), text)
    return list(kept.values())
