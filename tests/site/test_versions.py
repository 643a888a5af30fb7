"""Versions of a policy side by side."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from site_tests_built import mkdocs, read_site, site_with

from leadpact.checked import CheckedPolicy
from leadpact.reading import checked
from leadpact_dsl import SourceFile
from leadpact_sla.publishing import MistakesError, Publishing, publish
from leadpact_sla.versions import clashes, versions

TODAY = date(2026, 11, 22)


def text(name: str = "ours", version: int = 1, since: str | None = None, score: int = 40) -> str:
    in_force = f"    in force from {since}\n" if since else ""
    return f"""policy {name} "Our <policy>":
    language 1
    version {version}
{in_force}    time zone "Europe/Stockholm"
lead:
    email text
activities:
    seen "Looked"
score interest "Interest" from 0 to 100:
    +{score}  each seen within 30 days because "It shows interest"
{"score fit from 0 to 10:" if version == 3 else ""}
{"    +5  when email is known" if version == 3 else ""}
party sales "Sales"
stage lead "Lead":
    start
    moves to mql when interest is at least 40
stage mql "Marketing qualified lead"
"""


def policy(name: str, version: int, since: str | None) -> CheckedPolicy:
    found, wrong = checked([SourceFile("all.leadpact", text(name, version, since))], None)
    assert found is not None, wrong
    return found


def shown(*given: tuple[str, int, str | None], today: date = TODAY) -> list[list[tuple]]:
    groups = versions([policy(*one) for one in given], today)
    return [[(one.index, one.folder, one.state) for one in group] for group in groups]


def test_the_one_in_force_is_the_main_one_whatever_the_order() -> None:
    assert shown(("ours", 3, "2027-01-01"), ("other", 1, None), ("ours", 2, "2026-01-01")) == [
        [(2, "ours", "in force"), (0, "ours-next", "next")],
        [(1, "other", "in force")],
    ]


def test_a_policy_is_in_force_on_its_first_day() -> None:
    given = (("ours", 1, None), ("ours", 2, "2026-11-22"))
    assert shown(*given) == [[(1, "ours", "in force"), (0, "ours-before", "before")]]
    yesterday = shown(*given, today=date(2026, 11, 21))
    assert yesterday == [[(0, "ours", "in force"), (1, "ours-next", "next")]]


def test_the_nearest_comes_first() -> None:
    days = ("2027-06-01", "2025-01-01", "2027-01-01", "2024-01-01", "2026-01-01")
    assert shown(*(("ours", at, day) for at, day in enumerate(days, 1))) == [
        [
            (4, "ours", "in force"),
            (2, "ours-next", "next"),
            (0, "ours-next-2", "next"),
            (1, "ours-before", "before"),
            (3, "ours-before-2", "before"),
        ]
    ]


def test_where_none_is_in_force_yet_the_first_to_come_is_the_main_one() -> None:
    assert shown(("ours", 2, "2028-01-01"), ("ours", 1, "2027-01-01")) == [
        [(1, "ours", "next"), (0, "ours-next", "next")]
    ]


def test_two_from_the_same_day_are_a_mistake() -> None:
    given = [("ours", 1, None), ("other", 1, None), ("ours", 2, "2026-01-01"), ("ours", 3, None)]
    assert clashes([policy(*one) for one in given]) == (3,)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for folder, version, since in (("now", 2, "2026-01-01"), ("later", 3, "2027-01-01")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "all.leadpact").write_text(text("ours", version, since, 40 + version))
    return tmp_path


def test_each_version_tells_what_it_is_and_leads_to_the_other(folders: Path) -> None:
    forge = "https://git.example/team"
    made = publish(Publishing(folders, ("later", "now"), forge), TODAY)
    found = {page.path: page for page in made}
    now, later = found["ours/score-interest.md"], found["ours-next/score-interest.md"]
    assert "+42" in now.markdown
    assert "+43" in later.markdown
    next_ = '<a href="../ours-next/score-interest.html">Version 3 is in force from 1 January 2027.'
    assert f'<p class="lp-version">{next_}</a></p>' in now.markdown
    back = '<a href="../ours/score-interest.html">Version 2 is in force.</a>'
    assert f"This is version 3. It is in force from 1 January 2027. {back}" in later.markdown
    assert "/edit/main/now/all.leadpact" in now.markdown
    assert "/edit/main/later/all.leadpact" in later.markdown
    assert (now.section, later.section) == ("Our <policy>", "Our <policy> (next)")
    # What only one version has leads to the other's first page.
    assert "../ours/index.html" in found["ours-next/score-fit.md"].markdown
    first = found["index.md"].markdown
    entry = '<li><a href="ours-next/index.html">Our &lt;policy&gt;</a>: Version 3 is in force from'
    assert entry in first


def test_the_signing_sheet_names_its_version_itself(folders: Path) -> None:
    made = publish(Publishing(folders, ("later", "now")), TODAY)
    found = {page.path: page.markdown for page in made}
    for folder, number in (("ours", 2), ("ours-next", 3)):
        assert "lp-version" not in found[f"{folder}/signing.md"]
        assert f"ersion {number}" in found[f"{folder}/signing.md"]


def test_on_its_first_day_the_next_version_takes_the_place(folders: Path) -> None:
    made = publish(Publishing(folders, ("later", "now")), date(2027, 1, 1))
    found = {page.path: page.markdown for page in made}
    assert "+43" in found["ours/score-interest.md"]
    assert "This is version 2. It is no longer in force." in found["ours-before/index.md"]


def test_a_site_with_one_version_says_nothing_of_versions(folders: Path) -> None:
    made = publish(Publishing(folders, ("now",)), TODAY)
    assert not [page.path for page in made if "lp-version" in page.markdown]
    assert "Other versions" not in made[0].markdown


def test_two_of_one_name_and_day_are_refused(folders: Path) -> None:
    (folders / "same").mkdir()
    (folders / "same" / "all.leadpact").write_text(text("ours", 9, "2026-01-01"))
    with pytest.raises(MistakesError) as refused:
        publish(Publishing(folders, ("now", "same")), TODAY)
    assert str(refused.value).startswith("same: another policy is called `ours` too, and is in")


def test_both_versions_stand_on_the_built_site(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")  # 2026-11-22
    config = site_with(tmp_path, text("ours", 2, "2026-01-01"))
    (tmp_path / "next").mkdir()
    (tmp_path / "next" / "all.leadpact").write_text(text("ours", 3, "2027-01-01"))
    lines = config.read_text("utf-8").replace("- policy\n", "- policy\n        - next\n")
    config.write_text(lines, "utf-8")
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    built = read_site(tmp_path / "out")
    for page in built.values():
        for link in page.links:
            if "ours" in link and not link.startswith(("#", "/")):
                target = (tmp_path / "out" / page.path).parent / link.partition("#")[0]
                assert target.exists(), (page.path, link)
    assert "../ours-next/index.html" in built["ours/index.html"].links
    assert "../ours/index.html" in built["ours-next/index.html"].links
