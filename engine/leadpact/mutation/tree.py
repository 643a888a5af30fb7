"""Walking through a checked policy as a tree, and making it anew with some parts changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeAlias, TypeVar

from leadpact_dsl import Span

__all__ = ["Path", "every", "put", "rewritten"]

Path: TypeAlias = tuple[str | int, ...]
"""The way to a part of the policy: names of attributes and places in tuples."""

T = TypeVar("T")


def every(part: Any, kind: type[T]) -> Iterator[T]:
    """All parts of a kind, from the outside in; nothing inside a part that was found."""
    if isinstance(part, kind):
        yield part
    elif isinstance(part, tuple):
        for member in part:
            yield from every(member, kind)
    elif _is_inner(part):
        for field in fields(part):
            yield from every(getattr(part, field.name), kind)


def put(part: Any, path: Path, value: object) -> Any:
    """The same tree with another value at the end of the path."""
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(first, int):
        return (*part[:first], put(part[first], rest, value), *part[first + 1 :])
    return replace(part, **{first: put(getattr(part, first), rest, value)})


def rewritten(part: Any, kind: type[T], change: Callable[[T], T]) -> Any:
    """The same tree with every part of a kind changed; what does not change is not copied."""
    if isinstance(part, kind):
        return change(part)
    if isinstance(part, tuple):
        members = tuple(rewritten(member, kind, change) for member in part)
        same = all(one is other for one, other in zip(members, part, strict=True))
        return part if same else members
    if not _is_inner(part):
        return part
    held = {field.name: getattr(part, field.name) for field in fields(part)}
    made = {name: rewritten(value, kind, change) for name, value in held.items()}
    return part if all(made[name] is held[name] for name in held) else replace(part, **made)


def _is_inner(part: Any) -> bool:
    return is_dataclass(part) and not isinstance(part, (Span, type))
