"""The policy's own lines, each with the way to the rule that it defines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import lru_cache
from html import unescape
from itertools import pairwise

from leadpact_dsl.source import SourceFile
from leadpact_sla.lexer import painted
from leadpact_sla.model import Rule
from leadpact_sla.model_policy import PolicyDoc
from leadpact_sla.places import SOURCE, line_anchor

__all__ = ["FileDoc", "Line", "ListFileDoc", "RuleLink", "list_files", "source_files"]


@dataclass(frozen=True, slots=True)
class RuleLink:
    """``href`` leads from the page of the source to the place of a rule."""

    rule: str
    href: str


@dataclass(frozen=True, slots=True)
class Line:
    """``pieces`` are the text in parts, each with its class (empty: none)."""

    number: int
    anchor: str
    pieces: tuple[tuple[str, str], ...]
    rules: tuple[RuleLink, ...]


@dataclass(frozen=True, slots=True)
class FileDoc:
    name: str
    anchor: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ListFileDoc:
    """The members of a list that stand in a file of their own, without its comments."""

    name: str
    anchor: str
    label: str
    members: tuple[str, ...]


def source_files(policy: PolicyDoc, made: Mapping[str, str]) -> tuple[FileDoc, ...]:
    """Every line of every file. ``made`` are the policy's other pages: their Markdown by the name
    under which they are linked (``stages.html``). A rule is linked where these pages show it.
    """
    places = {rule: f"{page}#{rule}" for page, text in made.items() for rule in _shown(text)}
    rules: dict[str, list[RuleLink]] = {}
    for rule in _rules(policy):
        line = rule.source.href.removeprefix(f"{SOURCE}.html#")
        for one in (rule.rule, *rule.also):
            link = RuleLink(one, places[one]) if one in places else None
            if link is not None and link not in rules.setdefault(line, []):
                rules[line].append(link)
    return tuple(
        FileDoc(source.name, f"file-{number}", tuple(_lines(source, rules)))
        for number, source in enumerate(policy.sources, start=1)
    )


def list_files(policy: PolicyDoc) -> Iterator[ListFileDoc]:
    """The lists that name a file in place of their members, in the order of the policy."""
    lines = {line.anchor: line for source in policy.sources for line in _lines(source, {})}
    for number, one in enumerate(policy.lists, start=1):
        file = _file_named(lines[one.source.href.removeprefix(f"{SOURCE}.html#")])
        if file is not None:
            yield ListFileDoc(file, f"list-file-{number}", one.label, one.members)


def _file_named(line: Line) -> str | None:
    words = [piece for _, piece in line.pieces if not piece.isspace()]
    after = next((text for word, text in pairwise(words) if word == "from"), None)
    return after.strip('"') if after is not None else None


def _lines(source: SourceFile, rules: Mapping[str, list[RuleLink]]) -> Iterator[Line]:
    text = source.text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n")
    for number, pieces in enumerate(_painted(text), start=1):
        anchor = line_anchor(source.name, number)
        yield Line(number, anchor, pieces, tuple(rules.get(anchor, ())))


@lru_cache(maxsize=128)
def _painted(text: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    """Of the files of a site, an edit changes one; the others are not read again."""
    return tuple(painted(text))


_SHOWN = re.compile(r'<[a-z]+ class="lp-rule[ "][^>]*?id="([^"]+)"')


def _shown(markdown: str) -> Iterable[str]:
    """The rule ids that a page bears."""
    return map(unescape, _SHOWN.findall(markdown))


def _rules(part: object) -> Iterator[Rule]:
    """Every rule that stands somewhere in the document of a policy, in its order."""
    if isinstance(part, Rule):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _rules(one)
    elif is_dataclass(part) and not isinstance(part, SourceFile):
        for field in fields(part):
            yield from _rules(getattr(part, field.name))
