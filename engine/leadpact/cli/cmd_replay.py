"""``leadpact replay``: the whole life of one lead."""

from __future__ import annotations

import click

from leadpact.cli.cmd_decide import read_record, tell_problems
from leadpact.cli.failing import FINDINGS, FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.instants import instant
from leadpact.cli.opening import load
from leadpact.cli.painting import width

__all__ = ["command"]


@click.command(
    "replay",
    epilog=epilog(
        (
            "leadpact replay policies/kontor lead.json",
            "leadpact replay policies/kontor lead.json --until 2026-12-24T12:00",
            "cat lead.json | leadpact replay policies/kontor - --json",
        ),
        "0 when there is a history (a record that the policy refuses has none, and that is told), "
        "1 when the record is wrong or its lead moves in a circle, 2 for wrong use: no such file, "
        "not JSON, or a policy with errors or without stages.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.argument("lead", metavar="LEAD.json")
@click.option(
    "--until",
    metavar="T",
    help="Replay until this instant, like 2026-11-21T09:00:00Z. Without an offset it is read in "
    "the policy's time zone. Without the option: now.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the history as JSON.")
def command(policy: str, lead: str, until: str | None, as_json: bool) -> int:
    """Tell the whole life of one lead: every stage, when it came and left and why, which promises
    were kept, and what comes next.

    LEAD.json holds one record with its events; `-` reads it from standard input. Every move is
    made at the instant at which its condition became true. Where the record names a stage, the
    history goes on from there.
    """
    record = read_record(lead)
    loaded = load(policy)
    now = instant(until, loaded.checked.zone, "--until")

    from leadpact.cli.decision_text import refusal_text
    from leadpact.cli.history_text import history_text
    from leadpact.decision import RefusedRecord, RejectedRecord, encode
    from leadpact.life import History, NoStagesError
    from leadpact.life import encode as encode_history

    try:
        told, aside = loaded.replay_raw(record, until=now)
    except NoStagesError:
        help_ = "`leadpact decide` tells the scores and grades of a lead."
        raise UseError(f"{policy}: the policy has no stages to replay.", help_) from None
    if as_json:
        data = encode_history(told) if isinstance(told, History) else encode(told)
        click.echo(data.decode())
        return FINDINGS if isinstance(told, RejectedRecord) else FINE
    match told:
        case RejectedRecord():
            return tell_problems("this record cannot be replayed.", told.problems)
        case RefusedRecord():
            click.echo(refusal_text(loaded.checked, told))
        case History():
            click.echo(history_text(loaded.checked, told, aside, width()))
    return FINE
