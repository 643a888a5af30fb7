"""LearnWell's policy, run by the command, against the plain reading of its text, row by row.

The real leads are outside the project: ``LEADPACT_DATA`` names the folder that holds
``xeducation/Leads.csv``. What those leads never try (somebody who refuses both e-mail and calls,
say) is tried with made-up rows.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from tests.cli.conftest import Ran, leadpact
from tests.learnwell.plain_reading import Verdict, decide, decide_file

__all__ = ["leadpact"]

POLICY = Path(__file__).parents[2] / "policies" / "learnwell"
TEST_RECORD = "A test record: nobody stands behind it"
Row = dict[str, str]
Run = Callable[[Path], tuple[list[Row], list[Row], int]]


@pytest.fixture
def run(leadpact: Callable[..., Ran], tmp_path: Path) -> Run:
    """What ``leadpact run`` decides and rejects, and its exit status."""

    def one(leads: Path) -> tuple[list[Row], list[Row], int]:
        out, rejects = tmp_path / "out.csv", tmp_path / "rejects.csv"
        command = ["run", str(POLICY), "--source", "crm_export"]
        command += ["--leads", str(leads), "--as-of", "2026-11-21T09:00:00Z"]
        ran = leadpact(*command, "--out", str(out), "--rejects", str(rejects))
        assert out.exists(), ran.out + ran.err
        return rows_of(out), rows_of(rejects), ran.status

    return one


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decided(row: Row) -> tuple[str, ...]:
    names = ("id", "interest", "fit", "fit_points", "quadrant", "next_stage")
    return tuple(row[name] for name in names)


def read_plainly(verdict: Verdict) -> tuple[str, ...]:
    next_stage = "ineligible" if verdict.ineligible else "mql" if verdict.mql else ""
    points = str(verdict.points), verdict.letter, str(verdict.grade_points)
    return (verdict.id, *points, verdict.quadrant, next_stage)


def compare(found: list[Row], rejects: list[Row], verdicts: list[Verdict]) -> None:
    """The same leads in the same order, decided alike, and the same ones turned away."""
    assert [decided(row) for row in found] == [
        read_plainly(verdict) for verdict in verdicts if verdict.rejected is None
    ]
    assert [(row["id"], row["reason"]) for row in rejects] == [
        (verdict.id, TEST_RECORD) for verdict in verdicts if verdict.rejected is not None
    ]


def test_every_row_of_the_real_leads(run: Run) -> None:
    data = os.environ.get("LEADPACT_DATA")
    if data is None:
        pytest.skip("LEADPACT_DATA does not name the folder with xeducation/Leads.csv")
    leads = Path(data) / "xeducation" / "Leads.csv"
    found, rejects, status = run(leads)
    compare(found, rejects, list(decide_file(leads)))
    assert (len(found), len(rejects), status) == (9239, 1, 1)


# --- what the real leads never try ----------------------------------------------------------------

EAGER = {
    "Lead Origin": "Lead Add Form",
    "Lead Source": "Reference",
    "Total Time Spent on Website": "1500",
    "What is your current occupation": "Working Professional",
    "Specialization": "Finance Management",
    "City": "Thane & Outskirts",
}
REFUSES_BOTH = {"Do Not Email": "Yes", "Do Not Call": "Yes"}

MADE_UP: dict[str, Row] = {
    "an MQL": EAGER,
    "refuses e-mail and calls, else an MQL": EAGER | REFUSES_BOTH,
    "refuses e-mail and calls, else not an MQL": REFUSES_BOTH,
    "refuses only calls": EAGER | {"Do Not Call": "Yes"},
    "a test record": EAGER | {"Lead Source": "testone"},
    "a test record in capitals that refuses both": REFUSES_BOTH | {"Lead Source": " TESTONE "},
    "nothing is known": {},
    "everything is selected as unknown": dict.fromkeys(EAGER, "Select"),
    "a country that says unknown": {"Country": "unknown"},
    "an activity that the agreement does not name": EAGER | {"Last Activity": "Sent a letter"},
    "below nothing": {"Lead Origin": "Lead Import", "Last Activity": "Email Marked Spam"},
    "a source in other letters": {"Lead Source": "  OLARK chat", "TotalVisits": "6"},
    "pages just below four": {"Page Views Per Visit": "3.999999"},
    "pages of exactly four": {"Page Views Per Visit": "4.00"},
}


def columns() -> list[str]:
    """Every column of the export, as the mapping names them."""
    text = (POLICY / "sources" / "crm_export.yaml").read_text(encoding="utf-8")
    mapping = yaml.safe_load(text)
    named = (one if isinstance(one, str) else one["column"] for one in mapping["fields"].values())
    return [mapping["id"], *named, *mapping["ignore"]]


def made_up(name: str) -> Row:
    blank = dict.fromkeys(columns(), "") | {"Do Not Email": "No", "Do Not Call": "No"}
    return blank | {"Prospect ID": name} | MADE_UP[name]


def test_made_up_rows(run: Run, tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    with leads.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns())
        writer.writeheader()
        writer.writerows(made_up(name) for name in MADE_UP)
    found, rejects, status = run(leads)
    compare(found, rejects, [decide(made_up(name)) for name in MADE_UP])
    assert status == 1
    next_stages = {row["id"]: row["next_stage"] for row in found}
    assert next_stages["an MQL"] == next_stages["refuses only calls"] == "mql"
    assert [name for name, stage in next_stages.items() if stage == "ineligible"] == [
        "refuses e-mail and calls, else an MQL",
        "refuses e-mail and calls, else not an MQL",
    ]
    assert len(rejects) == 2
