"""The parser's tables: built from the grammar by Lark, and kept from one process to the next.

The only module that imports Lark; grammar.py imports it when the first line is read. Building the
tables takes most of a second, so they are kept in the user's cache folder, under a name that
changes with everything they depend on. The folder is the user's own: tables in the shared temp
folder could be planted by somebody else.
"""

from __future__ import annotations

import contextlib
import functools
import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final, TypeAlias, cast

from lark import Lark, Token, UnexpectedInput, UnexpectedToken, __version__
from lark.common import LexerConf
from lark.lexer import Lexer, LexerState, TerminalDef

from leadpact_dsl.words import RESERVED_WORDS

__all__ = ["LineLexer", "Token", "UnexpectedInput", "UnexpectedToken", "load"]

_KEYWORD: Final = re.compile(r"[a-z]+(\\s\+[a-z]+)*\\b")
_Sort: TypeAlias = tuple[str, tuple[str, ...] | re.Pattern[str]]


class LineLexer(Lexer):
    """Reads the words that the grammar can take where it stands.

    Lark's own contextual lexer compiles one pattern for each state of the parser, and a process
    that reads one policy spent most of its time on that. Here keywords are compared as texts.
    """

    __future_interface__: ClassVar[int] = 2

    def __init__(self, conf: LexerConf) -> None:
        ordered = sorted(
            conf.terminals, key=lambda each: (-each.priority, -len(each.pattern.value))
        )
        self._terminals = ordered
        self._by_state: dict[object, list[_Sort]] = {}

    def lex(self, lexer_state: LexerState, parser_state: object) -> Iterator[Token]:
        text = cast(str, lexer_state.text.text)
        at, last = 0, len(text)
        while True:
            while at < last and text[at] in " \t":
                at += 1
            if at == last:
                return
            token = self._next(text, at, parser_state)
            lexer_state.last_token = token
            yield token
            at = cast(int, token.end_pos)

    def _next(self, text: str, at: int, parser_state: object) -> Token:
        for name, sort in self._expected(parser_state):
            if isinstance(sort, tuple):
                end = _end_of_phrase(text, at, sort)
            else:
                match = sort.match(text, at)
                end = match.end() if match else -1
            if end > at and not (name == "NAME" and text[at:end] in RESERVED_WORDS):
                return _token(name, text, at, end)
        # Not the name of any terminal, so that no grammar takes it.
        return _token("?", text, at, at + 1)

    def _expected(self, parser_state: object) -> list[_Sort]:
        position = parser_state.position  # type: ignore[attr-defined]
        found = self._by_state.get(position)
        if found is None:
            states: Mapping[object, Mapping[str, object]]
            states = parser_state.parse_conf.states  # type: ignore[attr-defined]
            accepted = states[position]
            found = [_sort(each) for each in self._terminals if each.name in accepted]
            self._by_state[position] = found
        return found


@functools.cache
def _sort(terminal: TerminalDef) -> _Sort:
    pattern = terminal.pattern.value
    if _KEYWORD.fullmatch(pattern):
        return terminal.name, tuple(pattern.removesuffix(r"\b").split(r"\s+"))
    return terminal.name, re.compile(terminal.pattern.to_regexp())


def _end_of_phrase(text: str, at: int, words: tuple[str, ...]) -> int:
    """Where these words end if they stand here; -1 if they do not."""
    for number, word in enumerate(words):
        if number:
            before = at
            while text[at : at + 1] in (" ", "\t"):
                at += 1
            if at == before:
                return -1
        if not text.startswith(word, at):
            return -1
        at += len(word)
        after = text[at : at + 1]
        if after == "_" or after.isalnum():
            return -1
    return at


def _token(name: str, text: str, start: int, end: int) -> Token:
    return Token(name, text[start:end], start, 1, start + 1, 1, end + 1, end)


def load(starts: Sequence[str]) -> Lark:
    """The parser for these start rules."""
    grammar = Path(__file__).with_name("policy.lark").read_text(encoding="utf-8")
    path = _path(f"{grammar}\0{starts}\0{sys.version}")
    # Tables that cannot be read, for whatever reason, are built again.
    with contextlib.suppress(Exception):
        if path is not None:
            with path.open("rb") as file:
                return Lark.load(file)
    parser = Lark(
        grammar,
        parser="lalr",
        lexer=LineLexer,
        start=list(starts),
        maybe_placeholders=True,
        propagate_positions=True,
    )
    if path is not None:
        _keep(parser, path)
    return parser


def _path(depends_on: str) -> Path | None:
    stamp = zlib.crc32(depends_on.encode())
    name = f"lines-{len(depends_on)}-{stamp:08x}-lark-{__version__}.tables"
    try:
        return _cache_folder() / name
    except RuntimeError:
        # Nobody's home: a service account may have none.
        return None


def _cache_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
        return (Path(base) if base else Path.home() / "AppData" / "Local") / "leadpact" / "Cache"
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "leadpact"


def _keep(parser: Lark, path: Path) -> None:
    """Write the tables in one step, so that another process never reads half of them."""
    import tempfile

    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            parser.save(file)
        Path(file.name).replace(path)
