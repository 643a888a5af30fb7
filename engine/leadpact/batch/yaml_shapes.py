"""A YAML file as plain texts with line numbers: nothing in it is guessed.

YAML 1.1 reads ``yes``, ``no``, ``on`` and dates as something else than what was written. Here
every key and value is the text that stands in the file, and each knows its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from leadpact.batch.places import RunError

__all__ = ["Items", "Keys", "Shape", "Text", "read_yaml"]

_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    items: tuple[Shape, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping; ``lines`` says where each key stands."""

    values: dict[str, Shape]
    lines: dict[str, int]
    line: int


Shape: TypeAlias = Text | Items | Keys


def read_yaml(path: Path) -> Shape:
    """What the file says; RunError names file and line when it is not YAML."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise RunError(f"{path}: the file is not UTF-8.", "Save it as UTF-8.") from error
    except OSError as error:
        raise RunError(f"{path}: the file cannot be read.") from error
    try:
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise RunError(_not_yaml(path, error), "Quote texts that hold `: ` or ` #`.") from error
    if node is None:
        raise RunError(f"{path}: the file is empty.", "A mapping starts with `format: 1`.")
    return _shape(node, path, 0)


def _not_yaml(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"{path}:{mark.line + 1}" if mark is not None else str(path)
    return f"{place}: this is not YAML that I can read."


def _shape(node: yaml.Node, path: Path, depth: int) -> Shape:
    line = node.start_mark.line + 1
    if depth > _DEEPEST:
        raise RunError(f"{path}:{line}: this is nested too deep for a mapping.")
    if isinstance(node, yaml.ScalarNode):
        return Text(str(node.value), line)
    if isinstance(node, yaml.SequenceNode):
        return Items(tuple(_shape(item, path, depth + 1) for item in node.value), line)
    values: dict[str, Shape] = {}
    lines: dict[str, int] = {}
    for key, value in node.value:
        key_line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise RunError(f"{path}:{key_line}: a key must be a text.")
        if key.value in values:
            first = lines[key.value]
            raise RunError(
                f"{path}:{key_line}: `{key.value}` stands here a second time (first on line "
                f"{first}).",
                "Keep one of the two.",
            )
        values[key.value] = _shape(value, path, depth + 1)
        lines[key.value] = key_line
    return Keys(values, lines, line)
