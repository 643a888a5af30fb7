"""The MkDocs plugin ``leadpact``: publishes policies as pages of a MkDocs site.

A thin door: it asks ``publishing`` for the pages and hands them to MkDocs. In ``mkdocs build`` a
policy with an error ends the build. While serving, the last good pages stay, with the mistakes in
a box on top of each, so that an editor sees them and can go on.
"""

from __future__ import annotations

import logging
import posixpath
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config, ValidationError
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import get_build_datetime
from mkdocs.utils.meta import get_data

from leadpact_sla.changing import Past
from leadpact_sla.navigation import ByHand, navigation
from leadpact_sla.pages import Page
from leadpact_sla.publishing import (
    EXTENSIONS,
    MistakesError,
    Publishing,
    found_policies,
    publish,
    watched,
    with_box,
)
from leadpact_sla.reference import DIAGNOSTICS
from leadpact_sla.shipped import shipped
from leadpact_sla.words import say

__all__ = ["LeadpactPlugin"]

_log = logging.getLogger("mkdocs.plugins.leadpact")


class _Folders(config_options.ListOfItems[str]):
    """A list of texts; one text alone will do."""

    def run_validation(self, value: object) -> list[str]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise ValidationError(say("policies option"))
        return given


class LeadpactConfig(Config):  # type: ignore[no-untyped-call]
    """``policies`` are folders (or files) beside mkdocs.yml; without them the folder of mkdocs.yml
    itself, if it holds a policy, or else all folders in ``policies``. ``root`` is from where they
    are seen instead. ``forge`` is the repository's address, for the links "suggest a change" and
    "ask about this rule"; none without it. ``reference`` adds the page of all codes, and a section
    of it and of the pages written by hand in the folder ``reference``.
    """

    policies = config_options.Optional(_Folders(config_options.Type(str)))
    root = config_options.Optional(config_options.Type(str))
    forge = config_options.Optional(config_options.URL())
    branch = config_options.Type(str, default="main")
    reference = config_options.Type(bool, default=False)


class LeadpactPlugin(BasePlugin[LeadpactConfig]):  # type: ignore[no-untyped-call]
    """Adds the pages of each policy to the site, and to its navigation where none is given."""

    serving = False
    server: LiveReloadServer | None = None
    watching: frozenset[Path] = frozenset()
    last: tuple[Page, ...] | None = None
    mistakes: str | None = None
    past: Past | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """With this event the plugin lives on between rebuilds, and can keep the last pages."""
        self.serving = command == "serve"
        self.server = self.last = self.mistakes = None
        self.watching = frozenset()
        self.past = Past()

    # Before `offline`, which would load a stand-in for the search's worker from the network.
    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        _set_up(config)
        try:
            self.last = publish(self._publishing(config), get_build_datetime().date(), self.past)
            self.mistakes = None
        except MistakesError as refused:
            if not self.serving:
                raise PluginError(str(refused)) from None
            _log.error(str(refused))
            self.mistakes = str(refused)
        if config.nav is None and self.last is not None:
            docs = Path(config.docs_dir)
            config.nav = navigation(self.last, _REFERENCE, _by_hand(docs))
            config.nav += _alone(docs, self.last)
        self._watch(config)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for file in shipped():
            if files.get_file_from_path(file.path) is None:
                files.append(File.generated(config, file.path, content=file.data))
        for page in self.last if self.last is not None else (_empty(),):
            if files.get_file_from_path(page.path) is not None:
                _log.info("%s is written by hand and replaces the page made for it", page.path)
                continue
            shown = with_box(page, self.mistakes) if self.mistakes is not None else page
            files.append(File.generated(config, page.path, content=shown.markdown))
        return files

    def on_pre_page(self, page: SitePage, *, config: MkDocsConfig, files: Files) -> SitePage:
        """Lets the theme's edit button lead to the block of the policy that the page shows."""
        edits = {made.path: made.edit for made in self.last or ()}
        if page.file.src_uri in edits and page.file.generated_by is not None:
            page.edit_url = edits[page.file.src_uri]
        return page

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Any
    ) -> LiveReloadServer:
        self.server = server
        self._watch(config)
        return server

    def _watch(self, config: MkDocsConfig) -> None:
        """Each rebuild may have come to new folders: of a policy, or of the files of its lists."""
        if self.server is None:
            return
        folders = watched(self._publishing(config))
        for folder in sorted(folders - self.watching):
            self.server.watch(str(folder), recursive=False)
        self.watching |= folders

    def _publishing(self, config: MkDocsConfig) -> Publishing:
        beside = Path(config.config_file_path).parent if config.config_file_path else Path()
        root = beside / (self.config.root or "")
        given = self.config.policies
        return Publishing(
            root,
            found_policies(root) if given is None else tuple(given),
            self.config.forge,
            self.config.branch,
            self.config.reference,
        )


def _set_up(config: MkDocsConfig) -> None:
    """What our pages need: links as files, our styles, and extensions of Markdown."""
    config.use_directory_urls = False
    for name in EXTENSIONS:
        if name not in config.markdown_extensions:
            config.markdown_extensions.append(name)
    # Before those of the site's owner, who may change what ours say.
    styles = [file.path for file in shipped() if file.is_style]
    config.extra_css[:0] = [path for path in styles if path not in config.extra_css]
    polyfills = config.extra.setdefault("polyfills", [])
    ours = [file.path for file in shipped() if file.is_polyfill]
    polyfills += [path for path in ours if path not in polyfills]


def _by_hand(docs: Path) -> list[ByHand]:
    """Each folder of pages written by hand, in the order of the folders' names.

    Front matter says the rest: a page's ``order`` is its place among them (without one, by name),
    and ``section`` on one of them is the title of all.
    """
    folders: dict[str, list[tuple[int, str, str]]] = {}
    for path in sorted(docs.glob("[!.]*/*.md")):
        front = get_data(path.read_text("utf-8"))[1]
        order, title = front.get("order"), front.get("section")
        place = order if isinstance(order, int) else sys.maxsize
        folders.setdefault(path.parent.name, []).append((place, path.name, str(title or "")))
    found = []
    for folder, pages in folders.items():
        titles = [title for _, _, title in sorted(pages) if title]
        title = titles[0] if titles else folder.replace("_", " ").capitalize()
        paths = tuple(f"{folder}/{name}" for _, name, _ in sorted(pages))
        found.append(ByHand(folder, title, paths))
    return found


def _alone(docs: Path, made: Sequence[Page]) -> list[str]:
    """Pages written by hand that stand in no folder, and replace none of ours."""
    ours = {page.path for page in made}
    return sorted(path.name for path in docs.glob("[!.]*.md") if path.name not in ours)


_REFERENCE = posixpath.dirname(DIAGNOSTICS)


def _empty() -> Page:
    """What is shown while no policy has loaded yet."""
    title = say("site title")
    return Page("index.md", title, None, f"# {title}\n", None)
