"""Random well-typed policies, as text in the language.

``draw_policy(Random(seed))`` is the whole interface: the same seed gives the same text, so a
script can run millions of them and any one can be drawn again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from tests.property.draw_condition import (
    TEXTS,
    FieldLike,
    KindLike,
    Lines,
    Scope,
    ScoreLike,
    choice_word,
    condition,
    condition_lines,
    day,
    quoted,
    some,
    window,
)

ZONES = (
    "Europe/Stockholm", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe",
    "America/Santiago", "UTC",
)  # fmt: skip
# Words of Python among them: what a policy calls a field is no business of the generated code.
FIELD_NAMES = (
    "email", "lambda", "employees", "budget", "is_customer", "seniority", "topics", "created_on",
    "called_at", "job_title", "self", "class", "record", "score_1", "is_none", "now", "import",
)  # fmt: skip
PROPERTY_NAMES = ("url", "campaign", "amount", "reason", "def", "seen_on", "values")
CHOICES = ("alpha", "beta", "Vice President", "no", "gamma", "C+", "unknown", "delta")
LETTERS = ("A+", "A", "A-", "B", "B-", "C", "D", "E")
PERIODS = ("day", "week", "month", "quarter")


def draw_policy(r: Random) -> str:
    """The text of a policy: one file, all blocks in any order."""
    drawing = Drawing(r)
    blocks = [drawing.policy_block(), drawing.lead_and_lists(), drawing.events()]
    results = [drawing.score] * r.randint(1, 2) + [drawing.grade] * r.randint(0, 2)
    results += [drawing.define] * r.randint(0, 4) + [drawing.group] * r.randint(0, 2)
    results += [drawing.checklist] * r.randint(0, 2)
    r.shuffle(results)
    blocks += [make() for make in results]
    if r.random() < 0.75:
        blocks.append(drawing.stages())
    r.shuffle(blocks)
    return "\n".join(line for block in blocks for line in block) + "\n"


def thinned(r: Random, text: str) -> str:
    """The policy without some of its lines and what is nested under them; it may be wrong now."""
    lines = text.splitlines()
    kept: Lines = []
    skipped = -1
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if 0 <= skipped < depth:
            continue
        skipped = depth if r.random() < 0.12 else -1
        if skipped < 0:
            kept.append(line)
    return "\n".join(kept) + "\n"


def shuffled(r: Random, text: str) -> str:
    """The same policy with its blocks in another order."""
    blocks: list[Lines] = []
    for line in text.splitlines():
        if line.startswith(" "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    r.shuffle(blocks)
    return "\n".join(line for block in blocks for line in block) + "\n"


class Drawing:
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

    # --- declarations --------------------------------------------------------------------------

    def policy_block(self) -> Lines:
        return [
            f"policy drawn{self.label()}:",
            "    language 1",
            f"    version {self.r.randint(1, 99)}",
            "    in force from 2020-01-01",
            f"    time zone {quoted(self.r.choice(ZONES))}",
            f"    currency {self.scope.currency}",
            "party sales:",
            '    contact "sales@seller.example"',
            "party marketing:",
            '    contact "marketing@seller.example"',
        ]

    def lead_and_lists(self) -> Lines:
        lines: Lines = []
        for _ in range(self.r.randint(0, 2)):
            name = self.name("texts")
            members = [quoted(text) for text in some(self.r, _unlike(TEXTS), 4)]
            lines.append(f"list {name}:" + f" {', '.join(members)}" * (inline := self.chance(0.6)))
            lines += [] if inline else [f"    {member}" for member in members]
            self.scope.lists.append(name)
        lines.append("lead:")
        names = self.r.sample(FIELD_NAMES, self.r.randint(4, 10))
        fields = [self.field(name) for name in names]
        for one in fields:
            others = self.scope.fields_only(other for other in fields if other != one)
            lines.append(f"    {self.field_line(one, others)}")
        self.scope.fields = fields
        if self.chance(0.4):
            over = self.scope.fields_only(fields)
            lines.append(f'    refused when {condition(self.r, over, 1)} as turned because "No"')
        return lines

    def field(self, name: str) -> FieldLike:
        r = self.r
        kind = r.choice(
            ("text", "text", "number", "whole number", "money", "yes or no", "one of", "one of",
             "any number of", "date", "date and time")
        )  # fmt: skip
        if kind in ("one of", "any number of"):
            return FieldLike(name, kind, tuple(r.sample(CHOICES, r.randint(2, 5))))
        if kind in ("number", "whole number") and self.chance(0.6):
            low = r.choice((0, 0, 1, -20))
            return FieldLike(name, kind, low=low, high=low + r.choice((10, 100, 5_000)))
        return FieldLike(name, kind)

    def field_line(self, one: FieldLike, others: Scope) -> str:
        words = f"{one.name}{self.label(0.2)} {one.kind}"
        if one.values:
            words += f" {', '.join(choice_word(value) for value in one.values)}"
        if one.low is not None:
            words += f" from {one.low} to {one.high:,}"
        roll = self.r.random()
        if roll < 0.08:
            words += " (required)"
        elif roll < 0.16 and others.fields:
            words += f" (required when {condition(self.r, others, 0)})"
        elif roll < 0.4 and one.kind == "yes or no":
            words += " (no when unknown)"
        elif roll < 0.5:
            words += " (personal)"
        return words

    def events(self) -> Lines:
        lines = ["activities:"]
        base = [self.kind(lines, "act", False) for _ in range(self.r.randint(2, 4))]
        for _ in range(self.r.randint(0, 3)):
            lines.append(self.derived(base))
        lines.append("actions by sales:")
        for _ in range(self.r.randint(1, 3)):
            self.kind(lines, "did", True)
        return lines

    def kind(self, lines: Lines, word: str, is_action: bool) -> KindLike:
        name = self.name(word)
        names = self.r.sample(PROPERTY_NAMES, self.r.randint(0, 3))
        properties = tuple(self.field(one) for one in names)
        lines.append(f"    {name}{self.label()}" + ":" * bool(properties))
        for one in properties:
            others = self.scope.fields_only(other for other in properties if other != one)
            lines.append(f"        {self.field_line(one, others)}".replace(" (personal)", ""))
        kind = KindLike(name, properties, is_action)
        self.scope.kinds.append(kind)
        return kind

    def derived(self, base: list[KindLike]) -> str:
        name = self.name("derived")
        with_properties = [kind for kind in base if kind.properties]
        if with_properties and self.chance(0.6):
            one = self.r.choice(with_properties)
            where = condition(self.r, self.scope.fields_only(one.properties), 1)
            self.scope.kinds.append(KindLike(name, one.properties, False))
            return f"    {name}{self.label()} is {one.name} where {where}"
        parts = self.r.sample([k for k in self.scope.kinds if not k.is_action], 2)
        self.scope.kinds.append(KindLike(name, (), False))
        return f"    {name}{self.label()} is {' or '.join(part.name for part in parts)}"

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
            for _ in range(r.randint(1, 3)):
                lines += [f"    {line}" for line in self.row(events=True)]
            categories[category] = cap
        for _ in range(r.randint(1 if not categories else 0, 6)):
            lines += self.row(events=True)
        score = ScoreLike(name, low, high, categories)
        self.scope.scores.append(score if clamped else replace(score, low=None, high=None))
        return lines

    def points(self, big: bool = False) -> str:
        whole = self.r.choice((1, 2, 5, 10, 15, 40) if not big else (5, 10, 20, 30))
        cents = self.r.choice(("", "", "", ".5", ".25", ".01"))
        return f"{'-' if self.chance(0.25) else '+'}{whole}{cents}"

    def row(self, events: bool) -> Lines:
        r = self.r
        numbers = [f for f in self.scope.fields if f.kind in ("number", "whole number", "money")]
        by = [f for f in self.scope.fields if f.kind != "any number of"]
        roll = r.random()
        if roll < (0.15 if events else 0.6) and by:
            return self.points_by(r.choice(by))
        what = ""
        if events and roll < 0.5:
            what = self.each()
        elif events and roll < 0.65:
            times = f" at least {r.randint(2, 3)} times" * self.chance(0.4)
            what = f" {r.choice(self.scope.kinds).name}{times} {window(r)}"
        elif roll < 0.75 and numbers:
            one = r.choice(numbers)
            step = r.choice(("1", "2", "10", "1,000", "0.5" if one.kind == "number" else "7"))
            cap = f", at most {r.choice((1, 7.5, 30))} points" * self.chance(0.5)
            what = f" for every {step} of {one.name}{cap}"
        start = f"    {self.points()}{what}"
        name = f" as {self.name('row')}"
        if what and self.chance(0.6):
            return [f"{start}{name}{self.because()}"]
        if self.chance(0.6):
            return [f"{start} when {condition(r, self.scope, 1)}{name}{self.because()}"]
        lines = [f"{start}:"]
        lines += [f"        {line}" for line in condition_lines(r, self.scope, "when")]
        lines.append(f"        {name.strip()}")
        return lines

    def each(self) -> str:
        r = self.r
        kind = r.choice(self.scope.kinds)
        per, up_to, most = "", "", ""
        if self.chance(0.5):
            of = r.choice((*PERIODS, *(one.name for one in kind.properties)))
            per = f" once per {of}"
        if self.chance(0.3):
            up_to = f" up to {r.randint(1, 3)} per {r.choice(('day', 'week', 'month'))}"
        if self.chance(0.5):
            most = r.choice((f", at most {r.choice((3, 7.5, 20))} points",
                             f", at most {r.randint(2, 4)} times"))  # fmt: skip
        return f" each {kind.name}{per}{up_to} {window(r)}{most}"

    def points_by(self, one: FieldLike) -> Lines:
        r = self.r
        lines = [f"    points by {one.name}:"]
        for match in self.matches(one):
            lines.append(f"        {self.points(big=True)} {match} as {self.name('by')}")
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
                texts = r.sample(_unlike(TEXTS), 3)
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
        lines += [
            f"        {letter} from {low}" for letter, low in zip(letters, lows, strict=False)
        ]
        lines.append(f"        {letters[-1]} otherwise")
        if self.chance(0.7):
            needed = some(r, [one.name for one in self.scope.fields], 4)
            count = r.randint(1, len(needed))
            lines.append(f"    needs at least {count} known of {', '.join(needed)}")
        self.scope.grades.append((name, tuple(letters)))
        return lines

    # --- the rest ------------------------------------------------------------------------------

    def define(self) -> Lines:
        name = self.name("defined")
        if self.chance(0.6):
            lines = [f"define {name}{self.label()} when {condition(self.r, self.scope)}"]
        else:
            lines = [f"define {name}{self.label()}:"]
            lines += [f"    {line}" for line in condition_lines(self.r, self.scope, "when")]
        self.scope.definitions.append(name)
        return lines

    def group(self) -> Lines:
        name = self.name("quadrant")
        lines = [f"group {name}{self.label()}:"]
        rows: list[str] = []
        for _ in range(self.r.randint(1, 3)):
            row = self.name("row")
            when = condition(self.r, self.scope, 1)
            if any(line.endswith(f" when {when}") for line in lines):
                continue  # the same condition twice is a mistake
            lines.append(f"    {row}{self.label()} when {when}")
            rows.append(row)
        for kind, likelihood in (("unknown", 0.6), ("otherwise", 1)):
            if self.chance(likelihood):
                row = self.name("row")
                lines.append(f"    {row}{self.label()} {kind}{self.because()}")
                rows.append(row)
        self.scope.groups.append((name, tuple(rows)))
        return lines

    def checklist(self) -> Lines:
        r, name = self.r, self.name("bant")
        lines = [f"checklist {name}{self.label()}:"]
        items: list[str] = []
        for _ in range(r.randint(1, 4)):
            item = self.name("item")
            lines += [f"    {line}" for line in self.item(item)]
            items.append(item)
        for _ in range(r.randint(1, 2)):
            state = r.choice(("met", "met", "not met"))
            of = f" of {', '.join(some(r, items, 4))}" * self.chance(0.4)
            size = of.count(",") + 1 if of else len(items)
            count = r.choice((f"at least {r.randint(1, size)}", "all", "none"))
            lines.append(f"    needs {count}{of} {state}")
        self.scope.checklists.append((name, tuple(items)))
        return lines

    def item(self, name: str) -> Lines:
        start = f'{name} "Is it so?"'
        if self.chance(0.35):
            amount, unit = self.r.choice(((1, "day"), (2, "weeks"), (1, "month"), (180, "days")))
            good = f", good for {amount} {unit}" * self.chance(0.6)
            return [f"{start} answered by sales{good}"]
        met = condition(self.r, self.scope, 1)
        if self.chance(0.4):
            return [f"{start} met when {met}"]
        lines = [f"{start}:", f"    met when {met}"]
        return [*lines, f"    not met when {condition(self.r, self.scope, 1)}"]

    def stages(self) -> Lines:
        r = self.r
        names = [self.name("stage") for _ in range(r.randint(2, 4))]
        scope = replace(self.scope, in_stage=True)
        lines: Lines = []
        for index, name in enumerate(names):
            final = index == len(names) - 1 and self.chance(0.7)
            lines.append(f"stage {name}{self.label()} owned by {r.choice(('sales', 'marketing'))}:")
            lines += ["    start"] if index == 0 else []
            lines += ["    final"] if final else []
            for _ in range(0 if final else r.randint(1, 3)):
                # Every stage is entered from the one before it, the rest is chance.
                others = [name_ for name_ in names if name_ != name]
                to = r.choice(others)
                named = f" as {self.name('move')}"
                if self.chance(0.6):
                    lines.append(f"    moves to {to} when {condition(r, scope)}{named}")
                else:
                    lines.append(f"    moves to {to}:")
                    lines += [f"        {line}" for line in condition_lines(r, scope, "when")]
                    lines.append(f"        {named.strip()}")
        return lines


def _unlike(texts: tuple[str, ...]) -> list[str]:
    """Texts that stay different when case does not count."""
    kept: dict[str, str] = {}
    for text in texts:
        kept.setdefault(re.sub("[A-Z]", lambda found: found[0].lower(), text), text)
    return list(kept.values())
