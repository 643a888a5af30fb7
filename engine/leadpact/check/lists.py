"""Labels, owners and lists; a list's file is read from the policy's folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from leadpact import checked
from leadpact.check.names import Names
from leadpact.check.report import Report
from leadpact.check.scope import Scope
from leadpact.check.words import default_label
from leadpact.operators.text import BLANKS, fold
from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic

__all__ = ["label", "owner", "text_list"]


def label(quoted: nodes.Quoted | None, name: nodes.Word) -> str:
    """The label as written, or made from the name."""
    return quoted.text if quoted is not None else default_label(name.text)


def owner(word: nodes.Word | None, names: Names) -> str | None:
    """The party that owns a block."""
    if word is not None:
        names.look_up(word, "party")
    return word.text if word is not None else None


def text_list(block: nodes.ListBlock, folder: Path | None, scope: Scope) -> checked.TextList:
    """The list with its members; a file that cannot be read leaves it empty and poisoned."""
    if block.file is not None:
        read = _from_file(block.file, folder, scope.report)
        if read is None:
            scope.names.poisoned.add(block.name.text)
        members = read or ()
    else:
        members = tuple(member.text for member in block.members)
        _say_repeated(block, scope.report)
    return checked.TextList(
        block.name.text,
        label(block.label, block.name),
        owner(block.owner, scope.names),
        members,
        block.span,
    )


def _say_repeated(block: nodes.ListBlock, report: Report) -> None:
    seen: dict[str, nodes.Quoted] = {}
    for member in block.members:
        first = seen.setdefault(fold(member.text), member)
        if first is member:
            continue
        same = first.text == member.text
        report.found.append(
            Diagnostic(
                "W403",
                f'"{member.text}" is already in the list'
                + ("." if same else f' as "{first.text}".'),
                member.span,
                "Upper and lower case and blanks around a text do not count. Leave one out.",
            )
        )


def _from_file(file: nodes.Quoted, folder: Path | None, report: Report) -> tuple[str, ...] | None:
    wrong, text = _read(file.text, folder)
    if wrong is not None:
        report.error(
            "E512",
            f'The list\'s file "{file.text}" {wrong[0]}.',
            file.span,
            wrong[1],
        )
        return None
    lines = [line.strip(BLANKS) for line in text.split("\n")]
    members = [line for line in lines if line and not line.startswith("#")]
    return tuple(dict.fromkeys(members))


_BESIDE = "Put the file into the policy's folder, or in a folder below it."


def _read(name: str, folder: Path | None) -> tuple[tuple[str, str] | None, str]:
    """What is wrong with a list's file and what to do, or its text."""
    if folder is None:
        return ("cannot be found: this policy is in no folder", "Write the texts inline."), ""
    parts = PurePosixPath(name)
    if (
        parts.is_absolute()
        or PureWindowsPath(name).anchor
        or "\\" in name
        or ".." in parts.parts
        or "\0" in name
    ):
        return ("leads out of the policy's folder", _BESIDE), ""
    path = folder / parts
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return ("leads out of the policy's folder", _BESIDE), ""
        if not path.is_file():
            there = "is a folder, not a file" if path.is_dir() else "does not exist"
            return (there, _BESIDE), ""
        data = path.read_bytes()
    except (OSError, ValueError, RuntimeError):
        return ("cannot be opened", "Check that you may read it."), ""
    if b"\0" in data:
        return ("is not a text file", "Write one text a line, saved as UTF-8."), ""
    try:
        return None, data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ("is not saved as UTF-8", "Save it as UTF-8, one text a line."), ""
