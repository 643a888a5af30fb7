"""``leadpact sql``: the query that a policy comes down to, for databases where the data lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leadpact.cli.failing import FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.instants import as_of_option, instant
from leadpact.cli.opening import load

if TYPE_CHECKING:
    from datetime import datetime

    from leadpact.api import Policy
    from leadpact.backends.sql.query import Query
    from leadpact.backends.sql.relations import InColumn

__all__ = ["command"]

_TRIED = ("duckdb", "postgres", "spark")
_KINDS = {
    "text": "text",
    "whole": "64-bit whole number",
    "decimal": "decimal (38, 6)",
    "yes or no": "boolean",
    "texts": "list of texts",
    "date": "date",
    "instant": "64-bit whole number: microseconds since 1970 in UTC",
}


@click.command(
    "sql",
    epilog=epilog(
        (
            "leadpact sql policies/kontor > kontor.sql",
            "leadpact sql policies/kontor --dialect postgres --as-of 2026-11-21T09:00:00Z",
            "leadpact sql policies/kontor --dialect snowflake --rows",
        ),
        "0 when the query was printed, 1 when the dialect cannot say the policy exactly, 2 for "
        "wrong use, or a policy with errors.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.option(
    "--dialect",
    default="duckdb",
    show_default=True,
    metavar="NAME",
    help="duckdb, postgres, spark, databricks, snowflake, bigquery or redshift.",
)
@as_of_option
@click.option("--rows", is_flag=True, help="With what gave and took points, a list a lead.")
def command(policy: str, dialect: str, as_of: str | None, rows: bool) -> int:
    """Print the query that decides about all leads at one instant.

    It reads two relations, `leads` and `events`; a comment on top says which columns they have.
    What the dialect cannot say exactly is refused by name, and nothing is printed.
    """
    from leadpact.backends.sql.dialects import DIALECTS
    from leadpact.backends.sql.query import CannotSayError, query

    if dialect not in DIALECTS:
        import difflib

        near = difflib.get_close_matches(dialect, DIALECTS, n=1)
        help_ = f"Did you mean `{near[0]}`?" if near else f"There are {', '.join(DIALECTS)}."
        raise UseError(f"--dialect: there is no dialect `{dialect}`.", help_)
    loaded = load(policy)
    now = instant(as_of, loaded.checked.zone)
    try:
        made = query(loaded.checked, now, dialect, rows=rows)
    except CannotSayError as cannot:
        click.echo(f"leadpact: {cannot}", err=True)
        click.echo("  Decide in Python: `leadpact run --on python`.", err=True)
        return 1
    click.echo(f"{_above(loaded, now, dialect, made)}\n{made.sql};")
    return FINE


def _above(policy: Policy, now: datetime, dialect: str, made: Query) -> str:
    """The comment on top."""
    from leadpact.backends.sql.relations import event_columns, lead_columns

    lines = [
        f"The policy {policy.name}, version {policy.version} ({policy.digest}),",
        f"as of {now.isoformat().replace('+00:00', 'Z')}, in {dialect}. Written by Leadpact.",
    ]
    if dialect not in _TRIED:
        lines += [
            "",
            f"This text has not been run on {dialect}: Leadpact's own tests run DuckDB, Postgres",
            "and Spark. Compare some leads with `leadpact run --on python` before you trust it.",
        ]
    lines += ["", "It reads the relation leads, one row a lead:"]
    lines += _listed(lead_columns(policy.checked))
    lines += ["", "and the relation events, one row an activity or action:"]
    lines += _listed(event_columns(policy.checked))
    lines += [
        "",
        "NULL is unknown. `odd` marks leads and events that these columns cannot hold. A lead that",
        "comes out odd is not decided here: give it to the Python engine. Odd leads are those with",
        *(f"  - {words}" for words in made.python_only),
    ]
    return "\n".join(f"-- {line}".rstrip() for line in _without_breaks(lines))


def _listed(columns: tuple[InColumn, ...]) -> list[str]:
    return [f'  "{column.name}"  {_KINDS[column.kind]}' for column in columns]


def _without_breaks(lines: list[str]) -> list[str]:
    """Each line as one, whatever a policy's names hold."""
    return [" ".join(line.splitlines()) if line else "" for line in lines]
