"""``--verify-sample``: leads that both decide, and what is told when they do not agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.both_ways import AS_OF, CORPUS, options, policy

from leadpact.batch.comparing import differences
from leadpact.warehouse import DifferenceError, run
from leadpact.warehouse.work import Work


def leads(folder: Path, count: int) -> Path:
    path = folder / "leads.csv"
    rows = "".join(f"L-{one},lead{one}@buyer.example,{one}\n" for one in range(count))
    path.write_text(f"id,email,employees\n{rows}", encoding="utf-8")
    return path


@pytest.mark.parametrize(("asked", "verified"), [(7, 7), (100, 100), (500, 100)])
def test_leads_that_agree(asked: int, verified: int, tmp_path: Path) -> None:
    summary = run(policy(), options(leads(tmp_path, 100)), verify=asked)
    assert (summary.verified, summary.decided) == (verified, 100)


def test_a_difference_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = Work.decide

    def spoilt(work: Work, *given: Any) -> None:
        decide(work, *given)
        work.duck.run("UPDATE answered SET \"letter.fit\" = 'A' WHERE id = 'L-7'")

    monkeypatch.setattr(Work, "decide", spoilt)
    out = tmp_path / "out.csv"
    with pytest.raises(DifferenceError) as raised:
        run(policy(), options(leads(tmp_path, 10), out=out), verify=10)
    assert str(raised.value).splitlines()[:2] == [
        "the lead `L-7` is decided differently by the query and by Python.",
        "  letter.fit: the query says `A`, Python says `C`",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["leads.csv"]


def test_every_result_is_compared() -> None:
    record = {"id": "L-1", "email": "a@buyer.example"}
    outcome = policy().decide_raw(record, as_of=AS_OF)
    assert {one.what for one in differences({}, outcome)} >= {
        "status",
        "score.interest",
        "grade.fit",
        "letter.fit",
        "group.quadrant",
        "checklist.bant",
        "stage",
    }


def test_over_the_corpus() -> None:
    case = CORPUS / "table"
    asked = options(case / "leads.csv", activities=case / "activities.csv")
    assert run(policy(), asked, verify=100).verified == 5
