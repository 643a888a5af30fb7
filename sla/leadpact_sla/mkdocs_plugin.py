"""The MkDocs plugin ``leadpact``: publishes policies as pages of a MkDocs site.

A thin door: it loads the policies, asks ``pages`` for the Markdown, and hands it to MkDocs. In
``mkdocs build`` a policy with an error ends the build. While serving, the last good pages stay,
with the mistakes in a box on top of each, so that an editor sees them and can go on.
"""

from __future__ import annotations

import posixpath
import sys
from html import escape
from pathlib import Path
from typing import Any, Literal

from mkdocs.config import config_options
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import BasePlugin, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as SitePage
from mkdocs.utils import get_build_datetime
from mkdocs.utils.meta import get_data

import leadpact
from leadpact.checked import CheckedPolicy
from leadpact_sla.model import Links
from leadpact_sla.pages import Page, pages
from leadpact_sla.reference import DIAGNOSTICS, diagnostics_page
from leadpact_sla.words import say

__all__ = ["LeadpactPlugin"]

_log = get_plugin_logger(__name__)


class LeadpactConfig(Config):  # type: ignore[no-untyped-call]
    """``policies`` are folders (or files) beside mkdocs.yml. ``forge`` is the repository's
    address, for the links "suggest a change" and "ask about this rule"; none without it.
    ``reference`` adds the page of all codes, and a section of it and of the pages written by
    hand in the folder ``reference``.
    """

    policies = config_options.ListOfItems(config_options.Type(str), default=[])
    forge = config_options.Optional(config_options.URL())
    branch = config_options.Type(str, default="main")
    reference = config_options.Type(bool, default=False)


class LeadpactPlugin(BasePlugin[LeadpactConfig]):  # type: ignore[no-untyped-call]
    """Adds the pages of each policy to the site, and to its navigation where none is given."""

    serving = False
    last: tuple[Page, ...] | None = None
    mistakes: str | None = None

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """With this event the plugin lives on between rebuilds, and can keep the last pages."""
        self.serving = command == "serve"
        self.last = self.mistakes = None

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        if config.use_directory_urls:
            raise PluginError("leadpact: write `use_directory_urls: false` in mkdocs.yml")
        try:
            today = get_build_datetime().date()
            made = pages(self._policies(config), self._links(), today)
            self.last = made + self._reference()
            self.mistakes = None
        except _MistakesError as refused:
            if not self.serving:
                raise PluginError(str(refused)) from None
            _log.error(str(refused))
            self.mistakes = str(refused)
        if config.nav is None and self.last is not None:
            by_hand = _reference_by_hand(config) if self.config.reference else []
            config.nav = _navigation(self.last, by_hand)
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        for page in self.last if self.last is not None else (_empty(),):
            if files.get_file_from_path(page.path) is not None:
                _log.info("%s is written by hand and replaces the page made for it", page.path)
                continue
            markdown = _with_box(page.markdown, self.mistakes) if self.mistakes else page.markdown
            files.append(File.generated(config, page.path, content=markdown))
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
        for path in self._paths(config):
            if path.exists():
                server.watch(str(path))
        return server

    def _paths(self, config: MkDocsConfig) -> list[Path]:
        root = Path(config.config_file_path).parent if config.config_file_path else Path()
        return [root / folder for folder in self.config.policies]

    def _policies(self, config: MkDocsConfig) -> list[CheckedPolicy]:
        """Every policy; all mistakes of all policies in one refusal."""
        found: dict[str, CheckedPolicy] = {}
        mistakes = []
        for path, folder in zip(self._paths(config), self.config.policies, strict=True):
            try:
                policy = leadpact.load(path).checked
            except leadpact.PolicyError as error:
                mistakes.append(f"{folder}\n\n{error}")
                continue
            if policy.name in found:
                mistakes.append(say("same name", folder=folder, name=policy.name))
            found[policy.name] = policy
        if mistakes:
            raise _MistakesError("\n\n".join(mistakes))
        self.folders = dict(zip(found, self.config.policies, strict=True))
        return list(found.values())

    def _reference(self) -> tuple[Page, ...]:
        return (diagnostics_page(),) if self.config.reference else ()

    def _links(self) -> Links:
        forge = self.config.forge
        folders = {
            name: posixpath.dirname(folder) if folder.endswith(".leadpact") else folder
            for name, folder in self.folders.items()
        }
        return Links(forge.rstrip("/") if forge else None, self.config.branch, folders)


class _MistakesError(Exception):
    """The policies have mistakes; the text names them all."""


def _reference_by_hand(config: MkDocsConfig) -> list[str]:
    root = Path(config.docs_dir)
    found = sorted(root.glob(f"{_REFERENCE}/*.md"), key=_place)
    return [path.relative_to(root).as_posix() for path in found]


def _place(path: Path) -> tuple[int, str]:
    """Pages stand by the number that their front matter calls ``order``, then by name."""
    order = get_data(path.read_text("utf-8"))[1].get("order")
    return (order if isinstance(order, int) else sys.maxsize, path.name)


_REFERENCE = posixpath.dirname(DIAGNOSTICS)


def _navigation(all_pages: tuple[Page, ...], by_hand: list[str]) -> list[dict[str, Any]]:
    """The site's own pages, then a section for each policy, then the reference, in which pages
    written by hand come first. The theme shows titles unescaped.
    """
    sections: dict[str, list[str | dict[str, str]]] = {}
    nav: list[dict[str, Any]] = []
    for page in all_pages:
        entry = {escape(page.title): page.path}
        if page.section is None:
            nav.append(entry)
            continue
        folder = page.path.split("/", 1)[0]
        if folder not in sections:
            sections[folder] = list(by_hand) if folder == _REFERENCE else []
            nav.append({escape(page.section): sections[folder]})
        if page.path not in sections[folder]:
            sections[folder].append(entry)
    return nav


def _with_box(markdown: str, mistakes: str) -> str:
    """The page with the mistakes below its front matter."""
    box = (
        f'<div class="lp-broken" role="alert"><strong>{escape(say("broken"))}</strong>'
        f"<pre>{escape(mistakes)}</pre></div>\n\n"
    )
    front, end, body = markdown.partition("\n---\n")
    return f"{front}{end}\n{box}{body}" if end else f"{box}{markdown}"


def _empty() -> Page:
    """What is shown while no policy has loaded yet."""
    title = say("site title")
    return Page("index.md", title, None, f"# {title}\n", None)
