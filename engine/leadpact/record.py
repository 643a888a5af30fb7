"""Taking in a record, slowly and with words: what the fast decoder refused is judged here.

Nothing is guessed and nothing raises: a value is right, or it is a ``Problem`` that names the
field, the value and what is wanted. What the policy does not know (keys, kinds of events) is
counted. An event with a wrong property is set aside by itself.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    Field,
    FieldType,
    InstantType,
    Kind,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)
from leadpact.decision import Problem, SetAside, Warning
from leadpact.operators.decimals import NotExactError, exact
from leadpact.operators.text import BLANKS, is_whole, whole
from leadpact.operators.times import settle_instant
from leadpact.schema import RESERVED_KEYS, Move, RecordTypes, attribute

__all__ = ["Admission", "Admitted", "admission", "entered_later", "named", "shown"]

_SHOWN = 80
_MOST_BITS = 10_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """A record that can be decided: the typed lead, and what was odd about it."""

    lead: Any
    warnings: tuple[Warning, ...]
    set_aside: tuple[SetAside, ...]


class _WrongError(Exception):
    """A value is wrong; the text says what is wanted. Never leaves this module."""


Requires = Mapping[str, Callable[[Any], bool]]
"""``required when`` of fields and of properties (``KIND.PROPERTY``), as tests of a struct."""


@dataclass(frozen=True, slots=True)
class Admission:
    """How records of one policy are taken in. Made by ``admission``."""

    policy: CheckedPolicy
    types: RecordTypes
    requires: Requires
    fields: Mapping[str, Field]
    kinds: Mapping[str, Kind]

    def __call__(
        self, raw: Mapping[str, object], partial: bool = False, as_of: datetime | None = None
    ) -> Admitted | tuple[Problem, ...]:
        """The record as a typed lead, or everything that is wrong with it.

        ``partial`` takes records without their required fields (worked examples). ``as_of`` is the
        instant of the decision, where there is one.
        """
        return _Taking(self, partial, as_of).take(raw)


def entered_later(since: datetime | None, as_of: datetime) -> tuple[Problem, ...]:
    """What is wrong with a lead that enters its stage after the instant of the decision."""
    if since is None or since <= as_of:
        return ()
    reason = "The lead enters its stage after the instant of the decision."
    return (Problem("stage_since", since.isoformat(), reason),)


def admission(policy: CheckedPolicy, types: RecordTypes, requires: Requires) -> Admission:
    return Admission(
        policy,
        types,
        requires,
        {field.name: field for field in policy.fields},
        {kind.name: kind for kind in policy.kinds},
    )


class _Taking:
    """One record being taken in: collects problems, warnings and events set aside."""

    def __init__(self, admission: Admission, partial: bool, as_of: datetime | None) -> None:
        self.admission = admission
        self.partial = partial
        self.as_of = as_of
        self.problems: list[Problem] = []
        self.warned: Counter[tuple[str, str]] = Counter()
        self.aside: list[SetAside] = []

    def take(self, raw: Mapping[str, object]) -> Admitted | tuple[Problem, ...]:
        values: dict[str, Any] = {"id": self._id(raw)}
        format_ = raw.get("format", 1)
        if isinstance(format_, bool) or not isinstance(format_, (int, float)) or format_ != 1:
            self._problem("format", format_, "Only format 1 of records is known.")
        for key in raw:
            if key not in self.admission.fields and key not in RESERVED_KEYS:
                self.warned["unknown_key", whole(str(key))] += 1
        for field in self.admission.policy.fields:
            values[attribute(field.name)] = self._field(field, raw, field.name, self.problems)
        values |= self._stage(raw)
        values["activities"] = self._events(raw, "activities", of_actions=False)
        values["actions"] = self._events(raw, "actions", of_actions=True)
        since = values["stage_since"]
        later = () if self.as_of is None else entered_later(since, self.as_of)
        if self.problems:
            return (*self.problems, *later)
        lead = self.admission.types.lead(**values)
        if not self.partial:
            self._required_when(lead, self.admission.policy.fields, "", self.problems)
        if self.problems or later:
            return (*self.problems, *later)
        warnings = tuple(
            sorted(Warning(code, subject, n) for (code, subject), n in self.warned.items())
        )
        return Admitted(lead, warnings, tuple(self.aside))

    def _problem(self, field: str, value: object, reason: str) -> None:
        self.problems.append(Problem(field, shown(value), reason))

    def _id(self, raw: Mapping[str, object]) -> str:
        value = raw.get("id")
        given = None if _is_blank(value) else named(value)
        if given is not None and is_whole(given):
            return given
        reason = "An id is a text."
        if _is_blank(value):
            reason = "A record needs an id."
        elif given is not None:
            reason = "The id holds half a character (a lone surrogate)."
        self._problem("id", value, reason)
        return ""

    def _field(
        self, field: Field, raw: Mapping[str, object], where: str, problems: list[Problem]
    ) -> Any:
        value = raw.get(field.name)
        if _is_blank(value):
            if field.required and not self.partial:
                problems.append(
                    Problem(where, shown(value), f"`{field.name}` is required, but unknown here.")
                )
            return None
        try:
            return self._value(field.type, value, field.name)
        except _WrongError as wrong:
            problems.append(Problem(where, shown(value), str(wrong)))
            return None

    def _value(self, type_: FieldType, value: object, name: str) -> Any:
        match type_:
            case TextType():
                if not isinstance(value, str):
                    raise _WrongError("A text is wanted here.")
                return value
            case YesNoType():
                if not isinstance(value, bool):
                    raise _WrongError("Yes or no is wanted here (true or false, without quotes).")
                return value
            case OneOfType(values):
                return _choice(value, values)
            case AnyNumberOfType(values):
                if not isinstance(value, (list, tuple)):
                    raise _WrongError("A list of values is wanted here.")
                return [_choice(member, values) for member in value]
            case DateType():
                return _day(value)
            case InstantType():
                return self._instant(value, name)
            case NumberType():
                return _number(value, type_)

    def _instant(self, value: object, name: str) -> datetime:
        if isinstance(value, str):
            value = _written_instant(value)
        if not isinstance(value, datetime):
            raise _WrongError("An instant is wanted here, like 2026-11-21T09:00:00Z.")
        try:
            if value.tzinfo is not None:
                return value.astimezone(UTC)
            settled = settle_instant(value, self.admission.policy.zone)
        except OverflowError:
            raise _WrongError("The instant lies outside the years 1 to 9999.") from None
        self.warned["naive_instant", name] += 1
        return settled

    def _stage(self, raw: Mapping[str, object]) -> dict[str, Any]:
        stages = [stage.name for stage in self.admission.policy.stages]
        stage = None if _is_blank(raw.get("stage")) else raw["stage"]
        if stage is not None and stage not in stages:
            wanted = f"The policy's stages are {_listed(stages)}." if stages else "It has none."
            self._problem("stage", stage, f"The policy has no such stage. {wanted}")
        since = None
        if not _is_blank(raw.get("stage_since")):
            try:
                since = self._instant(raw["stage_since"], "stage_since")
            except _WrongError as wrong:
                self._problem("stage_since", raw["stage_since"], str(wrong))
        return {"stage": stage, "stage_since": since, "moves": self._moves(raw, stages)}

    def _moves(self, raw: Mapping[str, object], stages: list[str]) -> list[Move] | None:
        listed = raw.get("moves")
        if listed is None:
            return None
        if not isinstance(listed, (list, tuple)):
            self._problem("moves", listed, "A list of moves is wanted here.")
            return []
        moves = []
        for index, move in enumerate(listed):
            where = f"moves[{index}]"
            if not isinstance(move, Mapping) or not isinstance(move.get("to"), str):
                self._problem(where, move, "A move has `to` (a stage) and `at` (an instant).")
                continue
            try:
                at = self._instant(move.get("at"), "moves.at")
                rule = move.get("rule")
                moves.append(Move(move["to"], at, rule if isinstance(rule, str) else None))
            except _WrongError as wrong:
                self._problem(f"{where}.at", move.get("at"), str(wrong))
        return moves

    # --- events --------------------------------------------------------------------------------

    def _events(self, raw: Mapping[str, object], key: str, of_actions: bool) -> list[Any]:
        listed = raw.get(key)
        if listed is None:
            return []
        if not isinstance(listed, (list, tuple)):
            self._problem(key, listed, "A list of events is wanted here.")
            return []
        taken = (self._event(event, key, of_actions) for event in listed)
        return [event for event in taken if event is not None]

    def _event(self, event: object, key: str, of_actions: bool) -> Any:
        if not isinstance(event, Mapping):
            self._set_aside("", [Problem(key, shown(event), "An event has a kind and an `at`.")])
            return None
        name = event.get("kind")
        if not isinstance(name, str):
            self._set_aside("", [Problem("kind", shown(name), "An event needs a kind.")])
            return None
        kind = self.admission.kinds.get(name)
        if kind is None or (kind.party is not None) != of_actions:
            self.warned["unknown_kind", whole(name)] += 1
            return None
        return self._known_event(event, kind)

    def _known_event(self, event: Mapping[str, object], kind: Kind) -> Any:
        problems: list[Problem] = []
        values: dict[str, Any] = {}
        warned = self.warned.copy()
        try:
            values["at"] = self._instant(event.get("at"), "at")
        except _WrongError as wrong:
            problems.append(Problem("at", shown(event.get("at")), str(wrong)))
        for word in ("id", "by"):
            values[word] = self._word(event, word, problems)
        own = {field.name for field in kind.properties} | {"kind", "at", *values}
        for other in event:
            if other not in own:
                self.warned["unknown_key", whole(f"{kind.name}.{other}")] += 1
        partial, self.partial = self.partial, False
        for field in kind.properties:
            values[attribute(field.name)] = self._field(field, event, field.name, problems)
        self.partial = partial
        built = None
        if not problems:
            built = self.admission.types.events[kind.name](**values)
            self._required_when(built, kind.properties, f"{kind.name}.", problems)
        if problems:
            # What was counted about an event that is left out would be counted for nothing.
            self.warned = warned
            self._set_aside(kind.name, problems)
            return None
        return built

    def _word(self, event: Mapping[str, object], key: str, problems: list[Problem]) -> str | None:
        value = event.get(key)
        if _is_blank(value):
            return None
        given = named(value)
        if given is None:
            problems.append(Problem(key, shown(value), "A text is wanted here."))
        return given

    def _set_aside(self, kind: str, problems: list[Problem]) -> None:
        self.warned["event_set_aside", kind] += 1
        self.aside.append(SetAside(kind, tuple(problems)))

    def _required_when(
        self, built: Any, fields: tuple[Field, ...], prefix: str, problems: list[Problem]
    ) -> None:
        for field in fields:
            test = self.admission.requires.get(prefix + field.name)
            if test is None or getattr(built, attribute(field.name)) is not None:
                continue
            if test(built):
                reason = f"`{field.name}` is required here, but unknown."
                problems.append(Problem(field.name, "", reason))


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(BLANKS))


def named(value: object) -> str | None:
    """An id as text; ``None`` for what is none, such as a number too long to be written out."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() < _MOST_BITS:
        return str(value)
    return None


