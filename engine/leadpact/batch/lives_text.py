"""The lives that a run replayed, as tables: stays, how they ended and why, what was promised."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from leadpact.batch.summary import ExitCount, Lives
from leadpact.life.history import How
from leadpact.rows_text import reason_text

__all__ = ["lives_lines"]

_HOW: dict[How, str] = {
    "moves to": "moved",
    "hands back to": "handed back",
    "times out to": "timed out",
    "recorded": "as recorded",
}
_STATES = ("met", "missed", "running", "paused", "waiting", "stopped")
_GAP = "  "


def lives_lines(lives: Lives) -> Iterator[str]:
    """Three tables, with a line between; those that would be empty are left out."""
    yield from _table(list(_stays(lives)), range(1, 4))
    if lives.exits:
        yield from ("", "How stays ended (shares are of the stays that ended in that stage)")
        yield from _table(list(_exits(lives)), (0, 1))
    if lives.targets:
        yield from ("", "What was promised")
        yield from _table(list(_targets(lives)), range(1, 1 + len(_STATES)))


def _stays(lives: Lives) -> Iterator[tuple[str, ...]]:
    yield "stage", "stays", "ended", "there now"
    for stage, stays in lives.stays.items():
        here = lives.now_in[stage]
        yield stage, f"{stays:,}", f"{stays - here:,}", f"{here:,}"


def _exits(lives: Lives) -> Iterator[tuple[str, ...]]:
    yield "stays", "share", "from", "how", "to", "because"
    for one in lives.exits:
        ended = lives.stays[one.stage] - lives.now_in[one.stage]
        because = reason_text(one.because) or ("(not told)" if one.how == "recorded" else "")
        yield f"{one.count:,}", _share(one, ended), one.stage, _HOW[one.how], one.to, because


def _share(one: ExitCount, ended: int) -> str:
    percent = (200 * one.count + ended) // (2 * ended)
    return f"{percent}%" if percent else "under 1%"


def _targets(lives: Lives) -> Iterator[tuple[str, ...]]:
    shown = [name for name in _STATES if any(name in one for one in lives.targets.values())]
    yield "target", *shown
    for target, counts in lives.targets.items():
        yield target, *(f"{counts.get(name, 0):,}" for name in shown)


def _table(rows: Sequence[Sequence[str]], numbers: Container[int]) -> Iterator[str]:
    """The rows in columns, below the first one, which names them; numbers stand to the right."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        cells = (
            f"{text:>{widths[at]}}" if at in numbers else f"{text:<{widths[at]}}"
            for at, text in enumerate(row)
        )
        yield _GAP.join(cells).rstrip()
