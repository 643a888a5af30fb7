"""Reading a policy's files from the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.source import SourceFile, Span

__all__ = ["LARGEST_FILE", "SUFFIX", "read_policy"]

SUFFIX: Final = ".leadpact"
LARGEST_FILE: Final = 5_000_000


def read_policy(path: Path) -> tuple[tuple[SourceFile, ...], tuple[Diagnostic, ...]]:
    """The policy files at a path, and what is wrong with them as files.

    ``path`` is a directory, whose files ``*.leadpact`` are read in the order of their names
    (folders in it are not looked into), or one file. A file that cannot be read is told and left
    out. Line ends may be LF or CRLF; a byte-order mark is taken away.
    """
    try:
        if path.is_dir():
            names = sorted(entry for entry in path.iterdir() if entry.name.endswith(SUFFIX))
            if not any(entry.is_file() for entry in names):
                message = f"There is no policy in this folder: no file ends in `{SUFFIX}`."
                help_ = "Name the folder that holds the policy, or start one with `leadpact new`."
                return (), (_whole(str(path), "E102", message, help_),)
            paths = [entry for entry in names if not entry.is_dir()]
        elif path.exists():
            paths = [path]
        else:
            message = "There is no such file or folder."
            return (), (_whole(str(path), "E101", message, "Check the spelling of the path."),)
    except (OSError, ValueError) as error:
        return (), (_whole(str(path), "E106", _why(error), None),)
    read = [_read_file(entry) for entry in paths]
    sources = tuple(item for item in read if isinstance(item, SourceFile))
    return sources, tuple(item for item in read if isinstance(item, Diagnostic))


def _read_file(path: Path) -> SourceFile | Diagnostic:
    try:
        if not path.is_file():
            return _whole(path.name, "E106", "This is not a file of text.", None)
        size = path.stat().st_size
        if size > LARGEST_FILE:
            message = f"This file has {size:,} bytes; {LARGEST_FILE:,} are the most."
            return _whole(path.name, "E107", message, "Is it a policy at all?")
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        return _whole(path.name, "E106", _why(error), None)
    if b"\0" in data:
        message = "This file is not text: it holds zero bytes."
        help_ = "Save it as UTF-8. If it came from a spreadsheet or is UTF-16, export it as text."
        return _whole(path.name, "E104", message, help_)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _not_utf8(path.name, error)
    if not text.strip():
        return _whole(
            path.name, "E103", "This file is empty.", "Write a block, or delete the file."
        )
    return SourceFile(path.name, text)


def _not_utf8(name: str, error: UnicodeDecodeError) -> Diagnostic:
    """Say where; most such files are older Windows texts with an accented letter."""
    before = error.object[: error.start]
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    byte = error.object[error.start]
    message = f"This file is not UTF-8: byte {error.start + 1:,}, on line {line}, is 0x{byte:02X}."
    span = Span(name, line, column, line, column + 1)
    return Diagnostic("E105", message, span, "Save the file with the encoding UTF-8.")


def _whole(name: str, code: str, message: str, help_: str | None) -> Diagnostic:
    return Diagnostic(code, message, Span(name, 1, 1, 1, 1), help_)


def _why(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
    return f"This cannot be read: {reason.lower()}."
