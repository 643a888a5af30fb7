"""Small changes to a policy, one at a time: each number by one step, each row left out.

A change is made on the checked policy. Numbers are found by where they stand (``_NUMBERS``), not
by knowing every way to them; a number inside a condition is changed wherever the condition is.
Ends of ranges that meet are moved together, so that no gap and no overlap comes about. Changes
that would not make a valid policy are left away, and those that ``reach`` knows to make no
difference. The ranges of fields are no decision: a value outside is a mistake in the data. Nor is
what a worked lead cannot tell: who is told of a promise. What stands of a promise is asked for once
an example expects something of it, and when a lead wakes once an example has steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from leadpact import checked as c
from leadpact import english
from leadpact.mutation.left_out import left_out
from leadpact.mutation.reach import POINT, clamps, is_capped_anyway, point_step, score_step, step_of
from leadpact.mutation.tree import Path, every, put, rewritten
from leadpact_dsl import Span

__all__ = ["Mutant", "mutants"]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed policy. ``change`` says in words what was changed, ``span`` and ``rule`` where."""

    policy: c.CheckedPolicy
    change: str
    rule: str
    span: Span


Change: TypeAlias = tuple[object, str]
"""The new value, and the change in words."""


def mutants(policy: c.CheckedPolicy) -> Iterator[Mutant]:
    """Every change, in the order of the policy."""
    for root in _ROOTS:
        yield from _numbers_below(policy, root)
    yield from _numbers_of_kinds(policy)
    yield from _ends_of_ranges(policy)
    yield from (Mutant(*one) for one in left_out(policy))


_ROOTS = (
    "refusals",
    "scores",
    "grades",
    "definitions",
    "groups",
    "checklists",
    "any_stages",
    "stages",
)

_NOT_TOLD = (c.Tell, c.HandMove)
"""What no worked lead can notice."""


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a policy's examples look at: which ``targets``, and whether at anything in ``steps``."""

    targets: frozenset[str]
    steps: bool

    def at(self, part: object) -> bool:
        """Whether a worked lead can notice what stands in this part."""
        if isinstance(part, c.Target):
            # That a lead is handed back is noticed without a word about the promise.
            return bool(part.hands_back) or part.name in self.targets
        if isinstance(part, c.WakeUp):
            return self.steps
        return not isinstance(part, (c.EventPattern, Span, *_NOT_TOLD))


def _looked(policy: c.CheckedPolicy) -> _Looked:
    targets = {one.target for one in every(policy.examples, c.ExpectTarget)}
    targets |= {one.target for one in every(policy.examples, c.ExpectDue)}
    return _Looked(frozenset(targets), any(example.steps for example in policy.examples))


# --- finding numbers and changing them ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Site:
    """A number: the way to it, the part that holds it, and the rule in which it stands."""

    path: Path
    holder: Any
    name: str
    rule: str
    span: Span


def _numbers_below(policy: c.CheckedPolicy, root: str) -> Iterator[Mutant]:
    for site in _sites(getattr(policy, root), (root,), "", policy.span, _looked(policy)):
        for value, words in _NUMBERS[type(site.holder), site.name](policy, site):
            yield Mutant(put(policy, site.path, value), words, site.rule, site.span)


def _sites(part: Any, path: Path, rule: str, span: Span, looked: _Looked) -> Iterator[_Site]:
    if isinstance(part, tuple):
        for index, member in enumerate(part):
            yield from _sites(member, (*path, index), rule, span, looked)
    # Which events a rule is about is its kind's affair.
    elif is_dataclass(part) and looked.at(part):
        span = getattr(part, "span", span)
        rule = getattr(part, "rule", rule) or getattr(part, "name", rule)
        for field in fields(part):
            where = (*path, field.name)
            if (type(part), field.name) in _NUMBERS:
                if getattr(part, field.name) is not None:
                    yield _Site(where, part, field.name, rule, span)
            else:
                yield from _sites(getattr(part, field.name), where, rule, span, looked)


