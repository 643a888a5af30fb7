"""``leadpact run``: a whole file of leads."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadpact.cli.failing import UseError
from leadpact.cli.helping import epilog
from leadpact.cli.instants import as_of_option, instant
from leadpact.cli.opening import load

if TYPE_CHECKING:
    from leadpact.api import Policy
    from leadpact.batch import RunOptions, Summary

__all__ = ["command", "run_batch"]

_file = click.Path(path_type=Path)


@click.command(
    "run",
    epilog=epilog(
        (
            "leadpact run policies/kontor --leads leads.jsonl --out decisions.csv",
            "leadpact run policies/kontor --leads leads.csv --activities activities.csv",
            "leadpact run policies/kontor --leads leads.csv --rejects wrong.csv --strict",
            "leadpact run policies/kontor --leads leads.jsonl --replay --out stays.csv",
            "leadpact run policies/learnwell --leads Leads.csv --source crm_export --out out.csv",
        ),
        "0 when every lead was decided, 1 when something went to the rejects, 2 for "
        "wrong use: no such file, a file that cannot be written, or a policy with "
        "errors.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--leads", required=True, type=_file, metavar="FILE", help="The leads: .csv, .jsonl or .ndjson."
)
@click.option("--activities", type=_file, metavar="FILE", help="Their events, one a row.")
@click.option("--source", metavar="NAME", help="A mapping of columns: POLICY/sources/NAME.yaml.")
@as_of_option
@click.option("--out", type=_file, metavar="FILE", help="Write the decisions to this file.")
@click.option("--rejects", type=_file, metavar="FILE", help="Write what is wrong to this file.")
@click.option("--explain", is_flag=True, help="Write the reasons, too.")
@click.option("--replay", is_flag=True, help="Tell each lead's life until then, stay by stay.")
@click.option("--strict", is_flag=True, help="Stop at the first wrong record.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(
    policy: str,
    leads: Path,
    activities: Path | None,
    source: str | None,
    as_of: str | None,
    out: Path | None,
    rejects: Path | None,
    explain: bool,
    replay: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Decide about every lead of a file.

    Nothing is lost and nothing stops: a record that cannot be decided goes to the rejects with
    its line, the field, the value and the reason, and the rest is decided. Files appear whole, at
    the end of the run.

    With --replay the whole life of each lead is told: a table of stays, or a history a line of JSON
    (see `leadpact replay`).
    """
    if explain and replay:
        raise UseError(
            "--explain: a history tells its reasons by itself.", "Leave out one of the two options."
        )
    loaded = load(policy)

    from leadpact.batch import RunOptions, summary_json, summary_text

    now = instant(as_of, loaded.checked.zone)
    options = RunOptions(leads, activities, source, now, out, rejects, explain, strict, replay)
    summary = run_batch(loaded, options, quiet=as_json)
    click.echo(summary_json(summary) if as_json else summary_text(summary).rstrip("\n"))
    return summary.exit_status


def run_batch(policy: Policy, options: RunOptions, quiet: bool = False) -> Summary:
    """Run with progress on a terminal. Raises ``UseError`` for what a run cannot start with."""
    from leadpact.batch import RunError, run
    from leadpact.cli.progress import reading

    # Decisions hold no circles, and what was loaded stays: both need no looking through again.
    gc.freeze()
    with reading(shown=not quiet) as listener:
        try:
            return run(policy, options, progress=listener)
        except RunError as wrong:
            raise UseError(wrong.message, wrong.help) from None
