"""What may be said of texts, of declared values and of yes or no, and with which values."""

from __future__ import annotations

from collections.abc import Sequence

from leadpact import checked
from leadpact.check.measures import each
from leadpact.check.report import nearest
from leadpact.check.scope import Scope
from leadpact.check.verbs import KNOWN, SAME, one_or, say_twice, say_type, say_verb
from leadpact.check.words import alternatives, ticked
from leadpact.operators.text import fold
from leadpact_dsl import nodes

__all__ = [
    "choice",
    "compare_choice",
    "compare_several",
    "compare_text",
    "compare_yes_no",
    "text",
    "yes_no",
]

# --- texts ---------------------------------------------------------------------------------------

_PARTS = ("starts with", "ends with", "contains")


def compare_text(
    node: nodes.Compare, fact: checked.TextFact, what: str, scope: Scope
) -> checked.Condition | None:
    """The test of a text; ``None`` after saying what is wrong."""
    match node.verb:
        case "is" | "is not" | "is any of" | "is none of":
            return _text_is(node, fact, scope)
        case "starts with" | "ends with" | "contains":
            written = each(node.values, lambda value: text(value, scope))
            if written is None:
                return None
            return checked.TextTest(fact, node.verb, tuple(written), False, None)
        case "has a word from":
            return _has_word(node, fact, scope)
        case _:
            say_verb(node, what, (*SAME, *_PARTS, "has a word from", *KNOWN), scope)
            return None


def _text_is(node: nodes.Compare, fact: checked.TextFact, scope: Scope) -> checked.Condition | None:
    negated = node.verb in ("is not", "is none of")
    written: list[str] = []
    tests: list[checked.Condition] = []
    for value in node.values:
        if isinstance(value, nodes.Word):
            found = _list_of(value, node, scope)
            if found is None:
                return None
            scope.listed.setdefault(fact, set()).add(found.name)
            tests.append(checked.TextTest(fact, "is", found.members, negated, found.name))
            continue
        quoted = text(value, scope)
        if quoted is None:
            return None
        written.append(quoted)
        scope.texts.append((fact, quoted, value.span))
    quoted_nodes = [value for value in node.values if isinstance(value, nodes.Quoted)]
    if say_twice(quoted_nodes, [fold(each_) for each_ in written], scope):
        return None
    if written:
        tests.append(checked.TextTest(fact, "is", tuple(written), negated, None))
    return one_or(checked.All if negated else checked.Any, tests)


def _has_word(
    node: nodes.Compare, fact: checked.TextFact, scope: Scope
) -> checked.Condition | None:
    value = node.values[0]
    if not isinstance(value, nodes.Word):
        shown = scope.report.words(value.span)
        scope.report.error(
            "E301",
            f"{ticked(shown)} is not a list.",
            value.span,
            f"Declare a list, like `list titles: {shown}`, and name it here.",
        )
        return None
    found = _list_of(value, node, scope)
    if found is None:
        return None
    for member in found.members:
        if not any(map(_in_word, member)) and scope.names.first_of(
            f"{found.name} words", value.span
        ):
            scope.report.error(
                "E420",
                f'"{member}" in the list {ticked(found.name)} has no letter and no digit.',
                value.span,
                "A word is a run of letters and digits, so no text has this one. Take it out of "
                "the list.",
            )
            return None
    return checked.TextTest(fact, "has a word", found.members, False, found.name)


def _in_word(character: str) -> bool:
    return character.isalpha() or character.isdecimal()


def _list_of(word: nodes.Word, node: nodes.Compare, scope: Scope) -> checked.TextList | None:
    """The list that a bare word names in a comparison of texts."""
    symbol = scope.names.symbols.get(word.text)
    if symbol is None and word.text not in scope.names.damaged:
        near = nearest(word.text, scope.names.of("list"))
        scope.report.error(
            "E301",
            f"{ticked(word.text)} is neither a text in quotes nor a list.",
            word.span,
            f"Did you mean the list {ticked(near)}?"
            if near
            else f'Texts stand in double quotes: write `"{word.text}"`.',
            scope.report.replaced(word.span, near or f'"{word.text}"'),
        )
        return None
    if scope.names.look_up(word, "list") is None:
        return None
    if node.verb in ("is", "is not"):
        verb = "is any of" if node.verb == "is" else "is none of"
        between = scope.report.between(node.subject.span, word.span)
        scope.report.error(
            "E302",
            f"{ticked(node.verb)} takes one text, and {ticked(word.text)} is a list.",
            between,
            f"Write {ticked(verb)}.",
            scope.report.replaced(between, verb),
        )
        return None
    return scope.lists.get(word.text)


