"""Warnings: what is allowed but probably not meant."""

from __future__ import annotations

from typing import Final

from leadpact.check.names import What
from leadpact.check.scope import Scope
from leadpact.check.words import ticked
from leadpact.operators.text import fold
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.source import Span

__all__ = ["warn"]


def warn(scope: Scope) -> None:
    """Add the warnings that only the whole policy can give."""
    _of_unused(scope)
    _of_contact(scope)
    _of_case(scope)
    _of_sleep(scope)


def _add(code: str, message: str, span: Span, help_: str, scope: Scope) -> None:
    scope.report.found.append(Diagnostic(code, message, span, help_))


_UNUSED: dict[What, str] = {
    "list": "No condition mentions it. Use it, or leave it out.",
    "definition": "No rule mentions it. Use it, or leave it out.",
    "activity": "No rule looks at it. Use it, or leave it out.",
    "signal": "No rule looks at it. Use it, or leave it out.",
    "action": "No rule looks at it. Use it, or leave it out.",
    "calendar": "No length of time counts by it. Use it, or leave it out.",
    "role": "Nobody is told by this name. Use it, or leave it out.",
}


def _of_unused(scope: Scope) -> None:
    for name, symbol in scope.names.symbols.items():
        # A base kind says what records may hold, whether or not a rule looks at it.
        if name in scope.kinds or name in scope.names.used:
            continue
        if symbol.what in _UNUSED:
            help_ = _UNUSED[symbol.what]
            _add("W201", f"{ticked(name)} is never used.", symbol.span, help_, scope)


def _of_contact(scope: Scope) -> None:
    """Points by fields that are known only after contact, be it through definitions."""
    late = {name for name, each in scope.fields.items() if each.after_contact}
    if not late:
        return
    mentioned: dict[str, set[str]] = {}
    for owner, name, span in scope.field_uses:
        if name not in late:
            continue
        mentioned.setdefault(owner, set()).add(name)
        if _gives_points(owner, scope):
            _say_late(ticked(name), span, scope)
    for owner, leans in scope.leans_on.items():
        for target, span in leans if _gives_points(owner, scope) else ():
            through = sorted(_behind(target, mentioned, scope))
            if through:
                _say_late(f"{ticked(target)} looks at {ticked(through[0])}, which", span, scope)


def _gives_points(owner: str, scope: Scope) -> bool:
    symbol = scope.names.symbols.get(owner)
    return symbol is not None and symbol.what in ("score", "grade")


def _behind(name: str, mentioned: dict[str, set[str]], scope: Scope) -> set[str]:
    """The fields that a definition mentions, itself or through others."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        symbol = scope.names.symbols.get(current)
        if current in seen or symbol is None or symbol.what != "definition":
            continue
        seen.add(current)
        found |= mentioned.get(current, set())
        waiting += [target for target, _ in scope.leans_on.get(current, ())]
    return found


def _say_late(what: str, span: Span, scope: Scope) -> None:
    _add(
        "W402",
        f"{what} is known only after contact.",
        span,
        "Points given for it tell what sales already knows, not what a lead is worth. Use another "
        "field.",
        scope,
    )


def _of_case(scope: Scope) -> None:
    """Texts that equal a member of the list that the same field is compared with, but for case or
    two letters.
    """
    for fact, text, span in scope.texts:
        folded = fold(text)
        for name in sorted(scope.listed.get(fact, ())):
            members = scope.lists[name].members if name in scope.lists else ()
            same = [member for member in members if fold(member) == folded]
            for member in same:
                if member != text:
                    _say_case(text, member, name, span, scope)
            near = next((each for each in members if _swapped(folded, fold(each))), None)
            if near is not None and not same:
                _say_swapped(text, near, name, span, scope)


def _say_case(text: str, member: str, name: str, span: Span, scope: Scope) -> None:
    _add(
        "W403",
        f'"{text}" stands in {ticked(name)} as "{member}".',
        span,
        "Upper and lower case do not count when texts are compared. Write it the same way in both "
        "places.",
        scope,
    )


def _say_swapped(text: str, member: str, name: str, span: Span, scope: Scope) -> None:
    _add(
        "W405",
        f'"{text}" does not stand in {ticked(name)}, but "{member}" does.',
        span,
        "Two letters have changed places. Write it the same way in both places, if the same is "
        "meant.",
        scope,
    )


def _of_sleep(scope: Scope) -> None:
    """Conditions about waking up, where no move lets a lead sleep."""
    if any(way.sleeps for way in scope.ways):
        return
    for span in scope.woken:
        _add(
            "W406",
            "No lead ever wakes up: no move lets one sleep.",
            span,
            "Add a line such as `wake up after 60 days` to a move, or leave this out.",
            scope,
        )


def _swapped(one: str, other: str) -> bool:
    """Whether two neighbouring letters have changed places, and nothing else."""
    if len(one) != len(other) or one == other:
        return False
    first = next(index for index, letter in enumerate(one) if letter != other[index])
    return (
        len(one) >= _LONG_ENOUGH
        and one[first : first + 2] == other[first : first + 2][::-1]
        and one[first + 2 :] == other[first + 2 :]
    )


# In shorter texts two letters change places and make another one.
_LONG_ENOUGH: Final = 6
