"""``leadpact fmt``: the one layout of policy files."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from leadpact.cli.failing import FINDINGS, FINE, UseError
from leadpact.cli.helping import epilog
from leadpact.cli.opening import Opened, counted, folder_of, policies, tell
from leadpact.cli.painting import bad, dim, good, strong, unsure
from leadpact_dsl import Diagnostic, SourceFile, read_policy
from leadpact_dsl.files import SUFFIX
from leadpact_dsl.formatting import formatted

__all__ = ["command"]


@click.command(
    "fmt",
    epilog=epilog(
        (
            "leadpact fmt policies/kontor",
            "leadpact fmt policies/* --check",
            "leadpact fmt policies/kontor/scoring.leadpact --diff",
        ),
        "0 all is well, 1 when a file has mistakes, or with --check or --diff would change, "
        "2 when there is no such policy.",
    ),
)
@policies
@click.option("--check", is_flag=True, help="Write nothing; name the files that would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def command(policies: tuple[str, ...], check: bool, diff: bool) -> int:
    """Lay out the files of policies in the one way that all of them share.

    Four blanks a level, one between words, and nothing aligned but the points. Comments stay
    where they are, and so does the order of the lines; the policy's meaning never changes. A file
    with mistakes is left alone.
    """
    # The process ends before anything could be worth collecting.
    gc.disable()
    for path in policies:
        _refuse_wrong_use(path)
    changed = unread = fine = 0
    for file in _files(policies):
        if file.diagnostics:
            unread += 1
            sources = {file.source.name: file.source} if file.source else {}
            tell(Opened(file.name, None, file.diagnostics, sources), err=True)
        elif file.new == file.old:
            fine += 1
        else:
            changed += 1
            if diff:
                _show(file)
            if not check and not diff:
                _write(file)
            if check or not diff:
                click.echo(f"{file.name}: {'would change' if check else 'formatted'}")
    # What --diff prints is a patch and nothing else.
    click.echo(_summary(changed, fine, unread, check or diff), err=diff)
    return FINDINGS if unread or (changed and (check or diff)) else FINE


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it is and as it should be, both as bytes; or what is wrong with it.

    ``name`` is the path as seen from where the command runs.
    """

    name: str
    source: SourceFile | None
    diagnostics: tuple[Diagnostic, ...] = ()
    old: bytes = b""
    new: bytes = b""


def _refuse_wrong_use(path: str) -> None:
    place = Path(path)
    if "\0" in path or not place.exists():
        raise UseError(
            f"{path}: there is no such file or folder.", "Name the folder that holds the policy."
        )
    if not place.is_dir() and place.suffix != SUFFIX:
        raise UseError(f"{path}: this is not a policy file: its name does not end in `{SUFFIX}`.")


def _files(paths: tuple[str, ...]) -> Iterator[_File]:
    """The files of all policies, each once however often it was named."""
    seen: set[Path] = set()
    for path in paths:
        sources, unread = read_policy(Path(path))
        folder = folder_of(path)
        for diagnostic in unread:
            named = diagnostic.span.file
            # A diagnostic about a folder as a whole names its path already.
            name = f"{folder}/{named}" if folder and named != str(Path(path)) else named
            span = replace(diagnostic.span, file=name)
            yield _File(name, None, (replace(diagnostic, span=span),))
        for source in sources:
            name = f"{folder}/{source.name}" if folder else source.name
            real = Path(name).resolve()
            if real not in seen:
                seen.add(real)
                yield _laid_out(replace(source, name=name))


def _laid_out(source: SourceFile) -> _File:
    text, diagnostics = formatted(source)
    if diagnostics:
        return _File(source.name, source, diagnostics)
    # Read again, because a byte-order mark is a difference that the text does not show.
    return _File(source.name, source, (), Path(source.name).read_bytes(), text.encode())


def _write(file: _File) -> None:
    """Put the new file in the place of the old one, which is whole at any moment."""
    import shutil
    import tempfile

    place = Path(file.name).resolve()
    with tempfile.NamedTemporaryFile(
        dir=place.parent, prefix=f".{place.name}.", delete=False
    ) as new:
        beside = Path(new.name)
        try:
            new.write(file.new)
            new.close()
            shutil.copymode(place, beside)
            beside.replace(place)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def _show(file: _File) -> None:
    """The change as a patch that ``patch -p0`` takes."""
    import difflib

    old, new = (_lines(data.decode()) for data in (file.old, file.new))
    for line in difflib.unified_diff(old, new, file.name, file.name):
        click.echo(_painted(line.removesuffix("\n")))
        if not line.endswith("\n"):
            click.echo("\\ No newline at end of file")


def _lines(text: str) -> list[str]:
    """The lines with their ends; a carriage return alone ends none."""
    return list(io.StringIO(text, newline="\n"))


def _painted(line: str) -> str:
    match line[:1]:
        case "+" | "-" if line.startswith(("+++ ", "--- ")):
            return strong(line)
        case "+":
            return good(line)
        case "-":
            return bad(line)
        case "@":
            return dim(line)
        case _:
            return line


def _summary(changed: int, fine: int, unread: int, would: bool) -> str:
    said = []
    if changed:
        said.append(
            unsure(f"{counted(changed, 'file')} {'would change' if would else 'formatted'}")
        )
    if unread:
        said.append(bad(f"{counted(unread, 'file')} with mistakes, left alone"))
    if fine or not said:
        said.append(f"{counted(fine, 'file')} {good('fine')}")
    return ", ".join(said)
