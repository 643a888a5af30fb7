"""One JSON object a line: the record as it stands, or why it is not one."""

from __future__ import annotations

import json
from decimal import Decimal
from math import isfinite

from leadpact.batch.values import fraction

__all__ = ["MAX_BYTES", "NotARecordError", "parse_again", "parse_object"]

MAX_BYTES = 16 << 20
_LONGEST_NUMBER = 1_000
_TOO_LONG = "A number has thousands of digits."


class NotARecordError(Exception):
    """The line is not a JSON object; the message is the reason, for people."""


def parse_object(text: str) -> dict[str, object]:
    """The object that ``text`` is; numbers with a fraction lose no digit."""
    try:
        value = json.loads(text, parse_float=_fraction, parse_constant=_no_number)
    except RecursionError:
        raise NotARecordError("The record is nested too deep.") from None
    except json.JSONDecodeError as error:
        raise NotARecordError(f"This is not JSON (at character {error.pos + 1}).") from None
    except ValueError:
        # Python turns digits into a whole number only up to a few thousand of them.
        raise NotARecordError(_TOO_LONG) from None
    if not isinstance(value, dict):
        raise NotARecordError("A record is a JSON object, in curly brackets.")
    if "\\u" in text:
        _no_half_characters(value)
    return value


def parse_again(texts: list[str]) -> list[dict[str, object]]:
    """Objects of texts that were parsed before."""
    objects: list[dict[str, object]] = _DECODER.decode(f"[{','.join(texts)}]")
    return objects


def _fraction(text: str) -> Decimal | float:
    # A number with an exponent can be too large to write out: as a float it has a bound.
    if "e" in text or "E" in text:
        number = float(text)
        if not isfinite(number):
            raise NotARecordError(f"The number {text[:20]} is too large.")
        return number
    if len(text) > _LONGEST_NUMBER:
        raise NotARecordError(_TOO_LONG)
    return fraction(text)


def _no_number(text: str) -> object:
    raise NotARecordError(f"`{text}` is not JSON.")


def _no_half_characters(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")
    except UnicodeEncodeError:
        raise NotARecordError("A text holds half a character (a lone surrogate).") from None


_DECODER = json.JSONDecoder(parse_float=_fraction, parse_constant=_no_number)
