"""Diagnostics as forges read them: marks in the changed lines of a pull or merge request.

All are plain text or JSON that needs no library. Files are named as seen from the folder where
the command runs, with ``/``; columns count characters, and the end column is not included.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import PurePath

from leadpact.cli.opening import Opened
from leadpact_dsl import Diagnostic

__all__ = ["github", "gitlab", "sarif"]


def github(policies: Iterable[Opened]) -> str:
    """Workflow commands of GitHub Actions, one a line, each with its line end; errors first."""
    found = [one for opened in policies for one in opened.diagnostics]
    ordered = sorted(found, key=lambda one: not one.is_error)
    return "".join(f"{_command(one)}\n" for one in ordered)


def _command(one: Diagnostic) -> str:
    span = one.span
    properties: dict[str, object] = {"file": _path(span.file), "line": span.line}
    # A mark over several lines has no columns.
    if span.end_line == span.line:
        properties |= {"col": span.column, "endColumn": span.end_column}
    else:
        properties |= {"endLine": span.end_line}
    properties["title"] = one.code
    said = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{_level(one)} {said}::{_escaped(_message(one))}"


def _escaped(text: str, more: str = "") -> str:
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def gitlab(policies: Iterable[Opened]) -> list[dict[str, object]]:
    """GitLab's code quality report. A fingerprint stays when lines move, and is not repeated."""
    from hashlib import sha256

    seen: dict[tuple[str, ...], int] = {}
    report: list[dict[str, object]] = []
    for opened in policies:
        for one in opened.diagnostics:
            path = _path(one.span.file)
            source = opened.sources.get(one.span.file)
            line = source.line(one.span.line).strip() if source else ""
            place = (one.code, path, line, one.message)
            seen[place] = seen.get(place, 0) + 1
            fingerprint = sha256("\0".join((*place, str(seen[place]))).encode()).hexdigest()
            report.append(
                {
                    "description": f"{one.code}: {_message(one)}",
                    "check_name": one.code,
                    "fingerprint": fingerprint,
                    "severity": "major" if one.is_error else "minor",
                    "location": {"path": path, "lines": {"begin": one.span.line}},
                }
            )
    return report


def sarif(policies: Iterable[Opened]) -> dict[str, object]:
    """A report in SARIF 2.1.0, with what each of its codes means."""
    from importlib.metadata import version

    found = [one for opened in policies for one in opened.diagnostics]
    codes = sorted({one.code for one in found})
    driver = {"name": "leadpact", "version": version("leadpact"), "rules": _rules(codes)}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in found],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return {"$schema": schema, "version": "2.1.0", "runs": [run]}


def _rules(codes: Sequence[str]) -> list[dict[str, object]]:
    from leadpact.explain import entries

    return [
        {
            "id": entry.code,
            "shortDescription": {"text": entry.title},
            "fullDescription": {"text": entry.what},
            "help": {"text": f"{entry.why}\n\nWrong:\n{entry.example}\n\nRight:\n{entry.fix}"},
        }
        for entry in entries()
        if entry.code in codes
    ]


def _result(one: Diagnostic, index: int) -> dict[str, object]:
    from urllib.parse import quote

    span = one.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    location = {"artifactLocation": {"uri": quote(_path(span.file))}, "region": region}
    return {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _level(one),
        "message": {"text": _message(one)},
        "locations": [{"physicalLocation": location}],
    }


def _level(one: Diagnostic) -> str:
    return "error" if one.is_error else "warning"


def _message(one: Diagnostic) -> str:
    fix = f"Write: {one.fix.strip()}" if one.fix else None
    return "\n".join(part for part in (one.message, one.help, fix) if part)


def _path(file: str) -> str:
    try:
        return PurePath(os.path.relpath(file)).as_posix()
    except ValueError:
        # On another drive: there is no way to it from here.
        return PurePath(file).as_posix()
