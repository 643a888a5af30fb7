"""Files of lists: what may be read, and what must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadpact.check import check
from leadpact_dsl import Diagnostic, SourceFile, parse

POLICY = """\
policy sample:
    language 1
    version 1
    time zone "UTC"
list names from "{name}"
lead:
    email text
    refused when email is any of names because "Listed"
"""


def run(name: str, folder: Path | None) -> tuple[tuple[str, ...] | None, tuple[Diagnostic, ...]]:
    file = SourceFile("sample.leadpact", POLICY.format(name=name))
    document, unparsed = parse((file,))
    assert not unparsed
    policy, diagnostics = check(document, (file,), folder)
    return (policy.lists[0].members if policy else None), diagnostics


def test_texts_one_a_line(tmp_path: Path) -> None:
    text = "\ufeff# a comment\r\n  a b  \r\n\r\nc\nc\n"
    (tmp_path / "names.txt").write_bytes(text.encode())
    assert run("names.txt", tmp_path) == (("a b", "c"), ())


def test_a_folder_below(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "names.txt").write_text("x\n", encoding="utf-8")
    assert run("more/names.txt", tmp_path)[0] == ("x",)


def test_no_folder() -> None:
    members, diagnostics = run("names.txt", None)
    assert members is None
    assert [each.code for each in diagnostics] == ["E512"]


@pytest.mark.parametrize("name", ["../outside.txt", "more/../../outside.txt", "link.txt"])
def test_nothing_outside_is_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    outside = tmp_path / "outside.txt"
    outside.write_text("secret\n", encoding="utf-8")
    try:
        (folder / "link.txt").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no symbolic links")
    members, diagnostics = run(name, folder)
    assert members is None
    assert [each.code for each in diagnostics] == ["E512"]
    assert "leads out" in diagnostics[0].message
