"""Lines read by Lark itself, slowly: what leadpact_dsl.lalr must agree with."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any, ClassVar, cast

from lark import Lark, Token, Tree, UnexpectedInput, UnexpectedToken
from lark.common import LexerConf
from lark.lexer import Lexer, LexerState

from leadpact_dsl.grammar import START_RULES
from leadpact_dsl.tables import build
from leadpact_dsl.words import RESERVED_WORDS

__all__ = ["parser", "stopped", "told"]


class LineLexer(Lexer):
    """Reads the words that the grammar can take where it stands, by patterns alone."""

    __future_interface__: ClassVar[int] = 2

    def __init__(self, conf: LexerConf) -> None:
        ordered = sorted(
            conf.terminals, key=lambda each: (-each.priority, -len(each.pattern.value))
        )
        self._terminals = [(one.name, re.compile(one.pattern.to_regexp())) for one in ordered]

    def lex(self, lexer_state: LexerState, parser_state: Any) -> Iterator[Token]:
        text = str(lexer_state.text.text)
        at = len(text) - len(text.lstrip(" \t"))
        while at < len(text):
            token = self._next(text, at, parser_state.parse_conf.states[parser_state.position])
            lexer_state.last_token = token
            yield token
            at = len(text) - len(text[token.end_pos :].lstrip(" \t"))

    def _next(self, text: str, at: int, accepted: dict[str, object]) -> Token:
        for name, pattern in self._terminals:
            match = pattern.match(text, at) if name in accepted else None
            if match is None or match.end() == at:
                continue
            if not (name == "NAME" and match.group() in RESERVED_WORDS):
                return Token(name, match.group(), at, 1, at + 1, 1, match.end() + 1, match.end())
        # Not the name of any terminal, so that no grammar takes it.
        return Token("?", text[at], at, 1, at + 1, 1, at + 2, at + 1)


@functools.cache
def parser() -> Lark:
    return build(START_RULES, LineLexer)


def told(text: str, start: str) -> object:
    """The tree as plain tuples, or where reading stopped, the last word, and what could come."""
    try:
        return _plain(parser().parse(text, start=start))
    except UnexpectedInput:
        return stopped(text, start)


def stopped(text: str, start: str) -> tuple[int, str, frozenset[str]]:
    reading = parser().parse_interactive(text, start=start)
    at = len(text.rstrip())
    read: list[Token] = []
    try:
        for token in reading.iter_parse():
            read.append(token)
    except UnexpectedToken as unexpected:
        at = cast(int, unexpected.token.start_pos)
    before = next((str(one) for one in reversed(read) if (one.end_pos or 0) <= at), "")
    return at, before, frozenset(reading.accepts())  # type: ignore[no-untyped-call]


def _plain(part: Token | Tree[Token] | None) -> object:
    if part is None:
        return None
    if isinstance(part, Token):
        return str(part), part.type, part.start_pos, part.end_pos
    meta = part.meta
    place = None if meta.empty else (meta.start_pos, meta.end_pos)
    return str(part.data), place, tuple(_plain(child) for child in part.children)
