"""The steps of an example: later instants, each with what is expected of the lead then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadpact import checked
from leadpact.check.expectations import expectation
from leadpact.check.given import instant, later
from leadpact.check.scope import Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["say_too_late", "steps"]


def steps(
    lines: Sequence[nodes.Step], as_of: datetime | None, scope: Scope
) -> tuple[checked.Step, ...]:
    """The steps in order of time, without those of which something wrong was said."""
    found: dict[datetime, checked.Step] = {}
    for line in lines:
        at = _at(line.when, as_of, scope)
        expects = [expectation(each, scope, in_step=True) for each in line.expects]
        if at is None or as_of is None:
            continue
        said = _said(line, scope)
        if at <= as_of:
            _say_too_early(line, scope)
        elif at in found:
            _say_again(line, found[at], scope)
        else:
            right = tuple(each for each in expects if each is not None)
            found[at] = checked.Step(at, said, right, line.span)
    return tuple(found[at] for at in sorted(found))


def _at(
    when: nodes.Duration | nodes.Clock | nodes.Day, as_of: datetime | None, scope: Scope
) -> datetime | None:
    if isinstance(when, nodes.Duration):
        return later(when, as_of, scope)
    return instant(when, scope)


def _said(line: nodes.Step, scope: Scope) -> str:
    words = scope.report.words(line.when.span)
    return f"{'after' if isinstance(line.when, nodes.Duration) else 'on'} {words}"


def _say_too_early(line: nodes.Step, scope: Scope) -> None:
    day = isinstance(line.when, nodes.Day)
    scope.report.error(
        "E565",
        "This is not later than `as of`.",
        line.when.span,
        "A step looks at the lead after `as of`. "
        + ("A day alone is its beginning: write a time with it, or a later day. " if day else "")
        + "What is so at `as of` itself is expected without a step: `expect …`.",
    )


def _say_again(line: nodes.Step, first: checked.Step, scope: Scope) -> None:
    scope.report.error(
        "E504",
        f"{ticked(_said(line, scope))} is the same instant as {ticked(first.text)}.",
        line.when.span,
        f"That step stands in line {first.span.line}. Put what both expect below one of them, one "
        "a line.",
    )


def say_too_late(
    events: Sequence[tuple[nodes.GivenEvent, checked.ExampleEvent]],
    as_of: datetime,
    steps: Sequence[checked.Step],
    scope: Scope,
) -> None:
    """Say which events happen when nobody looks at the lead any more."""
    last = steps[-1].at if steps else as_of
    for line, event in events:
        if event.at <= last:
            continue
        scope.report.error(
            "E566",
            "This happens after the last step, so nothing notices it."
            if steps
            else "This happens after `as of`, so nothing notices it.",
            line.span,
            "Let it happen earlier, or add a later step that expects something: "
            "`after 8 days: expect …`.",
        )
