"""``leadpact test``: run the examples, or see which changes they would not notice."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from leadpact.checked import CheckedPolicy
from leadpact.cli.failing import FINDINGS, FINE
from leadpact.cli.helping import epilog
from leadpact.cli.opening import Opened, counted, folder_of, open_policy, policies, tell
from leadpact.cli.painting import bad, dim, good, strong, unsure

if TYPE_CHECKING:
    from leadpact.examples import ExampleResult, Unmet

__all__ = ["Tested", "command", "tested"]


@click.command(
    "test",
    epilog=epilog(
        (
            "leadpact test policies/kontor",
            "leadpact test policies/* --json",
            "leadpact test policies/kontor --mutate",
        ),
        "0 when all examples hold (with --mutate: and notice everything), 1 when not or "
        "when a policy has errors, 2 when there is no such policy.",
    ),
)
@policies
@click.option("--mutate", is_flag=True, help="List the changes that no example notices.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as one JSON list.")
def command(policies: tuple[str, ...], mutate: bool, as_json: bool) -> int:
    """Run the examples of policies.

    An example that does not hold is shown with what was expected, what is so instead, and the
    rows that made it so; a step also with the moves until then.

    With --mutate, each number that a decision depends on is changed by one step, each row is left
    out in turn, and the changes that no example notices are listed: what they decide could be
    changed without anybody noticing.
    """
    results = [tested(path, mutate=mutate, quiet=as_json) for path in policies]
    if as_json:
        click.echo(json.dumps([one.as_json for one in results], ensure_ascii=False, indent=2))
    return FINE if all(one.fine for one in results) else FINDINGS


@dataclass(frozen=True, slots=True)
class Tested:
    """What became of one policy's examples."""

    fine: bool
    as_json: dict[str, object]


def tested(path: str, *, mutate: bool, quiet: bool) -> Tested:
    """Run the examples of one policy and tell what is wrong, unless ``quiet``."""
    opened = open_policy(path)
    if opened.policy is None:
        errors = sum(one.is_error for one in opened.diagnostics)
        if not quiet:
            tell(opened)
            click.echo(f"{path}: {bad(counted(errors, 'error'))}; no example was run")
        return Tested(False, {"policy": path, "errors": errors, "examples": []})
    if not opened.policy.examples:
        if not quiet:
            click.echo(f"{path}: {unsure('there are no examples')}")
            click.echo("  Add an `example` block: a lead, and what you expect of it.")
        return Tested(True, {"policy": path, "errors": 0, "examples": []})
    result = _run(opened, opened.policy, quiet)
    if mutate and result.fine:
        return _mutate(opened, opened.policy, result, quiet)
    return result


def _run(opened: Opened, policy: CheckedPolicy, quiet: bool) -> Tested:
    from leadpact.api import Policy
    from leadpact.examples import report, run_examples

    started = time.monotonic()
    folder = folder_of(opened.path)
    results = run_examples(Policy(policy))
    failed = [result for result in results if not result.holds]
    told = []
    for result in failed:
        first, _, rest = report(policy, result, folder).partition("\n")
        told.append(f"{bad('FAILED')} {strong(first)}\n{rest}\n")
    seconds = dim(f"in {time.monotonic() - started:.1f} s")
    count = counted(len(results), "example")
    said = (
        f"{count}, {bad(f'{len(failed):,} do not hold' if len(failed) > 1 else '1 does not hold')}"
        if failed
        else f"{count}, {good('all hold')}"
    )
    if not quiet:
        click.echo("\n".join([*told, f"{opened.path}: {said} {seconds}"]))
    listed = [
        {
            "name": result.example.name,
            "holds": result.holds,
            "file": f"{folder}/{result.example.span.file}" if folder else result.example.span.file,
            "line": result.example.span.line,
            "unmet": [*_unmet(result)],
            "report": None if result.holds else report(policy, result, folder),
        }
        for result in results
    ]
    return Tested(not failed, {"policy": opened.path, "errors": 0, "examples": listed})


def _unmet(result: ExampleResult) -> Iterator[dict[str, object]]:
    """What does not hold, at the example's own instant and then in its steps."""
    yield from (_told(one) for one in result.unmet)
    for step in result.steps:
        at = step.step.at.isoformat().replace("+00:00", "Z")
        yield from (_told(one) | {"step": step.step.text, "at": at} for one in step.unmet)


def _told(one: Unmet) -> dict[str, object]:
    line = one.expected.span.line
    return {"expected": one.expected.text, "found": one.found, "line": line}


def _mutate(opened: Opened, policy: CheckedPolicy, result: Tested, quiet: bool) -> Tested:
    from leadpact.cli.progress import counting
    from leadpact.mutation import mutate

    started = time.monotonic()
    with counting("Trying changes", shown=not quiet) as progress:
        found = mutate(policy, progress=progress)
    folder = folder_of(opened.path)
    survivors = [
        {
            "file": f"{folder}/{one.span.file}" if folder else one.span.file,
            "line": one.span.line,
            "rule": one.rule,
            "change": one.change,
        }
        for one in found.survivors
    ]
    if not quiet:
        for one in survivors:
            place = f"{one['file']}:{one['line']}"
            said = f"{strong(str(one['change']))} is noticed by no example"
            click.echo(f"{place} {said} {dim(str(one['rule']))}")
        seconds = dim(f"in {time.monotonic() - started:.1f} s")
        count = counted(found.tried, "change")
        said = (
            unsure(f"{len(survivors):,} of them noticed by no example")
            if survivors
            else good("each is noticed by an example")
        )
        click.echo(f"{opened.path}: {count} tried, {said} {seconds}")
    as_json = result.as_json | {"changes_tried": found.tried, "survivors": survivors}
    return Tested(not survivors, as_json)
