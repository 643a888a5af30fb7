"""``leadpact check``: look for mistakes."""

from __future__ import annotations

import gc
from typing import Any

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.opening import Opened, counted, open_policy, policies, tell
from leadpact.cli.painting import bad, good, unsure
from leadpact_dsl import Diagnostic

__all__ = ["command"]


@click.command(
    "check",
    epilog=epilog(
        (
            "leadpact check policies/kontor",
            "leadpact check policies/*",
            "leadpact check policies/kontor --json",
            "leadpact check policies/* --annotate github",
        ),
        "0 without errors (warnings are shown), 1 with errors, 2 when there is no such policy.",
    ),
)
@policies
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as one JSON list.")
@click.option(
    "--annotate",
    type=click.Choice(("github", "gitlab", "sarif")),
    help="Also mark the lines in a pull request (github), or print a report for a merge "
    "request (gitlab) or for other tools (sarif).",
)
def command(policies: tuple[str, ...], as_json: bool, annotate: str | None = None) -> int:
    """Look for mistakes in policies, without running anything.

    A policy is a folder of .leadpact files (or one file). Each mistake is shown with its place,
    its line, and what to write instead.
    """
    # The process ends before anything could be worth collecting.
    gc.disable()
    if as_json and annotate is not None:
        raise UseError("--json and --annotate do not go together.", "Leave one of them out.")
    opened = [open_policy(path, thorough=True) for path in policies]
    if as_json:
        _print([_as_json(one) for policy in opened for one in policy.diagnostics])
    elif annotate is None or annotate == "github":
        _tell(opened)
    if annotate is not None:
        _annotate(annotate, opened)
    return FINE if all(policy.policy is not None for policy in opened) else FINDINGS


def _tell(opened: list[Opened]) -> None:
    for policy in opened:
        tell(policy)
        click.echo(_summary(policy))
    errors = [one.code for policy in opened for one in policy.diagnostics if one.is_error]
    if errors:
        click.echo(f"leadpact explain {errors[0]} says more.")


def _annotate(forge: str, opened: list[Opened]) -> None:
    from leadpact.cli import forges

    match forge:
        case "github":
            # Beside the plain output, because GitHub drops what is more than ten of a step.
            click.echo(forges.github(opened), nl=False)
        case "gitlab":
            _print(forges.gitlab(opened))
        case _:
            _print(forges.sarif(opened))


def _print(report: object) -> None:
    import json

    click.echo(json.dumps(report, ensure_ascii=False, indent=2))


def _as_json(diagnostic: Diagnostic) -> dict[str, object]:
    span = diagnostic.span
    return {
        "code": diagnostic.code,
        "severity": "error" if diagnostic.is_error else "warning",
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "fix": diagnostic.fix,
    }


def _summary(opened: Opened) -> str:
    errors = sum(one.is_error for one in opened.diagnostics)
    warnings = len(opened.diagnostics) - errors
    said = ", ".join(
        mark(counted(count, thing))
        for count, thing, mark in ((errors, "error", bad), (warnings, "warning", unsure))
        if count
    )
    if opened.policy is None:
        return f"{opened.path}: {said}"
    policy = opened.policy
    holds = (
        counted(len(policy.sources), "file"),
        counted(_rules(opened), "rule"),
        counted(len(policy.examples), "example"),
    )
    return f"{opened.path}: {said or good('fine')} ({', '.join(holds)})"


def _rules(opened: Opened) -> int:
    """What can act on its own: rows, letters, items, moves, refusals, definitions, promises."""
    policy = opened.policy
    assert policy is not None
    results: tuple[Any, ...] = (*policy.scores, *policy.grades)
    return (
        sum(_rows_in(result.rows) for result in results)
        + len(policy.refusals)
        + len(policy.definitions)
        + sum(len(grade.letters) for grade in policy.grades)
        + sum(len(group.rows) for group in policy.groups)
        + sum(len(checklist.items) for checklist in policy.checklists)
        + sum(len(stage.moves) + len(stage.by_hand) for stage in policy.stages)
        + sum(len(block.moves) + len(block.by_hand) for block in policy.any_stages)
        + sum(len(stage.targets) for stage in policy.stages)
        + (len(policy.agreement.promises) if policy.agreement is not None else 0)
    )


def _rows_in(rows: tuple[Any, ...]) -> int:
    return sum(_rows_in(row.rows) if hasattr(row, "rows") else 1 for row in rows)
