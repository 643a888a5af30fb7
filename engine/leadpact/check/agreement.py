"""The agreement: what the parties promise each other, how it is watched and changed, who signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar, assert_never

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.in_force import in_force, wrong_dates
from leadpact.check.lengths import exact, length
from leadpact.check.lists import owner
from leadpact.check.names import EVENTS, What
from leadpact.check.parties import parties, say_again, texts
from leadpact.check.rules import Rules
from leadpact.check.scope import Scope
from leadpact.check.shares import percent
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["agreement"]

_L = TypeVar("_L")

_REVIEWED: Final[tuple[What, ...]] = (
    "score",
    "grade",
    "group",
    "checklist",
    "definition",
    "stage",
    "target",
)
"""What a clause of review may name."""


def agreement(
    blocks: Sequence[nodes.AgreementBlock],
    scope: Scope,
    whole: Callable[[nodes.AgreementBlock], bool],
) -> checked.Agreement | None:
    """The policy's agreement, the first where there are several."""
    made = [_agreement(block, scope, whole) for block in blocks]
    for block in blocks[1:]:
        first = blocks[0].span
        scope.report.error(
            "E562",
            "There is a second agreement.",
            _head(block, scope),
            f"The parties of a policy have one, and it stands in {first.file}:{first.line}. Put "
            "the lines together.",
        )
    return made[0] if made else None


def _agreement(
    block: nodes.AgreementBlock,
    scope: Scope,
    whole: Callable[[nodes.AgreementBlock], bool],
) -> checked.Agreement:
    if not block.lines and whole(block):
        scope.report.error(
            "E514",
            "The agreement agrees on nothing.",
            _head(block, scope),
            "Add a line such as `marketing delivers at least 120 mql each month`.",
        )
    rules = {
        each: Rules(f"agreement.{each}", scope.report)
        for each in ("delivers", "reaches", "target", "time_out", "hand_back")
    }
    promises = [_promise(line, rules, scope) for line in block.lines if isinstance(line, _PROMISES)]
    reviews = _only(block, nodes.ReviewEvery, "review every", scope)
    needs = _only(block, nodes.ChangesNeed, "changes need", scope)
    waits = _only(block, nodes.WaitBetween, "wait at least", scope)
    needed = [parties(line.parties, scope) for line in needs]
    days = [_days(line.duration, scope) for line in waits]
    return checked.Agreement(
        label=block.label.text if block.label is not None else "Agreement",
        owner=owner(block.owner, scope.names),
        goals=texts(block.goals),
        promises=tuple(each for each in promises if each is not None),
        review_every=reviews[0].period if reviews else None,
        changes_need=needed[0] if needed else (),
        wait_days=days[0] if days else None,
        signatures=_signatures(block, scope),
        notes=texts(block.notes),
        span=block.span,
    )


_PROMISES: Final = (nodes.Delivers, nodes.Reaches, nodes.TargetMet, nodes.AtMostShare)


def _head(block: nodes.AgreementBlock, scope: Scope) -> Span:
    """The word with which the block begins."""
    span, word = block.span, "agreement"
    if not scope.report.line(span)[span.column - 1 :].startswith(word):
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + len(word))


def _only(block: nodes.AgreementBlock, kind: type[_L], what: str, scope: Scope) -> list[_L]:
    """The lines of a kind of which there may be one."""
    say_again(what, [line.span for line in block.lines if isinstance(line, kind)], scope)
    return [line for line in block.lines if isinstance(line, kind)]


# --- promises ------------------------------------------------------------------------------------


def _promise(
    line: nodes.Delivers | nodes.Reaches | nodes.TargetMet | nodes.AtMostShare,
    rules: dict[str, Rules],
    scope: Scope,
) -> checked.Promise | None:
    days = in_force(line.in_force, scope)
    review = _review(line.review, scope) if line.review is not None else None
    wrong = wrong_dates(line.in_force, days) or (line.review is not None and review is None)
    made: checked.Promise | None
    match line:
        case nodes.Delivers():
            made = _delivers(line, rules["delivers"], days, review, scope)
        case nodes.Reaches():
            made = _reaches(line, rules["reaches"], days, review, scope)
        case nodes.TargetMet():
            made = _target_met(line, rules["target"], days, review, scope)
        case nodes.AtMostShare():
            made = _at_most(line, rules[line.what.replace(" ", "_")], days, review, scope)
        case _ as never:
            assert_never(never)
    return None if wrong else made


def _because(
    line: nodes.Delivers | nodes.Reaches | nodes.TargetMet | nodes.AtMostShare,
) -> str | None:
    return line.because.text if line.because is not None else None


def _delivers(
    line: nodes.Delivers,
    rules: Rules,
    days: checked.InForce | None,
    review: checked.Review | None,
    scope: Scope,
) -> checked.Delivers | None:
    party = owner(line.party, scope.names)
    amount = amounts.count(scope.report, line.amount, least=1, what="leads")
    known = scope.names.look_up(line.stage, "stage") is not None
    rule = rules.claim(line.as_name or line.stage, line)
    if party is None or amount is None or not known or rule is None:
        return None
    return checked.Delivers(
        rule, party, amount, line.stage.text, line.each, review, days, _because(line), line.span
    )


