"""Changes between two versions of a policy as the command line tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from leadpact.cli.opening import counted
from leadpact.cli.painting import bad, dim, good, strong

if TYPE_CHECKING:
    from leadpact.changes import Change, Touches

__all__ = ["changes_json", "changes_text"]

NOTHING: Final = "Nothing changed in meaning."

_REACH: Final[Mapping[Touches, str]] = {
    "decisions": "Decisions about leads can change.",
    "agreement": "No decision about a lead changes; what people promise or own does.",
    "words": "Only words changed: no decision about a lead, and no promise.",
}
_MARKS: Final[Mapping[Touches, str]] = {
    "decisions": "",
    "agreement": " (no decision changes)",
    "words": " (words only)",
}


def changes_text(found: Sequence[Change]) -> str:
    """What changed, under the titles of the policy's blocks, without a last line end."""
    if not found:
        return NOTHING
    return "\n".join(_lines(found))


def _lines(found: Sequence[Change]) -> Iterator[str]:
    touched = {change.touches for change in found}
    reach = next(says for touches, says in _REACH.items() if touches in touched)
    yield f"{strong(counted(len(found), 'change'))}. {reach}"
    for block, changes in groupby(found, key=lambda change: change.block):
        yield ""
        yield strong(block)
        parts = groupby(changes, key=lambda change: (change.rule, change.sort == "order"))
        for _, group in parts:
            yield from _part(list(group))


def _part(changes: Sequence[Change]) -> Iterator[str]:
    first = changes[0]
    place = f"{first.file}:{first.line}" + ("" if first.in_new else " (old)")
    name = f"{first.what}  " if first.what else ""
    yield f"  {name}{dim(f'{first.rule}  {place}')}"
    for change in changes:
        yield f"    {_says(change)}{_MARKS[change.touches]}"


def _says(change: Change) -> str:
    """The sentence, with what was and what is in colours."""
    before = bad(change.before) if change.before is not None else ""
    after = good(change.after) if change.after is not None else ""
    return f"{change.head}: {' → '.join(text for text in (before, after) if text)}"


def changes_json(found: Sequence[Change]) -> list[dict[str, object]]:
    """Each change as an object; the days as texts."""
    return [
        {
            "kind": change.kind,
            "sort": change.sort,
            "rule": change.rule,
            "was": change.was,
            "block": change.block,
            "what": change.what,
            "aspect": change.aspect,
            "before": change.before,
            "after": change.after,
            "says": change.says,
            "decisions_can_change": change.touches == "decisions",
            "words_only": change.touches == "words",
            "from": change.first.isoformat() if change.first is not None else None,
            "until": change.last.isoformat() if change.last is not None else None,
            "file": change.file,
            "line": change.line,
            "place_in": "new" if change.in_new else "old",
        }
        for change in found
    ]
