"""``leadpact run``: a whole file of leads, or a table."""

from __future__ import annotations

import gc
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadpact.cli.failing import FINDINGS, UseError, complain
from leadpact.cli.helping import epilog
from leadpact.cli.instants import as_of_option, instant
from leadpact.cli.opening import load

if TYPE_CHECKING:
    from leadpact.api import Policy
    from leadpact.batch import RunOptions, Summary
    from leadpact.batch.runner import Listener

__all__ = ["command", "run_batch"]


@click.command(
    "run",
    epilog=epilog(
        (
            "leadpact run policies/kontor --leads leads.jsonl --out decisions.csv",
            "leadpact run policies/kontor --leads leads.csv --activities activities.csv",
            "leadpact run policies/kontor --leads 'leads/*.parquet' --out decisions.parquet",
            "leadpact run policies/kontor --leads crm.duckdb::leads --out crm.duckdb::decisions",
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
    "--leads",
    required=True,
    metavar="FILE",
    help="The leads: .csv, .jsonl, .ndjson or .parquet, a pattern, or DATABASE::TABLE.",
)
@click.option("--activities", metavar="FILE", help="Their events, one a row; the same kinds.")
@click.option("--source", metavar="NAME", help="A mapping of columns: POLICY/sources/NAME.yaml.")
@as_of_option
@click.option("--out", metavar="FILE", help="Write the decisions here: a file or DATABASE::TABLE.")
@click.option("--rejects", metavar="FILE", help="Write what is wrong to this file.")
@click.option("--explain", is_flag=True, help="Write the reasons, too.")
@click.option("--replay", is_flag=True, help="Tell each lead's life until then, stay by stay.")
@click.option("--strict", is_flag=True, help="Stop at the first wrong record.")
@click.option(
    "--on",
    metavar="ENGINE",
    help="What decides: duckdb, python, or where the data lies: postgresql://…, spark. Without it: "
    "duckdb, but python for small files of text.",
)
@click.option(
    "--verify-sample",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Decide N leads in Python, too, and compare.",
)
@click.option("--memory", metavar="SIZE", help="What DuckDB may take, like 2GB. The rest is spilt.")
@click.option("--threads", type=click.IntRange(min=1), metavar="N", help="How many DuckDB starts.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def command(policy: str, as_of: str | None, as_json: bool, **given: Any) -> int:
    """Decide about every lead of a file.

    Nothing is lost and nothing stops: a record that cannot be decided goes to the rejects with
    its line, the field, the value and the reason, and the rest is decided. Files appear whole, at
    the end of the run.

    A query in DuckDB decides, and the Python engine what is odd; --on python decides all leads
    there. Both give the same, to the byte. Without --on, small files are decided in Python.

    With --replay the whole life of each lead is told: a table of stays, or a history a line of JSON
    (see `leadpact replay`).
    """
    if given["explain"] and given["replay"]:
        raise UseError(
            "--explain: a history tells its reasons by itself.", "Leave out one of the two options."
        )
    loaded = load(policy)

    from leadpact.batch import summary_json, summary_text

    summary = _decided(loaded, instant(as_of, loaded.checked.zone), given, quiet=as_json)
    click.echo(summary_json(summary) if as_json else summary_text(summary).rstrip("\n"))
    return summary.exit_status


def _decided(policy: Policy, as_of: datetime, given: dict[str, Any], quiet: bool) -> Summary:
    """Decide with the engine that was asked for."""
    from leadpact.batch import RunError, RunOptions, place_of

    on = given["on"]
    if on not in (None, "duckdb", "python"):
        return _in_place(policy, as_of, given, quiet)
    try:
        activities, out, rejects = (given[key] for key in ("activities", "out", "rejects"))
        options = RunOptions(
            *(place_of(given["leads"]), activities and place_of(activities), given["source"]),
            *(as_of, out and place_of(out), rejects and Path(rejects)),
            *(given["explain"], given["strict"], given["replay"]),
        )
    except RunError as wrong:
        raise UseError(wrong.message, wrong.help) from None
    return run_batch(
        policy,
        options,
        quiet,
        on=on,
        verify=given["verify_sample"],
        memory=given["memory"],
        threads=given["threads"],
    )


def _in_place(policy: Policy, as_of: datetime, given: dict[str, Any], quiet: bool) -> Summary:
    """Decide where the data lies: on a Postgres server, or in Spark."""
    from leadpact.batch import RunError
    from leadpact.cli.progress import reading
    from leadpact.places import PlaceOptions, is_place, run_in_place

    if not is_place(given["on"]):
        raise UseError(
            f"--on: I do not know `{given['on']}`.",
            "It is duckdb, python, the address of a Postgres server (postgresql://…), or spark.",
        )
    keys = ("on", "leads", "activities", "source", "out", "rejects", "explain", "strict", "replay")
    options = PlaceOptions(
        as_of=as_of, verify_sample=given["verify_sample"], **{key: given[key] for key in keys}
    )
    with _ended_like_ctrl_c(), reading(shown=not quiet) as listener:
        try:
            outcome = run_in_place(policy, options, progress=listener)
        except RunError as wrong:
            raise UseError(wrong.message, wrong.help) from None
    return replace(outcome.summary, notes=outcome.notes)


def run_batch(
    policy: Policy,
    options: RunOptions,
    quiet: bool = False,
    *,
    on: str | None = None,
    verify: int = 0,
    memory: str | None = None,
    threads: int | None = None,
) -> Summary:
    """Run with progress on a terminal. Raises ``UseError`` for what a run cannot start with.

    Without ``on`` a query decides, but about small files of text the Python engine.
    """
    from leadpact.batch import RunError
    from leadpact.batch.comparing import DifferenceError
    from leadpact.cli.progress import reading

    # Decisions hold no circles, and what was loaded stays: both need no looking through again.
    gc.freeze()
    with _ended_like_ctrl_c(), reading(shown=not quiet) as listener:
        try:
            if on is None and not verify and (summary := _at_once(policy, options, listener)):
                return summary

            from leadpact.warehouse import Resources, run

            return run(
                policy,
                options,
                on="python" if on == "python" else "duckdb",
                progress=listener,
                resources=Resources(memory, threads),
                verify=verify,
            )
        except RunError as wrong:
            raise UseError(wrong.message, wrong.help) from None
        except DifferenceError as found:
            complain(str(found))
            raise click.exceptions.Exit(FINDINGS) from None


def _at_once(policy: Policy, options: RunOptions, listener: Listener) -> Summary | None:
    """Decide in Python where little is read: it is done before a database has started."""
    from leadpact.batch import run
    from leadpact.batch.ways import is_small, why_in_python

    if not is_small(options):
        return None
    summary = run(policy, options, progress=listener)
    why = why_in_python(options)
    return replace(summary, notes=(why,)) if why else summary


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """Being told to end leaves nothing half-written behind, whoever tells it."""
    told = [getattr(signal, one) for one in ("SIGTERM", "SIGHUP") if hasattr(signal, one)]
    # Who starts a program with nohup has told it not to hear.
    heard = [one for one in told if signal.getsignal(one) is signal.SIG_DFL]
    if threading.current_thread() is not threading.main_thread():
        heard = []
    for one in heard:
        signal.signal(one, signal.default_int_handler)
    try:
        yield
    finally:
        for one in heard:
            signal.signal(one, signal.SIG_DFL)
