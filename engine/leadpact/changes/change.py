"""One change of a policy's meaning, or of its words, as people are told about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, TypeAlias

from leadpact.checked import InForce
from leadpact.english import in_force
from leadpact_dsl.frozen import frozen

__all__ = ["Change", "HowChanged", "Touches"]

HowChanged: TypeAlias = Literal["added", "removed", "changed", "renamed"]

Touches: TypeAlias = Literal["decisions", "agreement", "words"]
"""What a change can reach: what is decided about leads; what people promise, own and do; or words
alone.
"""


@frozen
class Change:
    """``rule`` is the rule id or name of the part in the new policy (in the old one when it was
    removed), ``was`` its name before a renaming. ``sort`` says what it is (``row of points``),
    ``block`` and ``what`` name it in words, ``aspect`` what about it changed.

    ``before`` and ``after`` are the policy's English, as short as it can be; ``None`` where there
    was, or is, nothing. ``first`` and ``last`` are the days on which it is so, both included
    (``None``: no border). ``file`` and ``line`` are its place in the new policy, or in the old one
    for what was removed (``in_new`` is then false).
    """

    kind: HowChanged
    sort: str
    rule: str
    was: str | None
    block: str
    what: str
    aspect: str | None
    before: str | None
    after: str | None
    touches: Touches
    first: date | None
    last: date | None
    file: str
    line: int
    in_new: bool

    @property
    def dates(self) -> str:
        """``from 1 January 2027``; nothing for a change without dates."""
        if self.first is None and self.last is None:
            return ""
        return in_force(InForce(self.first, self.last))

    @property
    def head(self) -> str:
        """How it changed, before what was and what is: ``Points``, ``New``, ``Also asked``."""
        dates = f", {self.dates}" if self.dates else ""
        if self.kind != "changed":
            return f"{_HEADS[self.kind]}{dates}"
        aspect = self.aspect or ""
        if self.before is not None and self.after is not None:
            return f"{_capital(aspect)}{dates}"
        gone = self.after is None
        said = _ONE_SIDED.get((aspect, gone), f"{_capital(aspect)}, {_NO_MORE if gone else _NEW}")
        return f"{said}{dates}"

    @property
    def says(self) -> str:
        """The change in words: ``Points: +10 → +15``; sentences of the policy."""
        both = " → ".join(text for text in (self.before, self.after) if text is not None)
        return f"{self.head}: {both}"


_HEADS: Final[Mapping[str, str]] = {"added": "New", "removed": "Gone", "renamed": "New name"}
_NEW: Final = "new"
_NO_MORE: Final = "no longer"
_ONE_SIDED: Final[Mapping[tuple[str, bool], str]] = {
    ("condition", False): "Also asked",
    ("condition", True): "No longer asked",
    ("enough", False): "Also enough",
    ("enough", True): "No longer enough",
    ("members", False): "New members",
    ("members", True): "Members gone",
    ("values", False): "New values",
    ("values", True): "Values gone",
}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
