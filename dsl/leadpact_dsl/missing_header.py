"""Many lines that do not fit their block: most likely the header was lost or misread.

A deleted `lead:` would else be told once for each field of the record.
"""

from __future__ import annotations

from itertools import takewhile

from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.layout import Line

__all__ = ["misread", "without_header"]

_ENOUGH = 4
# Nothing that could stand here; and a list takes every line for a text that lacks its quotes.
_UNFIT = ("E135", "E160")


def _set_off(header: Line, first: Line) -> bool:
    """Whether an empty line, or a comment, stands above the first of them."""
    fitting = [line for line in header.children if line.number < first.number]
    last = _last_of(fitting[-1]) if fitting else header.number
    return first.number - last > 1


def _last_of(line: Line) -> int:
    """The number of the last line that stands below a line, or its own."""
    return _last_of(line.children[-1]) if line.children else line.number


def misread(header: Line, told: list[Diagnostic]) -> bool:
    """Whether nearly all lines below a header were told, so that it probably opens another block
    than the one it was taken for.
    """
    numbers = {one.span.line for one in told}
    right = sum(line.number not in numbers for line in header.children)
    return len(header.children) >= _ENOUGH and right * _ENOUGH <= len(header.children)


def without_header(block: str, header: Line, told: list[Diagnostic]) -> list[Diagnostic]:
    """What was told about a block, with one diagnostic for the lines at its end that all did not
    fit.
    """
    unfit = {one.span.line for one in told if one.code in _UNFIT}
    strays = [*takewhile(lambda line: line.number in unfit, reversed(header.children))]
    if len(strays) < _ENOUGH or not _set_off(header, strays[-1]):
        return told
    first, last = strays[-1], strays[0]
    message = f"The lines from {first.number} to {last.number} do not fit into `{block}`."
    help_ = "Is the line missing that opens their block, such as `lead:` or `activities:`?"
    kept = [one for one in told if not first.number <= one.span.line <= last.number]
    return [*kept, Diagnostic("E160", message, first.span, help_)]
