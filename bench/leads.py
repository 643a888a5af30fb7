"""Leads for the measurements: Kontor's records, drawn by a seeded generator of their own.

Every record is valid. A lead has 20 events (activities and what sales did), all within the 200
days before ``AS_OF`` and newest last, as a marketing tool exports them; recent ones are likelier.
About a third of the text fields are unknown: left out, null, empty or blank.

    python bench/leads.py [--leads N] [--seed S]     prints them, one a line
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from datetime import UTC, datetime, timedelta, timezone

AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)
EVENTS = 20
REACH = timedelta(days=200)

KINDS = {
    "page_view": 45,
    "email_open": 24,
    "email_click": 14,
    "webinar": 6,
    "trade_fair_scan": 3,
    "demo_request": 4,
    "unsubscribe": 2,
}
URLS = {
    "/": 20,
    "/products/desks/standing": 15,
    "/products/chairs/7": 12,
    "/Products/Lamps?page=2": 5,
    "/pricing": 14,
    "/pricing/volume": 6,
    "/careers/warehouse": 4,
    "/blog/quiet-offices": 16,
    "/contact": 8,
}
STAGES = {None: 45, "lead": 15, "mql": 18, "sql": 8, "nurture": 10, "opportunity": 4}
DOMAINS = {
    "buyer.example": 40,
    "Works.Example": 15,
    "hall.example": 20,
    "gmail.com": 20,
    "OUTLOOK.com": 5,
}
REASONS = ("no_phone", "personal_email", "no_fit", "competitor", "not_now")


def draw(count: int, seed: int = 20261121) -> list[bytes]:
    """``count`` records as JSON, one line of bytes each. The same seed gives the same bytes."""
    dice = random.Random(seed)
    return [_encode(_lead(dice, number)) for number in range(count)]


def _encode(record: dict[str, object]) -> bytes:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def _pick(dice: random.Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def _lead(dice: random.Random, number: int) -> dict[str, object]:
    record: dict[str, object] = {
        "id": f"L-{number + 1}",
        "email": f"person{number + 1}@{_pick(dice, DOMAINS)}",
    }
    _put_text(dice, record, "phone", f"+46 8 {dice.randrange(10**6):06}")
    _put_text(dice, record, "need", dice.choice(["New office in spring", "Old desks", "Noise"]))
    seniority = ["c_level", "vp", "director", "manager", "staff", "student"]
    industry = ["manufacturing", "logistics", "retail", "software", "other"]
    _put(dice, record, "seniority", dice.choice(seniority), known=0.7)
    _put(dice, record, "industry", dice.choice(industry), known=0.7)
    _put(dice, record, "employees", int(dice.lognormvariate(5, 1.6)), known=0.7)
    _put(dice, record, "is_customer", dice.random() < 0.2, known=0.6)
    _put(dice, record, "budget", dice.choice([20_000, 49_999.5, 50_000, 120_000]), known=0.4)
    _put(dice, record, "has_authority", dice.random() < 0.6, known=0.4)
    _put(dice, record, "timeframe", dice.choice([1, 3, 6, 12, 12.5, 18, 24]), known=0.4)
    stage = dice.choices(list(STAGES), list(STAGES.values()))[0]
    # One source in twenty writes local time with its offset.
    zone = timezone(timedelta(hours=1)) if dice.random() < 0.05 else UTC
    entered = AS_OF - timedelta(seconds=dice.randrange(86_400, 60 * 86_400))
    if stage is not None:
        record["stage"] = stage
        record["stage_since"] = _instant(entered, zone)
    actions = _actions(dice, stage, entered, zone)
    record["activities"] = _activities(dice, EVENTS - len(actions), zone)
    record["actions"] = actions
    return record


def _put(
    dice: random.Random, record: dict[str, object], name: str, value: object, known: float
) -> None:
    if dice.random() < known:
        record[name] = value
    elif dice.random() < 0.3:
        record[name] = None


def _put_text(dice: random.Random, record: dict[str, object], name: str, text: str) -> None:
    if dice.random() < 2 / 3:
        record[name] = text
    elif dice.random() < 0.5:
        record[name] = dice.choice([None, "", "  "])


def _instant(at: datetime, zone: timezone) -> str:
    return at.astimezone(zone).isoformat().replace("+00:00", "Z")


def _activities(dice: random.Random, count: int, zone: timezone) -> list[dict[str, object]]:
    ages = sorted((dice.betavariate(1, 1.8) for _ in range(count)), reverse=True)
    found = []
    for age in ages:
        at = AS_OF - timedelta(seconds=int(age * REACH.total_seconds()))
        if dice.random() < 0.2:
            at += timedelta(milliseconds=dice.randrange(-999, 0))
        kind = _pick(dice, KINDS)
        event: dict[str, object] = {
            "id": f"e{dice.randrange(16**8):08x}",
            "kind": kind,
            "at": _instant(at, zone),
        }
        if kind == "page_view":
            _put_text(dice, event, "url", _pick(dice, URLS))
        elif kind in ("email_open", "email_click"):
            _put_text(dice, event, "email_id", f"m{dice.randrange(12)}")
        elif kind == "webinar":
            _put_text(dice, event, "webinar_id", f"w{dice.randrange(4)}")
        found.append(event)
    return found


def _actions(
    dice: random.Random, stage: str | None, entered: datetime, zone: timezone
) -> list[dict[str, object]]:
    """What sales did: nothing before the lead was an MQL, and up to five things after."""
    if stage in (None, "lead"):
        return []
    kinds = ["picked_up", "contacted", "bant.believes", "rejected", "opportunity_created"]
    chosen = [kind for kind in kinds if dice.random() < 0.45]
    ages = sorted((dice.random() for _ in chosen), reverse=True)
    found = []
    for kind, age in zip(chosen, ages, strict=True):
        # Some of it happened in an earlier stage.
        at = AS_OF - timedelta(seconds=int(age * 1.3 * (AS_OF - entered).total_seconds()))
        event: dict[str, object] = {
            "id": f"a{dice.randrange(16**8):08x}",
            "kind": kind,
            "at": _instant(at, zone),
            "by": "sales",
        }
        if kind == "bant.believes":
            event["answer"] = dice.random() < 0.7
        elif kind == "rejected":
            event["reason"] = dice.choice(REASONS)
            if event["reason"] == "no_fit":
                event["sub_reason"] = "too_small"
            elif event["reason"] == "not_now":
                event["wake_on"] = "2027-03-01"
        found.append(event)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Print leads of Kontor for measurements.")
    parser.add_argument("--leads", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20261121)
    asked = parser.parse_args()
    for line in draw(asked.leads, asked.seed):
        sys.stdout.buffer.write(line + b"\n")


if __name__ == "__main__":
    main()
