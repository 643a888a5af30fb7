"""Running MkDocs for ``leadpact site``: the same builds, with messages in plain words."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from mkdocs.commands.build import build as run_build
from mkdocs.commands.serve import serve as run_serve
from mkdocs.config import load_config
from mkdocs.exceptions import Abort, MkDocsException
from mkdocs.utils import get_build_datetime

from leadpact.cli.failing import UseError
from leadpact_dsl.frozen import frozen
from leadpact_sla.publishing import Publishing, site_name
from leadpact_sla.site_files import SiteFile, mkdocs_yml

__all__ = ["Built", "build", "serve", "today", "write_config"]


@frozen
class Built:
    """A site that was built: its folder, and how many pages it has."""

    folder: Path
    pages: int


def today() -> date:
    """The day for which sites are made: as MkDocs has it, so that builds can be repeated."""
    return get_build_datetime().date()


def write_config(folder: Path, policies: tuple[str, ...]) -> Path:
    """A mkdocs.yml in ``folder`` that publishes policies, named as seen from where we are."""
    (folder / "docs").mkdir()
    file = SiteFile(
        name=site_name(Publishing(Path(), policies)),
        docs="docs",
        out="site",
        root=str(Path().absolute()),
        policies=policies,
    )
    config = folder / "mkdocs.yml"
    config.write_text(mkdocs_yml(file), encoding="utf-8", newline="\n")
    return config


def build(config_file: Path, out: Path | None) -> Built | None:
    """Build a site, strictly, into ``out``, or where the file says. Mistakes are told on standard
    error; with any, the answer is ``None``.
    """
    where = {"site_dir": str(out.absolute())} if out is not None else {}
    with _messages(logging.WARNING), _stopped():
        config = load_config(str(config_file), strict=True, **where)
        config.plugins.on_startup(command="build", dirty=False)
        try:
            run_build(config)
        finally:
            config.plugins.on_shutdown()
        folder = out if out is not None else Path(os.path.relpath(config.site_dir))
        pages = [one for one in folder.rglob("*.html") if one.name != "404.html"]
        return Built(folder, len(pages))
    return None


def serve(config_file: Path, address: str) -> bool:
    """Show a site until Ctrl-C; whether it could be shown."""
    with _messages(logging.INFO), _stopped():
        try:
            run_serve(str(config_file), dev_addr=address)
        except OSError as wrong:
            said = (wrong.strerror or str(wrong)).lower()
            raise UseError(f"{address}: {said}.", "Name another --address HOST:PORT.") from wrong
        return True
    return False


@contextmanager
def _stopped() -> Iterator[None]:
    """What stops MkDocs was told by its messages already, unless it comes from the file."""
    try:
        yield
    except Abort:
        return
    except MkDocsException as wrong:
        click.echo(wrong.format_message(), err=True)


class _Echo(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        kind = "warning: " if record.levelno == logging.WARNING else ""
        click.echo(f"{kind}{record.getMessage()}", err=True)


@contextmanager
def _messages(level: int) -> Iterator[None]:
    """MkDocs' messages on standard error, as lines of ours."""
    # Read when the theme is loaded: its note about its own future, on every run.
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    logger = logging.getLogger("mkdocs")
    handler = _Echo(level)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(level)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
