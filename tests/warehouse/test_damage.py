"""Random damage to leads and events: both ways must say the same of it, in every format."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest
from tests.warehouse.both_ways import assert_same, options, policy

from leadpact.batch import RunOptions

_GOOD: dict[str, list[str]] = {
    "email": ["a@buyer.example", "Dana@Buyer.Example ", "test@sample.example"],
    "phone": ["", "+46 8 123", "  ", "1234567890123456"],
    "seniority": ["vp", "manager", "staff", "", " vp "],
    "employees": ["12", "450", "", "0", " 7 ", "1000000"],
    "budget": ["50000", "49999.5", "0.000001", "", "-0", "123456789012345.25"],
    "share": ["0.25", "1", "0", ""],
    "is_customer": ["yes", "NO", "1", "true", ""],
    "interests": ["chairs;desks", "screens", "", " desks ; desks"],
    "created_on": ["2026-01-31", "", "2024-02-29"],
    "seen_at": ["2026-11-20T10:00:00Z", "2026-11-20 10:00:00+01:00", "2026-10-25T02:30:00", ""],
    "stage": ["lead", "mql", "", ""],
    "stage_since": ["2026-11-01T08:00:00+01:00", "", "2026-11-01T08:00:00.123456Z"],
}
_BAD: dict[str, list[str]] = {
    "email": ["", "   "],
    "phone": ['say "hello"', "a,b"],
    "seniority": ["boss", "VP"],
    "employees": ["1e3", "12.5", "-1", "1,000", "NaN", "12.0", "1" * 30],
    "budget": ["inf", "NaN", "0.1234567", "50,000", "1" * 70, "٣"],
    "share": ["1.5", "-0.1", "Infinity"],
    "is_customer": ["maybe", "2"],
    "interests": ["sofas", "chairs;sofas"],
    "created_on": ["30/01/2026", "2026-02-30", "2026-1-5", "0000-01-01", "20260131"],
    "seen_at": ["yesterday", "2026-13-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-11-20"],
    "stage": ["won", "MQL"],
    "stage_since": ["2027-01-01T00:00:00Z", "soon", "0001-01-01T00:00:00+12:00"],
}
_EVENTS = ["page_view", "demo_request", "contacted", "rejected", "fax", " page_view", ""]
_TIMES = [
    *("2026-11-20T10:00:00Z", "2026-11-20T10:00:00.5Z", "2026-10-25T02:30:00", "2026-03-29T02:30"),
    *("2026-12-24T10:00:00Z", "2020-01-01T00:00:00+05:30", "2026-11-20 24:00:00Z", "later", ""),
    *("2026-11-20T10:00:00.1234567Z", "2026-11-20T10:00:00Z", "2026-11-19T10:00:00Z"),
]
_IDS = ["e1", "e2", "", "e1", "  ", "e,3", "e4"]


def lead(draw: random.Random, number: int) -> dict[str, str]:
    row = {"id": f"L-{number}"}
    harm = draw.random() < 0.3
    for field, values in _GOOD.items():
        bad = harm and draw.random() < 0.2
        row[field] = draw.choice(_BAD[field] if bad else values)
    if draw.random() < 0.08:
        row["id"] = draw.choice(["", " ", "L-1", " L-2 ", 'L"3', "L,4", "L\t5", "Lé"])
    return row


def event(draw: random.Random, leads: int) -> dict[str, str]:
    return {
        "lead": draw.choice([f"L-{draw.randrange(leads)}", f"L-{draw.randrange(leads)}", " L-1 "])
        if draw.random() < 0.95
        else draw.choice(["", "nobody"]),
        "kind": draw.choices(_EVENTS, [8, 3, 2, 2, 1, 1, 1])[0],
        "at": draw.choices(_TIMES, [9, 3, 2, 1, 1, 1, 1, 1, 1, 1, 5, 5])[0],
        "id": draw.choices(_IDS, [1, 1, 9, 1, 1, 1, 1])[0],
        "by": draw.choice(["", "sales"]),
        "url": draw.choice(["", "/pricing", " ", "/a,b"]),
        "seconds": draw.choices(["", "35", "long", "90000"], [9, 5, 1, 1])[0],
        "reason": draw.choices(["", "no_fit", "not_now", "because"], [9, 3, 3, 1])[0],
    }


def tables(seed: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    draw = random.Random(seed)
    count = 60
    return (
        [lead(draw, number) for number in range(count)],
        [event(draw, count) for _ in range(150)],
    )


def write_csv(path: Path, rows: list[dict[str, str]], draw: random.Random) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator=draw.choice(["\n", "\r\n"]))
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            if draw.random() < 0.02:
                file.write(draw.choice(["\n", "one cell alone\n", '"never closed,\n', ",,,\n"]))
    return path


def as_json(row: dict[str, str], draw: random.Random) -> dict[str, Any]:
    """The row as a JSON record would have it, most of the time."""
    record: dict[str, Any] = {}
    for key, text in row.items():
        value: Any = text
        if key in ("employees", "budget", "share", "seconds") and draw.random() < 0.9:
            try:
                value = int(text) if text.lstrip("-").isdigit() else float(text)
            except ValueError:
                value = text
            if isinstance(value, float) and (value != value or abs(value) > 1e300):
                value = text
        elif key == "is_customer" and draw.random() < 0.9:
            value = {"yes": True, "true": True, "1": True, "NO": False}.get(text)
        elif key == "interests":
            value = [one.strip() for one in text.split(";")] if text else None
        if value not in ("", None) or draw.random() < 0.3:
            record[key] = value
    return record


def records(seed: int) -> list[str]:
    draw = random.Random(seed)
    leads, events = tables(seed)
    lines = []
    for row in leads:
        record = as_json(row, draw)
        record["activities"], record["actions"] = [], []
        for one in events:
            if one["lead"].strip() == row["id"]:
                held = as_json({key: text for key, text in one.items() if key != "lead"}, draw)
                of_actions = one["kind"] in ("contacted", "rejected")
                record["actions" if of_actions != (draw.random() < 0.03) else "activities"].append(
                    held
                )
        if draw.random() < 0.1:
            record[draw.choice(["moves", "colour", "activities", "format", "stage"])] = draw.choice(
                [None, [], "x", 1, {"a": 1}]
            )
        text = json.dumps(record, ensure_ascii=draw.random() < 0.5)
        if draw.random() < 0.06:
            text = draw.choice(
                [
                    *(text[:-3], f"[{text}]", text[:-1] + ', "email": "twice@buyer.example"}'),
                    *(text[:-1] + ', "budget": NaN}', text[:-1] + ', "budget": 1e999}', "  "),
                    *(text[:-1] + ', "budget": 1e3}', text[:-1] + ', "phone": "\\ud83d"}'),
                    text[:-1] + ', "budget": 0.1000000000000000055}',
                ]
            )
        lines.append(text)
    return lines


def assert_same_of_both(asked: RunOptions, folder: Path, draw: random.Random) -> None:
    """Both ways are the same, and the query decides a part of the leads."""
    ending = draw.choice([".csv", ".jsonl"])
    summary = assert_same(policy(), asked, folder, ending)
    assert summary is not None
    assert summary.in_python
    # As JSON each lead lists its warnings, which Python knows, and here nearly all have some.
    assert ending == ".jsonl" or summary.in_python < summary.read


@pytest.mark.parametrize("seed", range(4))
def test_tables(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    leads, events = tables(seed)
    asked = options(
        write_csv(tmp_path / "leads.csv", leads, draw),
        activities=write_csv(tmp_path / "events.csv", events, draw),
    )
    assert_same_of_both(asked, tmp_path, draw)


@pytest.mark.parametrize("seed", range(6, 9))
def test_json_lines(seed: int, tmp_path: Path) -> None:
    draw = random.Random(seed)
    leads = tmp_path / "leads.jsonl"
    leads.write_text("\n".join(records(seed)), encoding="utf-8")
    events = None
    if draw.random() < 0.5:
        events = tmp_path / "events.jsonl"
        rows = [json.dumps(as_json(one, draw)) for one in tables(seed + 100)[1]]
        rows[5] = rows[5][:-2]
        rows[7] = '{"lead": "L-3", "kind": "page_view", "at": 5, "seconds": NaN}'
        events.write_text("\n".join(rows), encoding="utf-8")
    asked = options(leads, activities=events)
    assert_same_of_both(asked, tmp_path, draw)


@pytest.mark.parametrize("seed", range(12, 15))
def test_parquet(seed: int, tmp_path: Path) -> None:
    """Columns of texts, and columns of types with gaps, numbers that are none, and times."""
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    draw = random.Random(seed)
    leads, events = tables(seed)
    texts = pa.table({key: [row[key] or None for row in leads] for key in leads[0]})
    numbers = [float("nan"), float("inf"), 0.25, 0.1234567, None, 12.0, 1e20]
    texts = texts.set_column(
        texts.column_names.index("budget"),
        "budget",
        pa.array([draw.choice(numbers) for _ in leads], pa.float64()),
    )
    if draw.random() < 0.5:
        texts = texts.set_column(
            texts.column_names.index("is_customer"),
            "is_customer",
            pa.array([draw.choice([True, False, None]) for _ in leads]),
        )
    pq.write_table(texts, tmp_path / "leads.parquet")
    pq.write_table(
        pa.table({key: [row[key] or None for row in events] for key in events[0]}),
        tmp_path / "events.parquet",
    )
    asked = options(tmp_path / "leads.parquet", activities=tmp_path / "events.parquet")
    assert_same_of_both(asked, tmp_path, draw)
