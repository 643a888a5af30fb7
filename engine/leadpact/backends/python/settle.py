"""What typed decoding cannot see: written once per policy, run on every record that it took.

A required text may be blank, a number may have too many decimals, a field may be required only
when another has some value. ``settled`` says whether all that is right; where it is not, the
record goes the slow way, which says what is wrong. It also makes decimals of floats, in place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from leadpact.backends.python.loads import Facts
from leadpact.backends.python.spell import Speller
from leadpact.backends.python.writer import Writer
from leadpact.checked import CheckedPolicy, Field, NumberType, TextType
from leadpact.operators.decimals import exact
from leadpact.operators.text import BLANKS, domain, fold, is_whole
from leadpact.operators.times import local_day
from leadpact.schema import RecordTypes, attribute

__all__ = ["Settling", "settling"]


@dataclass(frozen=True, slots=True)
class Settling:
    """``settled(lead)`` for a lead that was decoded; ``requires`` are the tests of
    ``required when``, of fields by name and of properties by ``KIND.PROPERTY``.
    """

    settled: Callable[[Any], bool]
    requires: Mapping[str, Callable[[Any], bool]]


def settling(policy: CheckedPolicy, types: RecordTypes) -> Settling:
    """Generate and compile the two for a policy."""
    writer = Writer()
    with writer.block("def settled(it):"):
        with writer.block('if it.id.strip(BLANKS) == "" or not is_whole(it.id):'):
            writer.line("return False")
        _write_struct(writer, policy.fields, "it")
        for events, of_actions in (("activities", False), ("actions", True)):
            _write_events(writer, policy, types, events, of_actions)
        writer.line("return True")
    named = _write_requires(writer, policy)
    namespace: dict[str, Any] = {
        "BLANKS": BLANKS,
        "ZONE": policy.zone,
        "domain": domain,
        "exact": exact,
        "fold": fold,
        "is_whole": is_whole,
        "local_day": local_day,
        **writer.constants,
    }
    exec(compile(writer.source(), f"<records of {policy.name}>", "exec"), namespace)
    return Settling(namespace["settled"], {key: namespace[name] for key, name in named.items()})


def _write_events(
    writer: Writer, policy: CheckedPolicy, types: RecordTypes, events: str, of_actions: bool
) -> None:
    kinds = [
        kind
        for kind in policy.kinds
        if (kind.party is not None) == of_actions and any(map(_needs_a_look, kind.properties))
    ]
    if not kinds:
        return
    with writer.block(f"for e in it.{events}:"):
        word = "if"
        for kind in kinds:
            name = writer.constant(types.events[kind.name], "Kind")
            with writer.block(f"{word} e.__class__ is {name}:"):
                _write_struct(writer, kind.properties, "e")
            word = "elif"


def _needs_a_look(field: Field) -> bool:
    return (
        field.required_when is not None
        or (field.required and isinstance(field.type, TextType))
        or (isinstance(field.type, NumberType) and not field.type.whole)
    )


def _write_struct(writer: Writer, fields: tuple[Field, ...], owner: str) -> None:
    for field in fields:
        source = f"{owner}.{attribute(field.name)}"
        if isinstance(field.type, NumberType) and not field.type.whole:
            with writer.block(f"if {source}.__class__ is float:"):
                writer.line(f"{source} = exact({source})")
        elif field.required and isinstance(field.type, TextType):
            with writer.block(f'if {source}.strip(BLANKS) == "":'):
                writer.line("return False")
    for field in fields:
        if field.required_when is None:
            continue
        # Required or not, a missing value is rare enough to be left to the slow way.
        source = f"{owner}.{attribute(field.name)}"
        facts = Facts(owner, "f_", fields)
        body = writer.sibling()
        spelled = Speller(body, facts).true(field.required_when)
        missing = f"{source} is None"
        if isinstance(field.type, TextType):
            missing = f'({missing} or {source}.strip(BLANKS) == "")'
        with writer.block(f"if {missing}:"):
            facts.load(writer)
            with writer.block(f"if {spelled}:"):
                writer.line("return False")


def _write_requires(writer: Writer, policy: CheckedPolicy) -> dict[str, str]:
    named: dict[str, str] = {}
    owners = [("", policy.fields), *((f"{kind.name}.", kind.properties) for kind in policy.kinds)]
    for prefix, fields in owners:
        for field in fields:
            if field.required_when is None:
                continue
            name = f"required{len(named)}"
            named[prefix + field.name] = name
            with writer.block(f"def {name}(it):"):
                facts = Facts("it", "f_", fields)
                spelled = Speller(writer, facts).true(field.required_when)
                facts.load(writer)
                writer.line(f"return bool({spelled})")
    return named
