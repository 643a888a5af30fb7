"""Writing Python source: indented lines, and constants that the code refers to by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Writer", "inline", "without_dead"]


class Writer:
    """Lines of source, with the constants they use.

    A constant is passed into the compiled module as an object, never pasted as text, so nothing
    that a policy says can become code.
    """

    def __init__(self, depth: int = 0) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {}
        self._names: dict[Any, str] = {}
        self._depth = depth

    def sibling(self) -> Writer:
        """A writer of its own lines at the same depth, with the same constants."""
        other = Writer(self._depth)
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
        """The name under which the source finds ``value``; equal hashable values share one."""
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

    def source(self) -> str:
        return "\n".join(self.lines) + "\n"


_ASSIGNMENT = re.compile(r"\s*([fdn]_\w+) = (.*)$")
_NAME = re.compile(r"\b[fdn]_\w+")


def inline(lines: list[str]) -> list[str]:
    """Straight-line code with each fact and definition that is used once put where it is used.

    So it is worked out only when it is reached: ``a and b`` need not know ``b`` when ``a`` is
    false. Nothing that these names depend on changes between.
    """
    uses: dict[str, int] = {}
    for line in lines:
        for name in _NAME.findall(line):
            uses[name] = uses.get(name, 0) + 1
    out: list[str] = []
    for line in reversed(lines):
        match = _ASSIGNMENT.match(line)
        if match and uses[match[1]] == 2 and (at := _use(out, match[1])) is not None:
            name, value = match[1], match[2]
            out[at] = f"({value})".join(re.split(rf"\b{name}\b", out[at]))
            continue
        out.append(line)
    return out[::-1]


def _use(later: list[str], name: str) -> int | None:
    pattern = re.compile(rf"\b{name}\b")
    return next((index for index, line in enumerate(later) if pattern.search(line)), None)


_RESULT = re.compile(r"\b[il]_\w+")
_RESULT_SET = re.compile(r"\s*([il]_\w+) = ")


def without_dead(lines: list[str]) -> list[str]:
    """The lines without the letters and the states of checklist items that nobody asks for."""
    read: set[str] = set()
    for line in lines:
        names = _RESULT.findall(line)
        read.update(names[1:] if _RESULT_SET.match(line) else names)
    return [line for line in lines if not (match := _RESULT_SET.match(line)) or match[1] in read]
