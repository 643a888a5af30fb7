"""Random well-typed policies, as text in the language.

``draw_policy(Random(seed))`` is the whole interface: the same seed gives the same text, so a
script can run millions of them and any one can be drawn again.
"""

from __future__ import annotations

from random import Random

from tests.property.draw_condition import condition, condition_lines
from tests.property.draw_life import LifeDrawing
from tests.property.draw_points import unlike
from tests.property.draw_scope import (
    TEXTS,
    FieldLike,
    KindLike,
    Lines,
    Scope,
    What,
    choice_word,
    in_force,
    quoted,
    some,
    two_versions,
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


def draw_policy(r: Random) -> str:
    """The text of a policy: one file, all blocks in any order."""
    drawing = Drawing(r)
    if r.random() < 0.85:
        drawing.scope.stages = [drawing.name("stage") for _ in range(r.randint(2, 4))]
    blocks = [drawing.policy_block(), *drawing.calendars(), drawing.lead_and_lists()]
    blocks.append(drawing.events())
    results = [drawing.score] * r.randint(1, 2) + [drawing.grade] * r.randint(0, 2)
    results += [drawing.define] * r.randint(0, 4) + [drawing.group] * r.randint(0, 2)
    results += [drawing.checklist] * r.randint(0, 2)
    r.shuffle(results)
    blocks += [make() for make in results]
    if drawing.scope.stages:
        blocks += [drawing.life(), *drawing.agreement()]
    blocks += drawing.guarantees()
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
    """The same policy with its blocks in another order.

    The order of ``any stage`` blocks is that of their moves, and guarantees are counted: those
    blocks keep the order among themselves.
    """
    blocks: list[Lines] = []
    for line in text.splitlines():
        if line.startswith(" "):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    turned = r.sample(blocks, len(blocks))
    for word in ("any stage", "guarantee"):
        ordered = iter([block for block in blocks if block[0].startswith(word)])
        turned = [next(ordered) if one[0].startswith(word) else one for one in turned]
    return "\n".join(line for block in turned for line in block) + "\n"


class Drawing(LifeDrawing):
    """The blocks of a policy, in an order in which each may mention those before it."""

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
            '    duty "Calls at once"',
            '    stand-in "The office"',
            'role boss "Boss" of sales:',
            '    contact "boss@seller.example"',
        ]

    def lead_and_lists(self) -> Lines:
        lines: Lines = []
        for _ in range(self.r.randint(0, 2)):
            name = self.name("texts")
            members = [
                quoted(text)
                for text in some(self.r, [text for text in unlike(TEXTS) if text != "@"], 4)
            ]
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
            dates = in_force(self.r) if self.chance(0.3) else ""
            when = condition(self.r, over, 1)
            lines.append(f'    refused when {when}{dates} as turned because "No"')
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
        base = [self.kind(lines, "act", "activity") for _ in range(self.r.randint(2, 4))]
        for _ in range(self.r.randint(0, 3)):
            lines.append(self.derived(base))
        if self.chance(0.6):
            lines.append("signals:")
            base = [self.kind(lines, "sign", "signal") for _ in range(self.r.randint(1, 2))]
            if len(base) == 2 and self.chance(0.5):
                lines.append(self.derived(base))
        lines.append("actions by sales:")
        base = [self.kind(lines, "did", "action") for _ in range(self.r.randint(1, 3))]
        if len(base) > 1 and self.chance(0.3):
            lines.append(self.derived(base))
        return lines

    def kind(self, lines: Lines, word: str, what: What) -> KindLike:
        name = self.name(word)
        names = self.r.sample(PROPERTY_NAMES, self.r.randint(0, 3))
        properties = tuple(self.field(one) for one in names)
        lines.append(f"    {name}{self.label()}" + ":" * bool(properties))
        for one in properties:
            others = self.scope.fields_only(other for other in properties if other != one)
            lines.append(f"        {self.field_line(one, others)}".replace(" (personal)", ""))
        kind = KindLike(name, properties, what, ((name, name),))
        self.scope.kinds.append(kind)
        return kind

    def derived(self, base: list[KindLike]) -> str:
        """A kind derived from some of ``base``, which are all of one sort."""
        name, what = self.name("derived"), base[0].what
        with_properties = [kind for kind in base if kind.properties]
        if with_properties and self.chance(0.6):
            one = self.r.choice(with_properties)
            where = condition(self.r, self.scope.fields_only(one.properties), 1)
            self.scope.kinds.append(KindLike(name, one.properties, what, ((name, one.name),)))
            return f"    {name}{self.label()} is {one.name} where {where}"
        some = self.r.sample([kind for kind in self.scope.kinds if kind.what == what], 2)
        parts = tuple(part for kind in some for part in kind.parts)
        self.scope.kinds.append(KindLike(name, (), what, parts))
        return f"    {name}{self.label()} is {' or '.join(kind.name for kind in some)}"

    # --- the rest ------------------------------------------------------------------------------

    def define(self) -> Lines:
        name = self.name("defined")
        if self.chance(0.2):
            lines = [f"define {name}{self.label()}:"]
            for dates in two_versions(self.r):
                lines.append(f"    when {condition(self.r, self.scope)}{dates}")
        elif self.chance(0.6):
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
            if any(f" when {when}" in line for line in lines):
                continue  # the same condition twice is a mistake
            dates = in_force(self.r) if self.chance(0.2) else ""
            lines.append(f"    {row}{self.label()} when {when}{dates}")
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
