"""Ways out of a stage: moves, hand-backs, time-outs, and moves by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from leadpact import checked
from leadpact.check.conditions import condition
from leadpact.check.coverage import Whole
from leadpact.check.in_force import in_force, wrong_dates
from leadpact.check.lengths import length
from leadpact.check.newest import newest
from leadpact.check.parties import parties, texts
from leadpact.check.rules import Rules
from leadpact.check.scope import Place, Scope
from leadpact.check.wake_ups import wake_up
from leadpact.check.words import default_label, ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen

__all__ = ["Exit", "MoveRules", "Ways", "move_rules", "say_own_stage", "ways_out", "worklists"]

MoveRules = dict[str, Rules]
"""The rule ids of a stage's moves, by how they move."""


def move_rules(of: str, scope: Scope) -> MoveRules:
    """Rule ids such as ``mql.hands_back_to.nurture``."""
    hows = ("moves to", "hands back to", "times out to", "moves by hand to")
    return {how: Rules(f"{of}.{how.replace(' ', '_')}", scope.report) for how in hows}


@frozen
class Exit:
    """What moves leave: a stage, or any (``stage`` is then ``None``)."""

    stage: str | None
    rules: MoveRules
    scope: Scope
    whole: Whole


@frozen
class Ways:
    """``moves`` act by themselves, ``by_hand`` are made by people."""

    moves: tuple[checked.Move | checked.TimeOut, ...]
    by_hand: tuple[checked.HandMove, ...]


def ways_out(lines: Sequence[nodes.MoveLine], of: Exit) -> Ways:
    """The moves that could be made; of the others it has been said what is wrong."""
    moves: list[checked.Move | checked.TimeOut] = []
    by_hand: list[checked.HandMove] = []
    for line in lines:
        match _way_out(line, of):
            case checked.HandMove() as made:
                by_hand.append(made)
            case checked.Move() | checked.TimeOut() as acting:
                moves.append(acting)
            case None:
                pass
    return Ways(tuple(moves), tuple(by_hand))


def _way_out(
    line: nodes.MoveLine, of: Exit
) -> checked.Move | checked.TimeOut | checked.HandMove | None:
    scope = of.scope
    known = scope.names.look_up(line.to, "stage") is not None
    if line.to.text == of.stage:
        say_own_stage(line.to, scope)
        known = False
    rule = of.rules[line.how].claim(line.as_name or line.to, line) if known else None
    own = _own_lines(line, scope)
    match line.how:
        case "moves to" | "hands back to":
            when = _when(line, of)
            reason, right = _reason(line, scope)
            if rule is None or when is None or own is None or not right:
                return None
            return checked.Move(rule, line.to.text, when, reason, line.span, line.how, **own)
        case "times out to":
            return _time_out(line, rule, own, of)
        case "moves by hand to":
            return _by_hand(line, rule, own, of)


def say_own_stage(word: nodes.Word, scope: Scope) -> None:
    scope.report.error(
        "E515",
        f"{ticked(word.text)} moves to itself.",
        word.span,
        "A move into the present stage does nothing. Name another stage.",
    )


def _when(line: nodes.MoveLine, of: Exit) -> checked.Condition | None:
    if line.when is not None:
        return condition(line.when, of.scope, Place(in_stage=True))
    if of.whole():
        what = "move" if line.how == "moves to" else "hand-back"
        of.scope.report.error(
            "E514",
            f"The {what} to {ticked(line.to.text)} does not say when.",
            line.to.span,
            f"Write `{line.how} {line.to.text} when …`.",
        )
    return None


# --- time-outs, moves by hand --------------------------------------------------------------------


def _time_out(
    line: nodes.MoveLine, rule: str | None, own: _Own | None, of: Exit
) -> checked.TimeOut | None:
    scope = of.scope
    after = length(line.after, scope) if line.after is not None else None
    without = scope.pattern(line.without) if line.without is not None else None
    reason, right = _reason(line, scope)
    if (line.after is None or line.without is None) and of.whole():
        lacks = "after what time" if line.after is None else "without what"
        scope.report.error(
            "E514",
            f"The time-out to {ticked(line.to.text)} does not say {lacks}.",
            line.to.span,
            _whole_time_out(line, of),
        )
    if rule is None or after is None or without is None or own is None or not right:
        return None
    return checked.TimeOut(rule, line.to.text, after, without, reason, line.span, **own)


