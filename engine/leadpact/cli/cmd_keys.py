"""``leadpact keys``: who may ask a service."""

from __future__ import annotations

from pathlib import Path

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError, complain
from leadpact.cli.helping import epilog

__all__ = ["command"]

_file = click.option(
    "--file",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="The file of keys.",
)


@click.group(
    "keys",
    epilog=epilog(
        (
            "leadpact keys new crm --file keys.txt",
            "leadpact keys new prometheus --rights metrics --file keys.txt",
            "leadpact keys withdraw crm --file keys.txt",
        ),
        "0 when it is done, 1 when the file has a mistake or no such key, 2 wrong use.",
    ),
)
def command() -> None:
    """Make, list and withdraw the keys of `leadpact serve`.

    The file holds names, rights and hashes. A key itself is shown once, when it is made.
    """


@command.command("new")
@click.argument("name", metavar="NAME")
@_file
@click.option(
    "--rights",
    default="decide,read",
    show_default=True,
    metavar="RIGHTS",
    help="decide, read and metrics, with commas between.",
)
def new(name: str, file: Path, rights: str) -> int:
    """Make a key and add its hash to the file.

    The key is printed alone on standard output.
    """
    from leadpact.service.keys import RIGHTS, KeyFileError, new_key

    asked = tuple(dict.fromkeys(rights.replace(" ", "").split(",")))
    unknown = [right for right in asked if right not in RIGHTS]
    if unknown:
        raise UseError(
            f"--rights: there is no right `{unknown[0]}`.", f"The rights are {', '.join(RIGHTS)}."
        )
    try:
        token = new_key(file, name, asked)
    except KeyFileError as wrong:
        return complain(str(wrong), status=FINDINGS)
    click.echo(token)
    click.echo(f"Keep it: {file} has its hash only.", err=True)
    return FINE


@command.command("list")
@_file
def listed(file: Path) -> int:
    """List the names and rights of all keys."""
    from leadpact.service.keys import KeyFileError, read_keys

    try:
        keys = read_keys(file)
    except KeyFileError as wrong:
        return complain(str(wrong), status=FINDINGS)
    for key in keys.keys:
        click.echo(f"{key.name}  {','.join(sorted(key.rights))}")
    return FINE


@command.command("withdraw")
@click.argument("name", metavar="NAME")
@_file
def withdrawn(name: str, file: Path) -> int:
    """Take a key away. A running service notices."""
    from leadpact.service.keys import KeyFileError, withdraw

    try:
        found = withdraw(file, name)
    except KeyFileError as wrong:
        return complain(str(wrong), status=FINDINGS)
    if not found:
        return complain(f"{file}: there is no key `{name}`.", status=FINDINGS)
    return FINE
