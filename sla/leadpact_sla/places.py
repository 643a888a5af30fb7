"""Where things of a policy stand on the site: page names, anchors, links to source lines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from leadpact.checked import CheckedPolicy
from leadpact_dsl.source import Span
from leadpact_sla.model import Links, Source
from leadpact_sla.words import say

__all__ = [
    "AGREEMENT",
    "CALENDARS",
    "CHANGES",
    "CLOCKS",
    "COMING",
    "EXAMPLES",
    "FACTS",
    "GLOSSARY",
    "GUARANTEES",
    "OVERVIEW",
    "ROLES",
    "SETTINGS",
    "SIGNING",
    "SOURCE",
    "STAGES",
    "Places",
    "anchor",
    "line_anchor",
]

OVERVIEW = "index"
CHANGES = "changes"
COMING = "coming"
AGREEMENT = "agreement"
SIGNING = "signing"
STAGES = "stages"
CLOCKS = "clocks"
GUARANTEES = "guarantees"
ROLES = "roles"
SETTINGS = "settings"
CALENDARS = "calendars"
EXAMPLES = "examples"
GLOSSARY = "glossary"
FACTS = "facts"
SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Places:
    """The page and anchor of each rule, and the links that go with a line of a policy.

    ``pages`` are the names (without ending) of the pages of scores, grades, groups and
    checklists, by the result's name. Results have a page name with a hyphen, which no name in a
    policy can hold, so they never collide with the fixed pages. ``elsewhere`` are the pages of
    rules that stand neither there nor beside the stages, by rule id.
    """

    policy: str
    links: Links
    pages: Mapping[str, str]
    elsewhere: Mapping[str, str]

    @staticmethod
    def of(policy: CheckedPolicy, links: Links) -> Places:
        pages = {
            **{score.name: f"score-{score.name}" for score in policy.scores},
            **{grade.name: f"grade-{grade.name}" for grade in policy.grades},
            **{group.name: f"group-{group.name}" for group in policy.groups},
            **{checklist.name: f"checklist-{checklist.name}" for checklist in policy.checklists},
        }
        targets = [target for stage in policy.stages for target in stage.targets]
        promises = policy.agreement.promises if policy.agreement is not None else ()
        elsewhere = {
            **{target.rule: CLOCKS for target in targets},
            **{promise.rule: AGREEMENT for promise in promises},
            **{guarantee.rule: GUARANTEES for guarantee in policy.guarantees},
        }
        return Places(policy.name, links, pages, elsewhere)

    def rule(self, rule: str) -> str:
        """A link to any rule."""
        page = self.elsewhere.get(rule) or self.pages.get(rule.partition(".")[0], STAGES)
        return f"{page}.html#{rule}"

    def result(self, name: str, rule: str | None = None) -> str:
        """A link to the page of a score, grade, group or checklist, or to one rule of it."""
        page = f"{self.pages[name]}.html"
        return f"{page}#{rule}" if rule else page

    def definition(self, name: str) -> str:
        return f"{STAGES}.html#{name}"

    def move(self, rule: str) -> str:
        return f"{STAGES}.html#{rule}"

    def target(self, rule: str) -> str:
        return f"{CLOCKS}.html#{rule}"

    def stage(self, name: str) -> str:
        return f"{STAGES}.html#{anchor('stage', name)}"

    def calendar(self, name: str) -> str:
        return f"{CALENDARS}.html#{anchor('calendar', name)}"

    def fact(self, name: str) -> str:
        return f"{FACTS}.html#{anchor('fact', name)}"

    def event(self, name: str) -> str:
        return f"{FACTS}.html#{anchor('event', name)}"

    def list(self, name: str) -> str:
        return f"{FACTS}.html#{anchor('list', name)}"

    def worklist(self, name: str) -> str:
        return f"{CLOCKS}.html#{anchor('worklist', name)}"

    def party(self, name: str) -> str:
        return f"{ROLES}.html#{anchor('party', name)}"

    def role(self, name: str) -> str:
        return f"{ROLES}.html#{anchor('role', name)}"

    def source(self, span: Span, rule: str | None = None) -> Source:
        """The line where a rule starts."""
        forge = self.links.forge
        edit = ask = None
        if forge is not None:
            path = posixpath.join(self.links.folders.get(self.policy, self.policy), span.file)
            edit = f"{forge}/edit/{quote(self.links.branch)}/{quote(path)}#L{span.line}"
            if rule is not None:
                title = say("ask title", rule=rule)
                ask = f"{forge}/issues/new?{urlencode({'title': title})}"
        return Source(
            file=span.file.removesuffix(".leadpact"),
            line=span.line,
            href=f"{SOURCE}.html#{line_anchor(span.file, span.line)}",
            edit=edit,
            ask=ask,
        )


def anchor(kind: str, name: str) -> str:
    """The anchor of a stage, a fact, a list. It holds a hyphen, so no rule id is the same."""
    return f"{kind}-{name}"


def line_anchor(file: str, line: int) -> str:
    """``scoring.leadpact`` and 12 → ``scoring-12``"""
    stem = re.sub(r"[^\w.-]+", "-", file.removesuffix(".leadpact"))
    return f"{stem}-{line}"
