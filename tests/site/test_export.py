"""``leadpact site export``: the same pages, built where Leadpact is not installed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
from datetime import date
from pathlib import Path

import pytest
import yaml
from site_tests_built import ROOT, BuiltPage, read_site

from leadpact_sla.export import export, is_export
from leadpact_sla.publishing import MistakesError, Publishing
from leadpact_sla.site_files import LOOK, SiteFile, mkdocs_yml

# Building takes long; between them they have every sort of page.
POLICIES = ("policies/kontor", "policies/studio_north")


def leadpact(*words: str, here: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leadpact", *words], cwd=here, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def without_leadpact(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A Python that has everything that is installed here but Leadpact."""
    library = tmp_path_factory.mktemp("library")
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "leadpact" not in entry.name:
            (library / entry.name).symlink_to(entry)
    # -I and -S: nothing is importable beside the standard library and this folder.
    start = f"import sys; sys.path.append({str(library)!r}); "
    return [sys.executable, "-I", "-S", "-c", start]


def isolated(python: list[str], code: str, *words: str) -> subprocess.CompletedProcess[str]:
    *command, start = python
    return subprocess.run([*command, start + code, *words], capture_output=True, text=True)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("export") / "markdown"
    run = leadpact("site", "export", str(folder), *POLICIES)
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def both(
    exported: Path, without_leadpact: list[str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, BuiltPage], dict[str, BuiltPage]]:
    """The pages built by the plugin, and those built from the export without Leadpact."""
    ours, theirs = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("theirs")
    run = leadpact("site", "build", *POLICIES, "--out", str(ours))
    assert run.returncode == 0, run.stderr
    built = isolated(
        without_leadpact,
        "from mkdocs.__main__ import cli; cli()",
        *("build", "--strict", "-f", str(exported / "mkdocs.yml"), "-d", str(theirs)),
    )
    assert built.returncode == 0, built.stderr
    return read_site(ours), read_site(theirs)


def test_leadpact_is_really_not_there(without_leadpact: list[str]) -> None:
    for package in ("leadpact", "leadpact_sla", "leadpact_dsl"):
        run = isolated(without_leadpact, f"import {package}")
        assert f"No module named '{package}'" in run.stderr
    found = isolated(
        without_leadpact,
        "from importlib.metadata import entry_points as e; "
        "print(sorted(one.name for one in e(group='mkdocs.plugins')))",
    )
    assert "search" in found.stdout
    assert "leadpact" not in found.stdout


def test_both_ways_make_the_same_pages(both: tuple[dict, dict]) -> None:
    ours, theirs = both
    assert list(ours) == list(theirs)
    assert len(ours) > 30
    for path, page in ours.items():
        assert words(page) == words(theirs[path]), path
        assert page.links == theirs[path].links, path
        assert page.ids == theirs[path].ids, path
        assert page.rules == theirs[path].rules, path
        assert page.sources == theirs[path].sources, path


def words(page: BuiltPage) -> list[str]:
    return page.text.split()


def test_an_export_is_text_of_its_own(exported: Path) -> None:
    config = yaml.safe_load((exported / "mkdocs.yml").read_text("utf-8"))
    assert config["plugins"] == ["search", "offline"]
    for path in exported.rglob("*"):
        if path.suffix in (".md", ".yml", ".css"):
            assert b"\r" not in path.read_bytes()
    assert "leadpact:" not in (exported / "mkdocs.yml").read_text("utf-8")


def test_a_new_export_takes_the_place_of_an_earlier_one(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "again"
    shutil.copytree(exported, folder)
    (folder / "docs" / "kontor" / "gone.md").write_text("# A page of a rule that is gone\n")
    assert is_export(folder)
    run = leadpact("site", "export", str(folder), "policies/kontor", "policies/ferrum")
    assert run.returncode == 0, run.stderr
    assert not (folder / "docs" / "kontor" / "gone.md").exists()
    assert not (folder / "docs" / "studio_north").exists()
    assert (folder / "docs" / "ferrum" / "index.md").is_file()


def test_nothing_else_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    run = leadpact("site", "export", str(tmp_path), "policies/kontor")
    assert run.returncode == 2
    assert run.stderr == f"leadpact: {tmp_path}: this folder is not empty.\n  Name a new one.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]
    onto = leadpact("site", "export", str(tmp_path / "note.txt"), "policies/kontor")
    assert onto.stderr.startswith(f"leadpact: {tmp_path / 'note.txt'}: this is a file.\n")


def test_a_policy_with_mistakes_leaves_the_earlier_export(exported: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    shutil.copytree(exported, folder)
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "all.leadpact").write_text("policy wrong\n", "utf-8")
    with pytest.raises(MistakesError):
        export(Publishing(tmp_path, ("wrong",)), folder, date(2026, 11, 22))
    assert (folder / "docs" / "kontor" / "index.md").is_file()
    run = leadpact("site", "export", str(folder), "wrong", here=tmp_path)
    assert run.returncode == 1
    assert "--> wrong/all.leadpact:1:" in run.stderr
    assert run.stderr.endswith("leadpact: nothing was written.\n")


HOSTILE = "a: \"b\" 'c' # d [e] {f} - & * ! | > % @ ` \\ \x85 \u2028 \u00e9 \U0001f600 ~"


def test_any_text_stands_in_the_config_as_it_is() -> None:
    nav = [{HOSTILE: "a.md"}, {"Deep": [{HOSTILE: [HOSTILE, {HOSTILE: "b.md"}]}]}, "c.md"]
    file = SiteFile(HOSTILE, "docs", "out", nav=nav, policies=(HOSTILE,), root=HOSTILE)
    read = yaml.safe_load(mkdocs_yml(file))
    assert read["site_name"] == HOSTILE
    assert read["nav"] == nav
    assert read["plugins"][2] == {"leadpact": {"root": HOSTILE, "policies": [HOSTILE]}}


def test_our_own_site_looks_as_those_of_others_do() -> None:
    own = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
    look = yaml.safe_load(LOOK)
    for key in ("theme", "validation", "copyright", "use_directory_urls"):
        assert own[key] == look[key], key
