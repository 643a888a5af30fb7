"""Kontor's policy for OpenFisca: events are its persons, leads its households, all of them at once.

Given to it ready made, because it cannot say them: texts are folded and looked up (the page as a
number, an e-mail or webinar as a number, whether phone and need are known and the e-mail address is
one of a company), local days are numbers, unknown is -1. Its whole numbers have 32 bits, so an
instant comes as seconds before the evaluation and the microseconds beyond. It looks neither for
ids that repeat nor for events ahead. No household of OpenFisca is empty, so each lead has an event
of no kind, long ago.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

Arrays: TypeAlias = Mapping[str, Any]

PERIOD = "2026-11"
DAY = 86_400
D30, D60, D90, D180 = 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY
NEVER = 2**31 - 1
KINDS = (
    *("page_view", "email_open", "email_click", "webinar", "trade_fair_scan", "demo_request"),
    *("bant.believes", "contacted", "rejected", "opportunity_created"),
)
PAGE, OPEN, CLICK, WEBINAR, SCAN, DEMO, BELIEVES, CONTACTED, REJECTED, OPPORTUNITY = range(
    1, len(KINDS) + 1
)
PRICING, PRODUCTS, CAREERS = 1, 2, 3
STAGES = ("lead", "mql", "sql", "nurture", "opportunity")
LEAD, MQL, SQL, NURTURE, IN_OPPORTUNITY = range(len(STAGES))
LETTERS = ("D", "C", "B", "A")
QUADRANTS = ("leave_alone", "keep_warm", "nurture", "contact")
BANT = ("unknown", "met", "not met")
EVENT_INPUTS = ("kind", "seconds", "micros", "page", "day", "value")
LEAD_INPUTS = (
    *("seniority_points", "industry_points", "employees", "customer", "chief", "budget", "power"),
    *("need", "months", "stage", "since_seconds", "since_micros", "phone", "company_mail"),
)
OUTPUTS = (
    *("interest", "fit", "letter", "quadrant", "bant", "next_stage"),
    *("left_seconds", "left_micros"),
)

event = build_entity("event", "events", "An event", is_person=True)
lead = build_entity("lead", "leads", "A lead", roles=[{"key": "event", "plural": "events"}])


def variable(name: str, entity: Any, formula: Callable[..., Any] | None = None) -> type[Variable]:
    """A whole number each month; an input, or worked out."""
    body: dict[str, Any] = {
        "value_type": int,
        "entity": entity,
        "definition_period": DateUnit.MONTH,
        "label": name,
    }
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


# --- from events to leads ------------------------------------------------------------------------


def different(of: Any, test: Any, values: Any) -> Any:
    """How many different values; each event without one (0) is one of its own."""
    places, known = of.members_entity_id, test & (values > 0)
    pairs = np.unique(places[known].astype(np.int64) << 32 | values[known])
    return np.bincount(pairs >> 32, minlength=of.count) + of.sum(test & (values == 0))


def least(of: Any, values: Any) -> Any:
    """The least of each lead's events. `of.min` does the same more slowly, in floating point."""
    found = np.full(of.count, np.int64(NEVER) * 10**6)
    np.minimum.at(found, of.members_entity_id, values)
    return found


def web(of: Any, period: Any) -> Any:
    own = of.members
    seconds, page = own("seconds", period), own("page", period)
    days = different(of, (seconds < D30) & (page == PRICING), own("day", period))
    lately = seconds < D90
    products = of.sum(lately & (page == PRODUCTS))
    careers = of.any(lately & (page == CAREERS))
    return np.minimum(40, 15 * days + np.minimum(12, 3 * products) - 10 * careers)


def mail(of: Any, period: Any) -> Any:
    own = of.members
    seconds, kind = own("seconds", period), own("kind", period)
    engaged = (kind == OPEN) | (kind == CLICK)
    cold = of.any(engaged) & ~of.any(engaged & (seconds < D60))
    clicks = different(of, (kind == CLICK) & (seconds < D90), own("value", period))
    return np.minimum(20, 2 * clicks - 20 * cold)


