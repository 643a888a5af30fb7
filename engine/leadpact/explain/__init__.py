"""Every code explained: what is wrong, why it matters, an example, the fix.

The texts of the codes of reading lie in ``leadpact_dsl``, those of the checker here. The command
line and the published reference show them; nothing else reads them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from leadpact.check.codes import TITLES
from leadpact_dsl.entries import Entry, own_entries, read_entries

__all__ = ["Entry", "entries", "in_context", "sample"]

_HERE: Final = Path(__file__).parent


def entries() -> tuple[Entry, ...]:
    """All entries, by code; errors before warnings."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(_HERE.glob("entries*.md")))
    ours = [entry for text in texts for entry in read_entries(text, TITLES)]
    return tuple(sorted((*own_entries(), *ours), key=lambda entry: entry.code))


def sample() -> str:
    """The policy below which the short examples stand."""
    return (_HERE / "sample.leadpact").read_text(encoding="utf-8")


def in_context(snippet: str) -> str:
    """A whole policy with an example in it: the sample above it, unless it has its own block
    ``policy``.
    """
    whole = any(line.startswith("policy ") for line in snippet.split("\n"))
    return snippet + "\n" if whole else f"{sample()}\n{snippet}\n"
