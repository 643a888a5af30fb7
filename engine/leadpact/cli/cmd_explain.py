"""``leadpact explain``: what a code means, why it matters, an example and the fix."""

from __future__ import annotations

from textwrap import fill, indent

import click

from leadpact.cli.failing import FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.painting import strong, width
from leadpact.explain import Entry, entries

__all__ = ["command"]


@click.command(
    "explain",
    epilog=epilog(
        ("leadpact explain E402", "leadpact explain"),
        "0 when the code was explained, 2 when there is no such code.",
    ),
)
@click.argument("code", required=False)
def command(code: str | None) -> int:
    """Say more about a code of `leadpact check`.

    Codes are E… for errors and W… for warnings. Without a code, all of them are listed.
    """
    known = {entry.code: entry for entry in entries()}
    if code is None:
        click.echo("\n".join(f"{entry.code}  {entry.title}" for entry in known.values()))
    elif (entry := known.get(code.upper())) is not None:
        click.echo(_explained(entry))
    else:
        raise UseError(f"there is no code `{code}`.", _meant(code, list(known)))
    return FINE


def _explained(entry: Entry) -> str:
    before, after = (
        ("Typed at a terminal:", "Then type:")
        if entry.typed
        else ("For example:", "Write instead:")
    )
    parts = [
        strong(f"{entry.code}: {entry.title}"),
        fill(entry.what, width()),
        fill(f"Why it matters: {entry.why}", width()),
        f"{before}\n\n{indent(entry.example, '    ')}",
        f"{after}\n\n{indent(entry.fix, '    ')}",
    ]
    return "\n\n".join(parts)


def _meant(code: str, known: list[str]) -> str:
    from difflib import get_close_matches

    # No code has the letter O, which is easily taken for a nought.
    near = get_close_matches(code.upper().replace("O", "0"), known, n=1, cutoff=0.5)
    return f"Did you mean `{near[0]}`?" if near else "`leadpact explain` lists all codes."