def meetings(of: Any, period: Any) -> Any:
    own = of.members
    seconds, kind = own("seconds", period), own("kind", period)
    attended = different(of, (kind == WEBINAR) & (seconds < D180), own("value", period))
    scanned = of.any((kind == SCAN) & (seconds < D180))
    asked = of.any((kind == DEMO) & (seconds < D30))
    return np.minimum(40, 12 * np.minimum(2, attended) + 15 * scanned + 40 * asked)


def answer(of: Any, period: Any) -> Any:
    """The newest answer: 1 for yes, 0 for no, -1 when there is none or it is too old."""
    own = of.members
    believes = own("kind", period) == BELIEVES
    age = own("seconds", period).astype(np.int64) * 10**6 + own("micros", period)
    age = np.where(believes, age, np.int64(NEVER) * 10**6)
    newest = least(of, age)
    yes = of.any(believes & (own("value", period) == 1) & (age == of.project(newest)))
    return np.where(newest < D180 * 10**6, yes, -1)


def happened(kind: int) -> Callable[[Any, Any], Any]:
    """Whether it happened since the lead came to its stage."""

    def formula(of: Any, period: Any) -> Any:
        own = of.members
        seconds, since = own("seconds", period), of.project(of("since_seconds", period))
        micros, beyond = own("micros", period), of.project(of("since_micros", period))
        after = (seconds < since) | ((seconds == since) & (micros <= beyond))
        return of.any((own("kind", period) == kind) & after)

    return formula


def left(of: Any, period: Any) -> Any:
    """Microseconds until something changes."""
    own = of.members
    kind, seconds = own("kind", period), own("seconds", period).astype(np.int64)
    age = seconds * 10**6 + own("micros", period)
    days = np.select(
        [
            (kind == PAGE) | (kind == CLICK),
            kind == OPEN,
            (kind == WEBINAR) | (kind == SCAN),
            kind == DEMO,
        ],
        [D90, D60, D180, D30],
        0,
    )
    days = np.where((kind == PAGE) & (seconds < D30), D30, days)
    days = np.where((kind == CLICK) & (seconds < D60), D60, days)
    ahead = np.where(seconds < days, days * 10**6 - age, np.int64(NEVER) * 10**6)
    answers = np.where(kind == BELIEVES, age, np.int64(NEVER) * 10**6)
    newest = least(of, answers)
    end = np.where(newest < D180 * 10**6, D180 * 10**6 - newest, np.int64(NEVER) * 10**6)
    return np.minimum(least(of, ahead), end)


# --- leads alone ---------------------------------------------------------------------------------


def interest(of: Any, period: Any) -> Any:
    return np.maximum(0, of("web", period) + of("mail", period) + of("meetings", period))


def fit(of: Any, period: Any) -> Any:
    employees = of("employees", period)
    size = np.select([employees >= 1000, employees >= 200, employees >= 50], [30, 20, 10], 0)
    points = of("seniority_points", period) + of("industry_points", period) + size
    return points - 50 * (of("customer", period) == 1)


def letter(of: Any, period: Any) -> Any:
    points = of("fit", period)
    return (points >= 20) * 1 + (points >= 45) + (points >= 70)


def quadrant(of: Any, period: Any) -> Any:
    return 2 * (of("fit", period) >= 20) + (of("interest", period) >= 60)


def bant(of: Any, period: Any) -> Any:
    budget, months = of("budget", period), of("months", period)
    power, chief, said = of("power", period), of("chief", period), of("answer", period)
    met = (budget >= 500_000) * 1 + (of("need", period) == 1) + (said == 1)
    met = met + ((power == 1) | (chief == 1)) + ((months >= 0) & (months <= 120))
    missing = ((budget >= 0) & (budget < 500_000)) | (months > 120) | (said == 0)
    missing |= (power == 0) & (chief == 0)
    return np.where(missing, 2, met >= 3)


