"""The reference of the language holds: its examples are checked, they leave out nothing of the
language, and the tables promise nothing else.

A fenced block ``leadpact`` holds whole blocks of a policy; they take the place of blocks of the
language's frame (``leadpact-frame``). ``leadpact-lead`` and ``leadpact-score`` hold lines of that
block, ``leadpact-when`` one condition a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact import checked
from leadpact.analysis import analyse
from leadpact.check import check
from leadpact.examples import report, run_examples
from leadpact_dsl import SourceFile, Span, nodes, parse, words

REFERENCE = ROOT / "site" / "reference"
PAGES = sorted(REFERENCE.glob("*.md"))
LANGUAGE = [page for page in PAGES if "\n```leadpact" in page.read_text("utf-8")]
GRAMMAR = ROOT / "dsl" / "leadpact_dsl" / "policy.lark"
_FENCE = re.compile(r"^```(leadpact[\w-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TERMINAL = re.compile(r"^_?[A-Z][A-Z_]*\.\d: /(.+)/$", re.MULTILINE)

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
    if word in ("policy", "lead", "activities", "signals"):
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
    assert [f"{one.code} {one.message}" for one in analyse(policy)] == []
    ready = leadpact.load_text(source.text)
    results = run_examples(ready)
    assert len(results) == text.count("example ")
    assert [report(ready.checked, result) for result in results if not result.holds] == []


@cache
def read() -> tuple[tuple[object, ...], tuple[object, ...]]:
    """All examples of the reference, as they are written and as they are checked."""
    documents: list[object] = []
    policies: list[object] = []
    for _, kind, text in fences():
        source = SourceFile("example.leadpact", whole(kind, text))
        document, _ = parse((source,))
        documents.append(document)
        policies.append(check(document, (source,), None)[0])
    return tuple(documents), tuple(policies)


def parts(things: Iterable[object]) -> Iterator[object]:
    """Everything that stands somewhere within."""
    waiting = list(things)
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting.extend(one)
        elif is_dataclass(one) and not isinstance(one, Span | SourceFile):
            yield one
            waiting.extend(getattr(one, field.name) for field in fields(one))


def kinds(module: ModuleType) -> list[type]:
    """The classes of a contract, without those that only others are made of."""
    return [
        one
        for one in vars(module).values()
        if isinstance(one, type)
        and is_dataclass(one)
        and one.__module__.startswith(module.__name__)
    ]


def choices(of: type) -> Iterator[tuple[str, tuple[object, ...]]]:
    """The fields of a class that choose one of several values, and these values."""
    for name, hint in get_type_hints(of).items():
        for one in (hint, *get_args(hint)):
            if get_origin(one) is Literal:
                yield name, get_args(one)


@pytest.mark.parametrize(("module", "form"), [(nodes, 0), (checked, 1)], ids=["written", "checked"])
def test_everything_that_a_policy_can_hold_stands_in_an_example(
    module: ModuleType, form: int
) -> None:
    found: dict[type, list[object]] = {}
    for part in parts(read()[form]):
        found.setdefault(type(part), []).append(part)
    assert [of.__name__ for of in kinds(module) if of not in found] == []
    chosen: dict[tuple[object, ...], set[object]] = {}
    for of in kinds(module):
        for name, values in choices(of):
            chosen.setdefault(values, set()).update(getattr(part, name) for part in found[of])
    assert {
        values: set(values) - some for values, some in chosen.items() if set(values) - some
    } == {}


def test_everything_that_may_be_left_out_is_written_in_an_example() -> None:
    written = {
        (type(part), field.name)
        for part in parts(read()[0])
        for field in fields(part)  # type: ignore[arg-type]
        if getattr(part, field.name) not in (None, (), False)
    }
    missing = [
        f"{of.__name__}.{field.name}"
        for of in kinds(nodes)
        for field in fields(of)
        if (of, field.name) not in written
    ]
    # A list from a file needs a second file, so it stands in a sentence.
    assert missing == ["ListBlock.file"]
    assert '`list competitors from "competitors.txt"`' in (REFERENCE / "facts.md").read_text(
        "utf-8"
    )


def phrases() -> frozenset[str]:
    """Every phrase that the grammar spells out."""
    found = set()
    for pattern in _TERMINAL.findall(GRAMMAR.read_text("utf-8")):
        spelled = re.sub(r"\(\?[=!].*", "", pattern).replace(r"\s+", " ").replace(r"\b", "")
        before, _, rest = spelled.partition("(?:")
        inside, _, after = rest.partition(")")
        found |= {f"{before}{one}{after}" for one in inside.split("|")}
    # A number, a day or a time of the day has no words.
    spelled_out = {one.removesuffix("s?") for one in found if "\\d" not in one}
    assert len(spelled_out) > 190
    return frozenset(one.replace("s?", "") for one in spelled_out)


def test_every_phrase_of_the_grammar_stands_in_an_example() -> None:
    shown = "\n".join(re.sub(r'"[^"]*"', '""', text) for _, _, text in fences())
    missing = [
        phrase
        for phrase in phrases()
        if not re.search(rf"(?<!\w){phrase.replace(' ', 's? ')}s?(?!\w)", shown)
    ]
    assert missing == []


@pytest.mark.parametrize("page", LANGUAGE, ids=[page.stem for page in LANGUAGE])
def test_the_tables_promise_only_what_the_grammar_has(page: Path) -> None:
    known = {word for phrase in phrases() for word in phrase.split()}
    known |= {f"{word}s" for word in known} | {"activity", "a", "b", "c", "owner"}
    promised = re.findall(r"^\| ([^|]*) \|", page.read_text("utf-8"), re.MULTILINE)
    shown = [phrase for cell in promised for phrase in re.findall(r"`([^`]+)`", cell)]
    assert shown
    for phrase in shown:
        said = set(re.findall(r"(?<![\w@])[a-z_-]+", re.sub(r'"[^"]*"', "", phrase)))
        assert said <= known, phrase


def test_the_words_that_cannot_be_names_are_listed() -> None:
    text = (REFERENCE / "language.md").read_text("utf-8")
    (line,) = (line for line in text.splitlines() if "cannot be names" in line)
    listed = line.partition(":")[2].partition(".")[0]
    assert set(re.findall(r"`(\w+)`", listed)) == words.RESERVED_WORDS
