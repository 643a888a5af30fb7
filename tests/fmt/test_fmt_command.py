"""``leadpact fmt``: what it writes, prints and leaves with."""

from __future__ import annotations

import shutil
import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest
from tests.cli.conftest import leadpact

from leadpact.starter import starter_files

__all__ = ["leadpact"]

ROOT = Path(__file__).parents[2]
MESSY = "party   sales :\n  contact   'x'\n"


@pytest.fixture
def fmt(leadpact):
    return partial(leadpact, "fmt")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The starting policy; one of its five files has blanks that it should not have."""
    folder = tmp_path / "ours"
    folder.mkdir()
    for name, data in starter_files().items():
        (folder / name).write_bytes(data)
    points = folder / "points.leadpact"
    points.write_bytes(points.read_bytes().replace(b"    +", b"  +").replace(b":\n", b"\n"))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_writes_what_changes_and_names_it(fmt, ours):
    ran = fmt("ours")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == "ours/points.leadpact: formatted\n1 file formatted, 4 files fine\n"
    assert contents(ours) == starter_files()


def test_again_there_is_nothing_to_do(fmt, ours):
    fmt("ours")
    before = {path: path.stat().st_mtime_ns for path in ours.iterdir()}
    ran = fmt("ours")
    assert (ran.status, ran.out) == (0, "5 files fine\n")
    assert {path: path.stat().st_mtime_ns for path in ours.iterdir()} == before


def test_check_names_and_writes_nothing(fmt, ours):
    before = contents(ours)
    ran = fmt("ours", "--check")
    assert ran.status == 1
    assert ran.out == "ours/points.leadpact: would change\n1 file would change, 4 files fine\n"
    assert contents(ours) == before
    fmt("ours")
    assert fmt("ours", "--check").status == 0


def test_diff_is_a_patch_and_writes_nothing(fmt, ours, tmp_path):
    before = contents(ours)
    ran = fmt("ours", "--diff")
    assert ran.status == 1
    assert ran.out.startswith("--- ours/points.leadpact\n+++ ours/points.leadpact\n@@ ")
    assert contents(ours) == before
    if shutil.which("patch"):
        subprocess.run(["patch", "-p0", "-s"], cwd=tmp_path, input=ran.out.encode(), check=True)
        assert contents(ours) == starter_files()
    fmt("ours")
    clean = fmt("ours", "--diff")
    assert (clean.status, clean.out) == (0, "")


def test_diff_shows_a_missing_last_line_end(fmt, tmp_path):
    (tmp_path / "one.leadpact").write_bytes(b'party a:\n    duty "x"')
    ran = fmt("one.leadpact", "--diff")
    assert ran.out.endswith(
        ' party a:\n-    duty "x"\n\\ No newline at end of file\n+    duty "x"\n'
    )


def test_diff_and_check_name_it_too(fmt, ours):
    ran = fmt("ours", "--diff", "--check")
    assert ran.status == 1
    assert ran.out.startswith("--- ours/points.leadpact\n")
    assert ran.out.endswith("\nours/points.leadpact: would change\n")


def test_a_byte_order_mark_or_crlf_alone_is_a_change(fmt, tmp_path):
    for name, data in (("mark", b'\xef\xbb\xbfparty a:\n    duty "x"\n'), ("ends", b"# x\r\n")):
        path = tmp_path / f"{name}.leadpact"
        path.write_bytes(data)
        assert fmt(path.name, "--check").status == 1
        assert fmt(path.name).status == 0
        assert path.read_bytes() == data.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"")


def test_a_file_with_mistakes_is_told_and_left_alone(fmt, ours):
    (ours / "stages.leadpact").write_text(MESSY, newline="\n")
    ran = fmt("ours")
    assert ran.status == 1
    assert "error E133" in ran.err
    assert "  --> ours/stages.leadpact:2:" in ran.err
    assert (ours / "stages.leadpact").read_text() == MESSY
    assert (ours / "points.leadpact").read_bytes() == starter_files()["points.leadpact"]
    assert ran.out == (
        "ours/points.leadpact: formatted\n"
        "1 file formatted, 1 file with mistakes, left alone, 3 files fine\n"
    )


def test_names_that_are_not_declared_are_no_obstacle(fmt, tmp_path):
    (tmp_path / "one.leadpact").write_text("define  a  when  nobody_knows_this\n")
    assert fmt("one.leadpact").status == 0
    assert (tmp_path / "one.leadpact").read_text() == "define a when nobody_knows_this\n"


def test_a_file_that_cannot_be_read_is_told(fmt, ours):
    (ours / "points.leadpact").write_bytes(b'party a\n    duty "caf\xe9"\n')
    ran = fmt("ours")
    assert ran.status == 1
    assert "error E105" in ran.err
    assert "--> ours/points.leadpact" in ran.err


def test_a_folder_without_a_policy_is_told(fmt, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = fmt("empty/")
    assert ran.status == 1
    assert "error E102" in ran.err
    assert "  --> empty\n" in ran.err


def test_wrong_use_touches_nothing(fmt, ours):
    before = contents(ours)
    (ours.parent / "notes.md").write_text("a  b\n")
    for wrong in ("nowhere", "notes.md"):
        ran = fmt("ours", wrong)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"leadpact: {wrong}: ")
    assert contents(ours) == before


def test_a_file_named_twice_is_one_file(fmt, ours):
    ran = fmt("ours", "ours/points.leadpact", "ours/../ours", "--check")
    assert ran.out == "ours/points.leadpact: would change\n1 file would change, 4 files fine\n"


def test_links_and_permissions_stay(fmt, ours, tmp_path):
    real = ours / "points.leadpact"
    real.chmod(0o640)
    link = tmp_path / "linked.leadpact"
    link.symlink_to(real)
    assert fmt("linked.leadpact").status == 0
    assert link.is_symlink()
    assert real.read_bytes() == starter_files()["points.leadpact"]
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert sorted(path.name for path in ours.iterdir()) == sorted(starter_files())


def test_the_shipped_policies_are_clean(fmt):
    folders = sorted({path.parent for path in ROOT.glob("policies/*/*.leadpact")})
    assert len(folders) >= 2
    ran = fmt(*map(str, folders), str(ROOT / "engine" / "leadpact" / "starter"), "--check")
    assert (ran.status, ran.err) == (0, "")
