"""The summary as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from leadpact.batch.lives_text import lives_lines
from leadpact.batch.rejects import Reject
from leadpact.batch.summary import EventCounts, Summary, WarningCount

__all__ = ["reject_lines", "summary_text"]

_MOST_WARNINGS = 12
_LONGEST = 160


def summary_text(summary: Summary) -> str:
    """The summary in plain words, ending with a line end."""
    blocks = [
        [*_records(summary)],
        [*_results(summary)],
        [*_events(summary.events)],
        [*_warnings(summary.warnings)],
        [*_rejects(summary)],
        [*_way(summary)],
        [*_files(summary)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _records(summary: Summary) -> Iterator[str]:
    speed = f"{summary.leads_a_second:,} a second"
    yield f"{summary.policy} {summary.version}, as of {summary.as_of}"
    yield f"{_count(summary.read, 'lead')} read in {summary.seconds:,.1f} s ({speed})"
    yield from _aligned(
        [
            (summary.decided, "decided" if summary.lives is None else "replayed"),
            (summary.refused, "refused by the policy"),
            (summary.wrong, "could not be decided"),
        ]
    )


def _aligned(counts: list[tuple[int, str]]) -> Iterator[str]:
    shown = [
        (f"{count:,}", words)
        for count, words in counts
        if count or words in ("decided", "replayed")
    ]
    width = max((len(number) for number, _ in shown), default=0)
    for number, words in shown:
        yield f"  {number:>{width}} {words}"


def _results(summary: Summary) -> Iterator[str]:
    if not summary.decided:
        return
    if summary.lives is not None:
        yield from lives_lines(summary.lives)
        return
    lines = [(name, _score(sum_, summary.decided)) for name, sum_ in summary.scores.items()]
    for block in (summary.letters, summary.groups, summary.checklists):
        lines += [(name, _counts(counts)) for name, counts in block.items()]
    if summary.next_stages:
        lines.append(("next stage", _counts({**summary.next_stages, "stays": summary.stays})))
    width = max((len(name) for name, _ in lines), default=0)
    for name, text in lines:
        yield f"{name:<{width}}  {text}"


def _score(points: Decimal, leads: int) -> str:
    mean = (points / leads).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{_points(points)} points in all, {mean:,} on average"


def _points(points: Decimal) -> str:
    return f"{points:,.2f}".removesuffix(".00")


def _counts(counts: Mapping[str, int]) -> str:
    return "   ".join(f"{name} {count:,}" for name, count in counts.items())


def _events(events: EventCounts) -> Iterator[str]:
    if not events.read and not events.wrong_lines:
        return
    yield f"{_count(events.read, 'event')} read"
    for count, words in (
        (events.ignored, "of a kind that the policy does not have"),
        (events.set_aside, "left out, because something in them is wrong"),
        (events.without_lead, "of leads that are not in the file"),
        (events.wrong_lines, "on lines that could not be read"),
    ):
        if count:
            yield f"  {count:,} {words}"


def _warnings(warnings: tuple[WarningCount, ...]) -> Iterator[str]:
    if not warnings:
        return
    yield "Warnings"
    width = max(len(f"{one.count:,}") for one in warnings)
    for one in warnings[:_MOST_WARNINGS]:
        yield f"  {one.count:>{width},} × {warning_words(one)}"
    if len(warnings) > _MOST_WARNINGS:
        yield f"  and {len(warnings) - _MOST_WARNINGS:,} more kinds of warnings"


def warning_words(warning: WarningCount) -> str:
    """A warning in words, without its count."""
    match warning.code:
        case "unknown_key":
            return f"`{warning.subject}` is no field of the policy, and is not used"
        case "unknown_kind":
            return f"events `{warning.subject}` are not in the policy, and do not count"
        case "naive_instant":
            return f"`{warning.subject}` has no offset, and is read in the policy's zone"
        case "event_set_aside":
            what = f"an event `{warning.subject}`" if warning.subject else "an event without a kind"
            return f"{what} was left out, because something in it is wrong"
        case "move_not_allowed":
            return f"the policy has no such move as the recorded `{warning.subject}`; it is kept"
        case "since_unknown":
            return f"since when the lead is in `{warning.subject}`, the record does not tell"
        case "past_unknown":
            return f"where the lead was before `{warning.subject}`, the record does not tell"
        case "woke_at_once":
            return f"`{warning.subject}` names a wake-up that is past or unknown: it woke at once"
        case other:
            return f"{other} {warning.subject}".rstrip()


def _rejects(summary: Summary) -> Iterator[str]:
    if summary.stopped:
        yield "Stopped at the first wrong record, as --strict asks. No file was written."
    elif summary.reject_rows:
        more = summary.reject_rows > len(summary.first_rejects)
        yield f"The first of {summary.reject_rows:,} problems" if more else "Problems"
    yield from reject_lines(summary)


def reject_lines(summary: Summary) -> Iterator[str]:
    """The first problems, a line each, and how to see the others."""
    for reject in summary.first_rejects:
        yield f"  {_reject(reject)}"
    if summary.reject_rows > len(summary.first_rejects) and summary.rejects_file is None:
        yield "  Add --rejects rejects.csv to see them all."


def _reject(reject: Reject) -> str:
    who = f" ({reject.id})" if reject.id else ""
    field = f" {reject.field}:" if reject.field and f"`{reject.field}`" not in reject.reason else ""
    # Rows of databases have no lines.
    where = f"{reject.file} line {reject.line}" if reject.line else reject.file
    text = f"{where}{who}:{field} {reject.reason}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _way(summary: Summary) -> Iterator[str]:
    """What is worth knowing about the way that the run took."""
    yield from summary.notes
    if summary.in_python:
        yield f"{_count(summary.in_python, 'lead')} decided in Python: their records are not plain"
    if summary.verified:
        yield f"{_count(summary.verified, 'lead')} decided in Python, too: no difference"


def _files(summary: Summary) -> Iterator[str]:
    if summary.out:
        what = "Decisions:" if summary.lives is None else "Histories:"
        yield f"{what} {summary.out}"
    if summary.rejects_file and summary.reject_rows:
        yield f"Rejects:   {summary.rejects_file}"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
