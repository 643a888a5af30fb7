"""Versions of a policy side by side: the one in force, the next, those before. Pure.

Policies of one name that are in force from different days are versions of the same policy. The
one in force keeps the folder that the name gives; the others have folders beside it, with a
hyphen, which no name in a policy can hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from posixpath import basename, dirname
from typing import Literal, TypeAlias

from leadpact.checked import CheckedPolicy
from leadpact.english import day
from leadpact_sla.pages import Page
from leadpact_sla.places import SIGNING
from leadpact_sla.render import render
from leadpact_sla.words import say

__all__ = [
    "Version",
    "VersionState",
    "below_front",
    "beside",
    "clashes",
    "linked",
    "listed",
    "versions",
]

VersionState: TypeAlias = Literal["in force", "next", "before"]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a policy. ``index`` is its place among the policies that were given, and
    ``folder`` that of its pages on the site.
    """

    index: int
    policy: CheckedPolicy
    folder: str
    state: VersionState

    @property
    def day(self) -> date | None:
        """The day from which the policy is in force, if it says one."""
        return self.policy.in_force_from


def versions(policies: Sequence[CheckedPolicy], today: date) -> tuple[tuple[Version, ...], ...]:
    """The versions of each policy, in the order in which their names first stand.

    Of each policy, the main version comes first: the one in force ``today``, or the first to come
    where none is yet. Then those to come, the nearest first, and those before, the newest first.
    No two may be in force from the same day (``clashes``).
    """
    by_name: dict[str, list[int]] = {}
    for index, policy in enumerate(policies):
        by_name.setdefault(policy.name, []).append(index)
    return tuple(tuple(_of_one_name(policies, indexes, today)) for indexes in by_name.values())


def _of_one_name(
    policies: Sequence[CheckedPolicy], indexes: Sequence[int], today: date
) -> Iterator[Version]:
    in_order = sorted(indexes, key=lambda index: _since(policies[index]))
    begun = [index for index in in_order if _since(policies[index]) <= today]
    coming = in_order[len(begun) :]
    now: VersionState = "in force" if begun else "next"
    main = begun.pop() if begun else coming.pop(0)
    name = policies[main].name
    yield Version(main, policies[main], name, now)
    for number, index in enumerate(coming, 1):
        yield Version(index, policies[index], _folder(name, "next", number), "next")
    for number, index in enumerate(reversed(begun), 1):
        yield Version(index, policies[index], _folder(name, "before", number), "before")


def _folder(name: str, state: str, number: int) -> str:
    return f"{name}-{state}" if number == 1 else f"{name}-{state}-{number}"


def _since(policy: CheckedPolicy) -> date:
    return policy.in_force_from or date.min


def clashes(policies: Sequence[CheckedPolicy]) -> tuple[int, ...]:
    """The places of policies that have the name and the first day of one before them."""
    seen: set[tuple[str, date]] = set()
    found = []
    for index, policy in enumerate(policies):
        key = (policy.name, _since(policy))
        if key in seen:
            found.append(index)
        seen.add(key)
    return tuple(found)


def beside(made: Sequence[Page], version: Version) -> tuple[Page, ...]:
    """The pages of one version, moved into its folder and under a section of its own. Pages of
    the whole site are left out.
    """
    if version.folder == version.policy.name:
        return tuple(page for page in made if page.section is not None)
    word = say(f"version section {version.state}")
    return tuple(
        replace(
            page,
            path=f"{version.folder}/{page.path.split('/', 1)[1]}",
            section=say("version section", policy=page.section, state=word),
        )
        for page in made
        if page.section is not None
    )


def linked(page: Page, version: Version, others: Sequence[Version], paths: set[str]) -> Page:
    """The page with a line on top that tells which version it is and leads to the others: to the
    same page there, or to their first one. ``paths`` are those of all pages. The signing sheet
    stays as it is: it names its version, and has no line to spare.
    """
    if not others or basename(page.path) == f"{SIGNING}.md":
        return page
    said = []
    if version.state != "in force":
        said.append(escape(_tells(version, "version read")))
    for other in others:
        same = f"{other.folder}/{basename(page.path)}"
        target = same if same in paths else f"{other.folder}/index.md"
        up = "../" * (dirname(page.path).count("/") + 1)
        href = f"{up}{target.removesuffix('.md')}.html"
        said.append(f'<a href="{escape(href)}">{escape(_tells(other))}</a>')
    return replace(page, markdown=below_front(page.markdown, _LINE.format(" ".join(said))))


def listed(first: Page, groups: Sequence[Sequence[Version]]) -> Page:
    """The first page of the site with the versions that are not in force in a list at its end."""
    others = [version for group in groups for version in group[1:]]
    if not others:
        return first
    entries = [
        (f"{version.folder}/index.html", version.policy.label, _tells(version))
        for version in others
    ]
    return replace(first, markdown=f"{first.markdown}\n{render('versions', entries=entries)}")


_LINE = '<p class="lp-version">{}</p>'


def _tells(version: Version, words: str = "version") -> str:
    since = day(version.day) if version.day is not None else ""
    return say(f"{words} {version.state}", version=version.policy.version, day=since)


def below_front(markdown: str, html: str) -> str:
    """The page with a piece of HTML below its front matter, above everything else."""
    front, end, body = markdown.partition("\n---\n")
    return f"{front}{end}\n{html}\n\n{body}" if end else f"{html}\n\n{markdown}"
