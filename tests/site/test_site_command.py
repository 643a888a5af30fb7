"""``leadpact site build`` and what it says when something is wrong; ``serve`` has its own tests."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from site_tests_built import ROOT, read_site

from leadpact.starter import site_files, starter_files
from leadpact_sla.site_files import LOOK


def leadpact(*words: str, here: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leadpact", *words],
        cwd=here,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """A policy without a site, as ``ours`` in ``tmp_path``."""
    folder = tmp_path / "ours"
    folder.mkdir()
    for name, data in starter_files().items():
        (folder / name).write_bytes(data)
    return folder


def test_a_policy_alone_becomes_a_site(ours: Path, tmp_path: Path) -> None:
    run = leadpact("site", "build", "ours", here=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    built = read_site(tmp_path / "build" / "site")
    pages = len(built) - 1
    out = Path("build", "site")
    assert run.stdout == f"{pages} pages in {out}\nOpen {out / 'index.html'}\n"
    assert "starter/facts.html" in built
    assert "assets/leadpact.css" in built["index.html"].sources
    assert "Starter: rename me" in (tmp_path / out / "index.html").read_text("utf-8")
    again = leadpact("site", "build", "ours", "--out", "build/site", here=tmp_path)
    assert again.returncode == 0
    assert sorted(path.name for path in ours.iterdir()) == sorted(starter_files())


def test_a_mistake_ends_the_build_with_the_place_and_no_traceback(
    ours: Path, tmp_path: Path
) -> None:
    (ours / "points.leadpact").write_text("scroe interest\n", "utf-8")
    (ours / "extra.leadpact").write_bytes('note "caf\xe9"\n'.encode("latin-1"))
    run = leadpact("site", "build", "ours", "--out", "out", here=tmp_path)
    assert (run.returncode, run.stdout) == (1, "")
    assert "--> ours/extra.leadpact" in run.stderr
    assert "UTF-8" in run.stderr
    assert run.stderr.endswith("leadpact: the site has mistakes: see above.\n")
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


def test_a_page_by_hand_with_a_dead_link_is_a_mistake(ours: Path, tmp_path: Path) -> None:
    for name, data in site_files().items():
        (ours / name).parent.mkdir(parents=True, exist_ok=True)
        (ours / name).write_bytes(data)
    (ours / "docs" / "about.md").write_text("# About\n\n[gone](nowhere.md)\n", "utf-8")
    run = leadpact("site", "build", here=ours)
    assert run.returncode == 1
    assert run.stderr.startswith("warning: Doc file 'about.md' contains a link 'nowhere.md'")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["nope"], "nope: there is no such file or folder.\n  Name the folder that holds"),
        (["nope.yml"], "nope.yml: there is no such file.\n  Check the spelling"),
        (["site.yml", "ours"], "site.yml: a mkdocs.yml names its policies itself.\n  Name it"),
        (["ours", "--out", "."], ".: this folder holds something else than a site.\n  A build"),
        (["ours", "--out", "site.yml"], "site.yml: this is a file.\n  Name a new folder."),
    ],
)
def test_wrong_use_is_told_and_nothing_is_touched(
    words: list[str], says: str, ours: Path, tmp_path: Path
) -> None:
    (tmp_path / "site.yml").write_text("site_name: x\n", "utf-8")
    run = leadpact("site", "build", *words, here=tmp_path)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"leadpact: {says}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours", "site.yml"]


def test_nothing_to_publish_is_told(tmp_path: Path) -> None:
    run = leadpact("site", "build", here=tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("leadpact: there is neither a mkdocs.yml nor a policy here.\n")


def test_a_config_that_is_no_yaml_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: [\n", "utf-8")
    run = leadpact("site", "build", here=tmp_path)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert "mkdocs.yml" in run.stderr


def test_the_config_of_the_readme_builds(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    config = re.search(r"^```yaml\n(site_name.*?)^```", readme, re.MULTILINE | re.DOTALL)
    assert config is not None
    (tmp_path / "mkdocs.yml").write_text(config[1], "utf-8")
    (tmp_path / "docs").mkdir()
    assert leadpact("new", "policies/ours", "--no-site", here=tmp_path).returncode == 0
    run = leadpact("site", "build", here=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert "starter/facts.html" in read_site(tmp_path / "site")


# --- what `leadpact new` gives -------------------------------------------------------------------


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    run = leadpact("new", "fresh", here=tmp_path)
    assert run.returncode == 0, run.stderr
    return tmp_path / "fresh"


def commands(workflow: str) -> list[str]:
    """Every command of ours that a workflow runs."""
    return re.findall(r"^\s*(?:- |run: |- run: )leadpact ([^>|\n]*)", workflow, re.MULTILINE)


def test_what_the_forges_run_is_fine_with_a_new_policy(fresh: Path) -> None:
    version = leadpact("--version", here=fresh).stdout.split()[1]
    found: list[str] = []
    for forge in (".github/workflows/leadpact.yml", ".gitlab-ci.yml"):
        workflow = (fresh / forge).read_text("utf-8")
        yaml.safe_load(workflow)
        assert f"leadpact=={version}" in workflow
        assert [one.split()[0] for one in commands(workflow)] == ["check", "fmt", "test", "site"]
        found += commands(workflow)
    for command in dict.fromkeys(found):
        run = leadpact(*command.split(), here=fresh)
        assert run.returncode == 0, (command, run.stdout, run.stderr)
    assert "about.html" in read_site(fresh / "build" / "site")


def test_what_the_forge_runs_notices_a_mistake(fresh: Path) -> None:
    with (fresh / "stages.leadpact").open("a", encoding="utf-8") as file:
        file.write("scroe\n")
    for command in commands((fresh / ".github/workflows/leadpact.yml").read_text("utf-8")):
        assert leadpact(*command.split(), here=fresh).returncode == 1, command


def test_the_new_site_looks_as_ours_does(fresh: Path) -> None:
    assert LOOK in (fresh / "mkdocs.yml").read_text("utf-8")


def test_the_new_site_builds_with_mkdocs_itself(fresh: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=fresh,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr


def test_inside_a_repository_a_policy_comes_without_a_site(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    run = leadpact("new", "policies/ours", here=tmp_path)
    assert "because it is part of a repository" in run.stdout
    made = tmp_path / "policies" / "ours"
    assert sorted(path.name for path in made.iterdir()) == sorted(starter_files())
    built = leadpact("site", "build", here=tmp_path)
    assert (built.returncode, built.stderr) == (0, "")
    assert leadpact("new", "policies/two", "--site", here=tmp_path).returncode == 0
    assert (tmp_path / "policies" / "two" / "mkdocs.yml").is_file()


def test_without_a_site_there_is_the_policy_alone(tmp_path: Path) -> None:
    assert leadpact("new", "bare", "--no-site", here=tmp_path).returncode == 0
    assert sorted(path.name for path in (tmp_path / "bare").iterdir()) == sorted(starter_files())