def _reaches(
    line: nodes.Reaches,
    rules: Rules,
    days: checked.InForce | None,
    review: checked.Review | None,
    scope: Scope,
) -> checked.Reaches | None:
    party = owner(line.party, scope.names)
    what = _reached(line.what, scope)
    share = percent(line.percent, scope, whole=True)
    known = scope.names.look_up(line.stage, "stage") is not None
    within = length(line.within, scope) if line.within is not None else None
    shown = scope.report.words(line.what.span)
    if known and what == line.stage.text:
        scope.report.error(
            "E563",
            f"Every lead in {ticked(shown)} has reached {ticked(shown)}.",
            line.what.span,
            "Name what comes after it: a later stage, or an action.",
        )
        return None
    rule = rules.claim(line.as_name or shown, line, line.what.span)
    if (line.within is not None and within is None) or party is None or what is None:
        return None
    if share is None or not known or rule is None:
        return None
    return checked.Reaches(
        rule,
        party,
        what,
        share,
        line.stage.text,
        within,
        line.each,
        review,
        days,
        _because(line),
        line.span,
    )


def _reached(ref: nodes.Ref, scope: Scope) -> checked.EventPattern | str | None:
    """The events or the stage that is reached."""
    symbol = scope.names.symbols.get(ref.name.text)
    is_event = symbol.what in EVENTS if symbol is not None else ref.name.text == "activity"
    if ref.member is not None or is_event:
        return scope.pattern(ref)
    if scope.names.look_up(ref.name, "stage", *EVENTS) is None:
        return None
    return ref.name.text


def _target_met(
    line: nodes.TargetMet,
    rules: Rules,
    days: checked.InForce | None,
    review: checked.Review | None,
    scope: Scope,
) -> checked.TargetMet | None:
    known = scope.names.look_up(line.target, "target") is not None
    share = percent(line.percent, scope, whole=True)
    rule = rules.claim(line.as_name or line.target, line)
    if not known or share is None or rule is None:
        return None
    return checked.TargetMet(
        rule, line.target.text, share, line.each, review, days, _because(line), line.span
    )


def _at_most(
    line: nodes.AtMostShare,
    rules: Rules,
    days: checked.InForce | None,
    review: checked.Review | None,
    scope: Scope,
) -> checked.AtMostShare | None:
    share = percent(line.percent, scope, whole=True)
    known = scope.names.look_up(line.stage, "stage") is not None
    rule = rules.claim(line.as_name or line.stage, line)
    if not known or share is None or rule is None or _never_happens(line, scope):
        return None
    return checked.AtMostShare(
        rule,
        share,
        line.stage.text,
        line.what,
        line.each,
        review,
        days,
        _because(line),
        line.span,
    )


def _never_happens(line: nodes.AtMostShare, scope: Scope) -> bool:
    """Whether no lead leaves the stage in this way, saying so."""
    stage, how = line.stage.text, _HOW[line.what]
    if any(way.how == how and way.of in (None, stage) for way in scope.ways):
        return False
    if scope.all_ways():
        scope.report.error(
            "E563",
            f"No lead in {ticked(stage)} {_NEVER[line.what]}.",
            line.stage.span,
            f"Add a line `{how} …` to the stage, or leave this line out.",
        )
    return True


_HOW: Final = {"time out": "times out to", "hand back": "hands back to"}
_NEVER: Final = {"time out": "ever times out", "hand back": "is ever handed back"}


def _review(node: nodes.Review, scope: Scope) -> checked.Review | None:
    running: int | None = 1
    if node.running is not None:
        running = amounts.count(scope.report, node.running, least=1, what="times")
    known = scope.names.look_up(node.what, *_REVIEWED) is not None
    return checked.Review(running, node.what.text) if known and running is not None else None


# --- changes, signatures -------------------------------------------------------------------------


def _days(node: nodes.Duration, scope: Scope) -> int | None:
    why = "Changes to the agreement are so many whole days apart."
    found = exact(node, scope, units=("day", "week"), why=why)
    if found is None:
        return None
    return found.amount * 7 if found.unit == "week" else found.amount


def _signatures(block: nodes.AgreementBlock, scope: Scope) -> tuple[checked.Signature, ...]:
    found: dict[str, checked.Signature] = {}
    for line in block.lines:
        if not isinstance(line, nodes.Signed):
            continue
        party = owner(line.party, scope.names)
        on = amounts.day(scope.report, line.on) if line.on is not None else None
        if party is None:
            continue
        role = line.role.text if line.role is not None else None
        made = checked.Signature(party, role, on, line.span)
        first = found.setdefault(party, made)
        if first is not made:
            scope.report.error(
                "E504",
                f"{ticked(party)} signs twice.",
                line.party.span,
                f"It already signs in line {first.span.line}. Leave one of the lines out.",
            )
    return tuple(found.values())
