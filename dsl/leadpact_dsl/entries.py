"""What the published reference says of each code, kept as text beside the code that raises it.

Read only when somebody asks: ``leadpact check`` runs on every save and does not pay for this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from leadpact_dsl.codes import CODES
from leadpact_dsl.frozen import frozen

__all__ = ["Entry", "own_entries", "read_entries"]


@frozen
class Entry:
    """One code explained. ``title``, ``what`` and ``why`` are plain words with `` ` `` around what
    stands in a policy; ``example`` gets the code, and ``fix`` is the same mended. Both are lines
    of a policy or, where each begins with ``$``, of a terminal; then ``fix`` is typed after
    ``example``.
    """

    code: str
    title: str
    what: str
    why: str
    example: str
    fix: str

    @property
    def typed(self) -> bool:
        """Whether example and fix are typed at a terminal."""
        return self.example.startswith("$ ")


_SECTION: Final = re.compile(
    r"## (?P<code>[EW]\d{3})\n\n(?P<what>[^\n]+)\n\nWhy: (?P<why>[^\n]+)\n\n"
    r"```\n(?P<example>.*?)\n```\n\n```\n(?P<fix>.*?)\n```\n",
    re.DOTALL,
)


def read_entries(text: str, titles: Mapping[str, str]) -> tuple[Entry, ...]:
    """The entries of a Markdown text, in its order: a heading a code, then what is wrong, why it
    matters, a fenced example and its fenced fix. Raises ``ValueError`` for a section of another
    form, ``KeyError`` for a code without a title.
    """
    sections = re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]
    return tuple(_entry(section, titles) for section in sections)


def _entry(section: str, titles: Mapping[str, str]) -> Entry:
    found = _SECTION.fullmatch(section.rstrip("\n") + "\n")
    if found is None:
        raise ValueError(f"not an entry: {section.partition(chr(10))[0]}")
    code = found["code"]
    return Entry(code, titles[code], found["what"], found["why"], found["example"], found["fix"])


def own_entries() -> tuple[Entry, ...]:
    """The entries of all codes of this package."""
    return read_entries(Path(__file__).with_name("entries.md").read_text(encoding="utf-8"), CODES)
