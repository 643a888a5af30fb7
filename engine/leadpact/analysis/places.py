"""Where the words stand that a finding is about.

Checked conditions know the line of their rule, not their words: those are looked up in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from leadpact import checked as c
from leadpact_dsl.source import SourceFile, Span

__all__ = ["Places"]

_AFTER: Final = re.compile(
    r"\s+(?:as\s+[a-z_]\w*|because\s.*|in\s+force\s.*|not\s+met\s+when\s.*)$|\s*#.*$"
)
_VERBS: Final[dict[c.Comparison, str]] = {
    ">=": "is at least|is from",
    "<=": "is at most|is from|to",
    ">": "is more than",
    "<": "is less than",
    "==": "is",
    "!=": "is not",
}


class Places:
    def __init__(self, sources: tuple[SourceFile, ...]) -> None:
        self._lines = {source.name: source.text.split("\n") for source in sources}

    def block(self, span: Span) -> Iterator[tuple[int, str]]:
        """The lines of a rule, numbered: its own, and those nested below it."""
        lines = self._lines.get(span.file, [])
        depth = 0
        for number, line in enumerate(lines[span.line - 1 :], span.line):
            text = line.rstrip()
            own = len(text) - len(text.lstrip())
            if number == span.line:
                depth = own
            elif text and own <= depth and number > span.end_line:
                return
            if text and not text.lstrip().startswith("#"):
                yield number, text

    def header(self, span: Span) -> Span:
        """The rule's own line, without what is nested."""
        for number, line in self.block(span):
            end = len(line.rstrip(": ")) + 1
            return Span(span.file, number, span.column, number, max(end, span.column + 1))
        return span

    def condition(self, span: Span, word: str = "when") -> Span:
        """What stands after ``when``; of a list its opening words."""
        for number, line in self.block(span):
            at = re.search(rf"\b{word} +", line)
            if at is None or (word == "when" and line[: at.start()].endswith("not met ")):
                continue
            said = line[at.end() :]
            cut = _AFTER.search(said)
            while cut is not None:
                said = said[: cut.start()]
                cut = _AFTER.search(said)
            said = said.rstrip(": ")
            if said:
                return _span(span.file, number, at.end(), said)
        return self.header(span)

    def length(self, span: Span) -> Span:
        """How long a time-out waits: ``7 days``."""
        for number, line in self.block(span):
            found = re.search(r"(?<=\bafter )\s*\S.*?(?=\s+without\b|\s*:?\s*$)", line)
            if found is not None:
                return _span(span.file, number, found.start(), found[0])
        return self.header(span)

    def score_test(self, span: Span, test: c.ScoreTest) -> Span | None:
        """The words of a score's test in a rule: ``interest is at least 50``."""
        name = test.score if test.category is None else f"{test.score}.{test.category}"
        whole, cents = divmod(abs(test.hundredths), 100)
        digits = ",?".join(re.findall(r"\d{1,3}(?=(?:\d{3})*$)", str(whole)))
        number = ("-" if test.hundredths < 0 else "") + digits
        number += rf"\.{cents:02d}".rstrip("0") + "0?" if cents else r"(?:\.0+)?"
        pattern = re.compile(
            rf"(?<![\w.]){re.escape(name)} +(?:{_VERBS[test.op]}) +(?:[\d.,-]+ to )?{number}"
            r"(?![\d.]*\d)"
        )
        for line_number, line in self.block(span):
            found = pattern.search(line)
            if found is not None:
                return _span(span.file, line_number, found.start(), found[0])
        return None

    def name(self, span: Span, name: str) -> Span:
        """A name in a rule; the rule's own line where it stands nowhere."""
        for number, line in self.block(span):
            found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", line)
            if found is not None:
                return _span(span.file, number, found.start(), found[0])
        return self.header(span)


def _span(file: str, line: int, start: int, words: str) -> Span:
    return Span(file, line, start + 1, line, start + len(words) + 1)