def next_stage(of: Any, period: Any) -> Any:
    """The number of the stage, -1 to stay."""
    stage = of("stage", period)
    ready = (of("quadrant", period) == 3) & (of("phone", period) == 1)
    ready &= of("company_mail", period) == 1
    met = of("bant", period) == 1
    return np.select(
        [
            ((stage == LEAD) | (stage == NURTURE)) & ready,
            (stage == MQL) & met & (of("contacted", period) == 1),
            (stage == MQL) & (of("rejected", period) == 1),
            (stage == SQL) & (of("opportunity", period) == 1),
            (stage == SQL) & (of("months", period) > 120),
        ],
        [MQL, SQL, NURTURE, IN_OPPORTUNITY, MQL],
        -1,
    )


def left_seconds(of: Any, period: Any) -> Any:
    return left(of, period) // 10**6


def left_micros(of: Any, period: Any) -> Any:
    return left(of, period) % 10**6


def system() -> TaxBenefitSystem:
    made = TaxBenefitSystem([event, lead])
    for name in EVENT_INPUTS:
        made.add_variable(variable(name, event))
    for name in LEAD_INPUTS:
        made.add_variable(variable(name, lead))
    formulas = (web, mail, meetings, answer, interest, fit, letter, quadrant, bant, next_stage)
    for formula in (*formulas, left_seconds, left_micros):
        made.add_variable(variable(formula.__name__, lead, formula))
    for name, kind in (("contacted", CONTACTED), ("rejected", REJECTED)):
        made.add_variable(variable(name, lead, happened(kind)))
    made.add_variable(variable("opportunity", lead, happened(OPPORTUNITY)))
    return made


# --- records -------------------------------------------------------------------------------------

PREPARED = """
CREATE TEMP TABLE numbered AS
SELECT row_number() OVER (ORDER BY id) - 1 AS number, * FROM read_parquet($leads)
"""
LEADS = f"""
SELECT
    CASE WHEN seniority IN ('c_level', 'vp') THEN 40 WHEN seniority = 'director' THEN 30
        WHEN seniority = 'manager' THEN 15 ELSE 0 END AS seniority_points,
    CASE WHEN industry IN ('manufacturing', 'logistics') THEN 30
        WHEN industry = 'retail' THEN 15 ELSE 0 END AS industry_points,
    coalesce(employees, -1) AS employees,
    coalesce(is_customer::INTEGER, -1) AS customer,
    coalesce((seniority = 'c_level')::INTEGER, -1) AS chief,
    coalesce((budget * 10)::INTEGER, -1) AS budget,
    coalesce(has_authority::INTEGER, -1) AS power,
    coalesce((trim(need) <> '')::INTEGER, 0) AS need,
    coalesce((timeframe * 10)::INTEGER, -1) AS months,
    list_position({list(STAGES)}, coalesce(stage, 'lead')) - 1 AS stage,
    coalesce(epoch_us($as_of::TIMESTAMPTZ) - epoch_us(stage_since), -1000000) // 1000000
        AS since_seconds,
    coalesce(epoch_us($as_of::TIMESTAMPTZ) - epoch_us(stage_since), 0) % 1000000 AS since_micros,
    coalesce((trim(phone) <> '')::INTEGER, 0) AS phone,
    (email LIKE '%@%' AND lower(trim(split_part(email, '@', -1))) NOT IN ('', 'gmail.com',
        'outlook.com', 'hotmail.com', 'yahoo.com', 'icloud.com'))::INTEGER AS company_mail
FROM numbered ORDER BY number
"""
EVENTS = f"""
SELECT
    number,
    coalesce(list_position({list(KINDS)}, kind), 0) AS kind,
    (epoch_us($as_of::TIMESTAMPTZ) - epoch_us("at")) // 1000000 AS seconds,
    (epoch_us($as_of::TIMESTAMPTZ) - epoch_us("at")) % 1000000 AS micros,
    CASE WHEN starts_with(lower(trim(url)), '/pricing') THEN {PRICING}
        WHEN starts_with(lower(trim(url)), '/products') THEN {PRODUCTS}
        WHEN starts_with(lower(trim(url)), '/careers') THEN {CAREERS} ELSE 0 END AS page,
    date_diff('day', DATE '2000-01-01', ("at" AT TIME ZONE 'Europe/Stockholm')::DATE) AS "day",
    CASE WHEN kind = 'bant.believes' THEN answer::INTEGER
        WHEN trim(coalesce(email_id, webinar_id)) <> ''
        THEN dense_rank() OVER (ORDER BY lower(trim(coalesce(email_id, webinar_id))))
        ELSE 0 END AS value
FROM (
    SELECT lead, kind, "at", url, email_id, webinar_id, answer FROM read_parquet($activities)
    UNION ALL
    SELECT id, 'nothing', TIMESTAMPTZ '2000-01-01', NULL, NULL, NULL, NULL FROM numbered
) AS e JOIN numbered AS n ON n.id = e.lead ORDER BY number
"""


