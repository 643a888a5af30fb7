"""``leadpact site``: build, show or export the published agreement."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError, complain
from leadpact.cli.helping import epilog

__all__ = ["command"]

_CONFIG = "mkdocs.yml"

_what = click.argument("what", nargs=-1, metavar="[CONFIG | POLICY...]")


@click.group(
    "site",
    epilog=epilog(
        ("leadpact site build policies/ours --out build/site", "leadpact site serve policies/ours"),
        "0 when it is done, 1 when the policies or the pages have mistakes, 2 wrong use.",
    ),
)
def command() -> None:
    """Publish policies as pages that people read."""


@command.command(
    "build",
    epilog=epilog(
        (
            "leadpact site build",
            "leadpact site build policies/ours --out build/site",
            "leadpact site build mkdocs.yml",
        ),
        "0 when the site is built, 1 when the policies or the pages have mistakes, 2 wrong use.",
    ),
)
@_what
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where the pages are written. Without it, where mkdocs.yml says, or build/site.",
)
def build(what: tuple[str, ...], out: Path | None) -> int:
    """Build the pages of policies.

    CONFIG is a mkdocs.yml, or a folder that holds one. Policies alone need none. Without either,
    the mkdocs.yml of this folder is meant, or else the policies that are here.
    """
    from leadpact_sla import running

    if out is not None:
        _free_for_a_site(out)
    with _config(what) as config:
        default = None if config.given else Path("build", "site")
        built = running.build(config.path, out or default)
    if built is None:
        return complain("the site has mistakes: see above.", status=FINDINGS)
    click.echo(f"{built.pages} pages in {built.folder}")
    click.echo(f"Open {built.folder / 'index.html'}")
    return FINE


@command.command(
    "serve",
    epilog=epilog(
        ("leadpact site serve", "leadpact site serve policies/ours --address 127.0.0.1:8080"),
        "0 when it was stopped, 1 when the pages have mistakes, 2 wrong use.",
    ),
)
@_what
@click.option(
    "--address",
    default="127.0.0.1:8000",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the browser finds it.",
)
def serve(what: tuple[str, ...], address: str) -> int:
    """Show the pages in a browser, anew after each edit of a policy.

    Mistakes in a policy are shown on top of the last pages without them. Ctrl-C ends it.
    """
    from leadpact_sla import running

    with _config(what) as config:
        if not running.serve(config.path, address):
            return complain("the site has mistakes: see above.", status=FINDINGS)
    return FINE


@command.command(
    "export",
    epilog=epilog(
        ("leadpact site export build/markdown policies/ours",),
        "0 when it is written, 1 when the policies have mistakes, 2 wrong use.",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.argument("policies", nargs=-1, required=True, metavar="POLICY...")
@click.option("--forge", metavar="URL", help="The repository's address, for links to its lines.")
@click.option(
    "--branch", default="main", show_default=True, metavar="NAME", help="The branch for the links."
)
def export(folder: Path, policies: tuple[str, ...], forge: str | None, branch: str) -> int:
    """Write the pages as Markdown, with a mkdocs.yml that builds them without Leadpact.

    An earlier export in DIR is replaced.
    """
    from leadpact_sla.export import export as write
    from leadpact_sla.export import is_export
    from leadpact_sla.publishing import MistakesError, Publishing
    from leadpact_sla.running import today

    _all_exist(policies)
    if folder.exists() and not folder.is_dir():
        raise UseError(f"{folder}: this is a file.", "Name a new folder.")
    if folder.is_dir() and any(folder.iterdir()) and not is_export(folder):
        raise UseError(f"{folder}: this folder is not empty.", "Name a new one.")
    try:
        publishing = Publishing(Path(), policies, forge, branch)
        written = write(publishing, folder, today())
    except MistakesError as wrong:
        click.echo(f"{wrong}\n", err=True)
        return complain("nothing was written.", status=FINDINGS)
    click.echo(f"{len(written)} files in {folder}")
    click.echo(f"Build them: mkdocs build --strict -f {folder / _CONFIG}")
    return FINE


class _Config:
    """A mkdocs.yml: the one that was ``given``, or one for this run alone."""

    def __init__(self, path: Path, given: bool) -> None:
        self.path = path
        self.given = given


@contextmanager
def _config(what: tuple[str, ...]) -> Iterator[_Config]:
    given = _given(what)
    if given is not None:
        yield _Config(given, True)
        return
    from tempfile import TemporaryDirectory

    from leadpact_sla.running import write_config

    policies = what or _found()
    _all_exist(policies)
    with TemporaryDirectory(prefix="leadpact-") as folder:
        yield _Config(write_config(Path(folder), policies), False)


def _given(what: tuple[str, ...]) -> Path | None:
    """The mkdocs.yml that is meant; ``None`` when policies are."""
    found = [_as_config(one) for one in what or (".",)]
    configs = [one for one in found if one is not None]
    if not configs:
        return None
    if len(found) > 1:
        raise UseError(
            f"{configs[0]}: a mkdocs.yml names its policies itself.",
            "Name it alone, or the policies alone.",
        )
    return configs[0]


def _as_config(name: str) -> Path | None:
    path = Path(name)
    if path.suffix in (".yml", ".yaml"):
        if not path.is_file():
            raise UseError(f"{name}: there is no such file.", "Check the spelling of the path.")
        return path
    inside = path / _CONFIG
    return inside if inside.is_file() else None


def _found() -> tuple[str, ...]:
    from leadpact_sla.publishing import found_policies

    found = found_policies(Path())
    if not found:
        raise UseError(
            "there is neither a mkdocs.yml nor a policy here.",
            "Name the folder of a policy, or start one: leadpact new ours",
        )
    return found


def _all_exist(policies: tuple[str, ...]) -> None:
    for policy in policies:
        if "\0" in policy or not Path(policy).exists():
            raise UseError(
                f"{policy}: there is no such file or folder.",
                "Name the folder that holds the policy.",
            )


def _free_for_a_site(out: Path) -> None:
    """A build empties the folder first, so it must hold a site or nothing."""
    if out.exists() and not out.is_dir():
        raise UseError(f"{out}: this is a file.", "Name a new folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / "404.html").is_file():
        raise UseError(
            f"{out}: this folder holds something else than a site.",
            "A build empties its folder. Name a new one.",
        )
