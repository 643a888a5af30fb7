"""Writing Python source: indented lines, and constants that the code refers to by name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Writer", "inline", "without_dead"]


class Writer:
    """Lines of source, with the constants they use.

    A text is written as a literal by ``repr``, and every other constant is passed in as an object:
    so nothing that a policy says can become code.
    """

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._names: dict[Any, str] = {}
        self._depth = depth

    def sibling(self, depth: int | None = None) -> Writer:
        """A writer of its own lines, at the same depth unless told, with the same constants."""
        other = Writer(self._depth if depth is None else depth)
        other.constants = self.constants
        other._names = self._names
        return other

    def add(self, other: Writer) -> None:
        self.lines += other.lines

    def line(self, text: str) -> None:
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def block(self, header: str) -> Iterator[None]:
        """A header that ends in a colon, and what stands below it (``pass`` if nothing does)."""
        self.line(header)
        self._depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._depth -= 1

    def constant(self, value: Any, hint: str = "K") -> str:
        """How the source names ``value``; equal hashable values share one name."""
        if type(value) is str:
            return repr(value)
        try:
            key = (hint, type(value), value)
            if key in self._names:
                return self._names[key]
        except TypeError:
            key = None
        name = f"{hint}{len(self.constants)}"
        self.constants[name] = value
        if key is not None:
            self._names[key] = name
        return name

    def among(self, values: Collection[str | None]) -> str:
        """A set of texts (and the unknown, ``None``), to look another up in."""
        return f"{{{', '.join(map(repr, sorted(values, key=str)))}}}" if values else "()"

    def source(self) -> str:
        return "\n".join(self.lines) + "\n"


_ASSIGNMENT = re.compile(r"\s*([fdn]_\w+) = (.*)$")
_MOST_BRACKETS = 60
"""Python's own parser allows only so many, so larger expressions keep their names."""
_NAME = re.compile(r"\b[fdn]_\w+")


def inline(lines: list[str]) -> list[str]:
    """Straight-line code with each fact and definition that is used once put where it is used.

    So it is worked out only when it is reached: ``a and b`` need not know ``b`` when ``a`` is
    false. Nothing that these names depend on changes between.
    """
    uses: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        for name in _NAME.findall(line):
            uses.setdefault(name, []).append(at)
    out: list[str | None] = list(lines)
    for at in reversed(range(len(lines))):
        match = _ASSIGNMENT.match(out[at] or "")
        if not match or len(uses[match[1]]) != 2:
            continue
        name, value = match[1], match[2]
        user = uses[name][1]
        using = out[user]
        # What was put elsewhere, or stands before, is left as it is.
        if user <= at or using is None or using.count("(") + value.count("(") >= _MOST_BRACKETS:
            continue
        out[user] = f"({value})".join(re.split(rf"\b{name}\b", using))
        out[at] = None
        for moved in _NAME.findall(value):
            uses[moved][uses[moved].index(at)] = user
            uses[moved].sort()
    return [line for line in out if line is not None]


_RESULT = re.compile(r"\b[il]_\w+")
_RESULT_SET = re.compile(r"\s*([il]_\w+) = ")


def without_dead(lines: list[str]) -> list[str]:
    """The lines without the letters and the states of checklist items that nobody asks for."""
    read: set[str] = set()
    for line in lines:
        names = _RESULT.findall(line)
        read.update(names[1:] if _RESULT_SET.match(line) else names)
    return [line for line in lines if not (match := _RESULT_SET.match(line)) or match[1] in read]
