"""Kontor's policy in JSONLogic with the further operators of datalogic-py, as one compiled rule.

JSONLogic has no names inside a rule. A list of one object that is mapped has: each step below is
such an object, and sees the steps before it. The records come in as ``peers.converted`` makes them,
already parsed (``handle``). Future events and ids that repeat are looked for and told as ``odd``;
nothing is done about them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeAlias

import datalogic_py

Rule: TypeAlias = Any

DAY = 86_400_000_000
D30, D60, D90, D180 = 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY
NEVER = 10**15
FREE_MAIL = ["", "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"]


def value(name: str, up: int = 0) -> Rule:
    """A value of the item at hand, or of an item so many steps further out.

    Each step is two levels in the engine: the item, and what it knows of its place in the list.
    """
    return {"val": [[2 * up - 1], name] if up else name}


def op(name: str, *args: Rule) -> Rule:
    return {name: list(args)}


def kept(found: Rule, *tests: Rule) -> Rule:
    return op("filter", found, op("and", *tests))


def count(found: Rule) -> Rule:
    return op("length", found)


def within(days: int) -> Rule:
    return op("<", value("age"), days)


def of_kind(*kinds: str) -> Rule:
    return op("or", *(op("===", value("kind"), kind) for kind in kinds))


def folded(text: Rule) -> Rule:
    """As texts are compared; null is the empty text."""
    return op("lower", op("trim", text))


def known(number: Rule) -> Rule:
    return op("!==", number, None)


def happened(kind: str) -> Rule:
    since = op("<=", value("age"), value("since", 1))
    events = op("some", value("actions"), op("and", of_kind(kind), since))
    return op("and", known(value("since")), events)


def page(start: str, *tests: Rule) -> Rule:
    return kept(value("views"), op("starts_with", value("url"), start), *tests)


def different(events: str, name: str) -> Rule:
    values = op("map", value(events), folded(value(name)))
    some = op("distinct", op("filter", values, op("!==", {"val": []}, "")))
    without = op("filter", value(events), op("===", folded(value(name)), ""))
    return op("+", count(some), count(without))


def if_some(found: Rule, points: int) -> Rule:
    return op("if", op(">", count(found), 0), points, 0)


def ends(events: str, days: int, *tests: Rule) -> Rule:
    found = kept(value(events, 1), *tests) if tests else value(events, 1)
    return op("map", found, op("-", days, value("age")))


ALL = op("merge", value("activities"), value("actions"))
IDS = op("filter", op("map", ALL, value("id")), op("!==", {"val": []}, None))
ACTIVITIES = value("activities")

# Straight from the record. What later steps need of it is carried along.
EVENTS = {
    "odd": op(
        "or",
        op("<", count(op("distinct", IDS)), count(IDS)),
        op("some", ALL, op("<", value("age"), 0)),
    ),
    "views": op(
        "map",
        kept(ACTIVITIES, of_kind("page_view"), within(D90)),
        {"age": value("age"), "day": value("day"), "url": folded(value("url"))},
    ),
    "mails": kept(ACTIVITIES, of_kind("email_open", "email_click")),
    "clicks": kept(ACTIVITIES, of_kind("email_click"), within(D90)),
    "seen": kept(ACTIVITIES, of_kind("webinar"), within(D180)),
    "scans": kept(ACTIVITIES, of_kind("trade_fair_scan"), within(D180)),
    "demos": kept(ACTIVITIES, of_kind("demo_request"), within(D30)),
    "yes": op(
        "map", kept(value("actions"), of_kind("bant.believes"), value("answer")), value("age")
    ),
    "no": op(
        "map",
        kept(value("actions"), of_kind("bant.believes"), op("!", value("answer"))),
        value("age"),
    ),
    "contacted": happened("contacted"),
    "rejected": happened("rejected"),
    "opportunity": happened("opportunity_created"),
}

SENIORITY = [["c_level", 40], ["vp", 40], ["director", 30], ["manager", 15]]
INDUSTRY = [["manufacturing", 30], ["logistics", 30], ["retail", 15]]
EMPLOYEES = value("employees", 1)
FRESH = kept(value("mails"), within(D60))

POINTS = {
    "web": op(
        "-",
        op(
            "+",
            op(
                "*",
                15,
                count(op("distinct", op("map", page("/pricing", within(D30)), value("day")))),
            ),
            op("min", 12, op("*", 3, count(page("/products")))),
        ),
        if_some(page("/careers"), 10),
    ),
    "mail": op(
        "-",
        op("*", 2, different("clicks", "email_id")),
        op(
            "if",
            op("and", op(">", count(value("mails")), 0), op("===", count(FRESH), 0)),
            20,
            0,
        ),
    ),
    "meetings": op(
        "+",
        op("*", 12, op("min", 2, different("seen", "webinar_id"))),
        if_some(value("scans"), 15),
        if_some(value("demos"), 40),
    ),
    "fit": op(
        "-",
        op(
            "+",
            op("switch", value("seniority", 1), SENIORITY, 0),
            op("switch", value("industry", 1), INDUSTRY, 0),
            op(
                "if",
                op("===", EMPLOYEES, None),
                0,
                *(op(">=", EMPLOYEES, 1000), 30, op(">=", EMPLOYEES, 200), 20),
                *(op(">=", EMPLOYEES, 50), 10, 0),
            ),
        ),
        op("if", value("is_customer", 1), 50, 0),
    ),
    "newest": op("min", op("merge", [NEVER], value("yes"), value("no"))),
}

BUDGET, MONTHS, ALONE = value("budget", 2), value("timeframe", 2), value("has_authority", 2)
CHIEF = op("===", value("seniority", 2), "c_level")
GOOD = op("<", value("newest"), D180)
BELIEVES = op("in", value("newest"), value("yes", 1))
MET = op(
    "+",
    *(
        op("if", test, 1, 0)
        for test in (
            op("and", known(BUDGET), op(">=", BUDGET, 50_000)),
            op("or", ALONE, CHIEF),
            op("!==", op("trim", value("need", 2)), ""),
            op("and", known(MONTHS), op("<=", MONTHS, 12)),
            op("and", GOOD, BELIEVES),
        )
    ),
)
MISSING = op(
    "or",
    op("and", known(BUDGET), op("<", BUDGET, 50_000)),
    op("and", op("===", ALONE, False), known(value("seniority", 2)), op("!", CHIEF)),
    op("and", known(MONTHS), op(">", MONTHS, 12)),
    op("and", GOOD, op("!", BELIEVES)),
)

RESULTS = {
    "odd": value("odd", 1),
    "interest": op(
        "max",
        0,
        op(
            "+",
            op("min", 40, value("web")),
            op("min", 20, value("mail")),
            op("min", 40, value("meetings")),
        ),
    ),
    "fit": value("fit"),
    "bant": op("if", MISSING, "not met", op(">=", MET, 3), "met", "unknown"),
    "current": op("??", value("stage", 2), "lead"),
    "left": op(
        "min",
        op(
            "merge",
            [NEVER],
            ends("views", D30, within(D30)),
            ends("views", D90, op(">=", value("age"), D30)),
            ends("mails", D60, within(D60)),
            *(ends("clicks", D90), ends("seen", D180), ends("scans", D180), ends("demos", D30)),
            op("if", GOOD, [op("-", D180, value("newest"))], []),
        ),
    ),
}

KEEN, FITS = op(">=", value("interest"), 60), op(">=", value("fit"), 20)
QUADRANT = op(
    *("if", op("and", KEEN, FITS), "contact", FITS, "nurture", KEEN, "keep_warm", "leave_alone")
)
AT = op("split", value("email", 3), "@")
READY = op(
    "and",
    KEEN,
    FITS,
    op("!==", op("trim", value("phone", 3)), ""),
    op(">", count(AT), 1),
    op("!", op("in", folded(op("cat", op("slice", AT, -1))), FREE_MAIL)),
)
STAGE = value("current")
ANSWER = {
    **{name: value(name) for name in ("odd", "interest", "fit", "bant", "current")},
    "letter": op(
        "if",
        *(op(">=", value("fit"), 70), "A", op(">=", value("fit"), 45), "B"),
        *(op(">=", value("fit"), 20), "C", "D"),
    ),
    "quadrant": QUADRANT,
    "next": op(
        "if",
        op("in", STAGE, ["lead", "nurture"]),
        op("if", READY, "mql", None),
        op("===", STAGE, "mql"),
        op(
            "if",
            op("and", op("===", value("bant"), "met"), value("contacted", 2)),
            "sql",
            value("rejected", 2),
            "nurture",
            None,
        ),
        op("===", STAGE, "sql"),
        op(
            "if",
            value("opportunity", 2),
            "opportunity",
            op("and", known(value("timeframe", 3)), op(">", value("timeframe", 3), 12)),
            "mql",
            None,
        ),
        None,
    ),
    "left": op("if", op("===", value("left"), NEVER), None, value("left")),
}

KONTOR = op("map", [EVENTS], op("map", [POINTS], op("map", [RESULTS], ANSWER)))


def handle(record: dict[str, Any]) -> datalogic_py.DataHandle:
    """The record, parsed."""
    return datalogic_py.DataHandle(json.dumps(record))


def session() -> Callable[[datalogic_py.DataHandle], dict[str, Any]]:
    """The compiled rule in a session, which is the fastest route that the package has."""
    engine = datalogic_py.Engine(templating=True)
    rule = engine.compile(KONTOR)
    evaluate = engine.session().evaluate_data

    def decide(record: datalogic_py.DataHandle) -> dict[str, Any]:
        answer: dict[str, Any] = evaluate(rule, record)[0][0][0]
        assert not answer.pop("odd")
        return answer

    return decide
