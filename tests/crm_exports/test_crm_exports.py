"""Kontor's source mappings on what HubSpot and Pardot really export.

The exports are outside the project: ``LEADPACT_DATA`` names the folder that holds ``crm_exports``.
Their names and addresses are scrambled, so no lead in them has a domain or becomes an MQL.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, leadpact

import leadpact as engine
from leadpact.batch.sources import SourceMapping, read_mapping

__all__ = ["leadpact"]

KONTOR = Path(__file__).parents[2] / "policies" / "kontor"
EXPORTS = {
    "hubspot": "hubspot/contact_data.csv",
    "pardot": "pardot/pardot_prospect_data.csv",
}
Row = dict[str, str]
Run = Callable[..., tuple[list[Row], str, int]]


def export(source: str) -> Path:
    data = os.environ.get("LEADPACT_DATA")
    if data is None:
        pytest.skip("LEADPACT_DATA does not name the folder with crm_exports")
    return Path(data) / "crm_exports" / EXPORTS[source]


def rows_of(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def mapping_of(source: str) -> SourceMapping:
    return read_mapping(KONTOR, source, engine.load(KONTOR).checked)


@pytest.fixture
def run(leadpact: Callable[..., Ran], tmp_path: Path) -> Run:
    """What ``leadpact run`` decides and prints, and its exit status."""

    def one(source: str, leads: Path, *more: str) -> tuple[list[Row], str, int]:
        command = ["run", str(KONTOR), "--source", source]
        command += ["--leads", str(leads), "--as-of", "2026-11-21T09:00:00Z"]
        command += ["--out", "out.csv", "--rejects", "rejects.csv", *more]
        ran = leadpact(*command)
        assert ran.status in (0, 1), ran.out + ran.err
        return rows_of(tmp_path / "out.csv"), ran.out + ran.err, ran.status

    return one


@pytest.mark.parametrize("source", EXPORTS)
def test_every_row_of_the_export_is_decided(source: str, run: Run) -> None:
    leads = export(source)
    decided, printed, status = run(source, leads)
    assert [row["id"] for row in decided] == [row["id"] for row in rows_of(leads)]
    assert status == 0
    assert "warning" not in printed


@pytest.mark.parametrize("source", EXPORTS)
def test_the_mapping_names_every_column_of_the_export_once(source: str) -> None:
    with export(source).open(encoding="utf-8-sig", newline="") as file:
        columns = next(csv.reader(file))
    mapping = mapping_of(source)
    used = [mapping.id_column, *(rule.column for rule in mapping.fields.values())]
    assert sorted([*used, *mapping.ignored]) == sorted(columns)


def test_prospects_are_graded_by_what_pardot_knows(run: Run) -> None:
    """Size and industry, worked out here once more from the export."""
    leads = export("pardot")
    decided, _, _ = run("pardot", leads)
    industries = {"Retail": 15, "Apparel & Fashion": 15, "Medical Devices": 30, "Printing": 30}
    expected = {}
    for row in rows_of(leads):
        size = int(row["employees"] or 0)
        expected[row["id"]] = (10 if 50 <= size < 200 else 0) + industries.get(row["industry"], 0)
    assert {row["id"]: int(row["fit_points"]) for row in decided} == expected
    assert len(set(expected.values())) > 3


# --- without the exports --------------------------------------------------------------------------


def made_up(source: str, path: Path, *rows: Row) -> Path:
    mapping = mapping_of(source)
    read = [mapping.id_column, *(rule.column for rule in mapping.fields.values())]
    # A joined column stands beside the export's own.
    columns = list(dict.fromkeys([*read, *sorted(mapping.ignored), *rows[0]]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_contact_of_hubspot_with_joined_columns(run: Run, tmp_path: Path) -> None:
    contact = {
        "id": "7",
        "property_email": "dana@buyer.example",
        "property_createdate": "2026-09-21 17:32:47",
        "industry": "logistics",
        "employees": "450",
        "seniority": "manager",
    }
    day_later = contact | {"id": "8", "property_createdate": "2026-09-22 17:32:47"}
    leads = made_up("hubspot", tmp_path / "contacts.csv", contact, day_later)
    events = tmp_path / "events.csv"
    asked = "demo_request,2026-11-21T08:00:00Z\n"
    events.write_text(f"lead,kind,at\n7,{asked}8,{asked}", encoding="utf-8")
    decided, _, status = run("hubspot", leads, "--activities", str(events))
    assert status == 0
    # The first has been known for 61 days without opening an e-mail, which costs 20 points.
    assert [(row["id"], row["fit"], row["interest"]) for row in decided] == [
        ("7", "B", "20"),
        ("8", "B", "40"),
    ]


def test_a_prospect_of_pardot(run: Run, tmp_path: Path) -> None:
    prospect = {
        "id": "9",
        "email": "dana@buyer.example",
        "phone": "+46 8 465 004 17",
        "employees": "1000",
        "industry": "machinery",
        "created_at": "2026-03-08 22:06:32 UTC",
    }
    nothing = {"id": "10", "email": "dana@buyer.example", "industry": "Fortune Telling"}
    leads = made_up("pardot", tmp_path / "prospects.csv", prospect, nothing)
    decided, _, status = run("pardot", leads)
    assert status == 0
    assert [(row["id"], row["fit"], row["fit_points"]) for row in decided] == [
        ("9", "B", "60"),
        ("10", "D", "0"),
    ]


@pytest.mark.parametrize(
    ("source", "column"), [("hubspot", "property_createdate"), ("pardot", "created_at")]
)
def test_a_date_in_another_form_is_rejected(
    source: str, column: str, run: Run, tmp_path: Path
) -> None:
    email = {"hubspot": "property_email", "pardot": "email"}[source]
    row = {"id": "11", email: "dana@buyer.example", column: "11/21/2026"}
    decided, _, status = run(source, made_up(source, tmp_path / "leads.csv", row))
    assert (decided, status) == ([], 1)
    (reject,) = rows_of(tmp_path / "rejects.csv")
    assert (reject["id"], reject["field"], reject["value"]) == ("11", "created_on", "11/21/2026")
