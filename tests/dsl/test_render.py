"""Diagnostics as people read them: long lines are shown around the words that are wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leadpact_dsl import Diagnostic, SourceFile, Span, render

WIDEST = 100


def shown(line: str, start: int, end: int) -> tuple[str, str]:
    """The shown line and the marks below it, for words from ``start`` up to ``end``."""
    told = Diagnostic("E150", "No.", Span("p", 1, start + 1, 1, end + 1))
    text = render(told, {"p": SourceFile("p", line)}).split("\n")
    return text[2].removeprefix("1 | "), text[3].removeprefix("  | ")


def test_a_line_that_fits_is_shown_whole() -> None:
    line = "x" * WIDEST
    assert shown(line, 40, 43) == (line, " " * 40 + "^^^")


def test_a_long_line_is_cut_where_nothing_is_wrong() -> None:
    line = "define many when " + "phone is known or " * 20 + "fone is known"
    there = line.index("fone")
    said, marks = shown(line, there, there + 4)
    assert said.startswith("…")
    assert said.endswith("fone is known")
    assert said[marks.index("^") : len(marks)] == "fone"
    assert shown(line, 0, 6)[0].endswith("…")


@given(st.data())
def test_the_marks_stand_below_the_words(data: st.DataObject) -> None:
    line = data.draw(st.text(alphabet="abcdefghij ", min_size=1, max_size=400))
    start = data.draw(st.integers(0, len(line) - 1))
    end = data.draw(st.integers(start + 1, len(line)))
    said, marks = shown(line, start, end)
    assert len(said) <= WIDEST
    at = marks.index("^")
    marked = said[at : at + marks.count("^")]
    assert line[start:end].startswith(marked.removesuffix("…"))
    assert marked == line[start:end] or end - start > WIDEST // 2
