"""The grammar: names and keywords live together, and its tables are kept and never trusted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadpact_dsl import RESERVED_WORDS, SourceFile, nodes, parse
from leadpact_dsl.grammar import START_RULES, Stop, read_line, terminal_words
from leadpact_dsl.tables import load

FREE_WORDS = {word for word in terminal_words().values() if word.isalpha()} - RESERVED_WORDS
ROOM = Path(__file__).parents[2] / "dsl"


def test_a_word_that_can_be_a_keyword_or_a_name_is_reserved() -> None:
    states = load(START_RULES).rows
    words = terminal_words()
    contested = {
        words[terminal]
        for state in states
        if "NAME" in state
        for terminal in state
        if terminal in words and " " not in words[terminal]
    }
    # These have a look-ahead that tells them from names.
    told_apart = {"after", "entered", "expect", "first", "goal", "last", "needs", "note", "on"}
    told_apart |= {"refused", "stays", "target"}
    assert contested - told_apart <= RESERVED_WORDS
    assert contested & RESERVED_WORDS


@pytest.mark.parametrize("word", sorted(RESERVED_WORDS))
def test_a_reserved_word_is_never_a_name(word: str) -> None:
    for line, start in (
        (f"{word} text", "field"),
        (f"stage {word}", "stage_header"),
        (f"moves to {word}", "stage_line"),
        (f"+10 each {word} within 30 days", "score_line"),
    ):
        assert isinstance(read_line(line, start), Stop), line


@pytest.mark.parametrize("word", sorted(FREE_WORDS))
def test_every_other_keyword_can_be_a_name(word: str) -> None:
    policy = SourceFile(
        "p",
        f"lead:\n    {word} yes or no\nactivities:\n    {word} is {word} or {word}\n"
        f"score {word}:\n    +1 each {word} once per {word} within 1 day when {word} as {word}\n"
        f"    points by {word}:\n        +1 {word}\n"
        f"group {word}:\n    {word} when {word} is {word} or {word}.{word} is met\n"
        f"checklist {word}:\n    {word} met when not {word}\n"
        f"stage {word} owned by {word}:\n    moves to {word} when {word} within 1 day\n"
        f'example "x":\n    {word} is {word}\n    {word} 1 day ago\n    expect {word} is {word}\n'
        f"    expect on worklist {word}\n    expect target {word} is {word}\n"
        f"    after 3 business days of {word}: expect not on worklist {word}\n"
        f'    on 2026-01-01:\n        expect moves to {word} because ""\n'
        f"role {word} of {word}\ncalendar {word}:\n    closed on 2026-12-24\n"
        f"signals:\n    {word}\n"
        f"define {word}:\n    when all of:\n        in {word} within 3 days\n"
        f"        not in {word}\n        first {word} is before 2026-01-01\n"
        f"        last {word} is at least 3 days ago\n        {word} of last {word} is {word}\n"
        f"        {word} gained since leaving {word} is at least 3\n"
        f"        {word} has a word from {word}\n        last entry to {word} is after 2026-01-01\n"
        f"        {word} since entering {word}\n        no {word}\n"
        f"stage {word}:\n    may contact {word}, {word}\n"
        f"    hands back to {word} when {word} in force from 2026-01-01 as {word}:\n"
        f"        because {word} of last {word}\n        put on worklist {word}\n"
        f"        wake up on {word} of last {word} or on {word}\n        wake up on {word}\n"
        f"        wake up 3 days before {word}, not before 1 day\n"
        f"    times out to {word} after 3 business days of {word} without {word}\n"
        f"    moves by hand to {word} by {word}, {word}\n"
        f"    target {word} is {word} with at least 3 different {word} by 17:00 of {word}:\n"
        f"        tell {word} at 75%\n        pauses from {word} until {word} of last {word}\n"
        f"        hands back to {word} when missed as {word}\n        starts when {word}\n"
        f"any stage except {word}, {word}:\n    moves to {word} when {word}\n"
        f"agreement:\n    {word} delivers at least 1 {word} each month\n"
        f"    {word} reaches {word} for at least 1% of {word}, when missed review {word}\n"
        f"    target {word} is met for at least 1% each day\n    changes need {word}, {word}\n"
        f"    at most 1% of {word} hand back\n    signed by {word}\n"
        f"guarantee:\n    never {word} when {word}\n"
        f"    more activity never lowers {word} except {word}, {word}\n",
    )
    assert parse([policy])[1] == ()


def _condition(text: str) -> nodes.Condition:
    document, diagnostics = parse([SourceFile("p", f"define x when {text}")])
    assert diagnostics == ()
    (block,) = document.blocks
    assert isinstance(block, nodes.DefineBlock)
    (dated,) = block.whens
    return dated.when


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("n is any of 1,200, 300", ["1200", "300"]),
        ("n is any of 1,200,300", ["1200300"]),
        ("n is any of 1, 200", ["1", "200"]),
        ("n is from -3 to 2.5", ["-3", "2.5"]),
    ],
)
def test_commas_group_thousands_and_part_lists(text: str, values: list[str]) -> None:
    condition = _condition(text)
    assert isinstance(condition, nodes.Compare)
    assert [str(value.value) for value in condition.values if isinstance(value, nodes.Number)] == (
        values
    )


def test_brackets_and_words_bind_as_they_are_read() -> None:
    match _condition("not a and (b or c is at least 5) and no d within 3 weeks"):
        case nodes.AllOf(
            (
                nodes.Not(nodes.Bare()),
                nodes.AnyOf((nodes.Bare(), nodes.Compare(verb="is at least"))),
                nodes.Happened(
                    none=True, window=nodes.Within(nodes.Duration(amount=3, unit="week"))
                ),
            )
        ):
            pass
        case other:
            pytest.fail(repr(other))


def test_a_list_of_conditions_nests() -> None:
    lines = ("define x:", "    when at least 2 of:", "        a", "        none of:")
    text = "\n".join((*lines, "            b", "            c"))
    document, diagnostics = parse([SourceFile("p", text)])
    assert diagnostics == ()
    match document.blocks:
        case (
            nodes.DefineBlock(
                whens=(
                    nodes.DatedWhen(
                        nodes.AtLeastOf(
                            members=(nodes.Bare(), nodes.NoneOf((nodes.Bare(), nodes.Bare())))
                        )
                    ),
                )
            ),
        ):
            pass
        case other:
            pytest.fail(repr(other))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("\tdefine x when  phone is   known  # why", "phone is   known"),
        ("define x when interest >= 50", "interest >= 50"),
        ("define x if fit is B or better", "fit is B or better"),
        ('define x "“curly”" when a within 1 day', "a within 1 day"),
    ],
)
def test_spans_point_at_what_was_written(line: str, words: str) -> None:
    document, _ = parse([SourceFile("p", line)])
    (block,) = document.blocks
    assert isinstance(block, nodes.DefineBlock)
    span = block.whens[0].when.span
    assert line[span.column - 1 : span.end_column - 1] == words


def test_names_on_damaged_lines_are_damaged_and_others_are_not() -> None:
    text = "lead:\n    email text ???\n    phone text\nscore 7:\n    +5 webinar within 3 days\n"
    document, diagnostics = parse([SourceFile("p", text)])
    assert len(diagnostics) == 2
    assert "email" in document.damaged
    assert "webinar" in document.damaged
    assert "phone" not in document.damaged
    assert len(document.blocks) == 1


def _run(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    code = (
        "from leadpact_dsl import parse, SourceFile\n"
        "print(len(parse([SourceFile('p', 'define x when a')])[0].blocks))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOM), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the cache has another variable there")
def test_the_tables_are_kept_and_built_again_when_spoilt(tmp_path: Path) -> None:
    first = _run({"XDG_CACHE_HOME": str(tmp_path)})
    assert (first.stdout, first.stderr) == ("1\n", "")
    (kept,) = (tmp_path / "leadpact").iterdir()
    kept.write_bytes(kept.read_bytes()[:1000])
    again = _run({"XDG_CACHE_HOME": str(tmp_path)})
    assert (again.stdout, again.stderr) == ("1\n", "")
    assert len(kept.read_bytes()) > 1000


@pytest.mark.skipif(sys.platform == "win32", reason="the cache has another variable there")
def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("a file, not a folder")
    result = _run({"XDG_CACHE_HOME": str(in_the_way)})
    assert (result.stdout, result.stderr) == ("1\n", "")
