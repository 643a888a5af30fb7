"""Targets: what is promised in a stage, until when, and what happens when it is missed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, assert_never

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.calendars import minutes
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.in_force import in_force, wrong_dates
from leadpact.check.lengths import length
from leadpact.check.lists import label
from leadpact.check.moves import say_own_stage
from leadpact.check.newest import newest
from leadpact.check.parties import texts
from leadpact.check.rules import Rules
from leadpact.check.scope import Place, Scope
from leadpact.check.shares import percent
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["target", "target_states"]

_HERE = Place(in_stage=True)


def target(
    line: nodes.TargetLine, stage: nodes.StageBlock, rules: Rules, scope: Scope, *, whole: Whole
) -> checked.Target | None:
    """A stage's target; ``None`` after saying what is wrong."""
    name = line.name.text
    rule = rules.claim_version(line.name, line.in_force)
    days = in_force(line.in_force, scope)
    events, counted = _done(line, scope)
    limit = _limit(line, scope, whole=whole)
    own = _calendar(line)
    when = condition(line.when, scope, _HERE) if line.when is not None else None
    starts = condition(line.starts_when, scope, _HERE) if line.starts_when is not None else None
    pauses = [_pause(each, scope) for each in line.pauses]
    tells = [_tell(each, stage, own, scope) for each in line.tells]
    backs = [_back(each, line, stage, own, scope) for each in _once(line.hands_back, name, scope)]
    if (
        rule is None
        or counted is None
        or limit is None
        or wrong_dates(line.in_force, days)
        or (line.when is not None and when is None)
        or (line.starts_when is not None and starts is None)
    ):
        return None
    return checked.Target(
        rule=rule,
        name=name,
        label=label(line.label, line.name),
        events=events,
        at_least=counted[0],
        different=counted[1],
        limit=limit,
        when=when,
        starts_when=starts,
        pauses=tuple(each for each in pauses if each is not None),
        tells=tuple(each for each in tells if each is not None),
        hands_back=tuple(each for each in backs if each is not None),
        in_force=days,
        because=line.because.text if line.because is not None else None,
        means=texts(line.means),
        notes=texts(line.notes),
        span=line.span,
    )


def target_states(lines: Iterable[nodes.TargetLine]) -> dict[str, frozenset[str]]:
    """What can become of each target's newest clock."""
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        states = {"running", "missed", "stopped"}
        states |= {"waiting"} if line.starts_when is not None else set()
        states |= {"paused"} if line.pauses else set()
        # Of a target `every D` each round that was met is followed by another.
        again = isinstance(line.limit, nodes.TargetEvery) and line.event is not None
        states |= set() if again else {"met"}
        found[line.name.text] = found.get(line.name.text, frozenset()) | states
    return found


# --- what must be done ---------------------------------------------------------------------------


def _done(
    line: nodes.TargetLine, scope: Scope
) -> tuple[checked.EventPattern | None, tuple[int, tuple[int, str] | None] | None]:
    """The events (``None`` for ``left``), and how many of them with how many different values of
    what; the latter ``None`` after saying what is wrong.
    """
    at_least: int | None = 1
    if line.at_least is not None:
        at_least = amounts.count(scope.report, line.at_least, least=1, what="times")
    if line.event is None:
        if isinstance(line.limit, nodes.TargetEvery):
            scope.report.error(
                "E556",
                "A lead leaves a stage once, and not again and again.",
                line.limit.span,
                "Write `within` and a length of time, or name what must happen every time.",
            )
            return None, None
        return None, (1, None)
    events = scope.pattern(line.event)
    different = None
    if line.different is not None:
        number, word = line.different
        least = amounts.count(scope.report, number, least=1, what="different values")
        if events is None or least is None:
            return None, None
        properties = scope.properties(events)
        if word.text not in properties:
            scope.say_no_property(word, properties, f"properties of {ticked(events.name)}")
            return None, None
        different = (least, word.text)
    if events is None or at_least is None:
        return None, None
    return events, (at_least, different)


# --- until when ----------------------------------------------------------------------------------


def _calendar(line: nodes.TargetLine) -> str | None:
    """The calendar by which a target's other lengths of time count too."""
    match line.limit:
        case nodes.TargetWithin(duration) | nodes.TargetEvery(duration):
            word = duration.calendar
        case nodes.TargetBy(_, calendar):
            word = calendar
        case None:
            word = None
        case _ as never:
            assert_never(never)
    return word.text if word is not None else None


