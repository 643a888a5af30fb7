"""The policy language: text to nodes, or to diagnostics that say what to write instead.

Nothing here knows what a lead is; the engine gives the nodes their meaning.
"""

from __future__ import annotations

from leadpact_dsl.diagnostics import Diagnostic, has_errors, render
from leadpact_dsl.files import read_policy
from leadpact_dsl.nodes import Document
from leadpact_dsl.parsing import parse
from leadpact_dsl.source import SourceFile, Span
from leadpact_dsl.words import RESERVED_WORDS

__all__ = [
    "RESERVED_WORDS",
    "Diagnostic",
    "Document",
    "SourceFile",
    "Span",
    "has_errors",
    "parse",
    "read_policy",
    "render",
]
