"""The shortest words for what differs: of a long condition or list only the parts that do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from leadpact.changes.meaning import Follow, Meaning, follow, meaning
from leadpact.changes.part import Fact, said_condition
from leadpact.checked import All, Any, Condition
from leadpact.english.names import Names
from leadpact.english.wording import joined, number

__all__ = ["Said", "differing", "in_words"]

Said: TypeAlias = tuple[str, str | None, str | None]
"""What about it changed, and how it was and is in words (``None``: there was, or is, nothing)."""

_APART: Final = {"values", "members", "made by", "may contact the lead"}
"""Sets whose members have nothing to do with each other."""

_MOST_NAMED: Final = 8
"""Of a list's members at most as many are named."""


def in_words(names: tuple[Names, Names], old: Fact, new: Fact, into: Follow) -> Iterator[Said]:
    """A fact that differs, in the words of the old and of the new policy."""
    if old.condition is not None and new.condition is not None:
        yield _conditions(names, old, old.condition, new.condition, into)
    elif old.pieces is not None and new.pieces is not None:
        aspect, before, after = _pieces(new.aspect, old.pieces, new.pieces, into)
        if aspect in _APART and before is not None and after is not None:
            # One value did not become the other.
            yield aspect, None, after
            yield aspect, before, None
        else:
            yield aspect, before, after
    else:
        yield new.aspect, old.says() or None, new.says() or None


def differing(old: Fact, new: Fact, into: Follow) -> bool:
    return bool(follow(old.value, into) != new.value)


# --- sets of texts -------------------------------------------------------------------------------


def _pieces(
    aspect: str,
    old: Sequence[tuple[Meaning, str]],
    new: Sequence[tuple[Meaning, str]],
    into: Follow,
) -> Said:
    was = [(follow(value, into), text) for value, text in old]
    gone = [text for value, text in was if value not in [kept for kept, _ in new]]
    come = [text for value, text in new if value not in [kept for kept, _ in was]]
    if not gone and not come:
        # The same texts in another order.
        return aspect, _some([text for _, text in old]), _some([text for _, text in new])
    return aspect, _some(gone), _some(come)


def _some(given: list[str]) -> str | None:
    if not given:
        return None
    if len(given) > _MOST_NAMED:
        given = [*given[: _MOST_NAMED - 1], f"{number(len(given) - _MOST_NAMED + 1)} more"]
    if any(" " in text.strip("“”") and "“" not in text[:1] for text in given):
        return "; ".join(given)
    return joined(given, "and")


# --- conditions ----------------------------------------------------------------------------------


def _conditions(
    names: tuple[Names, Names], fact: Fact, old: Condition, new: Condition, into: Follow
) -> Said:
    form = All if isinstance(old, All) or isinstance(new, All) else Any
    gone, come = _only(form, old, new, into)
    kept = len(_members(form, new)) - len(come)
    if kept and len(gone) == 1 and len(come) == 1:
        return _conditions(names, fact, gone[0], come[0], into)
    if kept:
        aspect = "condition" if form is All else "enough"
        whole = fact.aspect if fact.aspect != "condition" or (gone and come) else aspect
        before = said_condition(names[0], _together(form, gone)) if gone else None
        after = said_condition(names[1], _together(form, come)) if come else None
        return whole, before, after
    return fact.aspect, said_condition(names[0], old), said_condition(names[1], new)


def _members(form: type[All] | type[Any], condition: Condition) -> tuple[Condition, ...]:
    return condition.members if isinstance(condition, form) else (condition,)


def _only(
    form: type[All] | type[Any], old: Condition, new: Condition, into: Follow
) -> tuple[list[Condition], list[Condition]]:
    """The members that only one of the two has."""
    was = [(follow(meaning(one), into), one) for one in _members(form, old)]
    now = [(meaning(one), one) for one in _members(form, new)]
    gone = [one for meant, one in was if meant not in [other for other, _ in now]]
    come = [one for meant, one in now if meant not in [other for other, _ in was]]
    return gone, come


def _together(form: type[All] | type[Any], members: list[Condition]) -> Condition:
    return members[0] if len(members) == 1 else form(tuple(members))
