"""Kontor's policy for zen-engine (GoRules), as one compiled expression and as a decision graph.

The records come in as ``peers.converted`` makes them: ``age`` is microseconds before ``as_of``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import zen

DAY = 86_400_000_000
D30, D60, D90, D180 = 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY

# Whether anything has to be left out is asked first: that is cheaper than filtering always.
# Zen cannot order texts, so of two events with one id and one instant both would stay.
PAST = """
everything = flatten([activities, actions]);
ids = map(filter(everything as e, e.id != null), #.id);
odd = some(everything as e, e.age < 0) or some(ids as a, count(ids as b, b == a) > 1);
happened = odd ? filter(everything as e, e.age >= 0) : [];
again = filter(happened as e,
  e.id != null and some(happened as f, f.id == e.id and f.age > e.age));
past = odd ? filter(activities as e,
  e.age >= 0 and none(again as r, r.id == e.id and r.age == e.age)) : activities;
done = odd ? filter(actions as e,
  e.age >= 0 and none(again as r, r.id == e.id and r.age == e.age)) : actions;
ahead = odd ? map(filter(everything as e, e.age < 0) as e, 0 - e.age) : [];
"""
PAST_UNCHECKED = """
past = activities;
done = actions;
ahead = [];
"""

# `1 / count of the same` summed up is how many different ones there are.
REST = f"""
pages = filter(past as e, e.kind == "page_view" and e.age < {D90});
named = filter(pages as e, e.url != null);
views = map(named as e, {{age: e.age, day: e.day, url: lower(trim(e.url))}});
pricing = filter(views as v, v.age < {D30} and startsWith(v.url, "/pricing"));
days = round(sum(map(pricing as p, 1 / count(pricing as q, q.day == p.day))));
products = count(views as v, startsWith(v.url, "/products"));
careers = some(views as v, startsWith(v.url, "/careers"));
mails = filter(past as e, e.kind == "email_open" or e.kind == "email_click");
fresh = filter(mails as e, e.age < {D60});
clicks = filter(mails as e, e.kind == "email_click" and e.age < {D90});
mail_ids = map(clicks as e, e.email_id == null ? "" : lower(trim(e.email_id)));
clicked = round(sum(map(mail_ids as a, a == "" ? 1 : 1 / count(mail_ids as b, b == a))));
seen = filter(past as e, e.kind == "webinar" and e.age < {D180});
webinar_ids = map(seen as e, e.webinar_id == null ? "" : lower(trim(e.webinar_id)));
attended = round(sum(map(webinar_ids as a, a == "" ? 1 : 1 / count(webinar_ids as b, b == a))));
scans = filter(past as e, e.kind == "trade_fair_scan" and e.age < {D180});
demos = filter(past as e, e.kind == "demo_request" and e.age < {D30});
web = 15 * days + min([3 * products, 12]) - (careers ? 10 : 0);
mail = 2 * clicked - (len(mails) > 0 and len(fresh) == 0 ? 20 : 0);
meetings = 12 * min([attended, 2]) + (len(scans) > 0 ? 15 : 0) + (len(demos) > 0 ? 40 : 0);
interest = max([0, min([100, min([web, 40]) + min([mail, 20]) + min([meetings, 40])])]);

fit = (seniority in ["c_level", "vp"] ? 40 : seniority == "director" ? 30
    : seniority == "manager" ? 15 : 0)
  + (employees == null ? 0 : employees >= 1000 ? 30 : employees >= 200 ? 20
    : employees >= 50 ? 10 : 0)
  + (industry in ["manufacturing", "logistics"] ? 30 : industry == "retail" ? 15 : 0)
  - (is_customer == true ? 50 : 0);
letter = fit >= 70 ? "A" : fit >= 45 ? "B" : fit >= 20 ? "C" : "D";
quadrant = interest >= 60 ? (fit >= 20 ? "contact" : "keep_warm")
  : (fit >= 20 ? "nurture" : "leave_alone");

answers = filter(done as a, a.kind == "bant.believes");
newest = len(answers) > 0 ? min(map(answers as a, a.age)) : {D180};
items = [
  budget == null ? null : budget >= 50000 ? 1 : 0,
  has_authority == true or seniority == "c_level" ? 1
    : has_authority == null or seniority == null ? null : 0,
  need == null or trim(need ?? "") == "" ? null : 1,
  timeframe == null ? null : timeframe <= 12 ? 1 : 0,
  newest >= {D180} ? null : some(answers as a, a.age == newest and a.answer) ? 1 : 0
];
bant = some(items as i, i == 0) ? "not met" : count(items as i, i == 1) >= 3 ? "met" : "unknown";

current = stage ?? "lead";
parts = split(email, "@");
domain = len(parts) > 1 ? lower(trim(parts[len(parts) - 1])) : "";
ready = quadrant == "contact" and phone != null and trim(phone ?? "") != "" and domain != ""
  and domain not in ["gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"];
own = since == null ? [] : filter(done as a, a.age <= since);
next = current == "lead" or current == "nurture" ? (ready ? "mql" : null)
  : current == "mql" ? (bant == "met" and some(own as a, a.kind == "contacted") ? "sql"
    : some(own as a, a.kind == "rejected") ? "nurture" : null)
  : current == "sql" ? (some(own as a, a.kind == "opportunity_created") ? "opportunity"
    : timeframe != null and (timeframe ?? 0) > 12 ? "mql" : null)
  : null;

left = flatten([
  map(pages as e, (e.age < {D30} ? {D30} : {D90}) - e.age),
  map(fresh as e, {D60} - e.age),
  map(clicks as e, {D90} - e.age),
  map(seen as e, {D180} - e.age),
  map(scans as e, {D180} - e.age),
  map(demos as e, {D30} - e.age),
  newest < {D180} ? [{D180} - newest] : [],
  ahead
]);
{{
  interest: interest, fit: fit, letter: letter, quadrant: quadrant, bant: bant,
  current: current, next: next, left: len(left) > 0 ? min(left) : null
}}
"""

Evaluate = Callable[[Any], dict[str, Any]]


def expression(checked: bool = True) -> Evaluate:
    """One compiled expression. Not ``checked``: future and duplicate events are taken as given."""
    evaluate: Evaluate = zen.compile_expression(
        (PAST if checked else PAST_UNCHECKED) + REST
    ).evaluate
    return evaluate


def graph() -> Evaluate:
    """The same expression as the one node of a decision graph that the engine keeps loaded."""
    node = {
        "id": "kontor",
        "type": "expressionNode",
        "name": "Kontor",
        "position": {"x": 1, "y": 0},
        "content": {"expressions": [{"id": "1", "key": "answer", "value": PAST + REST}]},
    }
    ends = [
        {"id": name, "type": f"{name}Node", "name": name, "position": {"x": x, "y": 0}}
        for x, name in ((0, "input"), (2, "output"))
    ]
    edges = [
        {"id": "1", "sourceId": "input", "targetId": "kontor", "type": "edge"},
        {"id": "2", "sourceId": "kontor", "targetId": "output", "type": "edge"},
    ]
    document: dict[str, Any] = {"nodes": [*ends, node], "edges": edges}
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"kontor": document}}})

    def evaluate(context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = engine.evaluate("kontor", context)["result"]["answer"]
        return answer

    return evaluate
