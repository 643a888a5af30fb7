"""Grades: rows of points, letters from the best down, and how much must be known."""

from __future__ import annotations

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.coverage import Whole
from leadpact.check.lists import label, owner
from leadpact.check.points import Block, plain_rows
from leadpact.check.rules import Rules
from leadpact.check.scope import Place, Scope
from leadpact.check.words import plain, ticked
from leadpact_dsl import nodes

__all__ = ["grade", "letter_names"]


def letter_names(node: nodes.GradeBlock) -> tuple[str, ...]:
    """The letters, best first."""
    return tuple(dict.fromkeys(letter.name.text for letter in node.letters))


def grade(node: nodes.GradeBlock, scope: Scope, *, first: bool, whole: Whole) -> checked.Grade:
    """The grade; ``first`` is false for a second block of the same name."""
    name = node.name.text
    place = Place(owner=name if first else None)
    block = Block(Rules(name, scope.report), scope, place, whole)
    for row in node.rows:
        if isinstance(row, nodes.PointsRow):
            _say_event(row, scope)
    rows = plain_rows([row for row in node.rows if not _is_event(row)], block)
    letters = _letters(node, scope, whole=whole)
    needs = [_needs(line, block) for line in node.needs]
    return checked.Grade(
        name,
        label(node.label, node.name),
        owner(node.owner, scope.names),
        tuple(rows),
        letters,
        tuple(line for line in needs if line is not None),
        node.span,
    )


def _is_event(row: nodes.PointsRow | nodes.PointsBy) -> bool:
    return isinstance(row, nodes.PointsRow) and isinstance(
        row.what, nodes.EachEvent | nodes.OnceEvent
    )


def _say_event(row: nodes.PointsRow, scope: Scope) -> None:
    if isinstance(row.what, nodes.EachEvent | nodes.OnceEvent):
        scope.report.error(
            "E207",
            "A grade does not count what happened.",
            row.what.span,
            "A grade says who the lead is: give points by fields. What a lead does belongs in a "
            "score.",
        )


# --- letters -------------------------------------------------------------------------------------


def _letters(node: nodes.GradeBlock, scope: Scope, *, whole: Whole) -> tuple[checked.Letter, ...]:
    report = scope.report
    if not node.letters:
        if whole():
            report.error(
                "E514",
                f"The grade {ticked(node.name.text)} has no letters.",
                node.letters_span or node.name.span,
                "Add `letters:` and below it a line each, such as `A from 70` and `B otherwise`.",
            )
        return ()
    found: list[checked.Letter] = []
    seen: dict[str, nodes.Letter] = {}
    rest: nodes.Letter | None = None
    above: tuple[int, nodes.Letter] | None = None
    for letter in node.letters:
        if letter.name.text in seen:
            report.error(
                "E202",
                f"There are two letters {ticked(letter.name.text)}.",
                letter.name.span,
                f"The other one stands in line {seen[letter.name.text].span.line}.",
            )
            continue
        seen[letter.name.text] = letter
        if rest is not None:
            _say_after_rest(letter, rest, scope)
            continue
        low = amounts.points(report, letter.low) if letter.low is not None else None
        if letter.low is None:
            rest = letter
        elif low is None:
            continue
        elif above is not None and low >= above[0]:
            _say_order(letter, above, scope)
        else:
            above = low, letter
        rule = f"{node.name.text}.letters.{letter.name.text}"
        found.append(checked.Letter(rule, letter.name.text, low, letter.span))
    if rest is None and whole():
        last = node.letters[-1]
        report.error(
            "E407",
            f"Leads below {ticked(last.name.text)} get no letter.",
            last.span,
            "End the letters in one that takes the rest, such as `D otherwise`.",
        )
    return tuple(found)


def _say_after_rest(letter: nodes.Letter, rest: nodes.Letter, scope: Scope) -> None:
    scope.report.error(
        "E406",
        f"No lead can get {ticked(letter.name.text)}: {ticked(rest.name.text)} in line "
        f"{rest.span.line} takes all the rest.",
        letter.span,
        f"Put it above `{rest.name.text} otherwise`.",
    )


def _say_order(letter: nodes.Letter, above: tuple[int, nodes.Letter], scope: Scope) -> None:
    assert letter.low is not None
    points = plain(above[1].low.value) if above[1].low is not None else ""
    scope.report.error(
        "E408",
        f"No lead can get {ticked(letter.name.text)}: `{above[1].name.text} from {points}` above "
        "takes them all.",
        letter.low.span,
        f"Letters stand from the best down: give {ticked(letter.name.text)} less than {points}, "
        "or put it higher.",
    )


# --- needs ---------------------------------------------------------------------------------------


def _needs(node: nodes.NeedsKnown, block: Block) -> checked.NeedsKnown | None:
    scope = block.scope
    count = amounts.count(scope.report, node.count, least=1, what="known fields")
    fields: list[str] = []
    wrong = count is None
    for word in node.fields:
        if scope.find_field(word, block.place) is None:
            wrong = True
        elif word.text in fields:
            scope.report.error(
                "E206",
                f"{ticked(word.text)} stands here twice.",
                word.span,
                "Leave out the second one.",
            )
            wrong = True
        fields.append(word.text)
    if wrong or count is None:
        return None
    if count > len(fields):
        scope.report.error(
            "E413",
            f"{count} fields are asked for, and there are {len(fields)}.",
            node.count.span,
            f"Write at most {len(fields)}, or name more fields.",
        )
        return None
    return checked.NeedsKnown(count, tuple(fields), node.span)
