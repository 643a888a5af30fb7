"""Warnings: what is allowed but probably not meant."""

from __future__ import annotations

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


def _add(code: str, message: str, span: Span, help_: str, scope: Scope) -> None:
    scope.report.found.append(Diagnostic(code, message, span, help_))


_UNUSED: dict[What, str] = {
    "list": "No condition mentions it. Use it, or leave it out.",
    "definition": "No rule mentions it. Use it, or leave it out.",
    "activity": "No rule looks at it. Use it, or leave it out.",
    "action": "No rule looks at it. Use it, or leave it out.",
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
    """Texts that equal a member of the list that the same field is compared with, but for case."""
    for fact, text, span in scope.texts:
        for name in sorted(scope.listed.get(fact, ())):
            for member in scope.lists[name].members if name in scope.lists else ():
                if member != text and fold(member) == fold(text):
                    _add(
                        "W403",
                        f'"{text}" stands in {ticked(name)} as "{member}".',
                        span,
                        "Upper and lower case do not count when texts are compared. Write it the "
                        "same way in both places.",
                        scope,
                    )
