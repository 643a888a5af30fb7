"""A value of a fact, as people write it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from leadpact.checked import Field, NumberType, TextType
from leadpact.english import day, number, value
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["valued"]


def valued(writer: Writer, field: Field, given: object) -> str:
    """``450``, ``60,000 SEK``, ``C level``, ``Yes``; what nobody knows is ``unknown``."""
    match given:
        case None:
            return say("is unknown")
        case bool():
            return say("answer yes" if given else "answer no")
        case datetime():
            local = given.astimezone(ZoneInfo(writer.policy.zone))
            return f"{day(local.date())}, {local:%H:%M}"
        case date():
            return day(given)
        case int() | float() | Decimal():
            said = number(Decimal(str(given)))
            money = isinstance(field.type, NumberType) and field.type.money
            currency = writer.policy.currency
            return f"{said} {currency}" if money and currency else said
        case str() if isinstance(field.type, TextType):
            return given
        case str():
            return value(given).strip("“”")
        case list() | tuple() | set() | frozenset():
            return ", ".join(valued(writer, field, one) for one in given) or say("none of them")
        case _:
            return str(given)
