"""``leadpact decide``: one lead, with the reasons."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError, complain
from leadpact.cli.helping import epilog
from leadpact.cli.instants import as_of_option, instant
from leadpact.cli.opening import load
from leadpact.cli.painting import width
from leadpact.operators.text import is_whole

if TYPE_CHECKING:
    from leadpact.decision import Problem

__all__ = ["command", "decide", "read_record", "tell_problems"]

_LARGEST = 50_000_000


@click.command(
    "decide",
    epilog=epilog(
        (
            "leadpact decide policies/kontor lead.json",
            "leadpact decide policies/kontor lead.json --as-of 2026-11-21T09:00:00Z",
            "cat lead.json | leadpact decide policies/kontor - --json",
        ),
        "0 when there is a decision (a record that the policy refuses has one too), 1 "
        "when the record is wrong, 2 for wrong use: no such file, not JSON, or a policy "
        "with errors.",
    ),
)
@click.argument("policy", metavar="POLICY")
@click.argument("lead", metavar="LEAD.json")
@as_of_option
@click.option("--json", "as_json", is_flag=True, help="Print the decision record as JSON.")
def command(policy: str, lead: str, as_of: str | None, as_json: bool) -> int:
    """Decide about one lead, and say why.

    LEAD.json holds one record; `-` reads it from standard input. The verdict comes first, then
    the scores and grades, why they are so, what keeps the lead from its next stage, and what is
    worth asking.
    """
    record = read_record(lead)
    return decide(policy, record, as_of, as_json)


def decide(path: str, record: dict[str, object], as_of: str | None, as_json: bool) -> int:
    """Decide about one record and tell it; gives back the exit status."""
    policy = load(path)
    now = instant(as_of, policy.checked.zone)

    from leadpact.cli.decision_text import decision_text, refusal_text
    from leadpact.decision import Decision, RefusedRecord, RejectedRecord, encode
    from leadpact.why_not import judged_moves

    outcome, aside = policy.take(record, as_of=now, explain=True)
    if as_json:
        click.echo(encode(outcome).decode())
        return FINDINGS if isinstance(outcome, RejectedRecord) else FINE
    match outcome:
        case RejectedRecord():
            return tell_problems("this record cannot be decided.", outcome.problems)
        case RefusedRecord():
            click.echo(refusal_text(policy.checked, outcome))
        case Decision():
            moves = judged_moves(policy, record, outcome, as_of=now)
            click.echo(decision_text(policy.checked, outcome, moves, aside, width()))
    return FINE


def tell_problems(message: str, problems: Iterable[Problem]) -> int:
    """Tell what is wrong in a record; gives back the exit status."""
    complain(message)
    for problem in problems:
        field = f"{problem.field}: " if problem.field else ""
        value = f" It is {problem.value}." if problem.value else ""
        click.echo(f"  {field}{problem.reason}{value}", err=True)
    return FINDINGS


def read_record(path: str) -> dict[str, object]:
    """The record in a file or on standard input. Raises ``UseError`` when it is none."""
    name = "standard input" if path == "-" else path
    try:
        text = _bytes(path).decode("utf-8-sig")
        record = json.loads(text)
    except UnicodeDecodeError:
        raise UseError(f"{name}: this is not a text in UTF-8.") from None
    except RecursionError:
        raise UseError(f"{name}: this is nested too deep to be a record.") from None
    except json.JSONDecodeError as wrong:
        where = f"line {wrong.lineno}, column {wrong.colno}"
        help_ = 'A lead is one JSON object, like {"id": "L-17", "email": "a@buyer.example"}.'
        raise UseError(f"{name}: this is not JSON ({where}: {wrong.msg}).", help_) from None
    except ValueError:
        raise UseError(f"{name}: it holds a number that is too long to be one.") from None
    if "\\u" in text and not is_whole(json.dumps(record, ensure_ascii=False)):
        raise UseError(f"{name}: a text in it holds half a character (a lone surrogate).")
    if not isinstance(record, dict):
        help_ = "For a file of leads use `leadpact run`."
        raise UseError(f"{name}: a lead is one JSON object, and this is none.", help_)
    return record


def _bytes(path: str) -> bytes:
    if path == "-":
        return _short_enough("standard input", sys.stdin.buffer)
    place = Path(path)
    if "\0" in path or not place.exists():
        raise UseError(f"{path}: there is no such file.")
    if place.is_dir():
        raise UseError(f"{path}: this is a folder.", "Name the file of the lead in it.")
    with place.open("rb") as file:
        return _short_enough(path, file)


def _short_enough(name: str, file: BinaryIO) -> bytes:
    data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise UseError(f"{name}: a lead of more than {_LARGEST:,} bytes is not read.")
    return data
