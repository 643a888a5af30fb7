"""Which way a run takes: a query, or the Python engine, for which no database is opened at all."""

from __future__ import annotations

from pathlib import Path

from leadpact.batch.options import RunOptions
from leadpact.batch.places import Place, format_of

__all__ = ["is_small", "why_in_python"]

SMALL = 8_000_000
"""Bytes of text that the Python engine has decided about while a query is still being made."""


def is_small(options: RunOptions) -> bool:
    """Whether little is read, and all that is read and written are single files of text."""
    read = [place for place in (options.leads, options.activities) if place is not None]
    if not all(_is_text(place) for place in (*read, *_written(options))):
        return False
    files = [place for place in read if isinstance(place, Path) and place.is_file()]
    return len(files) == len(read) and sum(file.stat().st_size for file in files) <= SMALL


def why_in_python(options: RunOptions) -> str:
    """Why no query can do what is asked; empty if one can."""
    if options.replay:
        return "Lives are told in Python."
    if options.explain and any(_is_text(place) for place in _written(options)):
        return "Reasons in a file of text are written in Python; Parquet and tables have `rows`."
    return ""


def _written(options: RunOptions) -> tuple[Place, ...]:
    return () if options.out is None else (options.out,)


def _is_text(place: Place) -> bool:
    return isinstance(place, Path) and format_of(place) != "parquet"
