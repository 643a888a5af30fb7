"""Is the yardstick right? Compares it with a slow reading of the policy's text, written apart.

The reading below takes the record as parsed JSON and goes through the policy line by line, one
expression a line; it shares no code with ``by_hand`` and reads no policy file. The leads are drawn
to be difficult: instants at the ends of windows and around local midnights, offsets, future and
duplicate events, odd and blank texts, unknowns.

    python bench/check_by_hand.py [--leads N] [--seed S]     ends with status 1 at a difference
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from types import SimpleNamespace
from typing import Any, Literal, Union

import by_hand
import leads
import msgspec

Record = dict[str, Any]
DIGEST = "sha256:0"
DAY = timedelta(days=1)
WINDOWS = {
    30: ("page_view", "demo_request"),
    60: ("email_open", "email_click"),
    90: ("page_view", "email_click"),
    180: ("webinar", "trade_fair_scan"),
}

# --- the reading ---------------------------------------------------------------------------------


def text(value: str | None) -> str | None:
    """As texts are compared; ``None`` when unknown."""
    known = "" if value is None else value.strip(" \t\n\r\v\f")
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in known) or None


def instant(event: Record) -> datetime:
    return datetime.fromisoformat(event["at"]).astimezone(UTC)


def stockholm_day(at: datetime) -> date:
    """Summer time from the last Sunday of March to that of October, both at 01:00 UTC."""

    def last_sunday(month: int) -> datetime:
        last = datetime(at.year, month, 31, 1, tzinfo=UTC)
        return last - last.isoweekday() % 7 * DAY

    summer = last_sunday(3) <= at < last_sunday(10)
    return (at + timedelta(hours=2 if summer else 1)).date()


def known_events(record: Record, as_of: datetime) -> list[Record]:
    """What happened until ``as_of``; of events with the same id the earliest."""
    past = [e for e in record["activities"] + record["actions"] if instant(e) <= as_of]
    past.sort(key=lambda e: (instant(e), e["kind"], json.dumps(properties(e), sort_keys=True)))
    kept: list[Record] = []
    for event in past:
        if text(event.get("id")) is None or all(event["id"] != e.get("id") for e in kept):
            kept.append(event)
    return kept


def properties(event: Record) -> Record:
    return {key: event[key] for key in event if key not in ("kind", "at", "id", "by")}


def different(events: list[Record], name: str) -> int:
    """One for each value of the property, and one for each event without it."""
    values = [text(event.get(name)) for event in events]
    return len({value for value in values if value is not None}) + values.count(None)


def read(record: Record, as_of: datetime) -> Record:
    events = known_events(record, as_of)

    def within(days: int, *kinds: str) -> list[Record]:
        return [e for e in events if e["kind"] in kinds and as_of < instant(e) + days * DAY]

    def pages(days: int, start: str) -> list[Record]:
        return [
            e for e in within(days, "page_view") if (text(e.get("url")) or "").startswith(start)
        ]

    web = 15 * len({stockholm_day(instant(e)) for e in pages(30, "/pricing")})
    web += min(12, 3 * len(pages(90, "/products")))
    web += -10 if pages(90, "/careers") else 0
    mail = 2 * different(within(90, "email_click"), "email_id")
    ever = within(10**5, "email_open", "email_click")
    mail += -20 if ever and not within(60, "email_open", "email_click") else 0
    meetings = 12 * min(2, different(within(180, "webinar"), "webinar_id"))
    meetings += 15 if within(180, "trade_fair_scan") else 0
    meetings += 40 if within(30, "demo_request") else 0
    interest = min(100, max(0, min(40, web) + min(20, mail) + min(40, meetings)))

    fit = {"c_level": 40, "vp": 40, "director": 30, "manager": 15}.get(
        record.get("seniority", ""), 0
    )
    bands = ((1000, 30), (200, 20), (50, 10), (0, 0))
    employees = record.get("employees")
    fit += 0 if employees is None else next(points for low, points in bands if employees >= low)
    fit += {"manufacturing": 30, "logistics": 30, "retail": 15}.get(record.get("industry", ""), 0)
    fit += -50 if record.get("is_customer") is True else 0
    letter = next(name for name, low in zip("ABCD", (70, 45, 20, -99), strict=True) if fit >= low)

    interested, interesting = interest >= 60, letter in "ABC"
    quadrant = {(True, True): "contact", (False, True): "nurture", (True, False): "keep_warm"}.get(
        (interested, interesting), "leave_alone"
    )
    items = bant_items(record, events, as_of)
    needs = [items.count(True) >= 3 or (None if len(items) - items.count(False) >= 3 else False)]
    needs.append(False not in items)
    bant = "not met" if False in needs else "unknown" if None in needs else "met"
    return {
        "format": 1,
        "id": record["id"],
        "as_of": written(as_of),
        "valid_until": valid_until(record, events, as_of),
        "policy": {"name": "kontor", "version": 1, "digest": DIGEST},
        "status": "decided",
        "scores": {"interest": {"points": interest}},
        "grades": {"fit": {"points": fit, "letter": letter}},
        "groups": {"quadrant": {"value": quadrant}},
        "checklists": {"bant": {"result": bant}},
        "stage": {
            "current": record.get("stage") or "lead",
            "next": next_stage(record, events, quadrant == "contact", bant == "met"),
        },
        "warnings": [],
    }


def bant_items(record: Record, events: list[Record], as_of: datetime) -> list[bool | None]:
    """Budget, authority, need, timeline, believes; ``None`` is unknown."""
    budget, months = record.get("budget"), record.get("timeframe")
    alone = record.get("has_authority")
    chief = None if record.get("seniority") is None else record["seniority"] == "c_level"
    authority = True if True in (alone, chief) else None if None in (alone, chief) else False
    answers = [e for e in events if e["kind"] == "bant.believes"]
    answers.sort(key=lambda e: (instant(e), e.get("id") or "", e["answer"]))
    good = bool(answers) and as_of < instant(answers[-1]) + 180 * DAY
    return [
        None if budget is None else budget >= 50_000,
        authority,
        True if text(record.get("need")) else None,
        None if months is None else months <= 12,
        answers[-1]["answer"] if good else None,
    ]


def next_stage(record: Record, events: list[Record], contact: bool, bant_met: bool) -> str | None:
    since = record.get("stage_since")
    entered = None if since is None else datetime.fromisoformat(since)

    def happened(kind: str) -> bool:
        own = [e for e in events if e["kind"] == kind]
        return entered is not None and any(instant(e) >= entered for e in own)

    domain = text(record["email"].split("@")[-1]) if "@" in record["email"] else None
    free = ("gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")
    business = domain is not None and domain not in free
    ready = contact and business and text(record.get("phone")) is not None
    moves = {
        "lead": [("mql", ready)],
        "mql": [("sql", happened("contacted") and bant_met), ("nurture", happened("rejected"))],
        "sql": [
            ("opportunity", happened("opportunity_created")),
            ("mql", (record.get("timeframe") or 0) > 12),
        ],
        "nurture": [("mql", ready)],
        "opportunity": [],
    }
    return next((to for to, true in moves[record.get("stage") or "lead"] if true), None)


def valid_until(record: Record, events: list[Record], as_of: datetime) -> str | None:
    ends = [
        instant(e) + days * DAY
        for days, kinds in WINDOWS.items()
        for e in events
        if e["kind"] in kinds
    ]
    answers = [instant(e) for e in events if e["kind"] == "bant.believes"]
    ends += [max(answers) + 180 * DAY] if answers else []
    ends += [instant(e) for e in record["activities"] + record["actions"]]
    return written(min(end for end in ends if end > as_of)) if max([as_of, *ends]) > as_of else None


def written(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


# --- difficult leads -----------------------------------------------------------------------------


def difficult(dice: random.Random, number: int) -> Record:
    """A lead at the edges. A new one has no stage, or one that began when something happened."""
    texts = [None, "", " \t", "K", "k", "\u212a", "a ", "A", "\u00c5", "\u00e5"]
    urls = ["/pricing", " /PRICING/x", "/Products", "/products ", "x/products", "/careers", "/car"]
    by_kind: Record = {
        "page_view": lambda: {"url": dice.choice([None, " ", *urls, *urls])},
        "email_open": dict,
        "email_click": lambda: {"email_id": dice.choice(texts)},
        "webinar": lambda: {"webinar_id": dice.choice(texts)},
        "trade_fair_scan": dict,
        "demo_request": dict,
        "unsubscribe": dict,
        "picked_up": dict,
        "contacted": dict,
        "rejected": lambda: {"reason": "no_phone"},
        "opportunity_created": dict,
        "bant.believes": lambda: {"answer": dice.random() < 0.6},
    }
    kinds = dice.sample(list(by_kind), dice.randrange(1, 9))
    keen = dice.random() < 0.4
    if keen:
        kinds += ["demo_request", "webinar", "page_view", "email_click", "page_view"]
    events = []
    for _ in range(dice.randrange(14, 30) if keen else dice.randrange(14)):
        kind = dice.choice(kinds)
        at = edge(dice, 30 if keen and dice.random() < 0.7 else 400)
        event = {"kind": kind, "at": written(at), **by_kind[kind]()}
        if dice.random() < 0.7:
            ids = [None, "", " ", "1", f"e{dice.randrange(40)}", f"f{dice.randrange(10**6)}"]
            event["id"] = dice.choice(ids)
        events.append(event)
    actions = {"picked_up", "contacted", "rejected", "opportunity_created", "bant.believes"}
    mails = [
        "a@b.example",
        "a@GMAIL.com ",
        "nobody",
        "a@",
        "a@ ",
        "a@b@outloo\u212a.com",
        "@x.example",
    ]
    stage = dice.choice([None, "lead", "mql", "sql", "nurture", "opportunity"])
    record: Record = {
        "id": f"L-{number}",
        "email": dice.choice(mails),
        "phone": dice.choice([None, "", " ", "1", "2"]),
        "seniority": dice.choice([None, "c_level", "vp", "director", "manager", "staff"]),
        "industry": dice.choice([None, "manufacturing", "logistics", "retail", "other"]),
        "employees": dice.choice([None, 0, 49, 50, 199, 200, 999, 1000, 5_000_000]),
        "is_customer": dice.choice([None, False, False, True]),
        "budget": dice.choice([None, 49_999.999999, 50_000, 50_000.5]),
        "has_authority": dice.choice([None, False, True]),
        "need": dice.choice([None, "\n", "x"]),
        "timeframe": dice.choice([None, 0, 12, 12.000001, 13]),
        "activities": [event for event in events if event["kind"] not in actions],
        "actions": [event for event in events if event["kind"] in actions],
    }
    if stage is not None:
        record["stage"] = stage
        if dice.random() < 0.9:
            record["stage_since"] = dice.choice(events)["at"] if events else written(edge(dice))
    return {key: value for key, value in record.items() if value is not None or dice.random() < 0.5}


def edge(dice: random.Random, oldest: int = 400) -> datetime:
    """An instant where something could go wrong by a microsecond, an hour or a day."""
    near = [0, 1, 5, 27, 28, 29, 30, 30, 40, 60, 60, 80, 90, 90, 150, 180, 180, 400]
    at = leads.AS_OF - dice.choice([age for age in near if age <= oldest]) * DAY
    if dice.random() < 0.5:
        at += dice.choice([-1, 0, 1]) * timedelta(microseconds=1)
    elif dice.random() < 0.7:
        # Around local midnight, in summer and in winter time.
        at = at.replace(hour=dice.choice([21, 22, 23]), minute=dice.choice([0, 59])) - DAY
    else:
        at += dice.randrange(3 * 86_400) * timedelta(seconds=1)
    offset = dice.choice([0, 0, 0, 0, 2, -7])
    return at.astimezone(timezone(timedelta(hours=offset)) if offset else UTC)


# --- comparing -----------------------------------------------------------------------------------


def struct_types() -> SimpleNamespace:
    """Types to decode Kontor's records into, shaped as the engine's are."""

    def event(kind: str, *columns: Any, required: tuple[Any, ...] = ()) -> type[Any]:
        base = [("at", datetime), *required, ("id", str | None, None), ("by", str | None, None)]
        name = kind.title().replace("_", "").replace(".", "")
        return msgspec.defstruct(
            name,
            [*base, *columns],
            tag_field="kind",
            tag=kind,
            forbid_unknown_fields=True,
            gc=False,
        )

    activities = {
        "page_view": event("page_view", ("url", str | None, None)),
        "email_open": event("email_open", ("email_id", str | None, None)),
        "email_click": event("email_click", ("email_id", str | None, None)),
        "webinar": event("webinar", ("webinar_id", str | None, None)),
        **{kind: event(kind) for kind in ("trade_fair_scan", "demo_request", "unsubscribe")},
    }
    reasons = [("sub_reason", str | None, None), ("wake_on", date | None, None)]
    actions = {
        **{kind: event(kind) for kind in ("picked_up", "contacted", "opportunity_created")},
        "rejected": event("rejected", *reasons, required=(("reason", str),)),
        "bant.believes": event(
            "bant.believes", ("note", str | None, None), required=(("answer", bool),)
        ),
    }
    unknown: dict[str, Any] = {
        **dict.fromkeys(("phone", "seniority", "industry", "need"), str | None),
        "employees": int | None,
        **dict.fromkeys(("is_customer", "has_authority"), bool | None),
        **dict.fromkeys(("budget", "timeframe"), int | float | None),
        "stage": Literal["lead", "mql", "sql", "nurture", "opportunity"] | None,
        "stage_since": datetime | None,
    }
    lists: list[Any] = [
        (name, list[Union[tuple(kinds.values())]], msgspec.field(default_factory=list))  # type: ignore[misc]  # noqa: UP007
        for name, kinds in (("activities", activities), ("actions", actions))
    ]
    columns: list[Any] = [
        ("id", str),
        ("email", str),
        *((name, kind, None) for name, kind in unknown.items()),
    ]
    lead = msgspec.defstruct("Lead", [*columns, *lists], forbid_unknown_fields=True)
    return SimpleNamespace(lead=lead, events=activities | actions)


def check(record: Record, types: SimpleNamespace) -> str | None:
    """What is wrong about the yardstick's answer; ``None`` when it is right."""
    line = json.dumps(record).encode()
    lead = msgspec.json.decode(line, type=types.lead)

    def answer(as_of: datetime) -> Record:
        decided = by_hand.prepare(types, as_of, DIGEST)(lead)
        decoded: Record = json.loads(msgspec.json.encode(decided))
        return decoded

    got, wanted = answer(leads.AS_OF), read(record, leads.AS_OF)
    if json.dumps(got) != json.dumps(wanted):
        return f"by hand: {got}\nthe text: {wanted}"
    if got["valid_until"] is not None:
        # Until the last moment before it, the answer stays what it is.
        end = datetime.fromisoformat(got["valid_until"]) - timedelta(microseconds=1)
        later = answer(end) | {"as_of": got["as_of"]}
        if later != got:
            return f"at {got['as_of']}: {got}\nstill valid at {written(end)}: {later}"
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description="Check the yardstick by a slow reading.")
    parser.add_argument("--leads", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    types = struct_types()
    records = [difficult(dice, number) for number in range(asked.leads)]
    records += [json.loads(line) for line in leads.draw(asked.leads, asked.seed)]
    for record in records:
        wrong = check(record, types)
        if wrong is not None:
            sys.exit(f"A difference.\n{json.dumps(record, indent=1)}\n{wrong}")
    print(f"{len(records):,} leads: the yardstick and the reading of the text agree.")


if __name__ == "__main__":
    main()
