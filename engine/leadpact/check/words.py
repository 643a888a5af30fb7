"""How the checker writes numbers, lists of names and kinds of things in its messages."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

__all__ = ["alternatives", "default_label", "enumerated", "plain", "ticked"]


def plain(value: Decimal | int) -> str:
    """A number as policies write it: ``5,000,000``, ``2.5``."""
    number = Decimal(value)
    if number == number.to_integral_value():
        return f"{int(number):,}"
    return f"{number.normalize():,f}"


def ticked(name: str) -> str:
    return f"`{name}`"


def alternatives(names: Iterable[str], most: int = 8) -> str:
    """`` `a`, `b` or `c` ``; of many the first ones."""
    return _joined([ticked(name) for name in names], "or", most)


def enumerated(names: Iterable[str], most: int = 8) -> str:
    """`` `a`, `b` and `c` ``; of many the first ones."""
    return _joined([ticked(name) for name in names], "and", most)


def _joined(names: list[str], last: str, most: int) -> str:
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def default_label(name: str) -> str:
    """What people read where no label was written: ``job_title`` is "Job title"."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]
