"""What `leadpact queue` and `leadpact worklist` share: their options, and reading the leads."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from leadpact.cli.failing import UseError, complain
from leadpact.cli.instants import as_of_option

if TYPE_CHECKING:
    from leadpact.api import Policy
    from leadpact.batch import RunOptions, Summary
    from leadpact.life import History

__all__ = ["TABLE_WIDTH", "Given", "given_options", "no_such", "replayed", "tell_rejects"]

TABLE_WIDTH = 120

_file = click.Path(path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., Any])
Given = dict[str, Any]
"""The values of the shared options, as click gives them."""

_OPTIONS = (
    click.option(
        "--leads",
        required=True,
        type=_file,
        metavar="FILE",
        help="The leads: .csv, .jsonl or .ndjson.",
    ),
    click.option("--activities", type=_file, metavar="FILE", help="Their events, one a row."),
    click.option(
        "--source", metavar="NAME", help="A mapping of columns: POLICY/sources/NAME.yaml."
    ),
    as_of_option,
    click.option("--rejects", type=_file, metavar="FILE", help="Write what is wrong to this file."),
    click.option("--lead", metavar="ID", help="This lead alone, with all that is known of it."),
    click.option("--dossier", is_flag=True, help="All that is known of each lead."),
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the first N."),
    click.option("--json", "as_json", is_flag=True, help="Print a line of JSON for each lead."),
)


def given_options(command: _Command) -> _Command:
    """Adds the shared options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def replayed(
    policy: Policy,
    options: RunOptions,
    heard: Callable[[Mapping[str, object], History], None],
    quiet: bool,
) -> Summary:
    """Replay every lead of the files, with progress on a terminal; ``heard`` gets each life.

    Raises ``UseError`` for what cannot be read, and for an id that no lead has.
    """
    from leadpact.batch import RunError, run
    from leadpact.cli.progress import reading

    # Decisions hold no circles, and what was loaded stays: both need no looking through again.
    gc.freeze()
    with reading(shown=not quiet) as listener:
        try:
            summary = run(policy, options, progress=listener, heard=heard)
        except RunError as wrong:
            raise UseError(wrong.message, wrong.help) from None
    if options.only is not None and not summary.read:
        raise UseError(f"{options.leads}: no lead has the id `{options.only}`.")
    return summary


def tell_rejects(summary: Summary, only: str | None) -> int:
    """Say on standard error which leads are missing from the list; gives the exit status.

    ``only`` is the one lead that was asked for, if it was one.
    """
    if not summary.reject_rows:
        return summary.exit_status
    from leadpact.batch import reject_lines

    missing = summary.rejected
    leads = "1 lead is" if missing == 1 else f"{missing:,} leads are"
    told = f"{leads} not in this list" if missing else "some events were left out"
    if missing and only is not None:
        told = f"{only} cannot be told of"
    more = "" if summary.reject_rows <= len(summary.first_rejects) else ", the first of them"
    problems = "1 problem" if summary.reject_rows == 1 else f"{summary.reject_rows:,} problems"
    complain(f"{told}: {problems}{more}.")
    for line in reject_lines(summary):
        click.echo(line, err=True)
    return summary.exit_status


def no_such(what: str, name: str, known: Mapping[str, str], policy: str) -> UseError:
    """The mistake of naming something that a policy does not have. ``known``: labels by name."""
    from leadpact.batch.options import did_you_mean

    by_label = {label: one for one, label in known.items()}
    near = did_you_mean(name, [*known, *by_label])
    for label, one in by_label.items():
        near = near.replace(f"`{label}`", f"`{one}`")
    listed = ", ".join(f"`{one}`" for one in known)
    there = "There is" if len(known) == 1 else "There are"
    return UseError(f"{policy}: there is no {what} `{name}`.", near or f"{there} {listed}.")


def run_options(given: Given, as_of: Any) -> RunOptions:
    """What a run is asked for by these options."""
    from leadpact.batch import RunOptions

    options = RunOptions(
        *(given["leads"], given["activities"], given["source"], as_of),
        out=None,
        rejects=given["rejects"],
        explain=False,
        strict=False,
        replay=True,
    )
    only = given["lead"]
    return options if only is None else replace(options, only=only.strip())
