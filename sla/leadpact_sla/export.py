"""The site as Markdown: pages, styles and a mkdocs.yml that build without Leadpact."""

from __future__ import annotations

import posixpath
import shutil
from datetime import date
from pathlib import Path

from leadpact_sla.navigation import navigation
from leadpact_sla.pages import Page
from leadpact_sla.publishing import Publishing, publish, site_name
from leadpact_sla.reference import DIAGNOSTICS
from leadpact_sla.shipped import Shipped, shipped
from leadpact_sla.site_files import SiteFile, mkdocs_yml
from leadpact_sla.words import say

__all__ = ["export", "is_export"]

_CONFIG = "mkdocs.yml"
_DOCS = "docs"


def export(what: Publishing, folder: Path, today: date) -> tuple[str, ...]:
    """Write the site into ``folder``, and give back what was written, as paths below it.

    What an earlier export wrote is taken away first (``is_export``). Raises ``MistakesError``, and
    then has written nothing; ``OSError`` when the files cannot be written.
    """
    made = publish(what, today)
    beside = shipped()
    files = {f"{_DOCS}/{page.path}": page.markdown.encode() for page in made}
    files |= {f"{_DOCS}/{file.path}": file.data for file in beside}
    files[_CONFIG] = mkdocs_yml(_config(site_name(what), made, beside)).encode()
    if is_export(folder):
        shutil.rmtree(folder / _DOCS, ignore_errors=True)
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tuple(files)


def is_export(folder: Path) -> bool:
    """Whether an export stands in the folder, which a new one may replace."""
    config = folder / _CONFIG
    if not config.is_file():
        return False
    with config.open("rb") as lines:
        return lines.readline().strip() == f"# {say('export comment')}".encode()


def _config(name: str, made: tuple[Page, ...], beside: tuple[Shipped, ...]) -> SiteFile:
    return SiteFile(
        name=name,
        docs=_DOCS,
        out="site",
        comment=say("export comment"),
        nav=navigation(made, posixpath.dirname(DIAGNOSTICS)),
        styles=tuple(file.path for file in beside if file.is_style),
        polyfills=tuple(file.path for file in beside if file.is_polyfill),
    )