def _limit(
    line: nodes.TargetLine, scope: Scope, *, whole: Whole
) -> checked.TargetWithin | checked.TargetBy | checked.TargetEvery | None:
    match line.limit:
        case nodes.TargetWithin(duration):
            within = length(duration, scope)
            return None if within is None else checked.TargetWithin(within)
        case nodes.TargetEvery(duration):
            every = length(duration, scope)
            return None if every is None else checked.TargetEvery(every)
        case nodes.TargetBy() as by:
            return _by(by, scope)
        case None:
            if whole():
                scope.report.error(
                    "E514",
                    f"The target {ticked(line.name.text)} does not say until when.",
                    line.name.span,
                    "Write `within` and a length of time, or `by 17:00 of` a calendar.",
                )
            return None
        case _ as never:
            assert_never(never)


def _by(node: nodes.TargetBy, scope: Scope) -> checked.TargetBy | None:
    until = minutes(node.time, scope)
    if node.calendar is None:
        shown = scope.report.words(node.span)
        calendars = scope.names.of("calendar")
        only = calendars[0] if len(calendars) == 1 else None
        scope.report.error(
            "E416",
            f"{ticked(shown)}: by which calendar?",
            node.span,
            f"Say whose days count, like `{shown} of {only or 'office'}`.",
            scope.report.replaced(node.span, f"{shown} of {only}") if only else None,
        )
        return None
    known = scope.names.look_up(node.calendar, "calendar") is not None
    return checked.TargetBy(until, node.calendar.text) if known and until is not None else None


def _pause(node: nodes.Pause, scope: Scope) -> checked.Pause | None:
    start = scope.pattern(node.start)
    if isinstance(node.until, nodes.Ref):
        until = scope.pattern(node.until)
        return checked.Pause(start, until) if start is not None and until is not None else None
    named, begun = (scope.report.words(each.span) for each in (node.until.event, node.start))
    if named != begun:
        scope.report.error(
            "E557",
            f"The pause begins with {ticked(begun)}, and its end stands in {ticked(named)}.",
            node.until.event.span,
            f"Name {ticked(begun)} here, which must say until when.",
            scope.report.replaced(node.until.event.span, begun),
        )
        return None
    day = newest(node.until, (checked.DateType,), "a date", scope)
    return checked.Pause(start, day) if start is not None and day is not None else None


# --- who is told, hand-backs ---------------------------------------------------------------------


def _tell(
    node: nodes.Tell, stage: nodes.StageBlock, calendar: str | None, scope: Scope
) -> checked.Tell | None:
    kind = _whom(node.to, stage, scope)
    share = percent(node.percent, scope, whole=False) if node.percent is not None else None
    after = length(node.after, scope, calendar) if node.after is not None else None
    wrong = (node.percent is not None and share is None) or (
        node.after is not None and after is None
    )
    if kind is None or wrong:
        return None
    return checked.Tell(node.to.text, kind, share, after)


def _whom(
    word: nodes.Word, stage: nodes.StageBlock, scope: Scope
) -> Literal["owner", "party", "role"] | None:
    if word.text == "owner":
        if stage.owner is not None:
            return "owner"
        name = stage.name.text
        scope.report.error(
            "E558",
            f"Nobody owns {ticked(name)}, so there is no owner to tell.",
            word.span,
            "End its first line in `owned by` and a party, or name a party or role here.",
        )
        return None
    symbol = scope.names.look_up(word, "party", "role")
    if symbol is None:
        return None
    return "party" if symbol.what == "party" else "role"


def _once(
    lines: Sequence[nodes.TargetHandsBack], name: str, scope: Scope
) -> Sequence[nodes.TargetHandsBack]:
    """The hand-backs, of which there may be one: the first one would always be taken."""
    for line in lines[1:]:
        scope.report.error(
            "E504",
            f"The target {ticked(name)} hands back twice.",
            line.span,
            f"It already does in line {lines[0].span.line}. Leave one of them out.",
        )
    return lines[:1]


def _back(
    node: nodes.TargetHandsBack,
    line: nodes.TargetLine,
    stage: nodes.StageBlock,
    calendar: str | None,
    scope: Scope,
) -> checked.TargetHandBack | None:
    known = scope.names.look_up(node.to, "stage") is not None
    after = length(node.after, scope, calendar) if node.after is not None else None
    if node.to.text == stage.name.text:
        say_own_stage(node.to, scope)
        return None
    if not known or (node.after is not None and after is None):
        return None
    named = (node.as_name or node.to).text
    return checked.TargetHandBack(
        f"{stage.name.text}.{line.name.text}.hands_back_to.{named}",
        node.to.text,
        after,
        node.because.text if node.because is not None else None,
        node.span,
    )
