"""What changed between two policies: by meaning, and not by text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from leadpact.changes.change import Change, HowChanged, Touches
from leadpact.changes.matching import Key, Matched, grouped, match
from leadpact.changes.meaning import Ref
from leadpact.changes.part import Fact, Order, Part
from leadpact.changes.parts import orders, parts
from leadpact.changes.shorter import differing, in_words
from leadpact.checked import CheckedPolicy, InForce
from leadpact.dated import borders, is_in_force
from leadpact.english import in_force
from leadpact.english.names import Names
from leadpact_dsl.frozen import frozen

__all__ = ["Laid", "announced", "between", "changes"]

# Records or decisions name these: who reads or writes them must learn the new name.
_NAMED_OUTSIDE: Final = {
    "field",
    "property",
    "event",
    "score",
    "grade",
    "letter",
    "group",
    "row of a group",
    "checklist",
    "question",
    "stage",
    "target",
    "worklist",
}


def changes(old: CheckedPolicy, new: CheckedPolicy) -> tuple[Change, ...]:
    """What the new policy says otherwise than the old one, in the order of the new policy.

    Layout, comments, the names of files, the order of blocks and of rows that act by themselves,
    and examples make no difference. A part is known by its rule id, or by what it says where only
    that was renamed. Dated rows are compared day by day.
    """
    return between(Laid(old), Laid(new))


class Laid:
    """A policy laid out for comparing: it can be compared with several others."""

    def __init__(self, policy: CheckedPolicy) -> None:
        self.policy = policy
        self.names = Names.of(policy)
        self.parts: Mapping[Key, Sequence[Part]] = grouped(parts(self.names))
        self.orders: Sequence[Order] = tuple(orders(self.names))


def between(old: Laid, new: Laid) -> tuple[Change, ...]:
    """The same as ``changes``."""
    return tuple(_Comparing(old, new).all())


@frozen
class _Days:
    first: date | None
    last: date | None


_ALWAYS: Final = _Days(None, None)


def announced(policy: CheckedPolicy, after: date) -> tuple[tuple[date, tuple[Change, ...]], ...]:
    """What the policy itself will change on a day ``after`` that one, by its dated rows."""
    laid = Laid(policy)
    comparing = _Comparing(laid, laid)
    days = (day for day in borders(policy) if day > after)
    return tuple((day, found) for day in days if (found := comparing.on(day)))


class _Comparing:
    """Two policies side by side."""

    def __init__(self, old: Laid, new: Laid) -> None:
        self.names = old.names, new.names
        self.old, self.new = old.parts, new.parts
        self.orders = old.orders, new.orders
        self.matched: Matched = match(self.old, self.new)

    def all(self) -> Iterator[Change]:
        found = [*self._parts(), *self._orders()]
        blocks = [part.block.title for group in self.new.values() for part in group]
        blocks += [part.block.title for group in self.old.values() for part in group]
        place = {title: at for at, title in enumerate(dict.fromkeys(blocks))}
        yield from sorted(dict.fromkeys(found), key=lambda change: place[change.block])

    def on(self, day: date) -> tuple[Change, ...]:
        """What comes into force on that day, and what no longer is."""
        found: list[Change] = []
        for group in self.new.values():
            was, now = _on(group, day - timedelta(days=1)), _on(group, day)
            if was is None and now is not None:
                found.append(_whole("added", now, True, _ALWAYS))
            elif now is None and was is not None:
                found.append(_whole("removed", was, True, _ALWAYS))
            elif was is not None and now is not None and was is not now:
                found += self._facts(was, now, _ALWAYS)
        return tuple(found)

    def _parts(self) -> Iterator[Change]:
        was = {now: key for key, now in self.matched.into.items()}
        for key, group in self.new.items():
            before = was.get(key)
            if before is None:
                for part in group:
                    yield _whole("added", part, True, _days(part.in_force))
                continue
            if before in self.matched.renamed and not group[0].table:
                yield _renamed(self.old[before][0], group[0])
            yield from self._dated(self.old[before], group)
        for key, group in self.old.items():
            if key not in self.matched.into:
                for part in group:
                    yield _whole("removed", part, False, _days(part.in_force))

    # --- one part -----------------------------------------------------------------------------

    def _dated(self, old: Sequence[Part], new: Sequence[Part]) -> Iterator[Change]:
        """The versions of one part, each in force on days of its own."""
        pairs = list(zip(old, new, strict=False))
        if [part.in_force for part in old] == [part.in_force for part in new]:
            for before, after in pairs:
                yield from self._facts(before, after, _days(after.in_force))
            return
        if len(old) == len(new) and not any(self._differ(*pair) for pair in pairs):
            for before, after in pairs:
                if before.in_force != after.in_force:
                    yield _redated(before, after)
            return
        for days, was, now in _segments(old, new):
            if was is None and now is not None:
                yield _whole("added", now, True, days)
            elif now is None and was is not None:
                yield _whole("removed", was, False, days)
            elif was is not None and now is not None:
                yield from self._facts(was, now, days)

    def _differ(self, old: Part, new: Part) -> bool:
        return any(True for _ in self._facts(old, new, _ALWAYS))

    def _facts(self, old: Part, new: Part, days: _Days) -> Iterator[Change]:
        was = {fact.aspect: fact for fact in old.facts}
        now = {fact.aspect: fact for fact in new.facts}
        into = self.matched.follow
        found = []
        for aspect in dict.fromkeys((*was, *now)):
            before, after = _both(was.get(aspect), now.get(aspect))
            if differing(before, after, into):
                found.append((before, after))
        if any(after.aspect == "form" for _, after in found):
            # Another form of rule: its parts cannot be set side by side.
            said = "rule", old.says(), new.says()
            yield _changed(new, said, new.touches, days)
            found = [pair for pair in found if pair[1].touches == "words"]
        for before, after in found:
            touches = min(before.touches, after.touches, key=_REACH.index)
            for aspect, first, second in in_words(self.names, before, after, into):
                if first == second and first is not None:
                    # The same words for two things that only their names tell apart.
                    first, second = f"{first} ({old.rule})", f"{second} ({new.rule})"
                yield _changed(new, (aspect, first, second), touches, days)

    # --- order --------------------------------------------------------------------------------

    def _orders(self) -> Iterator[Change]:
        before = {self._order_key(order.key): order for order in self.orders[0]}
        for order in self.orders[1]:
            if order.key in before:
                yield from self._moved(before[order.key], order)

    def _order_key(self, key: str) -> str:
        head, blank, name = key.partition(" ")
        return f"{head} {self.matched.follow(Ref(head, name))}" if blank else key

    def _moved(self, old: Order, new: Order) -> Iterator[Change]:
        into = {key[1]: now[1] for key, now in self.matched.into.items()}
        said = dict(zip(new.rules, new.names, strict=True))
        was = [into[rule] for rule in dict.fromkeys(old.rules) if into.get(rule) in said]
        now = [rule for rule in dict.fromkeys(new.rules) if rule in set(was)]
        if was == now:
            return
        texts = {rule: say() for rule, say in said.items()}
        kept = _longest_common(was, now)
        for rule in now:
            if rule not in kept:
                yield Change(
                    "changed",
                    "order",
                    rule,
                    None,
                    new.block.title,
                    texts[rule],
                    "place",
                    _place(was, rule, texts),
                    _place(now, rule, texts),
                    new.touches,
                    None,
                    None,
                    new.span.file,
                    new.span.line,
                    True,
                )


_REACH: Final[tuple[Touches, ...]] = ("decisions", "agreement", "words")


def _both(old: Fact | None, new: Fact | None) -> tuple[Fact, Fact]:
    """A fact that only one of two parts has is there, and says nothing, in the other."""
    if old is None:
        assert new is not None
        return Fact(new.aspect, None, lambda: "", new.touches), new
    if new is None:
        return old, Fact(old.aspect, None, lambda: "", old.touches)
    return old, new


# --- days ----------------------------------------------------------------------------------------


def _days(span: InForce | None) -> _Days:
    return _Days(span.first, span.last) if span is not None else _ALWAYS


def _segments(
    old: Sequence[Part], new: Sequence[Part]
) -> Iterator[tuple[_Days, Part | None, Part | None]]:
    """Each stretch of days, with the version that was in force then and the one that is now."""
    borders: set[date] = set()
    for part in (*old, *new):
        days = _days(part.in_force)
        if days.first is not None:
            borders.add(days.first)
        if days.last is not None and days.last < date.max:
            borders.add(days.last + timedelta(days=1))
    starts = sorted(borders)
    firsts: list[date | None] = [None, *starts]
    lasts: list[date | None] = [*(day - timedelta(days=1) for day in starts), None]
    found: list[tuple[_Days, Part | None, Part | None]] = []
    for first, last in zip(firsts, lasts, strict=True):
        on = first or last or date.min
        was, now = _on(old, on), _on(new, on)
        if found and found[-1][1] is was and found[-1][2] is now:
            found[-1] = (_Days(found[-1][0].first, last), was, now)
        else:
            found.append((_Days(first, last), was, now))
    yield from found


def _on(versions: Iterable[Part], day: date) -> Part | None:
    return next((part for part in versions if is_in_force(part.in_force, day)), None)


# --- order ---------------------------------------------------------------------------------------


def _longest_common(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The most that can stay where they are: all others moved."""
    place = {rule: at for at, rule in enumerate(old)}
    best: list[tuple[str, ...]] = []
    for rule in new:
        before = [run for run in best if place[run[-1]] < place[rule]]
        best.append((*_longest(before), rule))
    return set(_longest(best))


