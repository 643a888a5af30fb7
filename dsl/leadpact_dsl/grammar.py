"""The grammar at work: one line of text in, a tree or the place where reading stopped out.

What becomes of a line is ``lalr.Tree``, which building.py makes nodes of.
"""

from __future__ import annotations

import functools
import re
from typing import Final, Literal, TypeAlias, cast

from leadpact_dsl.frozen import frozen
from leadpact_dsl.lalr import Halt, Leaf, Parser, Tree
from leadpact_dsl.tables import Tables, load

__all__ = [
    "START_RULES",
    "Leaf",
    "Start",
    "Stop",
    "Tree",
    "keywords",
    "read_line",
    "terminal_words",
]

Start: TypeAlias = Literal[
    "policy_header",
    "policy_line",
    "party_header",
    "role_header",
    "party_line",
    "calendar_header",
    "calendar_line",
    "list_header",
    "list_member",
    "lead_header",
    "lead_line",
    "activities_header",
    "signals_header",
    "actions_header",
    "kind_line",
    "field",
    "score_header",
    "score_line",
    "category_line",
    "points_by_row",
    "grade_header",
    "grade_line",
    "letter",
    "define_header",
    "group_header",
    "group_row",
    "checklist_header",
    "checklist_line",
    "stage_header",
    "any_stage_header",
    "stage_line",
    "clause_line",
    "agreement_header",
    "agreement_line",
    "guarantee_header",
    "guarantee_line",
    "condition_line",
    "example_header",
    "example_line",
    "step_line",
]

START_RULES: Final[tuple[Start, ...]] = Start.__args__  # type: ignore[attr-defined]


@frozen
class Stop:
    """Where reading a line stopped, as offsets into it.

    ``word`` is what stands there, empty at the end of the line; ``before`` is the last word that
    was read. ``expected`` are the terminals that could have come.
    """

    start: int
    end: int
    word: str
    before: str
    expected: frozenset[str]


def read_line(text: str, start: Start) -> Tree | Stop:
    """Read one line by the start rule."""
    read = _parser().read(text, start)
    if not isinstance(read, Halt):
        # Every line is at least one rule.
        return cast(Tree, read)
    end = _end_of_word(text, read.at)
    return Stop(read.at, end, text[read.at : end], str(read.before), read.expected)


def _end_of_word(text: str, at: int) -> int:
    if at >= len(text):
        return at
    if text[at] == '"':
        closing = text.find('"', at + 1)
        return len(text) if closing < 0 else closing + 1
    end = at + 1
    if text[at].isalnum() or text[at] == "_" or text[at] in "+-":
        while end < len(text) and (text[end].isalnum() or text[end] in "_.,%-"):
            end += 1
        while text[end - 1] in ",." and end - 1 > at:
            end -= 1
        return end
    while end < len(text) and text[end] == text[at]:
        end += 1
    return end


@functools.cache
def terminal_words() -> dict[str, str]:
    """The keywords by terminal, as people write them: ``IS_AT_LEAST`` is ``is at least``."""
    words = {}
    for name, whole in _tables().terminals:
        pattern = whole.split("(?")[0].removesuffix(r"\b").replace(r"\s+", " ")
        plain = pattern.removesuffix("s?") + ("s" if pattern.endswith("s?") else "")
        if re.fullmatch(r"[a-z]+(?:[ -][a-z]+)*", plain):
            words[name] = plain
    return words


def keywords(expected: frozenset[str]) -> list[str]:
    """Those of the expected terminals that are words of the language."""
    known = terminal_words()
    return sorted({known[name] for name in expected if name in known})


@functools.cache
def _parser() -> Parser:
    return Parser(_tables())


@functools.cache
def _tables() -> Tables:
    return load(START_RULES)
