"""From folders of policies to the pages of a site: what the doors of the site have in common."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

from leadpact.checked import CheckedPolicy
from leadpact.reading import read
from leadpact_dsl import Diagnostic, SourceFile, read_policy, render
from leadpact_dsl.frozen import frozen
from leadpact_sla.changing import Past
from leadpact_sla.model import Links
from leadpact_sla.pages import Page, pages
from leadpact_sla.reference import diagnostics_page
from leadpact_sla.versions import Version, below_front, beside, clashes, linked, listed, versions
from leadpact_sla.words import say

__all__ = [
    "EXTENSIONS",
    "MistakesError",
    "Publishing",
    "found_policies",
    "publish",
    "site_name",
    "watched",
    "with_box",
]

EXTENSIONS = ("attr_list", "tables")
"""The extensions of Markdown that our pages need, by the names that mkdocs.yml has for them."""

_SUFFIX = ".leadpact"
_FOLDER = "policies"

# Of a list: `from "embargoed.txt"`.
_FROM_FILE = re.compile(r'\bfrom\s+"([^"]+)"')


@frozen
class Publishing:
    """What is published. ``policies`` are folders (or files) as their owner wrote them, below
    ``root``. ``forge`` is the repository's address, ``None`` for no links to it. ``reference``
    adds the page of all codes.
    """

    root: Path
    policies: tuple[str, ...]
    forge: str | None = None
    branch: str = "main"
    reference: bool = False


class MistakesError(Exception):
    """The policies have mistakes; the text names them all, as people read it."""


def found_policies(root: Path) -> tuple[str, ...]:
    """Where nobody says which: ``root`` itself if it holds a policy, or else every folder in
    ``policies`` that does, in the order of their names. As text to put after ``root``.
    """
    if _holds_policy(root):
        return (".",)
    folder = root / _FOLDER
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple(f"{_FOLDER}/{one.name}" for one in inside if _holds_policy(one))


def _holds_policy(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob(f"*{_SUFFIX}"))


def publish(what: Publishing, today: date, past: Past | None = None) -> tuple[Page, ...]:
    """All pages, in reading order. Raises ``MistakesError`` with all mistakes of all policies.

    ``past`` is what earlier calls found in git.
    """
    past = past or Past()
    policies = _policies(what)
    groups = versions(policies, today)
    mains = [group[0] for group in groups]
    first, *made = _pages(what, mains, today, past)
    own = [page for page in made if page.section is None]
    folders: dict[str, list[Page]] = {}
    for page in made:
        if page.section is not None:
            folders.setdefault(page.path.split("/", 1)[0], []).append(page)
    for version in (version for group in groups for version in group[1:]):
        day = max(today, version.day) if version.day is not None else today
        alone = _pages(what, [version], day, past)
        folders[version.folder] = list(beside(alone, version))
    paths = {page.path for some in folders.values() for page in some}
    shown = [
        linked(page, version, [one for one in group if one is not version], paths)
        for group in groups
        for version in group
        for page in folders[version.folder]
    ]
    coda = (diagnostics_page(),) if what.reference else ()
    return (listed(first, groups), *own, *shown, *coda)


def _pages(what: Publishing, shown: Sequence[Version], today: date, past: Past) -> tuple[Page, ...]:
    links = _links(what, shown)
    told = {
        version.policy.name: past.told(
            version.policy, what.root / what.policies[version.index], links, today
        )
        for version in shown
    }
    return pages(
        [version.policy for version in shown],
        links,
        today,
        {name: one.latest for name, one in told.items() if one.latest is not None},
        {name: one.page for name, one in told.items()},
    )


def site_name(what: Publishing) -> str:
    """What a site is called whose owner gives it no name: as its policy, if there is one alone."""
    if len(what.policies) == 1:
        policy = read(what.root / what.policies[0])[0]
        if policy is not None:
            return policy.label
    return say("site name")


def watched(what: Publishing) -> frozenset[Path]:
    """The folders whose files make the pages. Folders below them are not
    meant: a policy may lie beside much else.

    Files of lists are found by their look, so that a policy with mistakes is watched as well.
    """
    found: set[Path] = set()
    for folder in what.policies:
        place = what.root / _inside(what.root, folder)
        if not place.exists():
            found |= {place.parent} if place.parent.is_dir() else set()
            continue
        found.add(place)
        for source in read_policy(what.root / folder)[0]:
            beside = ((place / name).parent for name in _FROM_FILE.findall(source.text))
            found |= {one for one in beside if one.is_dir()}
    return frozenset(found)


def with_box(page: Page, mistakes: str) -> Page:
    """The page with the mistakes in a box on top."""
    box = (
        f'<div class="lp-broken" role="alert"><strong>{escape(say("broken"))}</strong>'
        f"<pre>{escape(mistakes)}</pre></div>"
    )
    return replace(page, markdown=below_front(page.markdown, box))


def _policies(what: Publishing) -> list[CheckedPolicy]:
    """Every policy, in the order written."""
    if not what.policies:
        raise MistakesError(say("no policies"))
    found: list[tuple[str, CheckedPolicy]] = []
    mistakes: list[str] = []
    for folder in what.policies:
        policy, diagnostics, sources = read(what.root / folder)
        if policy is None:
            mistakes += _told(what.root, folder, diagnostics, sources)
        else:
            found.append((folder, policy))
    policies = [policy for _, policy in found]
    for index in clashes(policies):
        folder, policy = found[index]
        mistakes.append(say("same name", folder=folder, name=policy.name))
    if mistakes:
        raise MistakesError("\n\n".join(mistakes))
    return policies


def _told(
    root: Path, folder: str, diagnostics: Sequence[Diagnostic], sources: Sequence[SourceFile]
) -> Iterator[str]:
    """The errors as people read them, their files named as seen from ``root``."""
    inside = _inside(root, folder)
    whole = str(root / folder)
    shown = {posixpath.join(inside, source.name): source for source in sources}
    for one in diagnostics:
        if one.is_error:
            name = folder if one.span.file == whole else posixpath.join(inside, one.span.file)
            yield render(replace(one, span=replace(one.span, file=name)), shown)


def _inside(root: Path, folder: str) -> str:
    """The folder that the files of a policy are in, as seen from ``root``; empty for ``root``."""
    written = folder.replace("\\", "/")
    place = posixpath.dirname(written) if (root / folder).is_file() else written
    place = posixpath.normpath(place)
    return "" if place == "." else place


def _links(what: Publishing, versions: Sequence[Version]) -> Links:
    folders = {
        version.policy.name: _in_repository(
            what.root, _inside(what.root, what.policies[version.index])
        )
        for version in versions
    }
    forge = what.forge.rstrip("/") if what.forge else None
    return Links(forge, what.branch, folders)


def _in_repository(root: Path, inside: str) -> str:
    """A folder below ``root`` as seen from the top of the repository; from ``root``, if there is
    no repository.
    """
    place = Path(posixpath.normpath((root / inside).absolute().as_posix()))
    for top in (place, *place.parents):
        if (top / ".git").exists():
            return "" if top == place else place.relative_to(top).as_posix()
    return inside