def _numbers_of_kinds(policy: c.CheckedPolicy) -> Iterator[Mutant]:
    """Numbers in the ``where`` of derived kinds, changed in every rule about such events."""
    seen, looked = set(), _looked(policy)
    for derived in policy.derived:
        for part in derived.pattern.parts:
            if part.where is None or part in seen:
                continue
            seen.add(part)
            for site in _sites(part.where, (), derived.name, derived.span, looked):
                for value, words in _NUMBERS[type(site.holder), site.name](policy, site):
                    changed = replace(part, where=put(part.where, site.path, value))
                    swapped = rewritten(policy, c.PatternPart, _swap(part, changed))
                    yield Mutant(swapped, words, site.rule, site.span)


def _swap(old: c.PatternPart, new: c.PatternPart) -> Callable[[c.PatternPart], c.PatternPart]:
    return lambda part: new if part == old else part


# --- what one step is --------------------------------------------------------------------------

Steps: TypeAlias = Callable[[c.CheckedPolicy, _Site], Iterator[Change]]


def _points(before: str, after: str = "", least: int | None = None, step: int = POINT) -> Steps:
    """Hundredths of points, up and down by a step, with words before and after the number."""

    def steps(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
        old = getattr(site.holder, site.name)
        for new in (old + step, old - step):
            if least is None or new >= least:
                was, now = (f"{before}{english.amount(one)}{after}" for one in (old, new))
                yield new, f"{was} → {now}"

    return steps


def _given(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    row: c.PointsRow | c.ByRow = site.holder
    step = point_step(policy, row)
    for new in (row.points + step, row.points - step):
        if not is_capped_anyway(policy, row, new):
            yield new, f"{english.points(row.points)} → {english.points(new)}"


def _score_test(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    test: c.ScoreTest = site.holder
    score = next(one for one in policy.scores if one.name == test.score)
    step = score_step(score, test.hundredths)
    for new, words in _points("", " points", step=step)(policy, site):
        assert isinstance(new, int)
        low, high = (score.low, score.high) if test.category is None else (None, None)
        if (low is None or new >= low) and (high is None or new <= high):
            yield new, f"{test.score} {words}"


def _count(before: str, after: str, most: Callable[[Any], int | None]) -> Steps:
    """A written count of at least 1; a bare event's silent "at least 1" is no number."""

    def steps(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
        old = getattr(site.holder, site.name)
        highest = most(site.holder)
        for new in (old + 1, old - 1):
            if new >= 1 and (highest is None or new <= highest):
                yield new, f"{before}{old:,}{after} → {before}{new:,}{after}"

    return steps


def _any_count(holder: object) -> None:
    return None


def _at_least(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    if site.holder.at_least > 1:
        yield from _count("at least ", " times", _any_count)(policy, site)


def _event_count(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    test: c.EventTest = site.holder
    words = {">=": "at least ", "<=": "at most ", "==": "exactly "}[test.op]
    silent = test.count == (1 if test.op == ">=" else 0)
    if not silent or test.different is not None:
        yield from _count(words, " times", _any_count)(policy, site)


def _needed_items(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    if site.holder.quantifier == "at least":
        after = f" {site.holder.state}"
        yield from _count("needs at least ", after, lambda it: len(it.items))(policy, site)


def _decimal(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: Decimal = getattr(site.holder, site.name)
    unit = _unit(old)
    low, high = (None, None)
    if isinstance(site.holder, c.NumberTest):
        fact = site.holder.fact
        low, high = _range(policy, fact.name) if isinstance(fact, c.FieldFact) else (None, None)
    for new in (old + unit, old - unit):
        positive = not isinstance(site.holder, c.ForEvery) or new > 0
        if positive and (low is None or new >= low) and (high is None or new <= high):
            yield new, f"{english.number(old)} → {english.number(new)}"


def _unit(number: Decimal) -> Decimal:
    """One unit of the last written decimal, or 1."""
    exponent = number.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent)) if isinstance(exponent, int) else Decimal(1)


def _range(policy: c.CheckedPolicy, name: str) -> tuple[Decimal | None, Decimal | None]:
    found = next((one.type for one in policy.fields if one.name == name), None)
    return (found.low, found.high) if isinstance(found, c.NumberType) else (None, None)


def _day(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: date = site.holder.value
    for new in (old + timedelta(days=1), old - timedelta(days=1)):
        yield new, f"{english.day(old)} → {english.day(new)}"


def _duration(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: c.Duration = site.holder
    for amount in (old.amount + 1, old.amount - 1):
        if amount >= 1:
            new = replace(old, amount=amount)
            yield amount, f"{english.duration(old)} → {english.duration(new)}"


def _border(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    """A row comes into force, or goes out of it, a day sooner or later.

    Borders of rows that take turns are left alone: moved by themselves they would leave a gap.
    """
    old: date = getattr(site.holder, site.name)
    other = old + timedelta(days=-1 if site.name == "first" else 1)
    spans = every(tuple(getattr(policy, root) for root in _ROOTS), c.InForce)
    if any(other in (span.first, span.last) for span in spans):
        return
    for new in (old + timedelta(days=1), old - timedelta(days=1)):
        changed = replace(site.holder, **{site.name: new})
        if changed.first is None or changed.last is None or changed.first <= changed.last:
            yield new, f"in force: {english.day(old)} → {english.day(new)}"


def _minutes(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: int = site.holder.minutes
    calendar = next(one for one in policy.calendars if one.name == site.holder.calendar)
    # Whatever is later than every close is the close.
    last = max(opening.end for opening in every((calendar.weekly, calendar.special), c.Opening))
    for new in (old + 1, old - 1):
        if 0 <= new <= 24 * 60 and min(new, last) != min(old, last):
            was, now = (f"{one // 60:02}:{one % 60:02}" for one in (old, new))
            yield new, f"by {was} → {now}"


def _percent(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: Decimal = site.holder.percent
    for new in (old + 1, old - 1):
        if 0 < new <= 100:
            yield new, f"{english.number(old)}% → {english.number(new)}%"


def _business(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    old: c.BusinessTime = site.holder
    yield from _count("", f" business {old.unit}s", _any_count)(policy, site)


def _different(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    number, name = site.holder.different
    for new in (number + 1, number - 1):
        if new >= 1:
            yield (new, name), f"at least {number} different → at least {new} different"


def _letter(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    letter: c.Letter = site.holder
    grade = next(one for one in policy.grades if letter in one.letters)
    place = grade.letters.index(letter)
    above = grade.letters[place - 1].low if place else None
    below = grade.letters[place + 1].low
    for new, words in _points(f"{letter.name} from ", step=step_of(grade))(policy, site):
        assert isinstance(new, int)
        # Bounds that meet would leave nothing to one of the letters.
        if (above is None or new < above) and (below is None or new > below):
            yield new, words


def _clamp(policy: c.CheckedPolicy, site: _Site) -> Iterator[Change]:
    score: c.Score = site.holder
    for new, words in _points("from " if site.name == "low" else "to ")(policy, site):
        assert isinstance(new, int)
        changed = replace(score, low=new) if site.name == "low" else replace(score, high=new)
        has_room = changed.low is None or changed.high is None or changed.low < changed.high
        if has_room and clamps(score) != clamps(changed):
            yield new, words


_NUMBERS: dict[tuple[type[Any], str], Steps] = {
    (c.PointsRow, "points"): _given,
    (c.ByRow, "points"): _given,
    (c.EachEvent, "at_most_times"): _count("at most ", " times", _any_count),
    (c.EachEvent, "at_most_points"): _points("at most ", " points", 100),
    (c.ForEvery, "at_most_points"): _points("at most ", " points", 100),
    (c.ForEvery, "step"): _decimal,
    (c.OnceEvent, "at_least"): _at_least,
    (c.UpTo, "amount"): _count("up to ", "", _any_count),
    (c.Category, "at_most"): _points("at most ", " points", 0),
    (c.Score, "low"): _clamp,
    (c.Score, "high"): _clamp,
    (c.Letter, "low"): _letter,
    (c.NeedsKnown, "count"): _count("needs at least ", " known", lambda it: len(it.fields)),
    (c.NeedsItems, "count"): _needed_items,
    (c.Duration, "amount"): _duration,
    (c.BusinessTime, "amount"): _business,
    (c.InForce, "first"): _border,
    (c.InForce, "last"): _border,
    (c.Decay, "days"): _count("", " days", _any_count),
    (c.Inactivity, "percent"): _percent,
    (c.Inactivity, "points"): _points("", " points less", 100),
    (c.Inactivity, "never_below"): _points("never below "),
    (c.GainedTest, "hundredths"): _points("", " points gained"),
    (c.Target, "at_least"): _at_least,
    (c.Target, "different"): _different,
    (c.TargetBy, "minutes"): _minutes,
    (c.NumberTest, "value"): _decimal,
    (c.DateTest, "value"): _day,
    (c.EventTest, "count"): _event_count,
    (c.ScoreTest, "hundredths"): _score_test,
    (c.AtLeast, "count"): _count("at least ", " of these", lambda it: len(it.members)),
}


# --- ends of ranges ----------------------------------------------------------------------------

Bound: TypeAlias = Decimal | date


def _ends_of_ranges(policy: c.CheckedPolicy) -> Iterator[Mutant]:
    for root in ("scores", "grades"):
        for path, by in _points_by(getattr(policy, root), (root,)):
            for rows, words, moved in _moved_cuts(by):
                yield Mutant(put(policy, (*path, "rows"), rows), words, moved.rule, moved.span)


def _points_by(part: Any, path: Path) -> Iterator[tuple[Path, c.PointsBy]]:
    if isinstance(part, c.PointsBy):
        yield path, part
    elif isinstance(part, tuple):
        for index, member in enumerate(part):
            yield from _points_by(member, (*path, index))
    elif isinstance(part, (c.Score, c.Grade, c.Category)):
        yield from _points_by(part.rows, (*path, "rows"))


def _moved_cuts(by: c.PointsBy) -> Iterator[tuple[tuple[c.ByRow, ...], str, c.ByRow]]:
    """The rows with one border between ranges moved a step: where two ranges meet, both ends."""
    cuts: dict[Bound, list[tuple[int, str]]] = {}
    for index, row in enumerate(by.rows):
        if isinstance(row.match, c.ByRange):
            for end in ("low", "high"):
                cut = _cut(row.match, end)
                if cut is not None:
                    cuts.setdefault(cut, []).append((index, end))
    for places in cuts.values():
        for up in (True, False):
            rows = list(by.rows)
            words = []
            for index, end in places:
                match = rows[index].match
                assert isinstance(match, c.ByRange)
                old = getattr(match, end)
                new = _stepped(old, up)
                moved = replace(match, low=new) if end == "low" else replace(match, high=new)
                rows[index] = replace(rows[index], match=moved)
                words.append(f"{'from' if end == 'low' else 'to'} {_bound(old)} → {_bound(new)}")
            if all(_has_room(rows[index].match) for index, _ in places):
                yield tuple(rows), " and ".join(words), by.rows[places[0][0]]


def _cut(match: c.ByRange, end: str) -> Bound | None:
    """Where the range begins, or where what follows it begins."""
    if end == "low":
        return match.low
    return match.high if match.high is None or match.high_open else _stepped(match.high, True)


def _stepped(bound: Bound, up: bool) -> Bound:
    if isinstance(bound, date):
        return bound + timedelta(days=1 if up else -1)
    return bound + _unit(bound) if up else bound - _unit(bound)


def _bound(bound: Bound) -> str:
    return english.day(bound) if isinstance(bound, date) else english.number(bound)


def _has_room(match: object) -> bool:
    assert isinstance(match, c.ByRange)
    low, high = match.low, match.high
    if low is None or high is None:
        return True
    return low < high or (low == high and not match.high_open)  # type: ignore[operator]
