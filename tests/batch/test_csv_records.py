"""Records of CSV files: which lines make one, and how much of a file a mistake takes with it."""

from __future__ import annotations

import io

import pytest

from leadpact.batch import csv_records as module
from leadpact.batch.csv_records import Cells, csv_records
from leadpact.batch.lines import BadLine, Lines


def read(data: bytes, limit: int = 1_000) -> list[tuple[int, list[str] | str]]:
    """Line and cells of each record, or line and reason of each that is none."""
    found: list[tuple[int, list[str] | str]] = []
    for row in csv_records(Lines(io.BytesIO(data), limit, lambda _: None)):
        match row:
            case Cells(line, cells):
                found.append((line, cells))
            case BadLine(line, _, reason):
                found.append((line, reason))
    return found


def test_plain_lines_and_blank_ones() -> None:
    assert read(b"id,email\n\nL-1,a@buyer.example\r\nL-2,\n") == [
        (1, ["id", "email"]),
        (3, ["L-1", "a@buyer.example"]),
        (4, ["L-2", ""]),
    ]


def test_the_mark_at_the_start_is_no_part_of_the_first_name() -> None:
    assert read(b"\xef\xbb\xbfid\nL-1") == [(1, ["id"]), (2, ["L-1"])]


def test_a_quoted_value_may_span_lines_and_the_count_goes_on() -> None:
    assert read(b'L-1,"one\ntwo, ""three""",x\nL-2,b,c\n') == [
        (1, ["L-1", 'one\ntwo, "three"', "x"]),
        (3, ["L-2", "b", "c"]),
    ]


def test_a_quote_inside_an_unquoted_value_is_a_letter_like_others() -> None:
    assert read(b'L-1,5" screen\nL-2,x\n') == [(1, ["L-1", '5" screen']), (2, ["L-2", "x"])]


def test_a_quote_never_closed_takes_only_its_own_line() -> None:
    assert read(b'L-1,"Acme\nL-2,Beta\nL-3,Gamma\n') == [
        (1, "The quote that opens on line 1 is never closed."),
        (2, ["L-2", "Beta"]),
        (3, ["L-3", "Gamma"]),
    ]


def test_a_quote_never_closed_is_not_closed_by_the_next_quoted_value() -> None:
    assert read(b'L-1,"Acme\nL-2,"Beta"\n') == [
        (1, "The quote that opens on line 1 is never closed."),
        (2, ["L-2", "Beta"]),
    ]


def test_a_quote_does_not_reach_further_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINES", 3)
    lines = b"".join(b"L-%d,x\n" % number for number in range(2, 9))
    found = read(b'L-1,"Acme\n' + lines + b'L-9,y"\n')
    assert found[0] == (1, "The quote that opens on line 1 is never closed.")
    assert [line for line, _ in found] == list(range(1, 10))


def test_letters_after_a_closing_quote() -> None:
    reason = "After a closing quote, a comma or the end of the line must follow."
    assert read(b'L-1,"Acme"s\nL-2,x\n') == [(1, reason), (2, ["L-2", "x"])]


def test_lines_that_are_no_text() -> None:
    assert read(b"L-1,caf\xe9\nL-2,\0\nL-3,x\n") == [
        (1, "The line is not UTF-8: byte 8 is 0xe9."),
        (2, "The line holds a NUL byte."),
        (3, ["L-3", "x"]),
    ]


def test_a_wrong_line_inside_a_quoted_value_makes_the_record_wrong() -> None:
    assert read(b'L-1,"one\ncaf\xe9"\nL-2,x\n') == [
        (1, "Line 2: The line is not UTF-8: byte 4 is 0xe9."),
        (3, ["L-2", "x"]),
    ]


def test_a_line_longer_than_the_limit_is_skipped_to_its_end() -> None:
    found = read(b"L-1," + b"x" * 200_000 + b"\nL-2,x\n", limit=1_000)
    assert found == [(1, "The line is longer than 1,000 bytes."), (2, ["L-2", "x"])]


def test_a_line_of_exactly_the_limit_is_read() -> None:
    assert read(b"x" * 10 + b"\ny\n", limit=10) == [(1, ["x" * 10]), (2, ["y"])]


def test_all_bytes_are_counted() -> None:
    data = b"id\n" + b"x" * 5_000 + b'\nL-1,"a\nb"\n'
    seen: list[int] = []
    list(csv_records(Lines(io.BytesIO(data), 100, seen.append)))
    assert sum(seen) == len(data)
