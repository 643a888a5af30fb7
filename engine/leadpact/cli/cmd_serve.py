"""``leadpact serve``: policies that answer over HTTP."""

from __future__ import annotations

import gc
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from leadpact.cli.failing import FINDINGS, UseError, complain
from leadpact.cli.helping import epilog
from leadpact.cli.opening import policies as policies_argument

if TYPE_CHECKING:
    from leadpact.service.settings import Logging, Settings
    from leadpact.service.standing import Standing

__all__ = ["command"]

_file = click.Path(path_type=Path, dir_okay=False)
_folder = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(
    "serve",
    epilog=epilog(
        (
            "leadpact serve policies/kontor",
            "leadpact serve policies/* --port 8080 --workers 4 --log decisions.jsonl",
            "leadpact serve policies/kontor --host 0.0.0.0 --keys keys.txt --agreement build/site",
        ),
        "0 when it was stopped, 1 when policies or keys have mistakes or a worker had to be "
        "killed, 2 wrong use: no such file, or an address that is taken.",
    ),
)
# Each is called as the setting is; those of the log have `log_` before it, the limits `max_`.
@policies_argument
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64))
@click.option("--keys", type=_file, metavar="FILE", help="Who may ask: see `leadpact keys`.")
@click.option(
    "--open",
    "open_to_all",
    multiple=True,
    type=click.Choice(("docs", "metrics", "agreement")),
    help="Answer this without a key. May be given several times.",
)
@click.option(
    "--agreement", type=_folder, metavar="DIR", help="A built site, shown under /agreement/."
)
@click.option(
    "--log", "log_path", type=_file, metavar="FILE", help="Append every decision to this file."
)
@click.option("--log-ids", is_flag=True, help="Log the leads' ids.")
@click.option("--log-records", is_flag=True, help="Log the records, without personal facts.")
@click.option("--log-personal", is_flag=True, help="With --log-records: personal facts, too.")
@click.option(
    "--log-redact", multiple=True, metavar="FACT", help="Never log this fact, or KIND.PROPERTY."
)
@click.option(
    "--log-size",
    default=100,
    show_default=True,
    type=click.IntRange(1, 100_000),
    metavar="MB",
    help="Begin a new file when it is this large.",
)
@click.option(
    "--log-keep", type=click.IntRange(1), metavar="N", help="Keep this many full files, not all."
)
@click.option("--access-log", is_flag=True, help="Tell each request on standard error.")
@click.option("--no-watch", is_flag=True, help="Read changed files on SIGHUP only.")
@click.option("--no-metrics", is_flag=True, help="Do not count decisions.")
@click.option(
    "--max-body", default=1_000_000, show_default=True, type=click.IntRange(1_000), metavar="BYTES"
)
@click.option(
    "--max-events", default=10_000, show_default=True, type=click.IntRange(1), metavar="N"
)
@click.option(
    "--max-depth", default=20, show_default=True, type=click.IntRange(4, 100), metavar="N"
)
@click.option(
    "--max-seconds",
    default=5.0,
    show_default=True,
    type=click.FloatRange(0.01, 600),
    metavar="S",
    help="The time to work on one record.",
)
@click.option(
    "--patience",
    "max_patience",
    default=15.0,
    show_default=True,
    type=click.FloatRange(0.1, 600),
    metavar="S",
    help="The time that a client has to send a request.",
)
@click.option(
    "--drain",
    default=30,
    show_default=True,
    type=click.IntRange(0, 3600),
    metavar="S",
    help="The time that requests have to end when it is stopped.",
)
def command(policies: tuple[str, ...], host: str, keys: Path | None, **given: Any) -> int:
    """Answer questions about leads over HTTP.

    What it can be asked is told at /docs. Without --keys it listens to this machine alone. SIGHUP
    and changed files make it read policies and keys anew; while they have mistakes, the old ones
    go on. SIGTERM lets it end what was begun.
    """
    _can_serve()
    from leadpact.service.settings import Limits, Settings, is_loopback

    if keys is None and not is_loopback(host):
        raise UseError(
            f"--host {host}: without keys the service listens to this machine alone.",
            "Make a key with `leadpact keys new NAME --file keys.txt`, and say --keys keys.txt.",
        )
    log = _logging(**_taken(given, "log_"))
    limits = Limits(**_taken(given, "max_"))
    given |= {"watch": not given.pop("no_watch"), "metrics": not given.pop("no_metrics")}
    return _serve(Settings(policies, host=host, keys=keys, log=log, limits=limits, **given))


def _taken(given: dict[str, Any], part: str) -> dict[str, Any]:
    """The options whose names begin so, by the rest of their names; they are given no longer."""
    names = [name for name in given if name.startswith(part)]
    return {name.removeprefix(part): given.pop(name) for name in names}


def _logging(path: Path | None, size: int, **more: Any) -> Logging | None:
    from leadpact.service.settings import Logging

    if path is not None:
        return Logging(path.absolute(), size=size * 1_000_000, **more)
    if any(more.values()):
        raise UseError("--log-…: there is no log.", "Name its file with --log FILE.")
    return None


def _can_serve() -> None:
    if sys.platform == "win32":
        raise UseError("the service runs on Linux and macOS.", "On Windows, run it in a container.")
    for needed in ("uvicorn", "starlette"):
        if find_spec(needed) is None:
            raise UseError(
                f"the service needs `{needed}`, which is not installed.",
                "Install it: pip install 'leadpact[serve]'",
            )


def _serve(settings: Settings) -> int:
    from leadpact.service.catalogue import MistakesError
    from leadpact.service.keys import KeyFileError
    from leadpact.service.supervisor import StartError, prepare, serve

    for path in settings.policies:
        if "\0" in path or not Path(path).exists():
            raise UseError(
                f"{path}: there is no such file or folder.",
                "Name the folder that holds the policy.",
            )
    try:
        standing = prepare(settings)
    except MistakesError as wrong:
        click.echo(f"{wrong.text}\n", err=True)
        return complain("the policies have mistakes: nothing is served.", status=FINDINGS)
    except KeyFileError as wrong:
        return complain(str(wrong), status=FINDINGS)
    if settings.log is not None:
        _log_can_be_written(settings.log, standing)
    gc.collect()
    gc.freeze()
    try:
        return serve(settings, standing)
    except StartError as wrong:
        raise UseError(str(wrong), "Say another --port, or stop what listens there.") from None


def _log_can_be_written(logging: Logging, standing: Standing) -> None:
    from leadpact.service.decision_log import DecisionLog, LogError
    from leadpact.service.redaction import unknown_names

    checked = [version.policy.checked for shelf in standing.catalogue for version in shelf.versions]
    unknown = unknown_names(checked, logging.redact)
    if unknown:
        raise UseError(
            f"--log-redact {unknown[0]}: no policy has this fact.",
            "Name a fact of the record, or a property of an event as KIND.PROPERTY.",
        )
    log = DecisionLog(logging)
    try:
        log.append(b"")
    except LogError as wrong:
        raise UseError(f"--log {wrong}", "Name a file in a folder that can be written.") from None
    finally:
        log.close()
