"""The pages of the published agreement, as Markdown. Pure: the same policies, the same pages."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from leadpact.checked import CheckedPolicy
from leadpact_sla import picture
from leadpact_sla.document import document
from leadpact_sla.model import Links, Source
from leadpact_sla.model_policy import PolicyDoc
from leadpact_sla.places import (
    AGREEMENT,
    CALENDARS,
    CHANGES,
    CLOCKS,
    COMING,
    EXAMPLES,
    FACTS,
    GLOSSARY,
    GUARANTEES,
    OVERVIEW,
    ROLES,
    SETTINGS,
    SIGNING,
    SOURCE,
    STAGES,
    Places,
)
from leadpact_sla.render import render
from leadpact_sla.source_page import list_files, source_files
from leadpact_sla.try_page import TRY, try_markdown
from leadpact_sla.words import say

__all__ = ["Page", "pages"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``path`` is relative to the site, with ``/``. ``section`` is the policy's short
    label, ``None`` for pages of the whole site; ``part`` is the part of the policy's pages to which
    it belongs ("The rules"), ``None`` for a page by itself. ``edit`` is the address at which the
    block that the page shows can be changed, where there is one.
    """

    path: str
    title: str
    section: str | None
    markdown: str
    edit: str | None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class FirstCard:
    """A way to go on from a policy's first page."""

    title: str
    text: str
    href: str


def pages(
    policies: Sequence[CheckedPolicy],
    links: Links | None = None,
    today: date | None = None,
    latest: Mapping[str, str] | None = None,
    changed: Mapping[str, str] | None = None,
) -> tuple[Page, ...]:
    """All pages of the site, in reading order: the first page, then each policy's.

    The pages link to each other as ``.html`` files in one folder a policy. On ``today`` they mark
    dated rows that are not in force, tell what comes next, and begin the year of public holidays;
    none of that without it. ``latest`` is the latest change in words, by the policy's name, and
    ``changed`` the page of all changes, as Markdown (``changes_page``).
    """
    documents = [document(policy, links or Links(), today) for policy in policies]
    first = Page(
        "index.md",
        say("site title"),
        None,
        render("site", policies=documents),
        None,
    )
    told = latest or {}
    both = zip(documents, policies, strict=True)
    past = changed or {}
    return (
        first,
        *(page for doc, policy in both for page in _policy_pages(doc, policy, told, past)),
    )


def _policy_pages(
    policy: PolicyDoc,
    checked: CheckedPolicy,
    latest: Mapping[str, str],
    changed: Mapping[str, str],
) -> Iterator[Page]:
    made = [*_start(policy, latest.get(policy.name)), *_agreement(policy)]
    made += (replace(page, part=say("part rules")) for page in _rules(policy))
    made += (replace(page, part=say("part try")) for page in _try(policy, checked))
    made += (
        replace(page, part=say("part changes"))
        for page in _changes(policy, changed.get(policy.name))
    )
    made += (replace(page, part=say("part words")) for page in _words(policy, tuple(made)))
    yield from made


def _start(policy: PolicyDoc, latest: str | None) -> Iterator[Page]:
    cards = _first_cards(policy, latest)
    yield _page(policy, OVERVIEW, say("overview"), "overview", None, first_cards=cards)


def _try(policy: PolicyDoc, checked: CheckedPolicy) -> Iterator[Page]:
    trial = try_markdown(checked, Places.of(checked, Links()))
    yield Page(f"{policy.folder}/{TRY}.md", say("try title"), policy.short_label, trial, None)
    if policy.stories:
        yield _page(policy, EXAMPLES, say("examples title"), "examples", None)


def _changes(policy: PolicyDoc, changed: str | None) -> Iterator[Page]:
    if changed is not None:
        path = f"{policy.folder}/{CHANGES}.md"
        yield Page(path, say("changes title"), policy.short_label, changed, None)
    if policy.coming:
        yield _page(policy, COMING, say("coming title"), "coming", None)


def _words(policy: PolicyDoc, made: Iterable[Page]) -> Iterator[Page]:
    """The glossary, the facts, and the policy's own lines, each with the way to its rule."""
    yield _page(policy, GLOSSARY, say("glossary title"), "glossary", None)
    yield _page(policy, FACTS, say("facts"), "facts", None)
    shown = {f"{posixpath.basename(page.path)[:-3]}.html": page.markdown for page in made}
    files, lists = source_files(policy, shown), tuple(list_files(policy))
    yield _page(policy, SOURCE, say("source title"), "source", None, files=files, lists=lists)


def _first_cards(policy: PolicyDoc, latest: str | None) -> tuple[FirstCard, ...]:
    """The ways to go on from the first page: the agreement, the examples, the latest change."""
    found = [FirstCard(say("try title"), say("card try"), f"{TRY}.html")]
    if policy.parties or policy.agreement:
        found.append(FirstCard(say("agreement"), say("card agreement"), f"{AGREEMENT}.html"))
    if policy.stories:
        count = say("card examples", count=len(policy.stories))
        found.append(FirstCard(say("examples title"), count, f"{EXAMPLES}.html"))
    if latest is not None:
        found.append(FirstCard(say("card latest"), latest, f"{CHANGES}.html"))
    return tuple(found)


def _agreement(policy: PolicyDoc) -> Iterator[Page]:
    part = say("agreement")
    if policy.parties or policy.agreement:
        source = policy.agreement.source if policy.agreement else None
        yield replace(_page(policy, AGREEMENT, part, "agreement", source), part=part)
    if policy.parties:
        yield replace(_page(policy, SIGNING, say("signing"), "signing", None), part=part)


def _rules(policy: PolicyDoc) -> Iterator[Page]:
    if policy.stages or policy.definitions or policy.refusals:
        yield _page(policy, STAGES, say("stages"), "stages", None)
    for score in policy.scores:
        yield _page(policy, score.page, score.title, "score", score.source, score=score)
    for grade in policy.grades:
        yield _page(policy, grade.page, grade.title, "grade", grade.source, grade=grade)
    for group in policy.groups:
        yield _page(policy, group.page, group.title, "group", group.source, group=group)
    for checklist in policy.checklists:
        yield _page(
            policy,
            checklist.page,
            checklist.title,
            "checklist",
            checklist.source,
            checklist=checklist,
        )
    if policy.clocks or policy.answers or policy.worklists:
        yield _page(policy, CLOCKS, say("clocks title"), "clocks", None)
    if policy.guarantees:
        yield _page(policy, GUARANTEES, say("guarantees"), "guarantees", None)
    if policy.parties:
        yield _page(policy, ROLES, say("roles title"), "roles", None)
    if policy.settings:
        yield _page(policy, SETTINGS, say("settings title"), "settings", None)
    if policy.calendars:
        yield _page(policy, CALENDARS, say("calendars"), "calendars", None)


def _page(
    policy: PolicyDoc, name: str, title: str, template: str, source: Source | None, **parts: object
) -> Page:
    markdown = render(template, policy=policy, title=title, picture=picture, **parts)
    return Page(
        f"{policy.folder}/{name}.md",
        title,
        policy.short_label,
        markdown,
        source.edit if source else None,
    )
