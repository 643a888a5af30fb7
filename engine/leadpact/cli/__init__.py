"""The command line. Each command is a file of its own, imported only when it is called.

Start-up time counts: ``leadpact check`` runs on every save, so nothing is imported here but click.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from leadpact.cli.failing import FAULT, GONE, STOPPED, WRONG_USE, complain
from leadpact.cli.helping import epilog

__all__ = ["main"]

_COMMANDS = {
    "check": ("cmd_check", "Look for mistakes in policies."),
    "explain": ("cmd_explain", "Say more about a code of `leadpact check`."),
    "fmt": ("cmd_fmt", "Lay out the files of policies in the one way."),
    "decide": ("cmd_decide", "Decide about one lead, with the reasons."),
    "replay": ("cmd_replay", "Tell the whole life of one lead."),
    "run": ("cmd_run", "Decide about a whole file of leads."),
    "sql": ("cmd_sql", "Print the query of a policy for a database."),
    "queue": ("cmd_queue", "Say what waits for whom in a stage."),
    "worklist": ("cmd_worklist", "Say who stands on a worklist, and why."),
    "test": ("cmd_test", "Run the examples of policies."),
    "diff": ("cmd_diff", "Say what changed between two versions of a policy."),
    "serve": ("cmd_serve", "Answer questions about leads over HTTP."),
    "keys": ("cmd_keys", "Make and withdraw keys of a service."),
    "new": ("cmd_new", "Start a policy in a new folder."),
    "demo": ("cmd_demo", "See it all on a policy and leads that come with Leadpact."),
}


class _Commands(click.Group):
    """A group that knows its commands by name and imports one only when it is called."""

    def invoke(self, ctx: click.Context) -> int:
        try:
            status: int = super().invoke(ctx)
        except BrokenPipeError:
            # Before click gets to it, whose exit status would say that something was found.
            return _gone()
        return status

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            from leadpact.cli.others import other_command

            return other_command(cmd_name)
        # What modules make stays: looking through it again and again for garbage finds none.
        gc.disable()
        found = import_module(f"leadpact.cli.{_COMMANDS[cmd_name][0]}").command
        gc.freeze()
        gc.enable()
        assert isinstance(found, click.Command)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name.startswith("-") or name in _COMMANDS:
            return super().resolve_command(ctx, args)
        from leadpact.cli.others import other_names

        if name not in other_names():
            import difflib

            near = difflib.get_close_matches(name, (*_COMMANDS, *other_names()), n=1)
            more = f" Did you mean `{near[0]}`?" if near else ""
            raise click.UsageError(f"there is no command `{name}`.{more}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from leadpact.cli.others import other_names, other_says

        rows = [(name, says) for name, (_, says) in _COMMANDS.items()]
        rows += [(name, other_says(name)) for name in other_names() if name not in _COMMANDS]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=epilog(
        ("leadpact demo", "leadpact new policies/ours", "leadpact check policies/ours"),
        "0 all is well, 1 something was found, 2 wrong use.",
    ),
)
@click.version_option(package_name="leadpact", message="leadpact %(version)s")
@click.pass_context
def _leadpact(ctx: click.Context) -> None:
    """The agreement between marketing and sales about leads, as code.

    A policy is a folder of .leadpact files. It says how interested a lead is, how well it fits,
    and when it goes to sales.
    """
    if os.environ.get("NO_COLOR"):
        ctx.color = False


def main(arguments: Sequence[str] | None = None) -> None:
    """The program ``leadpact``: runs one command and leaves with its exit status."""
    _open_what_is_closed()
    # Labels may hold any character; a terminal that lacks one gets a question mark instead.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    status = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = _gone()
    except OSError as wrong:
        status = complain(f"the output cannot be written: {(wrong.strerror or '').lower()}.")
    if status == STOPPED and arguments is None:
        # Threads of a database that was stopped may still run; they must not end the program in
        # a way of their own.
        sys.stderr.flush()
        os._exit(STOPPED)
    # Or Python would look through all that is left for what could be collected, and then end.
    gc.freeze()
    sys.exit(status)


def _open_what_is_closed() -> None:
    """A program may be started without standard input or output (``>&-``): Python then has
    ``None`` in their place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            nothing = open(os.devnull, mode, encoding="utf-8")  # noqa: SIM115, PTH123
            setattr(sys, name, nothing)


def _run(arguments: Sequence[str] | None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _leadpact.main(given, "leadpact", standalone_mode=False)
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        return WRONG_USE
    except click.ClickException as wrong:
        return _wrong_use(wrong)
    except (click.Abort, KeyboardInterrupt):
        click.echo("leadpact: stopped.", err=True)
        return STOPPED
    except OSError as wrong:
        where = f"{os.fsdecode(wrong.filename)}: " if wrong.filename is not None else ""
        return complain(f"{where}{(wrong.strerror or type(wrong).__name__).lower()}.")
    except MemoryError:
        return complain("this is too large for the memory of this machine.")
    except Exception as fault:
        return _fault(fault)


def _wrong_use(wrong: click.ClickException) -> int:
    message = wrong.format_message()
    help_ = getattr(wrong, "help", None)
    if isinstance(wrong, click.UsageError) and wrong.ctx is not None:
        message = message[:1].lower() + message[1:]
        help_ = f"`{wrong.ctx.command_path} --help` tells more."
    return complain(message, help_, wrong.exit_code)


def _gone() -> int:
    """Who read our output has left: be silent, also when Python flushes at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return GONE


def _fault(fault: Exception) -> int:
    if os.environ.get("LEADPACT_TRACEBACK"):
        raise fault
    complain(
        f"a fault in Leadpact itself ({type(fault).__name__}: {fault}).",
        "This should not happen. Please report it; LEADPACT_TRACEBACK=1 shows where it is.",
    )
    return FAULT
