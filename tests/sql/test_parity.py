"""The published table of constructs and backends says what is so.

A file of ``tests/corpus/parity`` is one construct: its words in the first line, leads that it
concerns, and a small policy. ``LEADPACT_REWRITE=1 pytest tests/sql/test_parity.py`` writes the
cells of the page anew.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlglot import exp
from tests.javascript import in_node
from tests.javascript.in_node import NODE, Case
from tests.sql.in_duckdb import answers, differences, engine
from tests.sql.inputs import inputs_of

import leadpact
from leadpact import Policy
from leadpact.backends.sql import CannotSayError, Query, query
from leadpact.javascript import NotSayableError, compile_javascript

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "site" / "reference" / "backends.md"
FILES = sorted((ROOT / "tests" / "corpus" / "parity").glob("*.leadpact"))
AS_OF = datetime(2026, 6, 1, 9, tzinfo=UTC)
HEAD = ("construct", "Python", "DuckDB", "Postgres", "Spark", "other SQL", "JavaScript")
OTHERS = {
    "databricks": "Databricks",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "redshift": "Redshift",
}
REWRITE = os.environ.get("LEADPACT_REWRITE")
PACKED = "more than 32,000 events"
YES, IN_PYTHON, REFUSED, NOT_TOLD = "yes", "Python decides", "refused", "cannot tell"

Cells = tuple[str, ...]

needs_node = pytest.mark.skipif(NODE is None, reason="needs node (https://nodejs.org) on the path")


@dataclass(frozen=True)
class Construct:
    """``words`` are the row's first cell; ``rows``: the query is asked for what acted."""

    words: str
    leads: tuple[dict[str, Any], ...]
    rows: bool
    policy: Policy


def construct_of(file: Path) -> Construct:
    first, *lines = file.read_text("utf-8").splitlines()
    leads = [line.removeprefix("# lead ") for line in lines if line.startswith("# lead ")]
    return Construct(
        first.removeprefix("# "),
        tuple(json.loads(lead) for lead in leads),
        "# with rows" in lines,
        leadpact.load(file),
    )


# --- the page --------------------------------------------------------------------------------


def table(page: str) -> Iterator[Cells]:
    """The rows of all tables with the head of this page."""
    inside = False
    for line in page.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
        if not line.startswith("|"):
            inside = False
        elif cells == HEAD:
            inside = True
        elif inside and set(line) - set("|- "):
            yield cells


def page_rows() -> dict[str, Cells]:
    """By the words of the construct, the other cells."""
    return {row[0]: row[1:] for row in table(PAGE.read_text("utf-8"))}


def rewrite(words: str, first: int, cells: Cells) -> None:
    """Put these cells into the row, from the one with this number on."""
    lines = PAGE.read_text("utf-8").splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.startswith(f"| {words} |"):
            row = [cell.strip() for cell in line.strip("|\n").split("|")]
            row[first : first + len(cells)] = cells
            lines[place] = f"| {' | '.join(row)} |\n"
    PAGE.write_text("".join(lines), "utf-8", newline="\n")


# --- what is so ------------------------------------------------------------------------------


def truth(construct: Construct) -> Cells:
    """The cells of a row but the last.

    Raises AssertionError where a query's answer is not the engine's.
    """
    policy, rows = construct.policy, construct.rows
    wanted = [engine(policy, lead, AS_OF, rows=rows) for lead in construct.leads]
    # Or a construct that does nothing would agree, too.
    rejected = all(one["status"] == "rejected" for one in wanted)
    assert rejected or any(one != wanted[0] for one in wanted), "all leads come out the same"
    made = {name: written(construct, name) for name in ("duckdb", "postgres", "spark", *OTHERS)}
    cell = REFUSED if made["duckdb"] is None else compared(construct, made["duckdb"], wanted)
    return (
        YES,
        cell,
        *(cell_of(made["duckdb"], made[name], cell) for name in ("postgres", "spark")),
        together(
            {label: cell_of(made["duckdb"], made[name], cell) for name, label in OTHERS.items()}
        ),
    )


