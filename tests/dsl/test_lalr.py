"""Our own reading of lines against Lark's, over every line of every policy and corpus here.

A line counts with each start rule by which it was read when its file was parsed, mended and
shortened forms of it included; some once more after they were spoilt in a way that people spoil
lines (``LEADPACT_MORE=20 pytest tests/dsl`` spoils each).
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.dsl.lark_reading import told
from tests.how_many import how_many

from leadpact_dsl import SourceFile, parse
from leadpact_dsl.grammar import START_RULES
from leadpact_dsl.lalr import Halt, Leaf, Parser, Part
from leadpact_dsl.tables import load

ROOT = Path(__file__).parents[2]
ROOMS = ("policies", "tests/corpus", "bench")
SPOILT_OF = max(1, 3 // how_many(1))
"""One of so many lines."""


def _asked(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Lines with their start rules, as they are asked for while all files are parsed."""
    asked: set[tuple[str, str]] = set()
    read = Parser.read

    def listen(self: Parser, text: str, start: str) -> Part | Halt:
        asked.add((text, start))
        return read(self, text, start)

    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.leadpact"))]
    with monkeypatch.context() as patched:
        patched.setattr(Parser, "read", listen)
        for path in files:
            parse([SourceFile(path.name, path.read_text(encoding="utf-8", errors="replace"))])
    assert len(files) > 200
    return asked


def _spoilt(text: str, dice: random.Random) -> str:
    """A word left out, twice, elsewhere, another word in its place, or the end cut off."""
    words = text.split(" ")
    at = dice.randrange(len(words))
    match dice.randrange(6):
        case 0:
            del words[at]
        case 1:
            words.insert(at, words[at])
        case 2:
            words.insert(dice.randrange(len(words)), words.pop(at))
        case 3:
            words[at] = dice.choice(("(", ")", ",", "is", "when", "7", "+5", '"', "all of", "\xa0"))
        case 4:
            words[at] = words[at].upper()
        case _:
            return text[: dice.randrange(len(text) + 1)]
    return " ".join(words)


def _ours(read: Part | Halt) -> object:
    if isinstance(read, Halt):
        return read.at, str(read.before), read.expected
    return _plain(read)


def _plain(part: Part) -> object:
    if part is None:
        return None
    if isinstance(part, Leaf):
        return str(part), part.type, part.start_pos, part.end_pos
    place = None if part.meta.empty else (part.meta.start_pos, part.meta.end_pos)
    return part.data, place, tuple(_plain(child) for child in part.children)


def test_lines_are_read_as_lark_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = sorted(_asked(monkeypatch))
    dice = random.Random(7)
    spoilt = [(_spoilt(text, dice), start) for text, start in asked[::SPOILT_OF]]
    elsewhere = [(text, dice.choice(START_RULES)) for text, _ in asked[:: 4 * SPOILT_OF]]
    parser = Parser(load(START_RULES))
    stops = 0
    for text, start in (*asked, *spoilt, *elsewhere):
        read = parser.read(text, start)
        assert _ours(read) == told(text, start), (text, start)
        stops += isinstance(read, Halt)
    assert 1_000 < stops < len(asked) + len(spoilt)
