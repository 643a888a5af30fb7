"""``leadpact demo``: the main job, on the policy and the leads that come with Leadpact."""

from __future__ import annotations

import json
from pathlib import Path

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.painting import dim, strong

__all__ = ["command"]

_POLICY = Path("policies", "kontor")
_AS_OF = "2026-11-21T09:00:00Z"


@click.command(
    "demo",
    epilog=epilog(
        ("leadpact demo",),
        "0 when all went well, 1 when something was found, 2 without the sample.",
    ),
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("build", "demo"),
    show_default=True,
    metavar="DIR",
    help="Where the decisions are written.",
)
def command(folder: Path) -> int:
    """See it all on the policy of Kontor Supplies and its sample of leads.

    The policy is checked and its examples are run; then one lead is decided with its reasons,
    and then the whole sample. It needs a checkout of Leadpact.
    """
    policy = _policy()
    sample = policy / "sample"
    lead, leads = sample / "lead.json", sample / "leads.jsonl"
    out = folder / "decisions.csv"
    fine = _check(policy) and _test(policy)
    fine = _decide(policy, lead) and fine
    fine = _run(policy, leads, out) and fine
    click.echo(f"\n{strong('What to try next')}")
    for says, what in (
        ("Ask why another lead stays:", f"leadpact decide {policy} LEAD.json"),
        ("Change a number, and see which example notices:", f"leadpact test {policy}"),
        ("See what no example looks at:", f"leadpact test {policy} --mutate"),
        ("Start a policy of your own:", "leadpact new policies/ours"),
    ):
        click.echo(f"  {says}\n    {what}")
    return FINE if fine else FINDINGS


def _policy() -> Path:
    """The sample policy: below the present folder, or in the checkout this runs from."""
    checkout = Path(__file__).parents[3]
    for root in (Path(), checkout):
        if (root / _POLICY / "sample" / "leads.jsonl").is_file():
            return root / _POLICY
    raise UseError(
        f"the sample ({_POLICY.as_posix()}) is not here.",
        "It comes with Leadpact's source, not with the installed package: run `leadpact demo` in "
        "a checkout.\n  Or start with a small policy and a lead of your own: leadpact new ours",
    )


def _step(command: str) -> None:
    click.echo(f"\n{dim('$')} {strong(command)}")


def _check(policy: Path) -> bool:
    from leadpact.cli.cmd_check import command as check

    _step(f"leadpact check {policy}")
    assert check.callback is not None
    return bool(check.callback((str(policy),), as_json=False) == FINE)


def _test(policy: Path) -> bool:
    from leadpact.cli.cmd_test import tested

    _step(f"leadpact test {policy}")
    return tested(str(policy), mutate=False, quiet=False).fine


def _decide(policy: Path, lead: Path) -> bool:
    from leadpact.cli.cmd_decide import decide

    _step(f"leadpact decide {policy} {lead} --as-of {_AS_OF}")
    record = json.loads(lead.read_text(encoding="utf-8"))
    return decide(str(policy), record, _AS_OF, as_json=False) == FINE


def _run(policy: Path, leads: Path, out: Path) -> bool:
    from leadpact.batch import RunOptions, summary_text
    from leadpact.cli.cmd_run import run_batch
    from leadpact.cli.instants import instant
    from leadpact.cli.opening import load

    _step(f"leadpact run {policy} --leads {leads} --as-of {_AS_OF} --out {out}")
    out.parent.mkdir(parents=True, exist_ok=True)
    now = instant(_AS_OF, "UTC")
    options = RunOptions(leads, None, None, now, out, None, explain=False, strict=False)
    summary = run_batch(load(str(policy)), options)
    click.echo(summary_text(summary).rstrip("\n"))
    return summary.exit_status == 0
