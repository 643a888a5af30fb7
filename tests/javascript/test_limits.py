"""What a script says when it cannot tell exactly, and what it must never do."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from tests.javascript.in_node import NODE, NOT_KNOWN, Case, deciding, disagreements
from tests.javascript.soak import SHIPPED, shipped_policy

import leadpact
from leadpact import zones
from leadpact.backends.javascript.literals import NotSayableError, number
from leadpact.backends.javascript.zones import zone_data
from leadpact.javascript import compile_javascript

needs_node = pytest.mark.skipif(NODE is None, reason="needs node (https://nodejs.org) on the path")
RUNTIME = Path(leadpact.__file__).parent / "backends" / "javascript" / "runtime"
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)

POLICY = r"""policy small "Small":
    language 1
    version 1
    time zone "Europe/Stockholm"
calendar office:
    open mon to fri 09:00 to 17:00
    closed on public holidays of SE
list odd "Odd": "</script><script>alert(1)</script>", "it's", "<!--", "☃ \\ back"
party sales
lead:
    employees whole number
    budget number
    note text
activities:
    visit "Visited </script>"
actions by sales:
    call "Called"
score interest from 0 to 100:
    +20  each visit ever because "</script>"
checklist ready:
    note_known "Is it 'so' </script>?" met when note is any of odd
    needs all met
stage lead:
    start
    moves to mql when interest is at least 40 and employees is at least 50 because "<!-- </script>"
stage mql:
    times out to lead after 2 business days of office without call
"""


@pytest.fixture(scope="module")
def policy() -> leadpact.Policy:
    return leadpact.load_text(POLICY)


def answer(policy: leadpact.Policy, record: dict[str, object]) -> dict[str, object]:
    with deciding([Case(policy, {"id": "L-1", **record}, AS_OF)]) as answers:
        return answers()[0]


@needs_node
@pytest.mark.parametrize("note", ["</SCRIPT><script>alert(1)</script>", " IT'S", r"☃ \\ back"])
def test_odd_texts_are_only_texts(policy: leadpact.Policy, note: str) -> None:
    visits = [{"kind": "visit", "at": f"2026-11-0{day}T09:00:00Z"} for day in (1, 2)]
    record = {"id": "L-1", "note": note, "employees": 60, "activities": visits}
    assert next(disagreements([Case(policy, record, AS_OF)]), None) is None
    told = answer(policy, record)
    assert told["checklists"] == {
        "ready": {"result": "met", "items": {"note_known": "met"}, "ask": []}
    }


def test_nothing_in_a_script_ends_it_early(policy: leadpact.Policy) -> None:
    script = compile_javascript(policy.checked).lower()
    assert "</script" not in script
    assert "<!--" not in script


@pytest.mark.parametrize("name", SHIPPED)
def test_a_script_reads_nothing_but_its_arguments(name: str) -> None:
    script = compile_javascript(shipped_policy(name).checked)
    words = r"\b(import|require|fetch|XMLHttpRequest|document|window|Date|Math\.random|eval|Intl)\b"
    code = re.sub(r'"(\\.|[^"\\])*"', '""', script)
    assert re.findall(words, code) == []


@needs_node
def test_public_holidays_of_far_years_are_not_known(policy: leadpact.Policy) -> None:
    told = answer(policy, {"stage": "mql", "stage_since": "1999-11-21T09:00:00Z"})
    assert told["status"] == NOT_KNOWN
    assert told["reason"] == "the public holidays of 1999"


@needs_node
@pytest.mark.parametrize("value", [2**53 + 1, -(2**53) - 1, 10**20])
def test_numbers_that_the_page_has_rounded_are_not_known(
    policy: leadpact.Policy, value: int
) -> None:
    told = answer(policy, {"employees": value})
    assert (told["status"], told["reason"]) == (NOT_KNOWN, "a number with more than 15 digits")


@needs_node
@pytest.mark.parametrize("value", [0.1, 1e-6, 4.25, 123456.654321, -3.5, 1e-7, 0.12345678])
def test_decimals_are_exact(policy: leadpact.Policy, value: float) -> None:
    case = Case(policy, {"id": "L-1", "budget": value}, AS_OF)
    assert next(disagreements([case]), None) is None


def test_what_cannot_be_said_is_named() -> None:
    with pytest.raises(NotSayableError, match=r"0\.1234567: it has more than six decimals"):
        number(Decimal("0.1234567"))


NAMES = (
    "Europe/Stockholm", "America/New_York", "Europe/Dublin", "Africa/Casablanca", "Asia/Tehran",
    "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo", "Asia/Kolkata", "Etc/UTC",
    "Antarctica/Troll", "Pacific/Chatham", "America/Nuuk", "Africa/Cairo", "Asia/Gaza",
)  # fmt: skip

CHECK = """
const told = JSON.parse(require("fs").readFileSync(0, "utf-8"));
for (const { zone, instants } of told) {
  for (const [second, offset, wall, settled] of instants) {
    const found = [offsetAt(zone, second), Number(settle(zone, BigInt(wall) * SECOND) / SECOND)];
    if (found[0] !== offset || found[1] !== settled) console.log(second, found, offset, settled);
  }
}
"""


@needs_node
def test_zones_have_the_offsets_of_the_zone_data() -> None:
    """Every change, an hour around it, and the wall clock there, from 1850 to 2400."""
    asked = []
    for name in NAMES:
        data, place = zone_data(name), zones.zone(name)
        later = [datetime(year, month, 1, tzinfo=UTC) for year in range(2030, 2400, 7)
                 for month in (1, 7)]  # fmt: skip
        turns = [datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=one) for one in data.changes]
        ends = [_change(first, place) for first in later]
        near = [timedelta(minutes=minutes) for minutes in (-1441, -61, -1, 0, 1, 29, 61, 1441)]
        instants = [each + apart for each in (*turns, *ends) for apart in near]
        # In this hour the library sees a clock change that the zone data does not have.
        quirk = datetime(2023, 10, 29, 1, tzinfo=UTC)
        instants = [one for one in instants if not quirk <= one < quirk + timedelta(hours=1)]
        zone = json.loads(re.sub(r"(\w+):", r'"\1":', data.spelled()))
        asked.append({"zone": zone, "instants": [_told(each, place) for each in instants]})
    script = "".join((RUNTIME / f"{part}.js").read_text("utf-8") for part in ("values", "times"))
    assert NODE is not None
    run = subprocess.run(
        [NODE, "-e", script + CHECK],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""


def _told(instant: datetime, place: object) -> list[int]:
    """An instant, its offset, a wall-clock time and the instant that it stands for."""
    local = instant.astimezone(place)  # type: ignore[arg-type]
    offset = local.utcoffset()
    assert offset is not None
    # The same digits on the wall, whichever side of a change they stood on.
    wall = local.replace(tzinfo=UTC, fold=0)
    settled = local.replace(fold=0).astimezone(UTC)
    seconds = [int(one.timestamp()) for one in (instant, wall, settled)]
    return [seconds[0], int(offset.total_seconds()), seconds[1], seconds[2]]


def _change(first: datetime, place: object) -> datetime:
    """The next second from ``first`` on at which the zone's offset changes, within half a year."""
    before = first.astimezone(place).utcoffset()  # type: ignore[arg-type]
    low, high = 0, 190 * 86_400
    if _at(first, high, place) == before:
        return first
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _at(first, middle, place) == before else (low, middle)
    return first + timedelta(seconds=high)


def _at(first: datetime, seconds: int, place: object) -> timedelta | None:
    return (first + timedelta(seconds=seconds)).astimezone(place).utcoffset()  # type: ignore[arg-type]
