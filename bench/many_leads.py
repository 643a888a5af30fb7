"""Leads for the batch measurements: a million, with 20 million events, in two Parquet files.

The same seed gives the same lead 17, whatever the number of leads. Each value comes from the
number of its row, stirred in plain whole-number arithmetic: nothing is held in memory, and nothing
depends on the version of a library. The shares are those of ``leads.py``: about a third of the
texts unknown (null, empty or blank), nothing in the future, no id twice. Leads have 20 events on
average, most of them fewer, some up to 61; one in 30 has none.

    python bench/many_leads.py FOLDER [--leads 1000000] [--shuffled] [--no-ids] [--seed S]

writes FOLDER/leads.parquet and FOLDER/activities.parquet. Both are sorted by lead; with
``--shuffled`` each lies in an order of its own, and a lead's events lie far apart. ``--no-ids``
leaves out the events' ids, and with them the question whether an id stands there twice.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

AS_OF = "2026-11-21T09:00:00Z"
SEED = 20261121
REACH_SECONDS = 200 * 86_400

# Each lead has this many places for events, and most stay empty. The first are for actions.
PLACES = 64
ACTIONS = ("picked_up", "contacted", "bant.believes", "rejected", "opportunity_created")
# How many activities a lead has, drawn evenly.
COUNTS = (
    0,
    2,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    17,
    18,
    20,
    22,
    24,
    27,
    31,
    37,
    44,
    52,
    56,
)
MOST_LEADS = 2**32 // PLACES
"""The rows of events are told apart by 32 bits."""
ROWS_A_GROUP = 122_880

# What a value is drawn from, by weight.
Weights = Mapping[str | None, int]
SENIORITY: Weights = {None: 30} | dict.fromkeys(
    ("c_level", "vp", "director", "manager", "staff", "student"), 12
)
INDUSTRY: Weights = {None: 30} | dict.fromkeys(
    ("manufacturing", "logistics", "retail", "software", "other"), 14
)
STAGES: Weights = {
    None: 45,
    "lead": 15,
    "mql": 18,
    "sql": 8,
    "nurture": 10,
    "opportunity": 4,
}
DOMAINS: Weights = {
    "buyer.example": 40,
    "Works.Example": 15,
    "hall.example": 20,
    "gmail.com": 20,
    "OUTLOOK.com": 5,
}
NEEDS: Weights = {
    None: 20,
    "": 7,
    "  ": 7,
    "New office in spring": 22,
    "Old desks": 22,
    "Noise": 22,
}
KINDS: Weights = {
    "page_view": 45,
    "email_open": 25,
    "email_click": 14,
    "webinar": 6,
    "trade_fair_scan": 3,
    "demo_request": 4,
    "unsubscribe": 3,
}
URLS: Weights = {
    None: 17,
    "": 8,
    "  ": 8,
    "/": 13,
    "/products/desks/standing": 10,
    "/products/chairs/7": 8,
    "/Products/Lamps?page=2": 4,
    "/pricing": 9,
    "/pricing/volume": 4,
    "/careers/warehouse": 3,
    "/blog/quiet-offices": 11,
    "/contact": 5,
}
EMAILS: Weights = {None: 20, "": 7, " ": 6} | {f"m{number}": 6 for number in range(12)}
WEBINARS: Weights = {None: 20, "": 7, " ": 7} | {f"w{number}": 16 for number in range(4)}
REASONS: Weights = dict.fromkeys(
    ("no_phone", "personal_email", "no_fit", "competitor", "not_now"), 1
)
BUDGETS: Weights = {None: 60, "20000": 10, "49999.5": 10, "50000": 10, "120000": 10}
MONTHS: Weights = {None: 58} | dict.fromkeys(("1", "3", "6", "12", "12.5", "18", "24"), 6)


class Draws:
    """Columns of numbers to draw from: a row's number, stirred with one of the column's own."""

    def __init__(self, seed: int) -> None:
        self._salts = random.Random(seed)

    def columns(self, number: str, names: Sequence[str]) -> str:
        """Columns of 32 bits each. They are columns so that each is worked out once a row."""
        salted = [(name, self._salts.getrandbits(32)) for name in names]
        return ", ".join(f"stirred({number}, {salt}) AS {name}" for name, salt in salted)


def one_of(weights: Weights, drawn: str) -> str:
    """One of the values, or NULL."""
    each = [value for value, weight in weights.items() for _ in range(weight)]
    written = ", ".join("NULL" if value is None else f"'{value}'" for value in each)
    return f"[{written}][{drawn} % {len(each)} + 1]"


def yes(percent: int, drawn: str) -> str:
    return f"{drawn} % 100 < {percent}"


def known(percent: int, drawn: str, value: str) -> str:
    """``value``, or NULL for the others. Who is known is told by other bits than ``yes`` uses."""
    return f"CASE WHEN (drawn >> 16) % 100 < {percent} THEN {value} END".replace("drawn", drawn)


def tables(count: int, shuffled: bool, ids: bool, seed: int) -> dict[str, str]:
    """The queries for the two files, by their names."""
    draws = Draws(seed)
    # What both files have to know of a lead.
    shared = draws.columns("lead", ["staged", "entered"])
    return {
        "leads.parquet": leads(draws, shared, numbers(count, shuffled, "lead")),
        "activities.parquet": activities(
            draws, shared, numbers(count * PLACES, shuffled, "row"), ids
        ),
    }


STAGE = one_of(STAGES, "staged")
# So many seconds ago it came to its stage.
ENTERED = f"(86400 + entered % {59 * 86_400})"


def leads(draws: Draws, shared: str, each: str) -> str:
    """One row a lead."""
    own = ["mail", "called", "who", "branch", "size", "customer", "money", "power", "why", "months"]
    blank = one_of({None: 2, "": 1, "  ": 1}, "(called >> 8)")
    phone = "'+46 8 ' || lpad((called % 1000000)::TEXT, 6, '0')"
    # There are about as many companies from 10 to 20 people as from 1,000 to 2,000.
    employees = "(1 << size % 14) + (size >> 4) % (1 << size % 14)"
    since = instant(f"1000000 * {ENTERED}")
    return f"""
        SELECT {lead_id("lead")} AS id,
            'person' || lead || '@' || {one_of(DOMAINS, "mail")} AS email,
            CASE WHEN {yes(67, "called")} THEN {phone} ELSE {blank} END AS phone,
            {one_of(SENIORITY, "who")} AS seniority,
            {one_of(INDUSTRY, "branch")} AS industry,
            {known(70, "branch", employees)} AS employees,
            {known(60, "customer", yes(20, "customer"))} AS is_customer,
            {one_of(BUDGETS, "money")}::DECIMAL(12, 2) AS budget,
            {known(40, "power", yes(60, "power"))} AS has_authority,
            {one_of(NEEDS, "why")} AS need,
            {one_of(MONTHS, "months")}::DECIMAL(5, 1) AS timeframe,
            {STAGE} AS stage,
            CASE WHEN {STAGE} IS NOT NULL THEN {since} END AS stage_since
        FROM (SELECT lead, {shared}, {draws.columns("lead", own)} FROM ({each}))"""


def activities(draws: Draws, shared: str, each: str, ids: bool) -> str:
    """One row an event: what the lead did, and what sales did since it was an MQL."""
    own = ["whether", "which", "what", "age", "parts", "named"]
    count = f"{list(COUNTS)}[counted % {len(COUNTS)} + 1]"
    by_sales = f"{STAGE} IN ('mql', 'sql', 'nurture', 'opportunity')"
    # Recent ones are likelier: a draw, squared. Some actions lie before the lead's stage.
    seconds = f"""CASE WHEN place < {len(ACTIONS)} THEN {ENTERED} * 13 * (age >> 16) // 655360
        ELSE ({REACH_SECONDS} * (age >> 16) * (age >> 16)) >> 32 END"""
    return f"""
        SELECT {lead_id("lead")} AS lead, kind,
            {instant(f"1000000 * ({seconds}) + 1000 * (parts % 1000)")} AS at,
            {"printf('e%08x', named) AS id," if ids else ""}
            CASE WHEN place < {len(ACTIONS)} THEN 'sales' END AS "by",
            CASE kind WHEN 'page_view' THEN {one_of(URLS, "what")} END AS url,
            CASE WHEN kind IN ('email_open', 'email_click')
                THEN {one_of(EMAILS, "what")} END AS email_id,
            CASE kind WHEN 'webinar' THEN {one_of(WEBINARS, "what")} END AS webinar_id,
            CASE kind WHEN 'bant.believes' THEN {yes(70, "what")} END AS answer,
            CASE kind WHEN 'rejected' THEN {one_of(REASONS, "what")} END AS reason,
            CASE WHEN reason = 'no_fit' THEN 'too_small' END AS sub_reason,
            CASE WHEN reason = 'not_now' THEN DATE '2027-03-01' END AS wake_on
        FROM (
            SELECT *, CASE WHEN place < {len(ACTIONS)} THEN {list(ACTIONS)}[place + 1]
                ELSE {one_of(KINDS, "which")} END AS kind
            FROM (
                SELECT lead, place, staged, entered, {draws.columns("row", own)}
                FROM (
                    SELECT *, {shared}, {draws.columns("lead", ["counted"])}
                    FROM (
                        SELECT row, row // {PLACES} AS lead, row % {PLACES} AS place FROM ({each})
                    )
                )
                WHERE CASE WHEN place < {len(ACTIONS)} THEN {by_sales}
                    ELSE place < {len(ACTIONS)} + {count} END
            )
            WHERE place >= {len(ACTIONS)} OR {yes(45, "whether")}
        )"""


def lead_id(number: str) -> str:
    return f"printf('L-%08d', {number} + 1)"


def instant(age: str) -> str:
    """The instant so many microseconds before the evaluation."""
    return f"make_timestamptz(epoch_us(TIMESTAMPTZ '{AS_OF}') - ({age}))"


def numbers(count: int, shuffled: bool, name: str) -> str:
    """0 to ``count`` - 1, each once. Shuffled: in steps of a golden section, so neighbours part."""
    if not shuffled:
        return f"SELECT range AS {name} FROM range({count})"
    step = int(count * 0.6180339887) | 1
    while math.gcd(step, count) > 1:
        step += 2
    return f"SELECT range * {step} % {count} AS {name} FROM range({count})"


def write(folder: Path, count: int, shuffled: bool, ids: bool, seed: int) -> None:
    """Write both files. Parquet as DuckDB writes it, in many groups of rows."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(
            "CREATE MACRO stir(x) AS (xor(x, x >> 16) * 73244475) & 4294967295; "
            "CREATE MACRO stirred(x, salt) AS stir(stir(stir(xor(x, salt))))"
        )
        for name, query in tables(count, shuffled, ids, seed).items():
            target = str(folder / name).replace("'", "''")
            connection.execute(
                f"COPY ({query}) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {ROWS_A_GROUP})"
            )
            rows = connection.execute("SELECT count(*) FROM read_parquet($1)", [str(folder / name)])
            (found,) = rows.fetchone() or (0,)
            megabytes = (folder / name).stat().st_size / 1e6
            print(f"{folder / name}: {found:,} rows, {megabytes:,.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description="Write many leads of Kontor for measurements.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--leads", type=int, default=1_000_000)
    parser.add_argument("--shuffled", action="store_true", help="not sorted by lead")
    parser.add_argument("--no-ids", action="store_true", help="events without ids")
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    if not 0 < asked.leads <= MOST_LEADS:
        parser.error(f"from 1 to {MOST_LEADS:,} leads can be told apart")
    write(asked.folder, asked.leads, asked.shuffled, not asked.no_ids, asked.seed)
    print(f"{time.process_time():.1f} CPU seconds. Decide them as of {AS_OF}.")


if __name__ == "__main__":
    main()
