"""The Pygments lexer of policies: ```` ```leadpact ```` blocks on pages, and whatever else asks
Pygments, such as a terminal or an editor.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, TypeAlias

from pygments.lexer import Lexer
from pygments.token import STANDARD_TYPES, Token

from leadpact_dsl.highlighting import Kind, highlight

__all__ = ["LeadpactLexer", "painted"]

_Token: TypeAlias = tuple[str, ...]
_TOKENS: Final[dict[Kind, _Token]] = {
    "blank": Token.Text.Whitespace,
    "block": Token.Keyword.Declaration,
    "comment": Token.Comment.Single,
    "error": Token.Error,
    "keyword": Token.Keyword,
    "mark": Token.Punctuation,
    "name": Token.Name,
    "number": Token.Literal.Number,
    "operator": Token.Operator.Word,
    "points": Token.Literal.Number.Integer,
    "text": Token.Literal.String.Double,
    "time": Token.Literal.Date,
    "unit": Token.Keyword.Type,
    "value": Token.Keyword.Constant,
}


class LeadpactLexer(Lexer):  # type: ignore[misc]
    """``leadpact`` is a policy or a part of one. The other names say of which block the lines are
    a part: the tests of our own pages put them back into it.
    """

    name = "Leadpact"
    aliases = ("leadpact", *(f"leadpact-{part}" for part in ("frame", "lead", "score", "when")))
    filenames = ("*.leadpact",)

    def get_tokens_unprocessed(self, text: str) -> Iterator[tuple[int, _Token, str]]:
        at = 0
        for number, line in enumerate(highlight(text)):
            if number:
                yield at, Token.Text.Whitespace, "\n"
                at += 1
            for kind, piece in line:
                yield at, _TOKENS[kind], piece
                at += len(piece)


def painted(text: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """The pieces of each line with the class that styles of Pygments know, empty for plain text."""
    for line in highlight(text):
        yield tuple((_CLASSES[kind], piece) for kind, piece in line)


_PLAIN: Final[frozenset[Kind]] = frozenset({"blank", "name"})
_CLASSES: Final[dict[Kind, str]] = {
    kind: "" if kind in _PLAIN else STANDARD_TYPES[token] for kind, token in _TOKENS.items()
}
