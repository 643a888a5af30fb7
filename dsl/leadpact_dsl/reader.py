"""One line of a policy to nodes, mended on the way where the writer's meaning is plain.

A line that cannot be read is looked at by mistakes.py. If what is wrong there can be mended for
sure, the mended line is read again, up to a few times; the corrected line that a diagnostic
shows is therefore always one that can be read. If not, the names on the line are *damaged*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, cast

# The modules of rules are imported to enter them.
from leadpact_dsl import (  # noqa: F401
    building_agreement,
    building_conditions,
    building_examples,
    building_lines,
    building_parties,
    building_points,
    building_stages,
    nodes,
)
from leadpact_dsl.building import Place, build
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.editing import Mistake, Text, apply
from leadpact_dsl.frozen import frozen
from leadpact_dsl.grammar import Start, Stop, Tree, read_line
from leadpact_dsl.layout import Line, in_line
from leadpact_dsl.precautions import list_without_of, too_deep

__all__ = ["Read", "Reading"]

_MOST_MENDINGS: Final = 6
_NAME: Final = re.compile(r'"[^"]*"?|(?P<name>[a-z][a-z0-9_]*|[A-Z][+-]?)')


@frozen
class Read:
    """What a line says. ``rest`` are the lines below that it has not used up.

    ``cut`` says that only the line's beginning could be read.
    """

    node: object
    rest: tuple[Line, ...]
    cut: bool = False


@dataclass(slots=True)
class Reading:
    """What is collected while the files of one policy are read."""

    diagnostics: list[Diagnostic] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)

    def tell(self, line: Line, code: str, message: str, help: str | None = None) -> None:
        """Report something about a whole line."""
        if not line.told:
            self.diagnostics.append(Diagnostic(code, message, line.span, help))

    def damage(self, lines: Iterable[Line]) -> None:
        """Remember the names on these lines and on all lines below them."""
        for line in lines:
            text = line.text.text
            found = {match["name"] for match in _NAME.finditer(text) if match["name"]}
            # A slip inside a name: what it would be without the odd characters.
            words = (re.sub(r"\W", "", word) for word in text.split() if '"' not in word)
            self.damaged |= found | {word for word in words if _NAME.fullmatch(word)}
            self.damage(line.children)

    def read(self, line: Line, start: Start, *, keep_beginning: bool = False) -> Read | None:
        """Read a line; ``None`` (told, and its names damaged) if that is not possible.

        With ``keep_beginning``, for lines that declare a name or have others below, as much of
        the line's beginning as can be read stands for the whole.
        """
        tree, text = self._tree(line, start)
        read = self._built(line, tree, text) if tree is not None else None
        if read is not None:
            return read
        self.damage([line] if not keep_beginning else [_alone(line)])
        if keep_beginning:
            return self._beginning(line, start)
        return None

    def _tree(self, line: Line, start: Start) -> tuple[Tree | None, Text]:
        text, told = line.text, list[tuple[Mistake, Text]]()
        found: Tree | Stop | None = None
        if line.children and (slip := list_without_of(text.text)):
            told.append((slip, text))
            text = apply(text, slip.edits)
        for _ in range(_MOST_MENDINGS):
            if deep := too_deep(text.text):
                told.append((deep, text))
                found = None
                break
            found = read_line(text.text, start)
            if not isinstance(found, Stop):
                break
            # Loaded only now: most policies that are read have no mistake.
            from leadpact_dsl.mistakes import find_mistake

            mistake = find_mistake(text.text, start, found)
            if told and not mistake.edits:
                break
            told.append((mistake, text))
            if not mistake.edits:
                break
            text = apply(text, mistake.edits)
        tree = None if isinstance(found, Stop) else found
        if not line.told:
            fixed = text.text + line.tail if tree is not None else None
            for mistake, at in told if tree is not None else told[:1]:
                self.diagnostics.append(in_line(line.file, line.number, mistake, at, fixed))
        if any(mistake.guess for mistake, _ in told):
            return None, text
        return tree, text

    def _built(self, line: Line, tree: Tree, text: Text) -> Read | None:
        used, bad = False, False

        def members() -> tuple[nodes.Condition, ...]:
            nonlocal used, bad
            used = True
            if not line.children:
                message = "Nothing stands below this line, and its list needs conditions."
                help_ = "Write them on the next lines, one a line, four blanks further right."
                self.tell(line, "E124", message, help_)
            reads = [self.read_member(child) for child in line.children]
            found = tuple(member for member in reads if member is not None)
            bad = bad or not found
            return found

        def complain(diagnostic: Diagnostic) -> None:
            nonlocal bad
            bad = True
            if not line.told:
                self.diagnostics.append(diagnostic)

        place = Place(line.file, line.number, text.columns, members, complain)
        node = build(place, tree)
        return None if bad else Read(node, () if used else line.children)

    def read_member(self, line: Line) -> nodes.Condition | None:
        """A condition in a list of conditions."""
        read = self.read(line, "condition_line")
        if read is None:
            return None
        self.refuse(read.rest)
        return cast(nodes.Condition, read.node)

    def refuse(self, lines: tuple[Line, ...]) -> None:
        """Report lines below a line that takes none: once, however many they are."""
        if lines:
            message = (
                "This line stands too far to the right: nothing can stand below the line above."
            )
            self.tell(lines[0], "E120", message, "Let it begin where the line above begins.")
            self.damage(lines)

    def _beginning(self, line: Line, start: Start) -> Read | None:
        text = line.text.text
        ends = [match.end() for match in re.finditer(r'"[^"]*"|[^\s"]+', text)]
        for end in reversed(ends[:-1]):
            found = read_line(text[:end], start)
            if not isinstance(found, Stop):
                place = Place(line.file, line.number, line.text.columns, tuple, lambda _: None)
                return Read(build(place, found), line.children, cut=True)
        self.damage(line.children)
        return None


def _alone(line: Line) -> Line:
    return Line(line.file, line.number, line.text, line.tail)
