"""Which part of the new policy is which part of the old one.

A part is known by its rule id. One that is gone is known again where it only has another name:
where a part of its sort that was not there before has its label, or means the same. Names of
things that were renamed are followed in all that mentions them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from leadpact.changes.meaning import Meaning, Ref, follow
from leadpact.changes.part import Part
from leadpact_dsl.frozen import frozen

__all__ = ["Key", "Matched", "grouped", "match"]

Key: TypeAlias = tuple[str, str]
"""Sort and rule id."""

Parts: TypeAlias = Mapping[Key, Sequence[Part]]
"""Dated parts may share one rule id."""


@frozen
class Matched:
    """``into`` has the key in the new policy for each part of the old one that is still there;
    ``renamed`` are those of them that people gave another name.
    """

    into: Mapping[Key, Key]
    renamed: frozenset[Key]

    def follow(self, ref: Ref) -> str:
        """What the thing is called in the new policy."""
        if ref.sort == "property":
            return self._property(ref.name)
        for sort in _SORTS.get(ref.sort, (ref.sort,)):
            if (sort, ref.name) in self.into:
                return self.into[sort, ref.name][1]
        return ref.name

    def _property(self, name: str) -> str:
        """A property is named without its event: follow it where all of that name went there."""
        found = {
            _last(new)
            for (sort, old), (_, new) in self.into.items()
            if sort == "property" and _last(old) == name
        }
        return found.pop() if len(found) == 1 else name


# Under which sorts of parts a reference may be found.
_SORTS: Final[Mapping[str, tuple[str, ...]]] = {
    "group row": ("row of a group",),
    "item": ("question",),
    "any": (
        "party",
        "role",
        "score",
        "grade",
        "group",
        "checklist",
        "definition",
        "stage",
        "target",
    ),
}

# Parts whose meaning alone tells which one they are.
_TELLING: Final = {
    "row of points",
    "row of a group",
    "letter",
    "definition",
    "question",
    "move",
    "hand-back",
    "time-out",
    "move by hand",
    "target",
    "promise",
    "refusal",
    "list",
    "guarantee",
}

_MOST_ROUNDS: Final = 8


def grouped(parts: Iterable[Part]) -> dict[Key, list[Part]]:
    found: dict[Key, list[Part]] = {}
    for part in parts:
        found.setdefault((part.sort, part.known_as or part.rule), []).append(part)
    return found


def match(old: Parts, new: Parts) -> Matched:
    """Follow names until nothing more is found again."""
    renames: dict[Key, Key] = {}
    matched = _by_name(old, new, renames)
    for _ in range(_MOST_ROUNDS):
        gone = [key for key in old if key not in matched.into]
        taken = set(matched.into.values())
        come = [key for key in new if key not in taken]
        found = _found_again(old, new, gone, come, matched)
        if not found:
            break
        renames |= found
        matched = _by_name(old, new, renames)
    return matched


def _by_name(old: Parts, new: Parts, renames: Mapping[Key, Key]) -> Matched:
    """Parts by their rule ids, and by what these become when the names in them are followed."""
    local = {_last(was): _last(now) for (_, was), (_, now) in renames.items()}
    into = {key: key for key in old if key in new}
    into |= {key: now for key, now in renames.items() if key in old and now in new}
    taken = set(into.values())
    renamed = set()
    for key in old:
        if key not in into:
            followed = (key[0], _followed(key[1], local))
            if followed in new and followed not in taken:
                into[key] = followed
                taken.add(followed)
    for key, now in into.items():
        if now != key and now[1] != _followed(key[1], _others(renames, key)):
            renamed.add(key)
    return Matched(into, frozenset(renamed))


def _others(renames: Mapping[Key, Key], key: Key) -> Mapping[str, str]:
    """The new names of everything else: what follows from these is no renaming of its own."""
    return {_last(one[1]): _last(now) for one, (_, now) in renames.items() if one != key}


def _followed(rule: str, local: Mapping[str, str]) -> str:
    return ".".join(local.get(piece, piece) for piece in rule.split("."))


def _last(rule: str) -> str:
    return rule.rpartition(".")[2]


def _holder(rule: str, matched: Matched) -> str:
    """The name that the part's own stands under, as the new policy has it."""
    first, dot, _ = rule.partition(".")
    if not dot:
        return ""
    return matched.follow(Ref("any", first)) if first != "lead" else first


# --- known again ---------------------------------------------------------------------------------


def _found_again(
    old: Parts, new: Parts, gone: Sequence[Key], come: Sequence[Key], matched: Matched
) -> dict[Key, Key]:
    found: dict[Key, Key] = {}
    for look in (_labelled(old, new, matched), _meant(old, new, matched), _banded(old, new)):
        left = [key for key in come if key not in found.values()]
        for key in gone:
            if key not in found:
                same = look(key, left, gone)
                if same is not None:
                    found[key] = same
                    left.remove(same)
        if found:
            # What these names lead to may make more of the rest out.
            break
    return found


_Look: TypeAlias = Callable[[Key, Sequence[Key], Sequence[Key]], Key | None]


def _labelled(old: Parts, new: Parts, matched: Matched) -> _Look:
    """The only one that is gone, and the only one that has come, with this label."""

    def label(key: Key, of: Parts, holder: str) -> tuple[str, str, str] | None:
        given = of[key][0].label
        return (key[0], given.casefold(), holder) if given else None

    def was(key: Key) -> tuple[str, str, str] | None:
        return label(key, old, _holder(key[1], matched))

    def now(key: Key) -> tuple[str, str, str] | None:
        return label(key, new, key[1].partition(".")[0] if "." in key[1] else "")

    def look(key: Key, come: Sequence[Key], gone: Sequence[Key]) -> Key | None:
        mine = was(key)
        if mine is None or sum(was(other) == mine for other in gone) > 1:
            return None
        found = [other for other in come if now(other) == mine]
        return found[0] if len(found) == 1 else None

    return look


def _meant(old: Parts, new: Parts, matched: Matched) -> _Look:
    """The first that has come and means the same, under the same score, stage or group."""
    meant: dict[Key, Meaning] = {}

    def of(key: Key, parts: Parts) -> Meaning:
        if key not in meant:
            meant[key] = tuple(
                (part.in_force, part.table.partition(".")[2], *_acting(part)) for part in parts[key]
            )
        return meant[key]

    def look(key: Key, come: Sequence[Key], gone: Sequence[Key]) -> Key | None:
        if key[0] not in _TELLING:
            return None
        mine = follow(of(key, old), matched.follow)
        holder = _holder(key[1], matched)
        for other in come:
            if (
                other[0] == key[0]
                and other[1].partition(".")[0] == (holder or other[1].partition(".")[0])
                and of(other, new) == mine
            ):
                return other
        return None

    return look


def _acting(part: Part) -> Iterator[Meaning]:
    for fact in part.facts:
        if fact.touches != "words":
            yield fact.aspect, fact.value


def _banded(old: Parts, new: Parts) -> _Look:
    """Rows of one table of values with the same points: their values are their names."""

    def look(key: Key, come: Sequence[Key], gone: Sequence[Key]) -> Key | None:
        row = old[key][0]
        if not row.table:
            return None
        for other in come:
            beside = new[other][0]
            if beside.table == row.table and beside.facts[0].value == row.facts[0].value:
                return other
        return None

    return look
