"""Colour. click takes it away by itself when the output is no terminal."""

from __future__ import annotations

import sys

import click

__all__ = ["bad", "dim", "good", "strong", "unsure", "width"]

_WIDEST = 100


def strong(text: str) -> str:
    return click.style(text, bold=True)


def dim(text: str) -> str:
    return click.style(text, dim=True)


def good(text: str) -> str:
    return click.style(text, fg="green")


def bad(text: str) -> str:
    return click.style(text, fg="red", bold=True)


def unsure(text: str) -> str:
    return click.style(text, fg="yellow", bold=True)


def width(widest: int = _WIDEST) -> int:
    """Columns to write in: those of the terminal, and not more than people like to read."""
    if not sys.stdout.isatty():
        return widest
    import shutil

    return max(40, min(widest, shutil.get_terminal_size().columns))
