"""The reference of the language holds: its examples are checked, and it promises nothing else.

A fenced block ``leadpact`` holds whole blocks of a policy; they take the place of blocks of the
page's own frame (``leadpact-frame``). ``leadpact-lead`` and ``leadpact-score`` hold lines of that
block, ``leadpact-when`` one condition a line.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact.check import check
from leadpact.examples import report, run_examples
from leadpact_dsl import SourceFile, parse, words

PAGES = sorted((ROOT / "site" / "reference").glob("*.md"))
GRAMMAR = ROOT / "dsl" / "leadpact_dsl" / "policy.lark"
_FENCE = re.compile(r"^```(leadpact[\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TERMINAL = re.compile(
    r"^_?[A-Z][A-Z_]*\.\d: /([a-z]+(?:\\s\+[a-z]+)*)\??(?:\\b|\(\?)", re.MULTILINE
)
_UNITS = {"minute", "hour", "day", "week", "month", "quarter"}

_UNUSED = "W201"
"""The frame declares names that an example need not use."""


@cache
def fences() -> tuple[tuple[str, str, str], ...]:
    """Each example of the reference: where it stands, what it is, and its lines."""
    found = []
    for page in PAGES:
        text = page.read_text("utf-8")
        for fence in _FENCE.finditer(text):
            line = text.count("\n", 0, fence.start()) + 1
            found.append((f"{page.name}:{line}", fence[1], fence[2]))
    return tuple(found)


def frame() -> str:
    (only,) = (text for _, kind, text in fences() if kind == "leadpact-frame")
    return only


def blocks(text: str) -> dict[str, str]:
    """The blocks of a policy by the words that name them: ``score interest``, ``lead``."""
    found: dict[str, str] = {}
    for block in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE):
        if block.strip():
            found[named(block)] = block
    return found


def named(block: str) -> str:
    word, second, *_ = [*re.split(r"[ :\n]", block), ""]
    if word in ("policy", "lead", "activities"):
        return word
    return block.split("\n")[0] if word == "example" else f"{word} {second}"


def whole(kind: str, text: str) -> str:
    """The example as a policy: within the frame, in place of the blocks of the same name."""
    match kind.removeprefix("leadpact").lstrip("-"):
        case "":
            inner = text
        case "frame":
            return text
        case "lead":
            # The frame's other facts stay, because its other blocks speak of them.
            given = {line.split(" ")[0] for line in text.splitlines()}
            kept = [
                line
                for line in blocks(frame())["lead"].splitlines()[1:]
                if line.strip() and line.split()[0] not in given
            ]
            inner = "lead:\n" + indented(text) + "\n".join(kept) + "\n"
        case "score":
            inner = "score interest:\n    category web:\n        +1  each page_view ever as any\n"
            inner += indented(text)
        case "when":
            inner = "".join(
                f"define try_{number}:\n    when {first}\n" + indented(indented(rest))
                for number, (first, rest) in enumerate(conditions(text))
            )
        case other:
            raise AssertionError(f"no frame for leadpact-{other}")
    return "\n".join({**blocks(frame()), **blocks(inner)}.values())


def conditions(text: str) -> list[tuple[str, str]]:
    """The conditions of a block: each first line, and what stands below it."""
    parts = [part for part in re.split(r"^(?=\S)", text, flags=re.MULTILINE) if part]
    return [(first, rest) for first, _, rest in (part.partition("\n") for part in parts)]


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


@pytest.mark.parametrize(("place", "kind", "text"), fences(), ids=[f[0] for f in fences()])
def test_every_example_is_a_policy_without_a_mistake(place: str, kind: str, text: str) -> None:
    source = SourceFile("example.leadpact", whole(kind, text))
    document, unclear = parse((source,))
    policy, wrong = check(document, (source,), None)
    found = [one for one in (*unclear, *wrong) if one.code != _UNUSED]
    assert [f"{one.code} {one.message}" for one in found] == [], source.text
    assert policy is not None
    ready = leadpact.load_text(source.text)
    results = run_examples(ready)
    assert len(results) == text.count("example ")
    assert [report(ready.checked, result) for result in results if not result.holds] == []


def grammar_words() -> dict[str, set[str]]:
    """Every phrase that the grammar spells out, with its words."""
    text = GRAMMAR.read_text("utf-8")
    phrases = [one.replace(r"\s+", " ") for one in _TERMINAL.findall(text)]
    assert len(phrases) > 110
    return {phrase: set(phrase.split()) for phrase in phrases}


def test_every_phrase_of_the_grammar_stands_in_an_example() -> None:
    shown = "\n".join(re.sub(r'"[^"]*"', '""', text) for _, _, text in fences())
    missing = [
        phrase
        for phrase in grammar_words()
        if not re.search(rf"(?<![\w]){phrase.removesuffix('s')}s?(?![\w])", shown)
    ]
    assert missing == []


def test_the_tables_promise_only_what_the_grammar_has() -> None:
    known = {word for phrase in grammar_words().values() for word in phrase}
    known |= {word.removesuffix("s") for word in known} | _UNITS | {f"{unit}s" for unit in _UNITS}
    known |= {"activity", "a", "b", "c", "times", "points"}
    text = (ROOT / "site" / "reference" / "language.md").read_text("utf-8")
    phrases = re.findall(r"^\| [^|]*?`([^`]+)`", text, re.MULTILINE)
    assert len(phrases) > 80
    for phrase in phrases:
        promised = set(re.findall(r"(?<![\w@])[a-z_]+", re.sub(r'"[^"]*"', "", phrase)))
        assert promised <= known, phrase


def test_the_words_that_cannot_be_names_are_listed() -> None:
    text = (ROOT / "site" / "reference" / "language.md").read_text("utf-8")
    (line,) = (line for line in text.splitlines() if "cannot be names" in line)
    listed = line.partition(":")[2].partition(".")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == words.RESERVED_WORDS
