"""Kontor's policy for the Common Expression Language (cel-rust, by common-expression-language).

One compiled program an expression. CEL has no variables inside an expression, so there are two
steps: facts from the events, then results from fields and facts; what lies between the steps goes
through a context. ``trim``, ``lowerAscii``, ``distinct`` and ``min`` are the package's own
extended functions. The records come in as ``peers.converted`` makes them.
"""

from __future__ import annotations

from typing import Any

import cel
from cel.stdlib import add_stdlib_to_context

DAY = 86_400_000_000
D30, D60, D90, D180 = 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY
URL = "has(e.url) && e.url != null && e.url.trim().lowerAscii()"

# Whether anything has to be left out is asked first; `[x].exists(y, …)` gives x a name.
ODD = (
    "activities.exists(e, e.age < 0) || actions.exists(e, e.age < 0) || "
    "[(activities.map(e, e.id) + actions.map(e, e.id)).filter(id, id != null)]"
    ".exists(ids, ids.distinct().size() < ids.size())"
)
KEPT = (
    "{}.filter(e, e.age >= 0 && !(e.id != null && (activities + actions)"
    ".exists(f, f.id == e.id && f.age > e.age)))"
)


def different(kind: str, name: str, within: int) -> str:
    """How many different ones, and one for each event without a value."""
    events = f'activities.filter(e, e.kind == "{kind}" && e.age < {within}'
    known = f'has(e.{name}) && e.{name} != null && e.{name}.trim() != ""'
    return (
        f"{events} && {known}).map(e, e.{name}.trim().lowerAscii()).distinct().size() + "
        f"{events} && !({known})).size()"
    )


FACTS = {
    "days": f'activities.filter(e, e.kind == "page_view" && e.age < {D30} && '
    f'{URL}.startsWith("/pricing")).map(e, e.day).distinct().size()',
    "products": f'activities.filter(e, e.kind == "page_view" && e.age < {D90} && '
    f'{URL}.startsWith("/products")).size()',
    "careers": f'activities.exists(e, e.kind == "page_view" && e.age < {D90} && '
    f'{URL}.startsWith("/careers"))',
    "engaged": 'activities.exists(e, e.kind == "email_open" || e.kind == "email_click")',
    "fresh": 'activities.exists(e, (e.kind == "email_open" || e.kind == "email_click") && '
    f"e.age < {D60})",
    "clicked": different("email_click", "email_id", D90),
    "attended": different("webinar", "webinar_id", D180),
    "scanned": f'activities.exists(e, e.kind == "trade_fair_scan" && e.age < {D180})',
    "asked": f'activities.exists(e, e.kind == "demo_request" && e.age < {D30})',
    "yes": 'actions.filter(e, e.kind == "bant.believes" && e.answer).map(e, e.age)',
    "no": 'actions.filter(e, e.kind == "bant.believes" && !e.answer).map(e, e.age)',
    "contacted": 'since != null && actions.exists(e, e.kind == "contacted" && e.age <= since)',
    "rejected": 'since != null && actions.exists(e, e.kind == "rejected" && e.age <= since)',
    "opportunity": "since != null && "
    'actions.exists(e, e.kind == "opportunity_created" && e.age <= since)',
    # The first window that an event leaves; 0 and less where it is in none.
    "ends": "activities.map(e, "
    f'e.kind == "page_view" ? (e.age < {D30} ? {D30} : {D90}) - e.age : '
    f'e.kind == "email_open" ? {D60} - e.age : '
    f'e.kind == "email_click" ? (e.age < {D60} ? {D60} : {D90}) - e.age : '
    f'e.kind == "webinar" || e.kind == "trade_fair_scan" ? {D180} - e.age : '
    f'e.kind == "demo_request" ? {D30} - e.age : 0).filter(left, left > 0)',
}

