"""Grades: rows of points, letters from the best down, and how much must be known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leadpact import checked
from leadpact.check import amounts
from leadpact.check.coverage import Whole
from leadpact.check.in_force import in_each_period, in_force, wrong_dates
from leadpact.check.lists import label, owner
from leadpact.check.parties import texts
from leadpact.check.points import Block, number_counted, plain_rows
from leadpact.check.rules import Rules
from leadpact.check.scope import Place, Scope
from leadpact.check.words import plain, ticked
from leadpact_dsl import nodes
from leadpact_dsl.frozen import frozen

__all__ = ["grade", "letter_names"]


def letter_names(node: nodes.GradeBlock) -> tuple[str, ...]:
    """The letters of all days, best first: on each day they stand from the best down."""
    return _ordered(node.letters)[0]


def _ordered(
    letters: Sequence[nodes.Letter],
) -> tuple[tuple[str, ...], tuple[nodes.Letter, str] | None]:
    """The letters' names, best first; and a letter that is worse on some days, and better on
    others, than another one, with the other's name.
    """
    above: dict[str, set[str]] = {letter.name.text: set() for letter in letters}
    for index, letter in enumerate(letters):
        above[letter.name.text] |= {
            other.name.text for other in letters[:index] if _meet(letter, other)
        } - {letter.name.text}
    names: list[str] = []
    while len(names) < len(above):
        left = [name for name in above if name not in names]
        free = [name for name in left if above[name].issubset(names)]
        if not free:
            return tuple(above), _changing(letters, above)
        names.append(free[0])
    return tuple(names), None


def _changing(
    letters: Sequence[nodes.Letter], above: dict[str, set[str]]
) -> tuple[nodes.Letter, str]:
    """A letter that stands above another one and below it, itself or over others."""
    higher = {name: set(others) for name, others in above.items()}
    for middle in higher:
        for others in higher.values():
            if middle in others:
                others |= higher[middle]
    return next(
        (letter, other)
        for letter in reversed(letters)
        for other in above
        if other in higher[name := letter.name.text] and name in higher[other] and other != name
    )


def _meet(one: nodes.Letter, other: nodes.Letter) -> bool:
    """Whether both are in force on some day; days as written have the order of days."""
    return _begins_by(one, other) and _begins_by(other, one)


def _begins_by(one: nodes.Letter, other: nodes.Letter) -> bool:
    first = one.in_force.first if one.in_force is not None else None
    last = other.in_force.last if other.in_force is not None else None
    return first is None or last is None or first.text <= last.text


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
        texts(node.means),
        texts(node.notes),
    )


def _is_event(row: nodes.PointsRow | nodes.PointsBy) -> bool:
    return isinstance(row, nodes.PointsRow) and isinstance(
        row.what, nodes.EachEvent | nodes.OnceEvent
    )


def _say_event(row: nodes.PointsRow, scope: Scope) -> None:
    if isinstance(row.what, nodes.EachEvent) and number_counted(row.what, scope):
        return
    if isinstance(row.what, nodes.EachEvent | nodes.OnceEvent):
        scope.report.error(
            "E207",
            "A grade does not count what happened.",
            row.what.span,
            "A grade says who the lead is: give points by fields. What a lead does belongs in a "
            "score.",
        )


# --- letters -------------------------------------------------------------------------------------


@frozen
class _Letter:
    """A letter whose points and days are known."""

    node: nodes.Letter
    low: int | None
    days: checked.InForce | None


def _letters(node: nodes.GradeBlock, scope: Scope, *, whole: Whole) -> tuple[checked.Letter, ...]:
    if not node.letters:
        if whole():
            _say_no_letters(node, scope)
        return ()
    settled = [_letter(letter, scope) for letter in node.letters]
    letters = [letter for letter in settled if letter is not None]
    complete = len(letters) == len(settled)
    left_out: set[int] = set()

    def judge(members: Sequence[int]) -> None:
        left_out.update(_misplaced(letters, members, scope))
        if complete and all(letters[index].node.low is not None for index in members) and whole():
            _say_no_rest(node, [letters[index].node for index in members], scope)

    in_each_period([letter.days for letter in letters], judge, scope)
    _say_changed_order(node, scope)
    return tuple(
        checked.Letter(
            f"{node.name.text}.letters.{letter.node.name.text}",
            letter.node.name.text,
            letter.low,
            letter.node.span,
            letter.days,
        )
        for index, letter in enumerate(letters)
        if index not in left_out
    )


def _say_no_letters(node: nodes.GradeBlock, scope: Scope) -> None:
    scope.report.error(
        "E514",
        f"The grade {ticked(node.name.text)} has no letters.",
        node.letters_span or node.name.span,
        "Add `letters:` and below it a line each, such as `A from 70` and `B otherwise`.",
    )


def _letter(node: nodes.Letter, scope: Scope) -> _Letter | None:
    low = amounts.points(scope.report, node.low) if node.low is not None else None
    days = in_force(node.in_force, scope)
    if (node.low is not None and low is None) or wrong_dates(node.in_force, days):
        return None
    return _Letter(node, low, days)


def _misplaced(letters: Sequence[_Letter], members: Sequence[int], scope: Scope) -> Iterator[int]:
    """Of the letters of some days those that no lead can get, each after saying so."""
    seen: dict[str, nodes.Letter] = {}
    rest: nodes.Letter | None = None
    above: tuple[int, nodes.Letter] | None = None
    for index in members:
        letter, low = letters[index].node, letters[index].low
        first = seen.setdefault(letter.name.text, letter)
        if first is not letter:
            scope.report.error(
                "E202",
                f"There are two letters {ticked(letter.name.text)}.",
                letter.name.span,
                f"The other one stands in line {first.span.line}.",
            )
        elif rest is not None:
            _say_after_rest(letter, rest, scope)
        elif low is None:
            rest = letter
            continue
        elif above is not None and low >= above[0]:
            _say_order(letter, above, scope)
        else:
            above = low, letter
            continue
        yield index


def _say_no_rest(node: nodes.GradeBlock, letters: Sequence[nodes.Letter], scope: Scope) -> None:
    if not letters:
        _say_no_letters(node, scope)
        return
    last = letters[-1]
    scope.report.error(
        "E407",
        f"Leads below {ticked(last.name.text)} get no letter.",
        last.span,
        "End the letters in one that takes the rest, such as `D otherwise`.",
    )


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


def _say_changed_order(node: nodes.GradeBlock, scope: Scope) -> None:
    found = _ordered(node.letters)[1]
    if found is None:
        return
    letter, other = found
    scope.report.error(
        "E522",
        f"{ticked(letter.name.text)} is better than {ticked(other)} on some days, and worse on "
        "others.",
        letter.span,
        "Nobody could tell what `or better` means. Keep the letters in one order on all days.",
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