def _choice(value: object, values: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in values:
        return value
    raise _WrongError(f"One of {_listed(values)} is wanted here.")


def _written_instant(text: str) -> datetime | None:
    try:
        # As the fast way reads it, so that both round the digits beyond microseconds alike.
        return msgspec.convert(text, datetime)
    except (msgspec.ValidationError, UnicodeEncodeError):
        pass
    try:
        return datetime.fromisoformat(text.strip(BLANKS))
    except ValueError:
        return None


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str):
        text = value.strip(BLANKS)
        try:
            # Only the written-out form: others (2026W40) are typing mistakes more often than days.
            return datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            pass
    raise _WrongError("A date is wanted here, like 2026-11-21.")


def _number(value: object, type_: NumberType) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise _WrongError("A number is wanted here.")
    try:
        number = value if isinstance(value, int) else exact(value)
    except NotExactError as wrong:
        raise _WrongError(f"A number is wanted here: {wrong}.") from None
    if type_.whole and not isinstance(number, int):
        raise _WrongError("A whole number is wanted here.")
    if type_.low is not None and number < type_.low:
        raise _WrongError(f"The number is below {type_.low:,}.")
    if type_.high is not None and number > type_.high:
        raise _WrongError(f"The number is above {type_.high:,}.")
    return number


def _listed(values: tuple[str, ...] | list[str]) -> str:
    shown_values = [*values[:12], "…"] if len(values) > 12 else values
    return ", ".join(shown_values)


def shown(value: object) -> str:
    """A value of a record as text for people, as JSON has it, cut to a length that fits a line."""
    match value:
        case None:
            text = ""
        case str():
            text = value
        case Decimal() if abs(value.adjusted()) < _SHOWN:
            text = format(value, "f")
        case _:
            try:
                text = json.dumps(value, ensure_ascii=False, default=str)
            except (RecursionError, TypeError, ValueError):
                # Nested without end, keys that JSON has not, or thousands of digits.
                text = "…"
    text = whole(text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