def _longest(runs: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return max(runs, key=len) if runs else ()


def _place(order: Sequence[str], rule: str, texts: Mapping[str, str]) -> str:
    at = order.index(rule)
    return "first" if at == 0 else f"after {texts[order[at - 1]]}"


# --- making changes ------------------------------------------------------------------------------


def _whole(kind: HowChanged, part: Part, in_new: bool, days: _Days) -> Change:
    said = part.says()
    added = kind == "added"
    return Change(
        kind,
        part.sort,
        part.rule,
        None,
        part.block.title,
        part.name(),
        None,
        None if added else said,
        said if added else None,
        part.touches,
        days.first,
        days.last,
        part.span.file,
        part.span.line,
        in_new,
    )


def _changed(
    part: Part, said: tuple[str, str | None, str | None], touches: Touches, days: _Days
) -> Change:
    aspect, before, after = said
    return Change(
        "changed",
        part.sort,
        part.rule,
        None,
        part.block.title,
        part.name(),
        aspect,
        before,
        after,
        touches,
        days.first,
        days.last,
        part.span.file,
        part.span.line,
        True,
    )


def _renamed(old: Part, new: Part) -> Change:
    return Change(
        "renamed",
        new.sort,
        new.rule,
        old.rule,
        new.block.title,
        new.name(),
        None,
        old.rule,
        new.rule,
        "decisions" if new.sort in _NAMED_OUTSIDE else "words",
        None,
        None,
        new.span.file,
        new.span.line,
        True,
    )


def _redated(old: Part, new: Part) -> Change:
    said = tuple(
        in_force(part.in_force) if part.in_force is not None else "always" for part in (old, new)
    )
    return _changed(new, ("in force", said[0], said[1]), new.touches, _ALWAYS)
