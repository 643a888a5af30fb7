"""``leadpact diff``: what changed between two versions of a policy, by meaning."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.instants import as_of_option, instant

__all__ = ["command"]

_file = click.Path(path_type=Path)


@click.command(
    "diff",
    epilog=epilog(
        (
            "leadpact diff policies/kontor ../proposal/kontor",
            "leadpact diff HEAD~3 HEAD --policy policies/kontor",
            "leadpact diff main:policies/kontor policies/kontor",
            "leadpact diff HEAD policies/kontor --leads leads.jsonl",
        ),
        "0 when the meaning is the same, 1 when it differs (be it in words alone), 2 for wrong "
        "use: no such file, folder or revision, no git, or a policy with errors.",
    ),
)
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="[NEW]", required=False)
@click.option(
    "--policy",
    metavar="PATH",
    help="The policy's folder or file. OLD and NEW are then revisions of git; without NEW the "
    "files as they are now.",
)
@click.option("--leads", type=_file, metavar="FILE", help="Tell the effect on these leads, too.")
@click.option("--activities", type=_file, metavar="FILE", help="Their events, one a row.")
@click.option("--source", metavar="NAME", help="A mapping of columns: POLICY/sources/NAME.yaml.")
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def command(
    old: str,
    new: str | None,
    policy: str | None,
    leads: Path | None,
    activities: Path | None,
    source: str | None,
    as_of: str | None,
    as_json: bool,
) -> int:
    """Say what changed from one version of a policy to another, by meaning and not by text.

    OLD and NEW are folders, files, or revisions of git: HEAD~3, or HEAD~3:policies/kontor. Where
    one of them is a folder, a revision alone means the same folder then. Layout, comments, moved
    rows and the names of files are no change. A row is known by its rule id.

    With --leads both versions decide the same leads, and the outcomes that differ are told.
    """
    if leads is None and (activities or source or as_of):
        raise UseError("the leads are missing.", "Add --leads FILE to tell the effect on leads.")

    from leadpact.changes import changes
    from leadpact.cli.changes_text import changes_json, changes_text
    from leadpact.cli.diff_sides import sides

    with sides(old, new, policy) as (first, second):
        found = changes(first.policy, second.policy)
        told = None
        if leads is not None:
            from leadpact.cli.diff_effect import effect_of_files

            now = instant(as_of, second.policy.zone)
            told = effect_of_files(first, second, leads, activities, source, now, quiet=as_json)
    if as_json:
        from leadpact.cli.effect_text import effect_json

        whole: dict[str, object] = {"old": first.name, "new": second.name}
        whole["changes"] = changes_json(found)
        if told is not None:
            whole["effect"] = effect_json(told)
        click.echo(json.dumps(whole, ensure_ascii=False, indent=2))
    else:
        click.echo(changes_text(found))
        if told is not None:
            from leadpact.cli.effect_text import effect_text

            click.echo(f"\n{effect_text(told)}")
    return FINDINGS if found else FINE
