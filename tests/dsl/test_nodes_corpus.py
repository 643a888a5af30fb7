"""What lines become: each file of ``nodes`` beside the nodes that it is read as.

A node is its name, then its parts, one a line and further right; parts that were left out are
not shown, and a part of one word stands behind its name. ``LEADPACT_REWRITE=1`` writes the expected
files anew; read the difference before keeping it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from leadpact_dsl import Span, nodes, parse, read_policy

CORPUS = Path(__file__).parents[1] / "corpus" / "syntax" / "nodes"
CASES = sorted(CORPUS.glob("*.leadpact"))


def _short(value: object) -> str | None:
    """What takes one word to say."""
    match value:
        case nodes.Word() | nodes.Day() | nodes.Clock() | nodes.TimeOfDay():
            return value.text
        case nodes.MonthDay():
            return f"{value.text} every year"
        case nodes.Quoted():
            return f'"{value.text}"'
        case nodes.Number() | nodes.Points():
            return str(value.value)
        case nodes.Ref():
            return f"{value.name.text}.{value.member.text}" if value.member else value.name.text
        case nodes.Duration():
            of = f" of {value.calendar.text}" if value.calendar else ""
            return f"{value.amount} {value.unit}{of}"
        case str() | bool():
            return str(value)
        case tuple() if value and not isinstance(value[0], Span):
            parts = [_short(part) for part in value]
            return ", ".join(map(str, parts)) if None not in parts else None
        case _:
            return None


def _lines(name: str, value: object, depth: int) -> Iterator[str]:
    blanks = "    " * depth
    short = _short(value)
    if value is None or value == () or value is False:
        return
    if short is not None:
        yield f"{blanks}{name} {short}"
    elif isinstance(value, tuple):
        for part in value:
            yield from _lines(name, part, depth)
    elif is_dataclass(value):
        yield f"{blanks}{f'{name} {type(value).__name__}'.strip()}"
        for field in fields(value):
            if "Span" not in str(field.type):
                yield from _lines(field.name, getattr(value, field.name), depth + 1)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_file_is_read_as_its_nodes(path: Path) -> None:
    (source,), unreadable = read_policy(path)
    document, diagnostics = parse([source])
    assert (unreadable, diagnostics, document.damaged) == ((), (), frozenset())
    rows = [line for block in document.blocks for line in _lines("", block, 0)]
    found = "".join(f"{line}\n" for line in rows)
    expected = path.with_suffix(".nodes")
    if os.environ.get("LEADPACT_REWRITE"):
        expected.write_text(found, encoding="utf-8", newline="\n")
    assert found == expected.read_text(encoding="utf-8")


def test_there_are_some() -> None:
    assert len(CASES) >= 5
