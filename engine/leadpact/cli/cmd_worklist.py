"""``leadpact worklist``: who stands on a worklist, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from leadpact.cli.failing import FINDINGS, UseError, complain
from leadpact.cli.helping import epilog
from leadpact.cli.instants import instant
from leadpact.cli.listing import (
    TABLE_WIDTH,
    given_options,
    no_such,
    replayed,
    run_options,
    tell_rejects,
)
from leadpact.cli.opening import load
from leadpact.cli.painting import width

if TYPE_CHECKING:
    from leadpact.checked import CheckedPolicy, Worklist
    from leadpact.life import History

__all__ = ["command"]


@click.command(
    "worklist",
    epilog=epilog(
        (
            "leadpact worklist policies/kontor unpicked --leads leads.jsonl",
            "leadpact worklist policies/kontor unpicked --leads leads.jsonl --lead L-17",
            "leadpact worklist policies/kontor unpicked --leads leads.jsonl --json",
        ),
        "0 when all leads were read, 1 when something went to the rejects or the lead asked for "
        "is not on the list, 2 for wrong use: no such file or worklist, or a policy with errors "
        "or without worklists.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.argument("worklist", metavar="WORKLIST")
@given_options
def command(policy: str, worklist: str, as_json: bool, **given: Any) -> int:
    """Say who stands on a worklist, since when and why, who is there longest first.

    Points, letters and reasons are those with which a lead was put there; below them stands where
    it is now. With --lead or --dossier it says all that is known of the lead.
    """
    loaded = load(policy)
    asked = _worklist(loaded.checked, policy, worklist)
    now = instant(given["as_of"], loaded.checked.zone)

    from leadpact.cli.worklist_text import listed_text, worklist_text
    from leadpact.waiting import Dossiers, OnList, encode, listed_in_order, on_list

    dossiers, found = Dossiers(loaded), list[OnList]()

    def heard(record: Any, history: History) -> None:
        one = on_list(asked.name, dossiers, record, history)
        if one is not None:
            found.append(one)

    summary = replayed(loaded, run_options(given, now), heard, quiet=as_json)
    ordered, limit = listed_in_order(found), given["limit"]
    if as_json:
        for one in ordered[:limit]:
            click.echo(encode(one).decode())
    elif given["dossier"] or (given["lead"] is not None and ordered):
        click.echo(listed_text(loaded.checked, ordered[:limit], now, width()))
    elif given["lead"] is None:
        wide = width(TABLE_WIDTH)
        click.echo(worklist_text(loaded.checked, asked, ordered, now, wide, limit=limit))
    status = tell_rejects(summary, given["lead"])
    if given["lead"] is not None and not ordered and summary.decided:
        help_ = "`leadpact replay` tells its whole life."
        return complain(f"{given['lead']} is not on “{asked.label}”.", help_, FINDINGS)
    return status


def _worklist(policy: CheckedPolicy, path: str, name: str) -> Worklist:
    """The worklist of that name. Raises ``UseError`` when there is none."""
    from leadpact.arrivals import worklists

    known = {one.name: one for one in worklists(policy)}
    if not known:
        help_ = 'A line `put on worklist NAME "Label"` below a move makes one.'
        raise UseError(f"{path}: the policy has no worklists.", help_)
    if name not in known:
        raise no_such("worklist", name, {one.name: one.label for one in known.values()}, path)
    return known[name]