def _whole_time_out(line: nodes.MoveLine, of: Exit) -> str:
    """The line with what it lacks, and how else a lead may leave after a time."""
    words = of.scope.report.words
    to = line.to.text
    without = words(line.without.span) if line.without is not None else "…"
    if line.after is None:
        return f"Write `times out to {to} after 7 days without {without}`."
    time = words(line.after.span)
    help_ = f"Write `times out to {to} after {time} without …`."
    if of.stage is None or line.after.unit.startswith("business"):
        return help_
    always = f"moves to {to} when last entry to {of.stage} is at least {time} ago"
    return f"{help_} Or, whatever happened meanwhile: `{always}`."


def _by_hand(
    line: nodes.MoveLine, rule: str | None, own: _Own | None, of: Exit
) -> checked.HandMove | None:
    scope = of.scope
    by = parties(line.by, scope)
    if isinstance(line.because, nodes.LastOf):
        scope.report.error(
            "E555",
            "Who moves a lead by hand gives the reason then.",
            line.because.span,
            'Leave it out, or write a text in quotes: `because "…"`.',
        )
        return None
    if not line.by and of.whole():
        scope.report.error(
            "E514",
            f"The move by hand to {ticked(line.to.text)} does not say who may make it.",
            line.to.span,
            f"Write `moves by hand to {line.to.text} by` and the name of a party.",
        )
    if rule is None or own is None or len(by) < len(line.by) or not by:
        return None
    because = line.because.text if line.because is not None else None
    return checked.HandMove(rule, line.to.text, by, because, line.span, **own)


# --- own lines -----------------------------------------------------------------------------------


class _Own(TypedDict):
    """What all ways out may say."""

    in_force: checked.InForce | None
    does: tuple[str, ...]
    worklists: tuple[checked.Worklist, ...]
    wake_up: checked.WakeUp | None
    notes: tuple[str, ...]


def _own_lines(line: nodes.MoveLine, scope: Scope) -> _Own | None:
    """The lines below a move; ``None`` after saying what is wrong with them."""
    days = in_force(line.in_force, scope)
    wakes, right = wake_up(line.wake_ups, scope)
    if wrong_dates(line.in_force, days) or not right:
        return None
    return _Own(
        in_force=days,
        does=texts(line.does),
        worklists=_put_on(line, scope),
        wake_up=wakes,
        notes=texts(line.notes),
    )


def _reason(line: nodes.MoveLine, scope: Scope) -> tuple[str | checked.LastFact | None, bool]:
    """Why a lead moves, and whether what was written of it is right."""
    match line.because:
        case None:
            return None, True
        case nodes.Quoted(text):
            return text, True
        case nodes.LastOf() as last:
            fits = (checked.TextType, checked.OneOfType)
            found = newest(last, fits, "a text or a `one of`", scope)
            return found, found is not None


def _put_on(line: nodes.MoveLine, scope: Scope) -> tuple[checked.Worklist, ...]:
    found: dict[str, checked.Worklist] = {}
    for worklist in line.worklists:
        name = worklist.name.text
        if scope.names.look_up(worklist.name, "worklist") is None:
            continue
        if name in found:
            scope.report.error(
                "E206",
                f"{ticked(name)} stands here twice.",
                worklist.name.span,
                "A move puts a lead on a worklist once. Leave out the second line.",
            )
        found[name] = checked.Worklist(name, scope.worklists.get(name, default_label(name)))
    return tuple(found.values())


def worklists(moves: Sequence[nodes.MoveLine], scope: Scope) -> dict[str, str]:
    """The labels of the worklists: said once, or each time in the same words."""
    said: dict[str, nodes.Quoted] = {}
    for move in moves:
        for worklist in move.worklists:
            if worklist.label is None:
                continue
            first = said.setdefault(worklist.name.text, worklist.label)
            if first.text != worklist.label.text:
                scope.report.error(
                    "E564",
                    f"The worklist {ticked(worklist.name.text)} already has another label, "
                    f'"{first.text}".',
                    worklist.label.span,
                    "Say the label once and leave it out here, or give this worklist another name.",
                )
    return {name: quoted.text for name, quoted in said.items()}
