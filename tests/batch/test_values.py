"""Cells of a table as values of their field's type."""

from __future__ import annotations

from decimal import Decimal

import pytest

from leadpact.batch.values import Value, WrongValueError, typed_reader
from leadpact.checked import (
    AnyNumberOfType,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    TextType,
    YesNoType,
)

NUMBER = NumberType(whole=False, money=False, low=None, high=None)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (TextType(), " as it is ", " as it is "),
        (NUMBER, "50000", 50000),
        (NUMBER, " -4.250000 ", -4.25),
        (NUMBER, "12345678901234.123456", Decimal("12345678901234.123456")),
        (YesNoType(), "Yes", True),
        (YesNoType(), "TRUE ", True),
        (YesNoType(), "1", True),
        (YesNoType(), "no", False),
        (YesNoType(), "False", False),
        (YesNoType(), "0", False),
        (OneOfType(("vp",)), " vp ", "vp"),
        (AnyNumberOfType(("a", "b")), "a; b;;", ["a", "b"]),
        (DateType(), "2026-02-28", "2026-02-28"),
        (InstantType(), "2026-02-28T10:00:00Z", "2026-02-28T10:00:00Z"),
    ],
)
def test_values(kind: FieldType, text: str, value: Value) -> None:
    read = typed_reader(kind)(text)
    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        (NUMBER, "1e3", "is not a number"),
        (NUMBER, "+5", "is not a number"),
        (NUMBER, ".5", "is not a number"),
        (NUMBER, "5.", "is not a number"),
        (NUMBER, "٣", "is not a number"),
        (NUMBER, "nan", "is not a number"),
        (NUMBER, "1,000", "is not a number: write it without signs between the thousands"),
        (NUMBER, "0.1234567", "is a number with more than 6 digits after the point"),
        (NUMBER, "9" * 61, "is a number of more than 60 characters"),
        (YesNoType(), "maybe", "is neither yes nor no"),
        (DateType(), "2026-02-30", "is not a date like 2026-10-01"),
        (DateType(), "20260228", "is not a date like 2026-10-01"),
        (DateType(), "2026-W09-1", "is not a date like 2026-10-01"),
    ],
)
def test_texts_that_are_no_values(kind: FieldType, text: str, reason: str) -> None:
    with pytest.raises(WrongValueError, match=f"^{reason}"):
        typed_reader(kind)(text)


def test_other_decimal_signs_and_dates() -> None:
    number = typed_reader(NUMBER, decimal=",")
    assert number("4,25") == 4.25
    with pytest.raises(WrongValueError):
        number("4.25")
    assert typed_reader(DateType(), dates="%d/%m/%Y")("28/02/2026") == "2026-02-28"
    with pytest.raises(WrongValueError, match="01/10/2026"):
        typed_reader(DateType(), dates="%d/%m/%Y")("2026-02-28")
    instant = typed_reader(InstantType(), dates="%d.%m.%Y %H:%M %z")
    assert instant("28.02.2026 10:30 +0100") == "2026-02-28T10:30:00+01:00"