def written(construct: Construct, dialect: str) -> Query | None:
    """``None``: the dialect cannot say it."""
    with pytest.MonkeyPatch.context() as patch:
        if dialect != "duckdb":
            patch.setattr(exp.Expression, "sql", unspelled)
        try:
            return query(construct.policy.checked, AS_OF, dialect, rows=construct.rows)
        except CannotSayError:
            return None


SPELLED = exp.Expression.sql


def unspelled(tree: exp.Expression, dialect: str | None = None, **options: Any) -> str:
    """In place of ``sql``: what cannot be said is known before the text, which takes long."""
    return "" if dialect is not None else SPELLED(tree, **options)


def compared(construct: Construct, made: Query, wanted: list[dict[str, Any]]) -> str:
    """What DuckDB comes to: its cell."""
    found = answers(made, inputs_of(construct.policy, construct.leads))
    assert len(found) == len(wanted)
    odd = {answer["odd"] for answer in found}
    assert len(odd) == 1, "some leads are odd and some are not: these are two constructs"
    if odd == {True}:
        return IN_PYTHON
    for engines, answer in zip(wanted, found, strict=True):
        assert list(differences(engines, answer)) == []
    return YES


def cell_of(tried: Query | None, made: Query | None, cell: str) -> str:
    """The cell of a dialect that is not run here, by the query that was."""
    if made is None:
        return REFUSED
    assert tried is not None, "only DuckDB is asked which leads are odd"
    # The same leads are odd, for the same reasons; only DuckDB packs its counts.
    assert made.python_only == tuple(one for one in tried.python_only if one != PACKED)
    return cell


def together(cells: dict[str, str]) -> str:
    said = [label for label, cell in cells.items() if cell != REFUSED]
    if not said:
        return REFUSED
    (cell,) = {cells[label] for label in said}
    return cell if len(said) == len(cells) else f"{cell}: {', '.join(said)} only"


def in_javascript(constructs: Sequence[Construct]) -> list[str]:
    """The cell of each construct. Raises AssertionError where an answer is not the engine's."""
    scripts = {}
    for number, construct in enumerate(constructs):
        with suppress(NotSayableError):
            scripts[number] = compile_javascript(construct.policy.checked)
    cases = [
        (number, Case(construct.policy, lead, AS_OF))
        for number, construct in enumerate(constructs)
        if number in scripts
        for lead in construct.leads
    ]
    with in_node.deciding([case for _, case in cases]) as answering:
        told = answering()
    known: dict[int, set[bool]] = {}
    for (number, case), answer in zip(cases, told, strict=True):
        known.setdefault(number, set()).add(answer["status"] != in_node.NOT_KNOWN)
        if known[number] == {True}:
            assert in_node.differences(in_node.engine(case), answer) == []
    assert all(len(found) == 1 for found in known.values()), "some of its leads are not known"
    cells = {number: YES if found == {True} else NOT_TOLD for number, found in known.items()}
    return [cells.get(number, REFUSED) for number in range(len(constructs))]


# --- tests -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def no_search_for_garbage() -> Iterator[None]:
    """Trees of queries are many small objects: looking through them takes a quarter of the time."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_cells_are_the_truth(file: Path) -> None:
    construct = construct_of(file)
    cells = truth(construct)
    if REWRITE:
        rewrite(construct.words, 1, cells)
    assert page_rows()[construct.words][:-1] == cells


@needs_node
def test_the_cells_of_the_scripts_are_the_truth() -> None:
    constructs = [construct_of(file) for file in FILES]
    cells = in_javascript(constructs)
    for construct, cell in zip(constructs, cells, strict=True):
        if REWRITE:
            rewrite(construct.words, len(HEAD) - 1, (cell,))
        assert (construct.words, page_rows()[construct.words][-1]) == (construct.words, cell)


def test_each_construct_has_one_row_and_each_row_a_construct() -> None:
    words = [file.read_text("utf-8").splitlines()[0].removeprefix("# ") for file in FILES]
    assert sorted(row[0] for row in table(PAGE.read_text("utf-8"))) == sorted(words)
    assert len(words) > 60
