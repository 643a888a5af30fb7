"""Reading policies from the disk: whatever stands there, a message and no traceback."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from leadpact_dsl import parse, read_policy, render
from leadpact_dsl.files import LARGEST_FILE

LINE = "define x when a\n"


def _code(path: Path) -> str:
    sources, diagnostics = read_policy(path)
    assert sources == ()
    (told,) = diagnostics
    assert render(told, {})
    return told.code


def test_a_folder_is_its_policy_files_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.leadpact").write_text(LINE)
    (tmp_path / "a.leadpact").write_text(LINE)
    (tmp_path / "notes.txt").write_text("no policy")
    (tmp_path / "folder.leadpact").mkdir()
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "c.leadpact").write_text(LINE)
    sources, diagnostics = read_policy(tmp_path)
    assert [source.name for source in sources] == ["a.leadpact", "b.leadpact"]
    assert diagnostics == ()


def test_one_file_is_a_policy(tmp_path: Path) -> None:
    path = tmp_path / "a.leadpact"
    path.write_text(LINE)
    assert [source.name for source in read_policy(path)[0]] == ["a.leadpact"]


def test_a_mark_at_the_start_and_other_line_ends_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "a.leadpact"
    path.write_bytes(b"\xef\xbb\xbfdefine x:\r\n    when a\r\n")
    sources, diagnostics = read_policy(path)
    assert diagnostics == ()
    document, told = parse(sources)
    assert told == ()
    assert len(document.blocks) == 1


def test_what_is_not_there(tmp_path: Path) -> None:
    assert _code(tmp_path / "nowhere") == "E101"
    assert _code(Path("a\0b")) == "E106" or _code(Path("a\0b")) == "E101"


def test_a_folder_without_a_policy(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no policy")
    assert _code(tmp_path) == "E102"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "E103"),
        (b" \r\n\n", "E103"),
        (b"\xef\xbb\xbf", "E103"),
        (b"define x\0when a", "E104"),
        ("define x when a".encode("utf-16"), "E104"),
        (b"define x\n  \xe5 when a", "E105"),
        (b"#" * (LARGEST_FILE + 1), "E107"),
    ],
)
def test_files_that_are_no_policy(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "a.leadpact"
    path.write_bytes(data)
    assert _code(path) == code


def test_a_file_that_is_not_utf8_says_where(tmp_path: Path) -> None:
    path = tmp_path / "a.leadpact"
    path.write_bytes("define x when a\n# för\n".encode("latin-1"))
    ((told,), sources) = (read_policy(path)[1], read_policy(path)[0])
    assert sources == ()
    assert (told.span.line, told.span.column) == (2, 4)
    assert "line 2" in told.message
    assert "byte 20" in told.message


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.leadpact").write_bytes(b"\xff")
    (tmp_path / "b.leadpact").write_text(LINE)
    sources, diagnostics = read_policy(tmp_path)
    assert [source.name for source in sources] == ["b.leadpact"]
    assert [told.code for told in diagnostics] == ["E105"]


@contextmanager
def somebody_else() -> Iterator[None]:
    """As a user who is not root, since root may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="there are no file permissions here")
def test_a_file_that_may_not_be_read() -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "a.leadpact"
        path.write_text(LINE)
        path.chmod(0)
        with somebody_else():
            assert _code(path) == "E106"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.leadpact"
    os.mkfifo(path)
    assert _code(path) == "E106"


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.leadpact"
    path.symlink_to(tmp_path / "nowhere")
    assert _code(path) == "E101"
    assert _code(tmp_path) in ("E102", "E106")
