"""Makes Kontor's sample of leads: invented people at invented companies, the same every time.

    python policies/kontor/sample/generate.py --leads 3000 --out policies/kontor/sample

Most leads only look around, some read e-mails, some want to buy, and a few look for a job. Each
lead has a random generator of its own, so more leads never change the ones before.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Final

from people import HABITS, NEEDS, PERSONAS, Persona, Record, who_they_are

SEED: Final = 20261121
AS_OF: Final = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LEADS: Final = 3000

OTHER_PAGES: Final = ("/", "/about", "/delivery", "/blog/desk-heights", "/blog/quiet-rooms")
PRODUCTS: Final = ("chairs", "desks", "paper", "lamps", "storage", "screens", "kitchen")

# What can become of an MQL, how often, and for how many days back.
STORIES: Final = (
    # Moves are made at night: some have been on the list for a little more than a week.
    ("waiting", 18, (0, 7)),
    ("picked", 10, (1, 7)),
    ("contacted", 16, (2, 20)),
    ("rejected", 8, (2, 10)),
    ("rejected, in nurture", 16, (10, 200)),
    ("unpicked, in nurture", 12, (8, 200)),
    ("sql", 14, (10, 90)),
    ("opportunity created", 3, (20, 90)),
    ("opportunity", 3, (30, 200)),
)

LEAD_COLUMNS: Final = (
    *("id", "email", "phone", "seniority", "industry", "employees", "is_customer", "budget"),
    *("has_authority", "need", "timeframe", "created_on", "stage", "stage_since"),
)
EVENT_COLUMNS: Final = (
    *("lead", "kind", "at", "id", "by", "url", "email_id", "webinar_id"),
    *("reason", "sub_reason", "wake_on", "answer", "note"),
)


def leads(count: int, seed: int = SEED) -> Iterator[Record]:
    """``count`` lead records, ready for ``leadpact run``; the same for the same ``seed``."""
    for number in range(1, count + 1):
        yield one_lead(number, Random(f"{seed}/{number}"))


def one_lead(number: int, rng: Random) -> Record:
    persona = rng.choices(PERSONAS, [persona.share for persona in PERSONAS])[0]
    record: Record = {"id": f"K-{number:05d}", **who_they_are(persona, rng)}
    activities = what_they_do(persona, rng)
    actions: list[Record] = []
    if persona.name == "buyer" and rng.randrange(100) < 50:
        activities += time_with_sales(record, actions, rng)
    # A small part of the leads comes from a system that gives events no id, and does not say since
    # when it knows them.
    with_ids = rng.randrange(100) < 97
    if with_ids:
        record["created_on"] = min(map(instant, activities)).date().isoformat()
    record["activities"] = in_order(activities, "e" if with_ids else None)
    if actions:
        record["actions"] = in_order(actions, "a" if with_ids else None)
    return record


# --- what they do --------------------------------------------------------------------------------


def what_they_do(persona: Persona, rng: Random) -> list[Record]:
    """Activities in visits: a few events in a row, then days or weeks of silence."""
    least, most = persona.events
    left = rng.randint(least, most)
    first_day = rng.randrange(1, 500)
    events: list[Record] = []
    while left > 0:
        # The smaller of two draws: people are most active shortly before we look.
        days_ago = min(rng.randrange(first_day + 1), rng.randrange(first_day + 1))
        at = visit_start(days_ago, rng)
        for _ in range(min(left, rng.randint(1, 6))):
            events.append(activity(rng.choices(HABITS, persona.habits)[0], at, rng))
            at += timedelta(seconds=rng.randint(4, 400))
            left -= 1
    if rng.randrange(60) == 0:
        # The mail server tells us twice about the same event.
        again = dict(rng.choice(events))
        events.append(again)
    if rng.randrange(100) == 0:
        # Came in after the instant of the sample: it has not happened yet.
        events.append(activity("pricing", AS_OF + timedelta(hours=rng.randint(1, 30)), rng))
    return events


def visit_start(days_ago: int, rng: Random) -> datetime:
    day = AS_OF - timedelta(days=days_ago + 1)
    return day.replace(hour=rng.randint(5, 20), minute=rng.randrange(60), second=rng.randrange(60))


def activity(habit: str, at: datetime, rng: Random) -> Record:
    match habit:
        case "product":
            return event("page_view", at, rng, url=f"/products/{rng.choice(PRODUCTS)}")
        case "pricing":
            return event("page_view", at, rng, url=rng.choice(("/pricing", "/pricing/volume")))
        case "careers":
            return event("page_view", at, rng, url="/careers")
        case "other_page":
            url = rng.choice(OTHER_PAGES) if rng.randrange(50) else rng.choice(("", "/Pricing"))
            return event("page_view", at, rng, url=url)
        case "open":
            return event("email_open", at, rng, email_id=mailing(at))
        case "click":
            return event("email_click", at, rng, email_id=mailing(at))
        case "webinar":
            return event("webinar", at, rng, webinar_id=f"w{at:%Y%m}")
        case "fair":
            return event("trade_fair_scan", at, rng)
        case "demo":
            return event("demo_request", at, rng)
        case "unsubscribe":
            return event("unsubscribe", at, rng)
        case _:
            raise ValueError(f"no such habit: {habit}")


def mailing(at: datetime) -> str:
    """One e-mail goes out each week."""
    year, week, _ = at.isocalendar()
    return f"m{year}w{week:02d}"


def event(kind: str, at: datetime, rng: Random, **properties: object) -> Record:
    return {"kind": kind, "at": written(at, rng), **properties}


def written(at: datetime, rng: Random) -> str:
    """The instant as one system or another writes it: in UTC, or with an offset."""
    if rng.randrange(25) == 0:
        return at.astimezone(timezone(timedelta(hours=rng.choice((1, 2))))).isoformat()
    return at.isoformat().replace("+00:00", "Z")


def in_order(events: Sequence[Record], letter: str | None) -> list[Record]:
    """The events by time, with ids; an event that is there twice has the same id twice."""
    ids: dict[str, str] = {}
    ordered: list[Record] = []
    for entry in sorted(events, key=instant):
        number = ids.setdefault(json.dumps(entry), f"{letter}{len(ids) + 1}")
        ordered.append(entry if letter is None else {"id": number, **entry})
    return ordered


def instant(entry: Record) -> datetime:
    return datetime.fromisoformat(str(entry["at"]))


# --- what sales does -----------------------------------------------------------------------------


def time_with_sales(record: Record, actions: list[Record], rng: Random) -> list[Record]:
    """Lets the lead become an MQL, and sales work on it; returns what made it an MQL."""
    story, _, days = rng.choices(STORIES, [share for _, share, _ in STORIES])[0]
    became_mql = AS_OF - timedelta(days=rng.randint(*days), minutes=rng.randint(60, 1440))
    moves: list[Record] = [{"to": "mql", "at": written(became_mql, rng)}]
    week_later = min(became_mql + timedelta(days=7), AS_OF - timedelta(minutes=5))
    picked = between(became_mql, week_later, rng)
    acted = between(picked, week_later, rng)
    if story not in ("waiting", "unpicked, in nurture"):
        actions.append(action("picked_up", picked, rng))
    match story:
        case "contacted":
            talk(record, actions, acted, rng)
        case "rejected":
            actions.append(rejection(acted, rng))
        case "rejected, in nurture":
            actions.append(rejection(acted, rng))
            moves.append({"to": "nurture", "at": actions[-1]["at"]})
        case "unpicked, in nurture":
            moves.append({"to": "nurture", "at": written(week_later, rng)})
        case "sql" | "opportunity created" | "opportunity":
            talk(record, actions, acted, rng)
            moves.append({"to": "sql", "at": written(week_later, rng)})
            if story != "sql":
                won = between(week_later, AS_OF - timedelta(hours=1), rng)
                actions.append(action("opportunity_created", won, rng))
                if story == "opportunity":
                    moves.append({"to": "opportunity", "at": actions[-1]["at"]})
        case _:
            pass
    record["stage"] = moves[-1]["to"]
    record["stage_since"] = moves[-1]["at"]
    # Not every CRM keeps the earlier stages.
    if rng.randrange(10):
        record["moves"] = moves
    return [
        activity("demo", became_mql - timedelta(hours=rng.randint(1, 20)), rng),
        activity("pricing", became_mql - timedelta(hours=rng.randint(25, 44)), rng),
        activity("pricing", became_mql - timedelta(hours=rng.randint(49, 90)), rng),
    ]


def between(first: datetime, last: datetime, rng: Random) -> datetime:
    seconds = int((last - first).total_seconds())
    return first + timedelta(seconds=rng.randint(seconds // 10, seconds))


def talk(record: Record, actions: list[Record], at: datetime, rng: Random) -> None:
    """Sales speaks with the lead and learns what BANT asks for."""
    actions.append(action("contacted", at, rng))
    record["budget"] = rng.choice((30_000, 50_000, 60_000, 120_000, 500_000))
    record["has_authority"] = rng.randrange(100) < 75
    if rng.randrange(100) < 80:
        record["need"] = rng.choice(NEEDS)
    if rng.randrange(100) < 80:
        record["timeframe"] = rng.choice((0, 1, 3, 6, 6, 9, 12, 14))
    if rng.randrange(100) < 60:
        believes = action("bant.believes", at + timedelta(minutes=2), rng)
        believes["answer"] = rng.randrange(100) < 80
        if rng.randrange(3) == 0:
            believes["note"] = "Has seen our delivery at another site"
        actions.append(believes)


def rejection(at: datetime, rng: Random) -> Record:
    reason = rng.choice(("no_phone", "personal_email", "no_fit", "no_fit", "competitor", "not_now"))
    entry = action("rejected", at, rng)
    entry["reason"] = reason
    if reason == "no_fit":
        entry["sub_reason"] = rng.choice(("too_small", "wrong_industry", "wrong_region"))
    if reason == "not_now":
        entry["wake_on"] = (at + timedelta(days=rng.randint(30, 200))).date().isoformat()
    return entry


def action(kind: str, at: datetime, rng: Random) -> Record:
    return {"kind": kind, "at": written(at, rng), "by": "sales"}


# --- files ---------------------------------------------------------------------------------------


def json_line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def write_jsonl(records: Sequence[Record], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(json_line(record) for record in records)


def write_tables(records: Sequence[Record], folder: Path) -> None:
    """``leads.csv``, a lead a row, and ``activities.csv``, activities and actions by time."""
    events = [
        {"lead": record["id"], **entry}
        for record in records
        for key in ("activities", "actions")
        for entry in as_events(record.get(key, []))
    ]
    events.sort(key=instant)
    write_csv(folder / "leads.csv", LEAD_COLUMNS, records)
    write_csv(folder / "activities.csv", EVENT_COLUMNS, events)


def as_events(value: object) -> list[Record]:
    return value if isinstance(value, list) else []


def write_csv(path: Path, columns: Sequence[str], rows: Sequence[Record]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([cell(row.get(column)) for column in columns] for row in rows)


def cell(value: object) -> str:
    match value:
        case None:
            return ""
        case True:
            return "yes"
        case False:
            return "no"
        case _:
            return str(value)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Make the sample of Kontor's leads.")
    arguments.add_argument("--leads", type=int, default=LEADS, help="how many (default 3000)")
    arguments.add_argument("--seed", type=int, default=SEED, help="another seed, other leads")
    arguments.add_argument("--out", type=Path, required=True, help="the folder to write to")
    arguments.add_argument("--csv", action="store_true", help="write the two tables, too")
    given = arguments.parse_args()
    records = list(leads(given.leads, given.seed))
    given.out.mkdir(parents=True, exist_ok=True)
    write_jsonl(records, given.out / "leads.jsonl")
    if given.csv:
        write_tables(records, given.out)


if __name__ == "__main__":
    main()
