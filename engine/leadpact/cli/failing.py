"""Mistakes of use: one plain line, and what to do instead."""

from __future__ import annotations

import click

__all__ = ["FAULT", "FINDINGS", "FINE", "GONE", "STOPPED", "WRONG_USE", "UseError", "complain"]

FINE = 0
FINDINGS = 1
WRONG_USE = 2
FAULT = 70
# What a shell says of a program that Ctrl-C or a closed pipe has ended: 128 and the signal.
STOPPED = 130
GONE = 141


class UseError(click.ClickException):
    """The command cannot do what it is asked. ``message`` is one sentence for people."""

    exit_code = WRONG_USE

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


def complain(message: str, help: str | None = None, status: int = WRONG_USE) -> int:
    """Tell a mistake on standard error; gives back the exit status."""
    click.echo(f"leadpact: {message}", err=True)
    if help:
        click.echo(f"  {help}", err=True)
    return status
