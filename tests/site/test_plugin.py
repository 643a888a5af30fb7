"""The plugin on policies of its own: hostile labels, mistakes, and serving."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from site_tests_built import ROOT, BuiltPage, mkdocs, read_site, site_with

HOSTILE = """<script>alert(1)</script> 'a' & [b](http://x.example) *c* `d` {#e} ${f} | _g_ &lt;"""

POLICY = """policy hostile "LABEL":
    language 1
    version 1
    in force from 2026-10-01
    time zone "Europe/Stockholm"
    note "LABEL"

party marketing "LABEL m":
    contact "LABEL"
    duty "LABEL"
    stand-in "LABEL"
    note "LABEL"
party sales "LABEL s"
role chief "LABEL chief" of sales:
    contact "LABEL"
    duty "LABEL"

calendar office "LABEL office":
    open mon to fri 09:00 to 17:00
    closed on 2026-12-23 because "LABEL"
    note "LABEL"

list names "LABEL list": "LABEL member"

lead:
    email "LABEL email" text (required)
    kind "LABEL kind" one of "LABEL one", two
    refused when email is "LABEL" because "LABEL"

activities:
    seen "LABEL seen":
        url "LABEL url" text

actions by sales:
    spoken "LABEL spoken"
    told "LABEL told":
        note "LABEL note" text

score interest "LABEL score" from 0 to 100 owned by marketing:
    note "LABEL"
    means "LABEL"
    counts 25% less for each month without activity
    category web "LABEL web" at most 40 points:
        note "LABEL"
        starts again on entering gone
        +10  each seen once per url within 30 days because "LABEL"
    points by kind:
        +5   "LABEL one" because "LABEL"
        +0   otherwise
        +0   unknown

grade fit "LABEL grade":
    +70  when email is "LABEL" because "LABEL"
    letters:
        A from 70
        B otherwise

define keen "LABEL keen" when interest is at least 10
define good "LABEL good" when fit is A because "LABEL"
define named when email is any of names

group quadrant "LABEL group":
    both "LABEL both":
        when keen and good
        because "LABEL"
        do "LABEL"
        means "LABEL"
    one "LABEL one" when keen
    other "LABEL other" when good
    none_of_it "LABEL none" otherwise

checklist bant "LABEL list":
    ask "LABEL?" met when kind is "LABEL one"
    tell "LABEL!" answered by sales, good for 3 days
    needs at least 1 met

stage lead "LABEL lead" owned by marketing:
    start
    means "LABEL"
    note "LABEL"
    may contact sales
    moves to gone when spoken and named because "LABEL"
    hands back to back:
        when spoken
        because note of last told
        put on worklist later "LABEL later"
        wake up after 3 days or on seen
        do "LABEL"
        note "LABEL"
    times out to back after 30 days without seen
    moves by hand to back by sales
    target call "LABEL call" is spoken within 4 business hours of office:
        tell chief when missed
        means "LABEL"
        hands back to back 1 business day after missed because "LABEL"
stage back "LABEL back":
    moves to lead when last told is at least 3 days ago
stage gone "LABEL gone" owned by sales:
    final
any stage except gone:
    note "LABEL"
    moves to gone when keen and not good in force from 2027-01-01 because "LABEL"

agreement "LABEL agreement":
    goal "LABEL"
    note "LABEL"
    sales reaches spoken for at least 50% of lead within 7 days because "LABEL"
    signed by sales "LABEL" on 2026-09-28

guarantee "LABEL guarantee":
    never gone when named
    because "LABEL"
    note "LABEL"
"""


def test_labels_are_shown_as_they_are_and_never_run(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY.replace("LABEL", HOSTILE))
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    hostile, plain = read_site(tmp_path / "out"), plain_site(tmp_path)
    for path, page in hostile.items():
        assert elements(page) == elements(plain[path]), path
        assert not [link for link in page.links if "x.example" in link], path
        # Of other sections the navigation shows the first page alone.
        assert HOSTILE in page.text or not path.startswith(("hostile/", "index")), path
    assert HOSTILE in hostile["hostile/group-quadrant.html"].titles[0]
    index = (tmp_path / "out" / "search" / "search_index.json").read_text("utf-8")
    assert "<script>" not in index
    assert "&lt;script&gt;" in index


def elements(page: BuiltPage) -> list[str]:
    """What the page is made of, in no order, because some lists are in that of their labels. How
    many lines a picture's text takes depends on its words, and so does where a rule id may be
    broken.
    """
    return sorted(tag for tag in page.tags if tag not in ("text", "wbr"))


def plain_site(folder: Path) -> dict[str, BuiltPage]:
    """The same policy with a harmless label: the same pages and elements must come out.

    The label has the hostile one's marks for sentences, so that lists are joined alike.
    """
    (folder / "plain").mkdir()
    config = site_with(folder / "plain", POLICY.replace("LABEL", "Plain: b c d e f g"))
    run = mkdocs(config, folder / "plain" / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    return read_site(folder / "plain" / "out")


def test_a_build_ends_with_the_mistakes(tmp_path: Path) -> None:
    broken = POLICY.replace("interest is at least 10", "interest is at leest 10")
    run = mkdocs(site_with(tmp_path, broken), tmp_path / "out")
    assert run.returncode == 1
    said = run.stdout + run.stderr
    assert "at leest" in said
    assert "--> policy/all.leadpact" in said
    assert "Traceback" not in said


def test_two_policies_of_one_name_are_refused(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    text = config.read_text("utf-8").replace("        - policy\n", "        - policy\n" * 2)
    config.write_text(text, "utf-8")
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 1
    assert "another policy is called `hostile` too" in run.stdout + run.stderr


def serving(config_file: Path) -> MkDocsConfig:
    config = load_config(str(config_file))
    config.plugins.on_startup(command="serve", dirty=False)
    return config


def rebuilt(config: MkDocsConfig) -> dict[str, str]:
    """The generated pages after a rebuild, by path."""
    config.nav = None
    config.plugins.on_config(config)
    files = config.plugins.on_files(Files([]), config=config)
    return {file.src_uri: file.content_string for file in files if file.src_uri.endswith(".md")}


def test_while_serving_the_last_good_pages_stay_with_a_box(tmp_path: Path) -> None:
    config = serving(site_with(tmp_path, POLICY))
    policy = tmp_path / "policy" / "all.leadpact"

    good = rebuilt(config)
    assert "hostile/score-interest.md" in good
    policy.write_text(POLICY.replace("is at least 10", "is at leest <10>"), "utf-8")
    boxed = rebuilt(config)
    assert boxed.keys() == good.keys()
    for path, page in boxed.items():
        assert page.startswith("---\ntitle:"), path
        assert 'class="lp-broken"' in page
        assert "at leest &lt;10&gt;" in page
    policy.write_text(POLICY, "utf-8")
    assert rebuilt(config) == good


def test_serving_starts_with_a_broken_policy_too(tmp_path: Path) -> None:
    shown = rebuilt(serving(site_with(tmp_path, "policy")))
    assert list(shown) == ["index.md"]
    assert 'class="lp-broken"' in shown["index.md"]


def test_a_page_written_by_hand_replaces_the_one_made_for_it(tmp_path: Path) -> None:
    config_file = site_with(tmp_path, POLICY)
    (tmp_path / "site" / "index.md").write_text("# Our own welcome\n", "utf-8")
    run = mkdocs(config_file, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    built = read_site(tmp_path / "out")
    assert "Our own welcome" in built["index.html"].text
    assert "hostile/score-interest.html" in built


class Server:
    """What the plugin asks of MkDocs' server."""

    def __init__(self) -> None:
        self.watched: list[tuple[str, bool]] = []

    def watch(self, path: str, *, recursive: bool = True) -> None:
        self.watched.append((path, recursive))


def watched_by(config_file: Path) -> list[tuple[str, bool]]:
    config = load_config(str(config_file))
    server = Server()
    config.plugins["leadpact"].on_serve(server, config=config, builder=None)
    return server.watched


def test_policies_are_watched_and_nothing_below_them(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    assert watched_by(config) == [(str(tmp_path / "policy"), False)]


def test_the_folders_of_lists_are_watched_even_when_the_policy_is_wrong(tmp_path: Path) -> None:
    config = site_with(tmp_path, 'list rivals from "lists/rivals.txt"\nscroe\n')
    (tmp_path / "policy" / "lists").mkdir()
    assert watched_by(config) == [
        (str(tmp_path / "policy"), False),
        (str(tmp_path / "policy" / "lists"), False),
    ]


def test_a_folder_that_is_missing_is_waited_for(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    (tmp_path / "policy" / "all.leadpact").unlink()
    (tmp_path / "policy").rmdir()
    assert watched_by(config) == [(str(tmp_path), False)]


def test_a_rebuild_watches_what_is_new(tmp_path: Path) -> None:
    config = serving(site_with(tmp_path, POLICY))
    server = Server()
    config.plugins["leadpact"].on_serve(server, config=config, builder=None)
    rebuilt(config)
    (tmp_path / "policy" / "new").mkdir()
    more = 'list more "More" from "new/more.txt"\n'
    (tmp_path / "policy" / "more.leadpact").write_text(more, "utf-8")
    rebuilt(config)
    rebuilt(config)
    assert [path for path, _ in server.watched] == [
        str(tmp_path / "policy"),
        str(tmp_path / "policy" / "new"),
    ]


def test_pages_link_to_each_other_as_files_whatever_the_config_says(tmp_path: Path) -> None:
    config = load_config(str(site_with(tmp_path, POLICY)), use_directory_urls=True)
    config.plugins.on_config(config)
    assert config.use_directory_urls is False


# --- the least that a mkdocs.yml may say ---------------------------------------------------------

LEAST = """
site_name: Ours
docs_dir: site
site_dir: out
theme: {name: material, font: false}
plugins: [search, offline, leadpact]
"""


def test_a_config_needs_no_more_than_the_plugins(tmp_path: Path) -> None:
    full = site_with(tmp_path, POLICY)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policy").rename(tmp_path / "policies" / "one")
    (tmp_path / "policies" / "notes").mkdir()
    full.write_text(LEAST, "utf-8")
    run = mkdocs(full, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    page = read_site(tmp_path / "out")["hostile/score-interest.html"]
    assert "../assets/leadpact.css" in page.sources
    assert "../assets/iframe-worker-shim.js" in page.sources
    assert not [source for source in page.sources if "//" in source]
    assert "interest.seen" in page.rules


def test_a_policy_beside_the_config_is_found_and_one_text_will_do(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    config.write_text(LEAST, "utf-8")
    (tmp_path / "policy" / "all.leadpact").rename(tmp_path / "all.leadpact")
    assert "hostile/index.md" in rebuilt(serving(config))
    one = LEAST.replace("leadpact]", "{leadpact: {policies: all.leadpact}}]")
    config.write_text(one, "utf-8")
    assert "hostile/index.md" in rebuilt(serving(config))


def test_a_site_without_a_policy_says_so(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    config.write_text(LEAST, "utf-8")
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 1
    assert "There is no policy here.\n" in run.stdout + run.stderr


@pytest.mark.parametrize("given", ["3", "{a: b}", "[1, 2]", "[[policies/ours]]"])
def test_policies_that_are_no_list_of_folders_are_told_in_words(given: str, tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    config.write_text(LEAST.replace("leadpact]", f"leadpact: {{policies: {given}}}]"), "utf-8")
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 1
    said = run.stdout + run.stderr
    assert "'policies': Write a list of folders, each in a line of its own" in said
    assert "class" not in said


def test_styles_written_by_hand_win_and_come_after_ours(tmp_path: Path) -> None:
    config = site_with(tmp_path, POLICY)
    text = config.read_text("utf-8")
    config.write_text(f"{text}extra_css:\n  - ours.css\n", "utf-8")
    (tmp_path / "site" / "ours.css").write_text("/* ours */", "utf-8")
    (tmp_path / "site" / "assets").mkdir()
    (tmp_path / "site" / "assets" / "leadpact.css").write_text("/* by hand */", "utf-8")
    run = mkdocs(config, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "out" / "assets" / "leadpact.css").read_text("utf-8") == "/* by hand */"
    sources = read_site(tmp_path / "out")["index.html"].sources
    assert sources.index("assets/leadpact.css") < sources.index("ours.css")
    assert sources.count("assets/leadpact.css") == 1


def test_every_file_of_the_folder_assets_is_published(
    built_folder: Path, built: dict[str, BuiltPage]
) -> None:
    folder = ROOT / "sla" / "leadpact_sla" / "assets"
    for file in folder.iterdir():
        there = built_folder / "assets" / file.name
        assert there.read_bytes() == file.read_bytes()
        if file.suffix == ".css":
            for path, page in built.items():
                ends = [source for source in page.sources if source.endswith(f"assets/{file.name}")]
                assert len(ends) == 1, (path, file.name)


# --- folders that hold no policy ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: folder.rename(folder.with_name("gone")), "error E101"),
        (lambda folder: (folder / "all.leadpact").unlink(), "error E102"),
        (lambda folder: (folder / "all.leadpact").write_bytes(b""), "error E103"),
        (lambda folder: (folder / "all.leadpact").write_bytes(b"a\0b"), "error E104"),
        (lambda folder: (folder / "all.leadpact").write_bytes(b"caf\xe9"), "error E105"),
        (lambda folder: (folder / "b.leadpact").symlink_to("nowhere"), "error E106"),
    ],
)
def test_a_folder_without_a_policy_is_told_and_shown(
    spoil: Callable[[Path], object], says: str, tmp_path: Path
) -> None:
    config_file = site_with(tmp_path, POLICY)
    config = serving(config_file)
    good = rebuilt(config)
    spoil(tmp_path / "policy")
    boxed = rebuilt(config)
    assert boxed.keys() == good.keys()
    assert 'role="alert"' in boxed["index.md"]
    assert f"{says}: " in boxed["index.md"]
    assert "--&gt; policy" in boxed["index.md"], "named as in mkdocs.yml"
    assert str(tmp_path) not in boxed["index.md"]
    config.plugins.on_startup(command="build", dirty=False)
    with pytest.raises(PluginError, match=says):
        config.plugins.on_config(config)


def test_with_a_forge_each_rule_can_be_answered(tmp_path: Path) -> None:
    config_file = site_with(tmp_path, POLICY)
    text = config_file.read_text("utf-8").replace(
        "      policies:\n", "      forge: https://git.example/team/\n      policies:\n"
    )
    config_file.write_text(text, "utf-8")
    run = mkdocs(config_file, tmp_path / "out")
    assert run.returncode == 0, run.stdout + run.stderr
    links = read_site(tmp_path / "out")["hostile/score-interest.html"].links
    line = next(n for n, text in enumerate(POLICY.split("\n"), 1) if "each seen" in text)
    assert f"https://git.example/team/edit/main/policy/all.leadpact#L{line}" in links
    block = next(n for n, text in enumerate(POLICY.split("\n"), 1) if text.startswith("score"))
    page = (tmp_path / "out" / "hostile" / "score-interest.html").read_text("utf-8")
    edit = f'<a href="https://git.example/team/edit/main/policy/all.leadpact#L{block}"'
    assert f'{edit} title="Edit this page"' in page
    question = "issues/new?title=Question+about+the+rule+interest.seen"
    assert f"https://git.example/team/{question}" in links


def test_without_a_forge_there_are_no_such_links(built: dict[str, BuiltPage]) -> None:
    for page in built.values():
        assert not [link for link in page.links if "/edit/" in link or "issues/new" in link]
