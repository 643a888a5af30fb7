"""Policies that say the same with other blanks, and what must be the same about two texts.

Nothing here uses the formatter or its idea of a word.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from random import Random
from typing import Any

from leadpact.api import checked
from leadpact.digest import digest
from leadpact_dsl import SourceFile, parse

_STEPS = (1, 2, 3, 4, 4, 7)


def respaced(r: Random, text: str) -> str:
    """A text in the one layout with other blanks, tabs, line ends and without some ``:``."""
    margins: list[int] = []
    lines: list[str] = []
    given = text.split("\n")[:-1]
    for at, line in enumerate(given):
        if not line:
            lines += [" " * r.randint(0, 5) for _ in range(r.randint(1, 3))]
            continue
        words, comment = split(line)
        level = (len(line) - len(line.lstrip(" "))) // 4
        if words:
            del margins[level + 1 :]
        if level == len(margins):
            margins.append(margins[-1] + r.choice(_STEPS) if margins else 0)
        end = " \t"[: r.randint(0, 2)]
        if words:
            # A block that is comments alone so far needs its colon.
            following = next((after for after in given[at + 1 :] if after), "")
            keep = split(following)[0] == ""
            words = _loosened(r, words, keep).lstrip()
            gap = " " * r.randint(0 if words.endswith('"') else 1, 4)
            comment = comment and gap + comment
        lines.append(" " * margins[level] + words + comment + end)
    lines = [""] * r.randint(0, 2) + lines
    end = r.choice(("\n", "\r\n"))
    return r.choice(("", "\ufeff")) + end.join(lines) + r.choice(("", end, end * 3))


def _loosened(r: Random, words: str, keep_colon: bool) -> str:
    opens = words.endswith(":")
    words = words.removesuffix(":").strip()
    out = ""
    for piece in re.findall(r'"[^"]*"|\s+|[^\s"]+', words):
        if piece.startswith('"'):
            out += piece
        elif piece.isspace():
            needless = out.endswith(('"', ",", ")")) and not re.search(r"\d,$", out)
            out += (
                "" if needless and r.random() < 0.3 else r.choice((" ", " ", "   ", "\t", " \t "))
            )
        else:
            marks = r"(?<=\w)\.(?=[a-z])|[()]|,(?!\d)|:(?!\d)"
            out += re.sub(marks, lambda mark: _around(r, mark.group()), piece)
    if opens and (keep_colon or r.random() < 0.6):
        out += " " * r.randint(0, 2) + ":"
    return out


def _around(r: Random, mark: str) -> str:
    return " " * r.randint(0, 2) + mark + " " * r.randint(0, 2)


def with_remarks(r: Random, text: str) -> str:
    """The text with comments and empty lines anywhere, at any distance from the left edge."""
    lines: list[str] = []
    for line in text.split("\n")[:-1]:
        while r.random() < 0.3:
            lines.append(r.choice(("", " " * r.randint(0, 14) + f'# no {len(lines)}: "a"  or')))
        remark = line and not split(line)[1] and r.random() < 0.2
        lines.append(f"{line} #  mark {len(lines)}" if remark else line)
    return "\n".join(lines) + "\n# end\n"


def split(line: str) -> tuple[str, str]:
    """A line's words and its comment."""
    words = re.match(r'(?:"[^"]*"|[^"#])*', line)
    assert words is not None
    return words.group().strip(), line[words.end() :].rstrip()


def comments(text: str) -> list[str]:
    return [found for line in _lines(text) if (found := split(line)[1])]


def ink(text: str) -> list[str]:
    """What is written on each line that has words: texts as they are, the rest without blanks."""
    out = []
    for line in _lines(text):
        pieces = re.findall(r'"[^"]*"|[^\s"]+', split(line)[0])
        if pieces:
            out.append("".join(pieces).removesuffix(":"))
    return out


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def meaning(text: str) -> Any:
    """The nodes without their places; fails when the text has mistakes."""
    document, diagnostics = parse([SourceFile("policy.leadpact", text.removeprefix("\ufeff"))])
    assert diagnostics == ()
    return _without_spans(document)


def _without_spans(part: Any) -> Any:
    if is_dataclass(part) and not isinstance(part, type):
        # A score or stage also keeps the places of some words, under other names.
        found = {
            field.name: _without_spans(getattr(part, field.name))
            for field in fields(part)
            if field.name != "span"
        }
        return (type(part).__name__, found) if type(part).__name__ != "Span" else "Span"
    if isinstance(part, tuple):
        return tuple(_without_spans(member) for member in part)
    return part


def digest_of(text: str) -> str:
    """The digest; of a policy that the checker refuses, the codes of what it says."""
    policy, diagnostics = checked(
        [SourceFile("policy.leadpact", text.removeprefix("\ufeff"))], None
    )
    if policy is None:
        return " ".join(diagnostic.code for diagnostic in diagnostics)
    return digest(policy)
