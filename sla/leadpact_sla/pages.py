"""The pages of the published agreement, as Markdown. Pure: the same policies, the same pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from leadpact.checked import CheckedPolicy
from leadpact_sla import picture
from leadpact_sla.document import document
from leadpact_sla.model import Links, Source
from leadpact_sla.model_policy import PolicyDoc
from leadpact_sla.places import AGREEMENT, CALENDARS, FACTS, OVERVIEW, SOURCE, STAGES
from leadpact_sla.render import render
from leadpact_sla.words import say

__all__ = ["Page", "pages"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``path`` is relative to the site, with ``/``. ``section`` is the policy's short
    label, ``None`` for pages of the whole site. ``edit`` is the address at which the block that
    the page shows can be changed, where there is one.
    """

    path: str
    title: str
    section: str | None
    markdown: str
    edit: str | None


def pages(
    policies: Sequence[CheckedPolicy], links: Links | None = None, today: date | None = None
) -> tuple[Page, ...]:
    """All pages of the site, in reading order: the first page, then each policy's.

    The pages link to each other as ``.html`` files in one folder a policy. On ``today`` they mark
    dated rows that are not in force, and begin the year of public holidays; neither without it.
    """
    documents = [document(policy, links or Links(), today) for policy in policies]
    first = Page(
        "index.md",
        say("site title"),
        None,
        render("site", policies=documents),
        None,
    )
    return (first, *(page for doc in documents for page in _policy_pages(doc)))


def _policy_pages(policy: PolicyDoc) -> Iterator[Page]:
    yield _page(policy, OVERVIEW, say("overview"), "overview", None)
    if policy.agreement or policy.guarantees:
        source = policy.agreement.source if policy.agreement else None
        yield _page(policy, AGREEMENT, say("agreement"), "agreement", source)
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
    if policy.calendars:
        yield _page(policy, CALENDARS, say("calendars"), "calendars", None)
    yield _page(policy, FACTS, say("facts"), "facts", None)
    yield _page(policy, SOURCE, say("source title"), "source", None)


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
