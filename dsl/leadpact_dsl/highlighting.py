"""A policy file cut into pieces of a kind, for whoever paints them: pages, editors, terminals.

Whether a word belongs to the language or is a name depends on where it stands, so each line is read
by the rules that its place allows; the words that are no names there are the language's own. A line
that cannot be read is still cut, by the look of its words. Nothing is lost and nothing is added.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias, cast

from leadpact_dsl.characters import LONGEST_LINE, code_end
from leadpact_dsl.grammar import START_RULES, Leaf, Start, Stop, Tree, read_line, terminal_words
from leadpact_dsl.words import BLOCK_WORDS, RESERVED_WORDS

__all__ = ["Kind", "Piece", "highlight"]

Kind: TypeAlias = Literal[
    "blank",
    "block",
    "comment",
    "error",
    "keyword",
    "mark",
    "name",
    "number",
    "operator",
    "points",
    "text",
    "time",
    "unit",
    "value",
]
"""``block`` is the word that opens a block, ``points`` are what a row begins with, ``time`` is a
day, a moment or a time of the day, ``value`` a letter, a country, or `yes` and `no`, ``mark`` a
comma and the like. An ``error`` stands in no policy.
"""

Piece: TypeAlias = tuple[Kind, str]


def highlight(text: str) -> Iterator[tuple[Piece, ...]]:
    """The pieces of each line of a policy file; joined, they are that line again.

    Lines are what stands between two line feeds. Lines that were taken out of their block, to be
    shown by themselves, are cut as well as they would be within it. Text of any kind is cut
    somehow, never with an exception.
    """
    above: list[tuple[int, tuple[Start, ...]]] = []
    for line in text.split("\n"):
        words = line[: code_end(line)]
        if not words.strip():
            yield tuple(_tail(line))
            continue
        indent = len(words.replace("\t", "    ")) - len(words.replace("\t", "    ").lstrip())
        while above and above[-1][0] >= indent:
            above.pop()
        start, tree = _read(words, above[-1][1] if above else ())
        above.append((indent, _below(start, words.split()[0])))
        given = _given(tree) if tree is not None else None
        yield (*_phrases(_cut(words, given, start)), *_tail(line[len(words) :]))


# --- how a line is read --------------------------------------------------------------------------

_HEADERS: Final = {word: f"{word.replace(' ', '_')}_header" for word in BLOCK_WORDS}
_LINES: Final[dict[Start, tuple[Start, ...]]] = {
    "policy_header": ("policy_line",),
    "party_header": ("party_line",),
    "role_header": ("party_line",),
    "calendar_header": ("calendar_line",),
    "list_header": ("list_member",),
    "lead_header": ("lead_line",),
    "activities_header": ("kind_line",),
    "signals_header": ("kind_line",),
    "actions_header": ("kind_line",),
    "kind_line": ("field",),
    "score_header": ("score_line",),
    "grade_header": ("grade_line",),
    "group_header": ("group_row",),
    "checklist_header": ("checklist_line",),
    "stage_header": ("stage_line",),
    "any_stage_header": ("stage_line",),
    "agreement_header": ("agreement_line",),
    "guarantee_header": ("guarantee_line",),
    "example_header": ("example_line",),
    "condition_line": ("condition_line",),
    "example_line": ("step_line",),
}
_OPENERS: Final[dict[str, tuple[Start, ...]]] = {
    "category": ("category_line",),
    "points": ("points_by_row",),
    "letters": ("letter",),
}


def _below(start: Start | None, word: str) -> tuple[Start, ...]:
    """The rules of the lines below one that a rule has read and that begins with a word."""
    if start is None:
        return ()
    if start in ("score_line", "category_line", "grade_line") and word.rstrip(":") in _OPENERS:
        return _OPENERS[word.rstrip(":")]
    # An opened row has clauses below it, and one that ends in a list the list's conditions.
    return _LINES.get(start, ("clause_line", "condition_line"))


def _read(words: str, allowed: tuple[Start, ...]) -> tuple[Start | None, Tree | None]:
    """The first rule by which a line can be read, and what was read.

    Where nothing stands above a line, its first words tell the rule; a line that opens no block is
    tried by all of them, because it may have been taken out of its block to be shown.
    """
    if len(words) > LONGEST_LINE:
        return None, None
    header = None if allowed else _header(words)
    if header is not None:
        allowed = (header,)
    bare = words.removesuffix(":")
    for start in allowed or START_RULES:
        read = read_line(bare, start)
        if not isinstance(read, Stop):
            return start, read
    return (allowed[0] if allowed else None), None


def _header(words: str) -> Start | None:
    said = f"{' '.join(words.split()[:2]).replace(':', ' ')} "
    found = max((word for word in BLOCK_WORDS if said.startswith(f"{word} ")), key=len, default="")
    return next((rule for rule in START_RULES if rule == _HEADERS.get(found)), None)


def _given(tree: Tree) -> dict[int, Kind]:
    """What people gave, by where it begins on the line: names, and the answers yes and no."""
    found: dict[int, Kind] = {}
    waiting: list[object] = [tree]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Tree):
            waiting += part.children
        elif isinstance(part, Leaf) and part.type in _GIVEN:
            found[part.start_pos] = _GIVEN[part.type]
    return found


_GIVEN: Final[dict[str, Kind]] = {"NAME": "name", "YES": "value", "NO": "value"}


# --- how a line is cut ---------------------------------------------------------------------------

_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?(?![\w/-]|,\d|:\d|\.\d)"
_TIME_OF_DAY: Final = r"\d{1,2}:\d\d(?![\w.]|:\d)"
_PIECE: Final = re.compile(
    rf"""(?P<blank>\s+)
    | (?P<text>"[^"]*")
    | (?P<time>\d{{4}}-\d\d-\d\d(?![\w-])(?:\s+{_TIME_OF_DAY})?|{_TIME_OF_DAY})
    | (?P<points>^[+-]{_NUMBER})
    | (?P<number>-?{_NUMBER})
    | (?P<word>stand-in(?!\w)|[a-z]\w*)
    | (?P<value>[A-Z]{{2}}-[A-Z0-9]{{1,3}}(?![\w-])|[A-Z]{{2,3}}(?![\w-])|[A-Z][+-]?(?![\w+-]))
    | (?P<mark>[(),.:%])
    | (?P<error>"[^"]*|\S[^\s(),.:%"]*)""",
    re.VERBOSE,
)
_UNIT: Final = re.compile(r"business|(?:minute|hour|day|week|month)s?|[A-Z]{3}")
_OPERATORS: Final = frozenset({"and", "or", "not", "is"})
_AFTER_IS: Final = frozenset(
    {
        *("after", "any", "at", "before", "from", "known", "least", "less", "met", "more"),
        *("most", "none", "of", "on", "than", "unknown"),
    }
)


