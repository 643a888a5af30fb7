"""The parser's tables: built from the grammar by Lark, and kept from one process to the next.

The only module that imports Lark, and only to build: that takes most of a second, and even the
import is a good part of a ``leadpact check``. So what Lark found out is kept as plain data in the
user's cache folder, under a name that changes with everything it depends on, and lalr.py reads
lines by it. The folder is the user's own: tables in the shared temp folder could be planted by
somebody else.
"""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import zlib
from collections.abc import Sequence
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

from leadpact_dsl.frozen import frozen

if TYPE_CHECKING:
    from lark import Lark
    from lark.grammar import Rule
    from lark.lexer import Lexer

__all__ = ["Shape", "Tables", "build", "load"]

_FORM: Final = 1
"""Grows when the form of what is kept changes."""

Shape: TypeAlias = tuple[int, str, str, bool, tuple[tuple[int, bool, int], ...], int]
"""How a rule's parts become its tree: how many parts the rule has, its name, the name of its tree,
whether a single part stands for the tree; the parts that are kept (which, whether its own parts are
taken in its place, how many ``None`` come before it), and how many ``None`` come at the end.
"""


@frozen
class Tables:
    """What reads lines.

    ``terminals``: names and patterns, those to be tried first first. ``starts``: the first and the
    last state of each start rule. ``rows``: what each state does with a terminal, and where it goes
    with a rule: n is "go to state n", ~n is "the parts of rule n are complete".
    """

    terminals: tuple[tuple[str, str], ...]
    starts: dict[str, tuple[int, int]]
    rows: tuple[dict[str, int], ...]
    shapes: tuple[Shape, ...]


def load(starts: Sequence[str]) -> Tables:
    """The tables for these start rules."""
    path = _path(f"{_grammar()}\0{starts}\0{sys.version}\0{_maker()}")
    # Tables that cannot be read, for whatever reason, are built again.
    with contextlib.suppress(Exception):
        if path is not None:
            return _unpacked(path.read_bytes())
    tables = _tables_of(build(starts))
    if path is not None:
        _keep(tables, path)
    return tables


def build(starts: Sequence[str], lexer: Literal["basic"] | type[Lexer] = "basic") -> Lark:
    """Lark's own parser for these start rules. Whoever wants to read by it brings a lexer."""
    from lark import Lark

    return Lark(
        _grammar(),
        parser="lalr",
        lexer=lexer,
        start=list(starts),
        maybe_placeholders=True,
        propagate_positions=True,
    )


def _grammar() -> str:
    return Path(__file__).with_name("policy.lark").read_text(encoding="utf-8")


def _maker() -> str:
    """Lark's first file, which names its version: reading it is quicker than asking for it."""
    found = PathFinder.find_spec("lark")
    with contextlib.suppress(OSError):
        if found is not None and found.origin is not None:
            return Path(found.origin).read_text(encoding="utf-8")
    return ""


def _tables_of(parser: Lark) -> Tables:
    ordered = sorted(parser.terminals, key=lambda each: (-each.priority, -len(each.pattern.value)))
    numbers = {rule: number for number, rule in enumerate(parser.rules)}
    found: Any = parser.parser.parser
    table = found._parse_table
    rows: list[dict[str, int]] = [{} for _ in table.states]
    for state, row in table.states.items():
        for name, (_, to) in row.items():
            rows[state][sys.intern(str(name))] = to if isinstance(to, int) else ~numbers[to]
    return Tables(
        tuple((sys.intern(str(each.name)), each.pattern.to_regexp()) for each in ordered),
        {name: (first, table.end_states[name]) for name, first in table.start_states.items()},
        tuple(rows),
        tuple(_shape(rule) for rule in parser.rules),
    )


def _shape(rule: Rule) -> Shape:
    options = rule.options
    # One letter for each part, after a 1 for each `[…]` that was left out before it.
    left_out = "".join(str(int(one)) for one in options.empty_indices) or "0" * len(rule.expansion)
    nones = [len(ones) for ones in left_out.split("0")]
    kept: list[tuple[int, bool, int]] = []
    waiting = 0
    for number, part in enumerate(rule.expansion):
        waiting += nones[number]
        if options.keep_all_tokens or not (part.is_term and cast(Any, part).filter_out):
            kept.append((number, not part.is_term and part.name.startswith("_"), waiting))
            waiting = 0
    origin = sys.intern(str(rule.origin.name))
    data = sys.intern(str(rule.alias or options.template_source or origin))
    single = bool(options.expand1) and not rule.alias
    return len(rule.expansion), origin, data, single, tuple(kept), waiting + nones[-1]


def _unpacked(kept: bytes) -> Tables:
    """Raises ``ValueError`` when a byte of it has changed."""
    if zlib.crc32(kept[4:]) != int.from_bytes(kept[:4], "big"):
        raise ValueError("spoilt")
    return Tables(*marshal.loads(kept[4:]))


def _path(depends_on: str) -> Path | None:
    stamp = zlib.crc32(depends_on.encode())
    name = f"lines-{len(depends_on)}-{stamp:08x}-{_FORM}.tables"
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


def _keep(tables: Tables, path: Path) -> None:
    """Write the tables in one step, so that another process never reads half of them."""
    import tempfile

    kept = marshal.dumps((tables.terminals, tables.starts, tables.rows, tables.shapes))
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(zlib.crc32(kept).to_bytes(4, "big") + kept)
        Path(file.name).replace(path)
