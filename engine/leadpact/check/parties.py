"""Parties and their roles, who owns a block, and who is named in a list of parties."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadpact import checked
from leadpact.check.coverage import Whole
from leadpact.check.lists import label
from leadpact.check.scope import Scope
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.source import Span

__all__ = ["named_once", "parties", "party", "role", "say_again", "texts"]


def texts(quoted: Iterable[nodes.Quoted]) -> tuple[str, ...]:
    """What people wrote for people, as plain texts."""
    return tuple(each.text for each in quoted)


def party(block: nodes.PartyBlock) -> checked.Party:
    return checked.Party(
        block.name.text,
        label(block.label, block.name),
        texts(block.contacts),
        texts(block.duties),
        block.span,
        texts(block.stand_ins),
        texts(block.notes),
    )


def role(block: nodes.RoleBlock, scope: Scope, *, whole: Whole) -> checked.Role | None:
    """The role; ``None`` after saying that it belongs to nobody."""
    if block.party is None:
        if whole():
            scope.report.error(
                "E514",
                f"The role {ticked(block.name.text)} does not say whose it is.",
                block.name.span,
                "End its first line in `of` and the name of a party.",
            )
        return None
    if scope.names.look_up(block.party, "party") is None:
        return None
    return checked.Role(
        block.name.text,
        label(block.label, block.name),
        block.party.text,
        texts(block.contacts),
        texts(block.duties),
        texts(block.stand_ins),
        texts(block.notes),
        block.span,
    )


def parties(words: Sequence[nodes.Word], scope: Scope) -> tuple[str, ...]:
    """The parties that a line names, without those of which it was said what is wrong."""
    known = [word for word in words if scope.names.look_up(word, "party") is not None]
    return named_once(known, scope)


def named_once(words: Sequence[nodes.Word], scope: Scope) -> tuple[str, ...]:
    """The names of a list, each of which may stand there once."""
    seen: list[str] = []
    for word in words:
        if word.text not in seen:
            seen.append(word.text)
            continue
        scope.report.error(
            "E206",
            f"{ticked(word.text)} stands here twice.",
            word.span,
            "Leave out the second one.",
        )
    return tuple(seen)


def say_again(what: str, spans: Sequence[Span], scope: Scope) -> None:
    """Say of all lines of a kind but the first that one is enough."""
    for span in spans[1:]:
        scope.report.error(
            "E504",
            f"{ticked(what)} stands twice.",
            span,
            f"It already stands in line {spans[0].line}. Leave one of them out.",
        )