def text(node: nodes.Value | nodes.Clock, scope: Scope) -> str | None:
    """A text in quotes that is more than blanks."""
    if not isinstance(node, nodes.Quoted):
        shown = scope.report.words(node.span)
        scope.report.error(
            "E301",
            f"{ticked(shown)} is not a text in quotes.",
            node.span,
            f'Texts stand in double quotes: write `"{shown}"`.',
            scope.report.replaced(node.span, f'"{shown}"'),
        )
        return None
    if not fold(node.text):
        scope.report.error(
            "E402",
            "This can never hold: an empty text is unknown.",
            node.span,
            "Write `is unknown` or `is known`.",
        )
        return None
    return node.text


# --- declared values -----------------------------------------------------------------------------


def compare_choice(
    node: nodes.Compare,
    fact: checked.ValueFact,
    name: str,
    declared: tuple[str, ...],
    scope: Scope,
) -> checked.Condition | None:
    """The test of a `one of`; ``None`` after saying what is wrong."""
    if node.verb not in SAME:
        say_verb(node, f"{ticked(name)}, a `one of`", (*SAME, *KNOWN), scope)
        return None
    values = each(node.values, lambda value: choice(value, name, declared, scope))
    if values is None or say_twice(node.values, values, scope):
        return None
    negated = node.verb in ("is not", "is none of")
    return checked.ChoiceTest(fact, tuple(values), negated)


def compare_several(
    node: nodes.Compare,
    fact: checked.ValueFact,
    name: str,
    declared: tuple[str, ...],
    scope: Scope,
) -> checked.Condition | None:
    """The test of an `any number of`; ``None`` after saying what is wrong."""
    if node.verb != "includes":
        say_verb(node, f"{ticked(name)}, an `any number of`", ("includes", *KNOWN), scope)
        return None
    values = each(node.values, lambda value: choice(value, name, declared, scope))
    return None if values is None else checked.IncludesTest(fact, tuple(values))


def choice(
    node: nodes.Value | nodes.Clock, name: str, declared: Sequence[str], scope: Scope
) -> str | None:
    """One of a field's declared values."""
    report = scope.report
    if not isinstance(node, nodes.Word | nodes.Quoted):
        shown = report.words(node.span)
        report.error(
            "E301",
            f"{ticked(shown)} is not a value of {ticked(name)}.",
            node.span,
            f"Its values are {alternatives(declared)}.",
        )
        return None
    if node.text in declared:
        if isinstance(node, nodes.Quoted) and (name, node.text) in scope.bare_values:
            report.error(
                "E303",
                f"{ticked(node.text)} is declared without quotes.",
                node.span,
                f"Write `{node.text}`: quotes are for values with blanks and reserved words.",
                report.replaced(node.span, node.text),
            )
            return None
        return node.text
    if node.text in scope.names.damaged or report.mended(node):
        return None
    near = nearest(node.text, declared)
    quote = '"' if near is not None and (name, near) not in scope.bare_values else ""
    report.error(
        "E401",
        f"{ticked(node.text)} is not a value of {ticked(name)}.",
        node.span,
        f"Did you mean {ticked(near)}?" if near else f"Its values are {alternatives(declared)}.",
        report.replaced(node.span, f"{quote}{near}{quote}") if near else None,
    )
    return None


# --- yes or no -----------------------------------------------------------------------------------


def compare_yes_no(
    node: nodes.Compare, fact: checked.ValueFact, name: str, scope: Scope
) -> checked.Condition | None:
    """The test of a yes or no; ``None`` after saying what is wrong."""
    if node.verb not in ("is", "is not"):
        say_verb(node, f"{ticked(name)}, a yes or no", ("is", "is not", *KNOWN), scope)
        return None
    value = yes_no(node.values[0], name, scope)
    if value is None:
        return None
    return checked.YesNoTest(fact, value if node.verb == "is" else not value)


def yes_no(node: nodes.Value | nodes.Clock, name: str, scope: Scope) -> bool | None:
    """``yes`` or ``no``."""
    if isinstance(node, nodes.Word) and node.text in ("yes", "no"):
        return node.text == "yes"
    if not isinstance(node, nodes.Clock):
        say_type(node, "yes or no", f"{ticked(name)} is `yes` or `no`.", scope)
    return None
