"""Rules that can never act or always do: definitions, groups, checklists, rows of points."""

from __future__ import annotations

from collections.abc import Iterator

from leadpact import checked as c
from leadpact.analysis.findings import Period
from leadpact.analysis.logic import TRUE
from leadpact.analysis.mentions import atoms_in, results, rows_of
from leadpact_dsl.source import Span

__all__ = ["look_at_results", "look_at_rows"]

_CHANGE = "Change it, or leave it out."
_REMOVE = "Leave the condition out, or change it so that it can fail."


# --- definitions, groups, checklists -------------------------------------------------------------


def look_at_results(period: Period) -> None:
    """Refusals, definitions, groups and checklists, each after those that it looks at."""
    for refusal in period.policy.refusals:
        _never(refusal.when, refusal.rule, refusal.span, period, admitted=False)
    done: set[str] = set()
    results = {
        one.name: one
        for many in (period.policy.definitions, period.policy.groups, period.policy.checklists)
        for one in many
    }
    waiting = [(name, False) for name in reversed(results)]
    # A stack of our own: definitions can be nested deeper than Python's.
    while waiting:
        name, ready = waiting.pop()
        if name in done:
            continue
        result = results[name]
        if not ready:
            waiting.append((name, True))
            waiting += [
                (to, False) for to in _mentioned(result) if to in results and to not in done
            ]
            continue
        done.add(name)
        match result:
            case c.Definition():
                _definition(result, period)
            case c.Group():
                _group(result, period)
            case _:
                _checklist(result, period)


def _mentioned(result: c.Definition | c.Group | c.Checklist) -> Iterator[str]:
    whens: list[c.Condition] = []
    match result:
        case c.Definition():
            whens += [one.when for one in result.whens]
        case c.Group():
            whens += [row.when for row in result.rows if row.when is not None]
        case _:
            for item in result.items:
                if isinstance(item, c.AskedItem):
                    whens += [item.met_when]
                    whens += [] if item.not_met_when is None else [item.not_met_when]
    for when in whens:
        for atom in atoms_in(when):
            match atom:
                case c.Defined(name) | c.GroupTest(name) | c.ChecklistTest(name):
                    yield name
                case _:
                    pass


def _definition(definition: c.Definition, period: Period) -> None:
    for one in definition.whens:
        if _never(one.when, definition.name, one.span, period):
            period.model.forget(definition.name)
        else:
            _always(one.when, definition.name, one.span, period)


def _never(
    when: c.Condition,
    rule: str,
    span: Span,
    period: Period,
    admitted: bool = True,
    word: str = "when",
) -> bool:
    can = period.possible(period.model.true(when), rule, span, admitted)
    if can is None:
        return False
    return period.say(
        "E702",
        rule,
        span,
        not can,
        lambda: (
            f"This can never hold: {period.why_never(when)}.",
            period.places.condition(span, word),
            _CHANGE,
        ),
    )


def _always(when: c.Condition, rule: str, span: Span, period: Period) -> None:
    logic = period.model.logic
    can_fail = period.quietly(logic.negated(period.model.true(when)))
    if can_fail is None:
        return
    period.say(
        "W702",
        rule,
        span,
        not can_fail,
        lambda: (
            "This always holds: no lead is otherwise.",
            period.places.condition(span),
            _REMOVE,
        ),
    )


def _group(group: c.Group, period: Period) -> None:
    model = period.model
    for row in group.rows:
        # The language asks for `otherwise`, whether or not anything is left.
        if row.kind == "otherwise":
            continue
        if row.when is not None and _never(row.when, row.rule, row.span, period):
            model.dead_rows.setdefault(group.name, set()).add(row.name)
            continue
        can = period.possible(model.wins(group.name, row.name), row.rule, row.span)
        if can is None:
            continue
        why = (
            "the rows above it are never unknown"
            if row.kind == "unknown"
            else "whenever it holds, a row above it holds too"
        )
        fix = (
            "Leave the row out."
            if row.kind == "unknown"
            else "The first row that holds wins. Put it higher, change it, or leave it out."
        )
        place = period.places.name(row.span, row.name)
        dead = period.say(
            "E703",
            row.rule,
            row.span,
            not can,
            lambda why=why, place=place, fix=fix: (  # type: ignore[misc]
                f"This row can never win: {why}.",
                place,
                fix,
            ),
        )
        if dead:
            model.dead_rows.setdefault(group.name, set()).add(row.name)


def _checklist(checklist: c.Checklist, period: Period) -> None:
    model = period.model
    wrong = False
    for item in checklist.items:
        if isinstance(item, c.AskedItem) and _never(
            item.met_when, item.rule, item.span, period, word="met when"
        ):
            wrong = True
            model.forget(item.rule)
    for number, needs in enumerate(checklist.needs):
        if wrong:
            break
        met = model.logic.is_true(model.need(checklist, needs))
        can = period.possible(met, checklist.name, needs.span)
        if can is None:
            continue
        period.say(
            "E704",
            f"{checklist.name}.needs.{number}",
            needs.span,
            not can,
            lambda needs=needs: (  # type: ignore[misc]
                f"This can never be met: no lead has the items of `{checklist.name}` like that.",
                period.places.header(needs.span),
                "Ask for fewer items, or change the items.",
            ),
        )


# --- rows of points ------------------------------------------------------------------------------


def look_at_rows(period: Period) -> None:
    """Rows of points that can never give anything, or whose condition always holds."""
    for result in results(period.policy):
        for _, row in rows_of(result):
            if isinstance(row, c.PointsRow):
                _row(row, period)
            else:
                _by(row, period)


def _row(row: c.PointsRow, period: Period) -> None:
    model = period.model
    if row.when is not None:
        if _never(row.when, row.rule, row.span, period):
            return
        _always(row.when, row.rule, row.span, period)
    if row.what is None:
        return
    goal = model.acts(row)
    can = True if goal == TRUE else period.possible(goal, row.rule, row.span)
    if can is None:
        return

    def make() -> tuple[str, Span, str]:
        bare = c.PointsRow(row.rule, row.points, row.what, None, None, row.span)
        alone = row.when is None or period.quietly(model.acts(bare)) is False
        what = (
            "no such event can happen"
            if not isinstance(row.what, c.ForEvery)
            else ("the field never has so much")
        )
        why = what if alone else "whenever its condition holds, there is nothing to count"
        return f"This row can never act: {why}.", period.places.header(row.span), _CHANGE

    period.say("E702", f"{row.rule} acts", row.span, not can, make)


def _by(by: c.PointsBy, period: Period) -> None:
    for at, row in enumerate(by.rows):
        # That nothing is left for `otherwise` or `unknown` is no mistake where they give nothing.
        if isinstance(row.match, c.ByRest) and row.points == 0:
            continue
        can = period.possible(period.model.takes(by, at), row.rule, row.span)
        if can is None:
            continue
        period.say(
            "E702",
            row.rule,
            row.span,
            not can,
            lambda row=row: (  # type: ignore[misc]
                f"This row can never act: no lead that is let in has such a `{by.field}`.",
                period.places.header(row.span),
                _CHANGE,
            ),
        )