class Leads:
    """All leads of a folder, as arrays."""

    def __init__(self, folder: Path, as_of: str) -> None:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(PREPARED, {"leads": str(folder / "leads.parquet")})
            self.leads = whole(connection.execute(LEADS, {"as_of": as_of}).fetchnumpy())
            files = {"as_of": as_of, "activities": str(folder / "activities.parquet")}
            events = connection.execute(EVENTS, files)
            self.events = whole(events.fetchnumpy())
            ids = connection.execute("SELECT id FROM numbered ORDER BY number").fetchall()
        self.ids = [one for (one,) in ids]
        self.owners = self.events.pop("number")

    def each(self) -> list[tuple[Arrays, Arrays, Any]]:
        """The arrays of one lead after the other."""
        borders = np.searchsorted(self.owners, np.arange(len(self.ids) + 1))
        return [
            (
                {name: values[place : place + 1] for name, values in self.leads.items()},
                {name: values[begin:end] for name, values in self.events.items()},
                np.zeros(end - begin, dtype=np.int64),
            )
            for place, (begin, end) in enumerate(pairwise(borders))
        ]


def whole(table: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.asarray(values).astype(np.int32) for name, values in table.items()}


def evaluator() -> Callable[[tuple[Arrays, Arrays, Any]], dict[str, Any]]:
    """Works out all outputs for arrays of leads, arrays of events, and whose each event is."""
    made = system()

    def evaluate(given: tuple[Arrays, Arrays, Any]) -> dict[str, Any]:
        leads, events, owners = given
        count = len(leads["stage"])
        builder = SimulationBuilder()
        builder.create_entities(made)
        builder.declare_person_entity("event", range(len(owners)))
        group = builder.declare_entity("lead", range(count))
        # As `join_with_persons` does, which sorts both sides first. Nobody asks for roles.
        group.members_entity_id = owners
        simulation = builder.build(made)
        for values in (leads, events):
            for name, array in values.items():
                simulation.set_input(name, PERIOD, array)
        return {name: simulation.calculate(name, PERIOD) for name in OUTPUTS}

    return evaluate


def told(outputs: Mapping[str, Any], stages: Any) -> list[dict[str, Any]]:
    """The answers as the others give them."""
    columns = zip(*(outputs[name].tolist() for name in OUTPUTS), stages.tolist(), strict=True)
    return [
        {
            "interest": interest,
            "fit": fit,
            "letter": LETTERS[letter],
            "quadrant": QUADRANTS[quadrant],
            "bant": BANT[bant],
            "current": STAGES[stage],
            "next": None if to < 0 else STAGES[to],
            "left": None if seconds == NEVER else seconds * 10**6 + micros,
        }
        for interest, fit, letter, quadrant, bant, to, seconds, micros, stage in columns
    ]
