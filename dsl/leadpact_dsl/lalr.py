"""Reading a line by the tables: words are taken one after the other, and rules close behind them.

The same trees, with the same places, that Lark itself would make: a test holds the two together.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from leadpact_dsl.frozen import frozen
from leadpact_dsl.tables import Shape, Tables
from leadpact_dsl.words import RESERVED_WORDS

__all__ = ["Halt", "Leaf", "Parser", "Tree"]

_KEYWORD: Final = re.compile(r"[a-z]+(\\s\+[a-z]+)*\\b")
_LETTERS: Final = re.compile("[a-z][a-z]")
_END: Final = "$END"
_Sort: TypeAlias = tuple[str, tuple[str, ...] | re.Pattern[str]]


class Leaf(str):
    """A word of the line. ``type`` is its terminal."""

    __slots__ = ("end_pos", "start_pos", "type")
    type: str
    start_pos: int
    end_pos: int


class Extent:
    """From where to where a tree goes, as offsets into the line.

    A tree in brackets goes from its first word to its last; ``outer`` goes around the brackets.
    """

    __slots__ = ("empty", "end_pos", "outer_end", "outer_start", "start_pos")
    start_pos: int
    end_pos: int
    outer_start: int
    outer_end: int

    def __init__(self) -> None:
        self.empty = True


class Tree:
    """What a rule read; its children are trees, leaves, and ``None`` for what was left out."""

    __slots__ = ("children", "data", "meta")

    def __init__(self, data: str, children: list[Any]) -> None:
        self.data = data
        self.children = children
        self.meta = Extent()


Part: TypeAlias = Tree | Leaf | None


@frozen
class Halt:
    """Where reading stopped; ``before`` is the last word that was read, and ``expected`` are the
    terminals that could have come.
    """

    at: int
    before: str
    expected: frozenset[str]


class Parser:
    """Reads lines by the tables. Keywords are compared as texts: a process that reads one policy
    would spend more time on compiling patterns than on matching them.
    """

    def __init__(self, tables: Tables) -> None:
        self._starts, self._rows, self._shapes = tables.starts, tables.rows, tables.shapes
        self._patterns = dict(tables.terminals)
        self._order = {name: number for number, name in enumerate(self._patterns)}
        self._sorts: dict[str, _Sort] = {}
        self._expected: dict[tuple[int, str], list[_Sort]] = {}

    def read(self, text: str, start: str) -> Part | Halt:
        """Read one line by the start rule."""
        first, goal = self._starts[start]
        states, parts, before = [first], list[Part](), ""
        at, last = 0, len(text)
        while True:
            while at < last and text[at] in " \t":
                at += 1
            if at == last:
                break
            leaf = self._next(text, at, states[-1])
            if leaf is None or not self._take(leaf, states, parts):
                return Halt(at, before, self._accepted(states, goal))
            before, at = leaf, leaf.end_pos
        reached = states.copy()
        if self._close(states, parts, goal):
            return parts[-1]
        return Halt(len(text.rstrip()), before, self._accepted(reached, goal))

    def _next(self, text: str, at: int, state: int) -> Leaf | None:
        """The word that stands here, if it is one that the tables can take in this state."""
        expected = self._expected.get((state, text[at]))
        if expected is None:
            expected = self._expected[state, text[at]] = self._expecting(state, text[at])
        for name, sort in expected:
            if isinstance(sort, tuple):
                end = _end_of_phrase(text, at, sort)
            else:
                match = sort.match(text, at)
                end = match.end() if match else -1
            if end > at and not (name == "NAME" and text[at:end] in RESERVED_WORDS):
                leaf = Leaf(text[at:end])
                leaf.type, leaf.start_pos, leaf.end_pos = name, at, end
                return leaf
        return None

    def _expecting(self, state: int, letter: str) -> list[_Sort]:
        """The terminals that a state takes and that may begin with a letter."""
        taken = sorted(self._rows[state].keys() & self._order.keys(), key=self._order.__getitem__)
        return [self._sort(name) for name in taken if _may_begin(self._patterns[name], letter)]

    def _sort(self, name: str) -> _Sort:
        found = self._sorts.get(name)
        if found is None:
            pattern = self._patterns[name]
            if _KEYWORD.fullmatch(pattern):
                found = name, tuple(pattern.removesuffix(r"\b").split(r"\s+"))
            else:
                found = name, re.compile(pattern)
            self._sorts[name] = found
        return found

    def _take(self, leaf: Leaf, states: list[int], parts: list[Part]) -> bool:
        while True:
            action = self._rows[states[-1]].get(leaf.type)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                parts.append(leaf)
                return True
            self._complete(~action, states, parts)

    def _close(self, states: list[int], parts: list[Part], goal: int) -> bool:
        """Complete the rules that the end of the line completes."""
        while states[-1] != goal:
            action = self._rows[states[-1]].get(_END)
            if action is None:
                return False
            self._complete(~action, states, parts)
        return True

    def _complete(self, rule: int, states: list[int], parts: list[Part]) -> None:
        shape = self._shapes[rule]
        size = shape[0]
        if size:
            read = parts[-size:]
            del states[-size:], parts[-size:]
        else:
            read = []
        states.append(self._rows[states[-1]][shape[1]])
        parts.append(_tree(shape, read))

    def _accepted(self, states: list[int], goal: int) -> frozenset[str]:
        """The terminals, and the end, that could come after these states."""
        names = (name for name in self._rows[states[-1]] if name in self._order or name == _END)
        return frozenset(name for name in names if self._accepts(name, states.copy(), goal))

    def _accepts(self, name: str, states: list[int], goal: int) -> bool:
        while True:
            action = self._rows[states[-1]].get(name)
            if action is None:
                return False
            if action >= 0:
                return True
            size, origin = self._shapes[~action][:2]
            del states[len(states) - size :]
            states.append(self._rows[states[-1]][origin])
            if name == _END and states[-1] == goal:
                return True


def _may_begin(pattern: str, letter: str) -> bool:
    """Whether what a pattern describes may begin with a letter; most patterns are keywords."""
    return letter == pattern[0] or not _LETTERS.match(pattern) or "|" in pattern.partition("(")[0]


def _end_of_phrase(text: str, at: int, words: tuple[str, ...]) -> int:
    """Where these words end if they stand here; -1 if they do not."""
    for number, word in enumerate(words):
        if number:
            before = at
            # What a pattern calls a blank, be it one that is told of before a line is read.
            while text[at : at + 1].isspace():
                at += 1
            if at == before:
                return -1
        if not text.startswith(word, at):
            return -1
        at += len(word)
        after = text[at : at + 1]
        if after == "_" or after.isalnum():
            return -1
    return at


def _tree(shape: Shape, read: list[Part]) -> Part:
    """What the parts of a rule become."""
    size, _, data, single, kept, nones = shape
    children: list[Any] = []
    for number, opened, before in kept:
        if before:
            children += [None] * before
        part = read[number]
        if opened and isinstance(part, Tree):
            children += part.children
        else:
            children.append(part)
    if nones:
        children += [None] * nones
    made: Part = children[0] if single and len(children) == 1 else Tree(data, children)
    if isinstance(made, Tree) and not (size == 1 and made is read[0]):
        _extend(made.meta, read)
    return made


def _extend(meta: Extent, read: list[Part]) -> None:
    """The extent of a tree whose rule read these parts, those that are not kept included."""
    start = end = -1
    for part in read:
        if isinstance(part, Leaf):
            start = part.start_pos
            break
        if part is not None and not part.meta.empty:
            start = part.meta.outer_start
            break
    else:
        return
    for part in reversed(read):
        if isinstance(part, Leaf):
            end = part.end_pos
            break
        if part is not None and not part.meta.empty:
            end = part.meta.outer_end
            break
    if meta.empty:
        meta.start_pos, meta.end_pos, meta.empty = start, end, False
    meta.outer_start, meta.outer_end = start, end
