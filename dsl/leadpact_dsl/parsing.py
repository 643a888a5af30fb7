"""The way from a policy's files to its nodes."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact_dsl.blocks import read_blocks
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.layout import lay_out
from leadpact_dsl.nodes import Block, Document
from leadpact_dsl.reader import Reading
from leadpact_dsl.source import SourceFile

__all__ = ["parse"]


def parse(files: Sequence[SourceFile]) -> tuple[Document, tuple[Diagnostic, ...]]:
    """Read the files of one policy.

    The document holds all that could be read; the diagnostics, in the order of files and lines,
    say what could not. Text of any kind gets diagnostics, never an exception.
    """
    reading = Reading()
    blocks: list[Block] = []
    order = {file.name: position for position, file in enumerate(files)}
    for file in files:
        lines, diagnostics = lay_out(file)
        reading.diagnostics += diagnostics
        blocks += read_blocks(reading, lines)

    def place(diagnostic: Diagnostic) -> tuple[int, int, int]:
        span = diagnostic.span
        return order[span.file], span.line, span.column

    told = tuple(sorted(reading.diagnostics, key=place))
    return Document(tuple(blocks), frozenset(reading.damaged)), told
