"""``leadpact queue``: what waits for whom in a stage."""

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
    from leadpact.api import Policy
    from leadpact.checked import CheckedPolicy, Stage
    from leadpact.life import History

__all__ = ["command"]


@click.command(
    "queue",
    epilog=epilog(
        (
            "leadpact queue policies/kontor mql --leads leads.jsonl",
            "leadpact queue policies/kontor mql --leads leads.jsonl --lead L-17",
            "leadpact queue policies/kontor --owner sales --leads leads.jsonl --limit 20",
            "leadpact queue policies/kontor mql --leads leads.csv --activities events.csv --json",
        ),
        "0 when all leads were read, 1 when something went to the rejects or the lead asked for "
        "does not wait there, 2 for wrong use: no such file or stage, or a policy with errors or "
        "without stages.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.argument("stage", metavar="[STAGE]", required=False)
@given_options
@click.option("--owner", metavar="PARTY", help="Only what waits for this party.")
@click.option("--asleep", is_flag=True, help="Show the leads that sleep, too.")
def command(
    policy: str, stage: str | None, owner: str | None, asleep: bool, as_json: bool, **given: Any
) -> int:
    """Say what waits for whom in a stage, who waits longest first.

    Each lead's life is replayed until then, so it stands where the policy puts it. The list has
    how long it waits, what is due and how much time is left, and how the lead looks; with --lead
    or --dossier also all that one needs to know before the first call.

    Without STAGE, but with --owner, it shows all stages of that owner that are not final.
    """
    loaded = load(policy)
    stages = _stages(loaded.checked, policy, stage, owner)
    now = instant(given["as_of"], loaded.checked.zone)

    from leadpact.cli.queue_text import dossiers_text, queue_text
    from leadpact.waiting import Dossiers, Waiting, encode, in_order, waiting_in

    dossiers, found = Dossiers(loaded), list[Waiting]()
    elsewhere: list[History] = []
    names = {one.name for one in stages}

    def heard(record: Any, history: History) -> None:
        one = waiting_in(names, dossiers, record, history)
        if one is not None:
            found.append(one)
        elif given["lead"] is not None:
            elsewhere.append(history)

    summary = replayed(loaded, run_options(given, now), heard, quiet=as_json)
    # Who asks for one lead is told of it, asleep or not.
    shown = [one for one in found if asleep or given["lead"] is not None or not one.asleep]
    ordered, limit = in_order(shown), given["limit"]
    if as_json:
        for one in ordered[:limit]:
            click.echo(encode(one).decode())
    elif given["dossier"] or (given["lead"] is not None and ordered):
        click.echo(dossiers_text(loaded.checked, ordered[:limit], now, width()))
    elif given["lead"] is None:
        wide = width(TABLE_WIDTH)
        hidden = len(found) - len(shown)
        told = queue_text(loaded.checked, stages, ordered, now, wide, limit=limit, hidden=hidden)
        click.echo(told)
    status = tell_rejects(summary, given["lead"])
    for history in elsewhere:
        status = _elsewhere(loaded, history, stages)
    return status


def _stages(
    policy: CheckedPolicy, path: str, name: str | None, owner: str | None
) -> tuple[Stage, ...]:
    """The stages that are asked for. Raises ``UseError`` when there are none."""
    if not policy.stages:
        help_ = "`leadpact run` decides about a file of leads."
        raise UseError(f"{path}: the policy has no stages, so nobody waits in one.", help_)
    if owner is not None:
        parties = {party.name: party.label for party in policy.parties}
        if owner not in parties:
            raise no_such("party", owner, parties, path)
    known = {stage.name: stage.label for stage in policy.stages}
    if name is None:
        if owner is None:
            listed = ", ".join(f"`{one}`" for one in known)
            raise UseError("say which stage you ask for, or whose.", f"There are {listed}.")
        mine = tuple(one for one in policy.stages if one.owner == owner and not one.final)
        if not mine:
            raise UseError(f"{path}: `{owner}` owns no stage in which leads wait.")
        return mine
    if name not in known:
        raise no_such("stage", name, known, path)
    (stage,) = (one for one in policy.stages if one.name == name)
    if owner is not None and stage.owner != owner:
        whose = "nobody" if stage.owner is None else f"`{stage.owner}`"
        raise UseError(f"{path}: the stage `{name}` is owned by {whose}, not by `{owner}`.")
    return (stage,)


def _elsewhere(policy: Policy, history: History, asked: tuple[Stage, ...]) -> int:
    """Tell that the one lead asked for is in another stage."""
    labels = {stage.name: stage.label for stage in policy.checked.stages}
    here = labels[history.stays[-1].stage]
    there = " or ".join(f"“{stage.label}”" for stage in asked)
    help_ = "`leadpact replay` tells its whole life."
    return complain(f"{history.id} is in “{here}”, not in {there}.", help_, FINDINGS)