def _cut(words: str, given: dict[int, Kind] | None, start: Start | None) -> Iterator[Piece]:
    """The pieces of a line; ``given`` as ``_given`` has it, ``None`` for one not understood."""
    line = words.lstrip()
    margin = len(words) - len(line)
    if margin:
        yield "blank", words[:margin]
    kind: Kind = "blank"
    before: Kind = "block" if start is not None and start.endswith("_header") else "blank"
    for found in _PIECE.finditer(line):
        kind, piece = cast(Kind, found.lastgroup), found.group()
        if kind in ("word", "value"):
            kind = _kind(piece, before)
            if given is not None:
                kind = given.get(found.start() + margin, kind)
            elif _as_name(piece, before):
                kind = "name"
        yield kind, piece
        if kind != "blank":
            before = kind


def _phrases(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Words of one kind that follow one another, and the blanks between them, as one piece."""
    kept, blank = next(pieces), ""
    for piece in pieces:
        if piece[0] == "blank":
            blank = piece[1]
            continue
        if piece[0] == kept[0] and piece[0] in _JOINED:
            kept = (kept[0], f"{kept[1]}{blank}{piece[1]}")
        else:
            yield kept
            if blank:
                yield "blank", blank
            kept = piece
        blank = ""
    yield kept


_JOINED: Final[frozenset[Kind]] = frozenset({"block", "keyword", "operator", "unit"})


def _kind(word: str, before: Kind) -> Kind:
    """What a word of the language is, behind a piece of this kind."""
    if before == "block" and word in _BLOCK_PARTS:
        return "block"
    if before in ("number", "unit") and _UNIT.fullmatch(word):
        return "unit"
    if word in _OPERATORS or (before == "operator" and word in _AFTER_IS):
        return "operator"
    return "value" if word[0].isupper() else "keyword"


_BLOCK_PARTS: Final = frozenset(
    part for word in (*BLOCK_WORDS, "actions by") for part in word.split()
)


def _as_name(word: str, before: Kind) -> bool:
    """On a line that cannot be read, only what is hardly a name is painted as the language's."""
    if not word[0].islower() or (before == "block" and word in _BLOCK_PARTS):
        return False
    return word not in RESERVED_WORDS and word not in _phrase_words()


@functools.cache
def _phrase_words() -> frozenset[str]:
    phrases = terminal_words().values()
    return frozenset(word for phrase in phrases if " " in phrase for word in phrase.split())


def _tail(rest: str) -> Iterator[Piece]:
    """What follows the words of a line: blanks and a comment."""
    comment = rest.lstrip()
    if len(comment) < len(rest):
        yield "blank", rest[: len(rest) - len(comment)]
    if comment:
        yield "comment", comment