# Each step sees the facts and the results of the steps before it.
STEPS: tuple[dict[str, str], ...] = (
    {
        "web": "15 * days + (products < 4 ? 3 * products : 12) - (careers ? 10 : 0)",
        "mail": "2 * clicked - (engaged && !fresh ? 20 : 0)",
        "meetings": "12 * (attended < 2 ? attended : 2) + (scanned ? 15 : 0) + (asked ? 40 : 0)",
        "fit": '(seniority == "c_level" || seniority == "vp" ? 40 : seniority == "director" ? 30 : '
        'seniority == "manager" ? 15 : 0) + (employees == null ? 0 : employees >= 1000 ? 30 : '
        "employees >= 200 ? 20 : employees >= 50 ? 10 : 0) + "
        '(industry == "manufacturing" || industry == "logistics" ? 30 : industry == "retail" ? 15 '
        ": 0) - (is_customer == true ? 50 : 0)",
        "newest": f"yes.size() + no.size() == 0 ? {D180} : min(yes + no)",
    },
    {
        "interest": "(web < 40 ? web : 40) + (mail < 20 ? mail : 20) + "
        "(meetings < 40 ? meetings : 40)",
        "letter": 'fit >= 70 ? "A" : fit >= 45 ? "B" : fit >= 20 ? "C" : "D"',
        "items": "[budget == null ? -1 : budget >= 50000.0 ? 1 : 0, "
        'has_authority == true || seniority == "c_level" ? 1 : '
        "has_authority == null || seniority == null ? -1 : 0, "
        'need == null || need.trim() == "" ? -1 : 1, '
        "timeframe == null ? -1 : timeframe <= 12.0 ? 1 : 0, "
        f"newest >= {D180} ? -1 : newest in yes ? 1 : 0]",
        "left": f"ends + (newest < {D180} ? [{D180} - newest] : []) + ahead",
    },
    {
        "points": "interest < 0 ? 0 : interest",
        "quadrant": 'interest >= 60 ? (fit >= 20 ? "contact" : "keep_warm") : '
        '(fit >= 20 ? "nurture" : "leave_alone")',
        "bant": '0 in items ? "not met" : items.filter(i, i == 1).size() >= 3 ? "met" : "unknown"',
        "soonest": "left.size() == 0 ? null : min(left)",
    },
    {
        "next": 'stage == null || stage == "lead" || stage == "nurture" ? '
        '(quadrant == "contact" && phone != null && phone.trim() != "" && email.contains("@") && '
        '!(email.substring(email.lastIndexOf("@") + 1).trim().lowerAscii() in ["", "gmail.com", '
        '"outlook.com", "hotmail.com", "yahoo.com", "icloud.com"]) ? "mql" : null) : '
        'stage == "mql" ? (bant == "met" && contacted ? "sql" : rejected ? "nurture" : null) : '
        'stage == "sql" ? (opportunity ? "opportunity" : '
        'timeframe != null && timeframe > 12.0 ? "mql" : null) : null',
    },
)


class Programs:
    """The compiled programs and the one context that they share."""

    def __init__(self) -> None:
        self.context = cel.Context()
        add_stdlib_to_context(self.context)
        self.odd = cel.compile(ODD)
        self.kept = {name: cel.compile(KEPT.format(name)) for name in ("activities", "actions")}
        self.ahead = cel.compile("(activities + actions).filter(e, e.age < 0).map(e, 0 - e.age)")
        self.facts = {name: cel.compile(text) for name, text in FACTS.items()}
        self.steps = [{name: cel.compile(text) for name, text in step.items()} for step in STEPS]

    def evaluate(self, record: dict[str, Any]) -> dict[str, Any]:
        context = self.context
        context.update(record)
        ahead: list[int] = []
        if self.odd.execute(context):
            ahead = self.ahead.execute(context)
            context.update({name: kept.execute(context) for name, kept in self.kept.items()})
        found = {name: fact.execute(context) for name, fact in self.facts.items()}
        context.update(found | {"ahead": ahead})
        results: dict[str, Any] = {}
        for step in self.steps:
            made = {name: program.execute(context) for name, program in step.items()}
            context.update(made)
            results |= made
        return {
            "interest": results["points"],
            "fit": results["fit"],
            "letter": results["letter"],
            "quadrant": results["quadrant"],
            "bant": results["bant"],
            "current": record["stage"] or "lead",
            "next": results["next"],
            "left": results["soonest"],
        }
