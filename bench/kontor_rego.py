"""Kontor's policy in Rego, for regorus (package gordon-to-regorus).

The records come in as ``peers.converted`` makes them. Rego orders null below every number, so a
comparison with an unknown number is false, as it should be. Future events and ids that repeat are
looked for and told as ``odd``; nothing is done about them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import regorus

DAY = 86_400_000_000
D30, D60, D90, D180 = 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY

POLICY = f"""
package kontor

events := array.concat(input.activities, input.actions)
ids := [e.id | some e in events; e.id != null]
default odd := false
odd if count(ids) > count({{id | some id in ids}})
odd if {{ some e in events; e.age < 0 }}

pages := [e | some e in input.activities; e.kind == "page_view"; e.age < {D90}]
views := [{{"age": e.age, "day": e.day, "url": lower(trim_space(e.url))}} |
    some e in pages; e.url != null]
days := count({{v.day | some v in views; v.age < {D30}; startswith(v.url, "/pricing")}})
products := count([1 | some v in views; startswith(v.url, "/products")])
default careers := 0
careers := 10 if {{ some v in views; startswith(v.url, "/careers") }}

mails := [e | some e in input.activities; e.kind in {{"email_open", "email_click"}}]
fresh := [e | some e in mails; e.age < {D60}]
clicks := [e | some e in mails; e.kind == "email_click"; e.age < {D90}]
default cold := 0
cold := 20 if {{ count(mails) > 0; count(fresh) == 0 }}

seen := [e | some e in input.activities; e.kind == "webinar"; e.age < {D180}]
scans := [e | some e in input.activities; e.kind == "trade_fair_scan"; e.age < {D180}]
demos := [e | some e in input.activities; e.kind == "demo_request"; e.age < {D30}]

known(value) if {{ value != null; trim_space(value) != "" }}
different(found, name) := count({{lower(trim_space(e[name])) | some e in found; known(e[name])}}) +
    count([1 | some e in found; not known(e[name])])
default scanned := 0
scanned := 15 if count(scans) > 0
default asked := 0
asked := 40 if count(demos) > 0

web := min([40, 15 * days + min([12, 3 * products]) - careers])
mail := min([20, 2 * different(clicks, "email_id") - cold])
meetings := min([40, 12 * min([2, different(seen, "webinar_id")]) + scanned + asked])
interest := max([0, web + mail + meetings])

default by_seniority := 0
by_seniority := {{"c_level": 40, "vp": 40, "director": 30, "manager": 15}}[input.seniority]
default by_industry := 0
by_industry := {{"manufacturing": 30, "logistics": 30, "retail": 15}}[input.industry]
default by_size := 0
by_size := 30 if input.employees >= 1000
else := 20 if input.employees >= 200
else := 10 if input.employees >= 50
default is_customer := 0
is_customer := 50 if input.is_customer == true
fit := by_seniority + by_industry + by_size - is_customer

default letter := "D"
letter := "A" if fit >= 70
else := "B" if fit >= 45
else := "C" if fit >= 20

default quadrant := "leave_alone"
quadrant := "contact" if {{ interest >= 60; fit >= 20 }}
else := "nurture" if fit >= 20
else := "keep_warm" if interest >= 60

answers := [a | some a in input.actions; a.kind == "bant.believes"]
default newest := {D180}
newest := min([a.age | some a in answers]) if count(answers) > 0

met contains "budget" if input.budget >= 50000
missing contains "budget" if {{ input.budget != null; input.budget < 50000 }}
met contains "authority" if input.has_authority == true
met contains "authority" if input.seniority == "c_level"
missing contains "authority" if {{
    input.has_authority == false
    input.seniority != null
    input.seniority != "c_level"
}}
met contains "need" if known(input.need)
met contains "timeline" if {{ input.timeframe != null; input.timeframe <= 12 }}
missing contains "timeline" if input.timeframe > 12
believes if {{ some a in answers; a.age == newest; a.answer }}
met contains "believes" if {{ newest < {D180}; believes }}
missing contains "believes" if {{ newest < {D180}; not believes }}
default bant := "unknown"
bant := "not met" if count(missing) > 0
else := "met" if count(met) >= 3

default current := "lead"
current := input.stage if input.stage != null
free := {{"", "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com"}}
ready if {{
    quadrant == "contact"
    known(input.phone)
    parts := split(input.email, "@")
    count(parts) > 1
    not lower(trim_space(parts[count(parts) - 1])) in free
}}
happened(kind) if {{
    input.since != null
    some a in input.actions
    a.kind == kind
    a.age <= input.since
}}
default next := null
next := "mql" if {{ current in {{"lead", "nurture"}}; ready }}
else := "sql" if {{ current == "mql"; bant == "met"; happened("contacted") }}
else := "nurture" if {{ current == "mql"; happened("rejected") }}
else := "opportunity" if {{ current == "sql"; happened("opportunity_created") }}
else := "mql" if {{ current == "sql"; input.timeframe > 12 }}

ends contains {D30} - e.age if {{ some e in pages; e.age < {D30} }}
ends contains {D90} - e.age if {{ some e in pages; e.age >= {D30} }}
ends contains {D60} - e.age if some e in fresh
ends contains {D90} - e.age if some e in clicks
ends contains {D180} - e.age if some e in seen
ends contains {D180} - e.age if some e in scans
ends contains {D30} - e.age if some e in demos
ends contains {D180} - newest if newest < {D180}
default left := null
left := min(ends) if count(ends) > 0

answer := {{
    "odd": odd, "interest": interest, "fit": fit, "letter": letter, "quadrant": quadrant,
    "bant": bant, "current": current, "next": next, "left": left
}}
"""


def engine() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The interpreter, with the policy prepared. The record goes in and comes out as values."""
    rego = regorus.Engine()
    rego.add_policy("kontor.rego", POLICY)

    def decide(record: dict[str, Any]) -> dict[str, Any]:
        rego.set_input(record)
        answer: dict[str, Any] = rego.eval_rule("data.kontor.answer")
        return plain(answer)

    return decide


def machine() -> Callable[[str], dict[str, Any]]:
    """The policy compiled for the engine's own machine. It takes and gives JSON."""
    program = regorus.Program.compile_from_modules(
        "{}", [("kontor.rego", POLICY)], ["data.kontor.answer"]
    )
    rvm = regorus.Rvm()
    rvm.load_program(program)

    def decide(text: str) -> dict[str, Any]:
        rvm.set_input_json(text)
        answer: dict[str, Any] = json.loads(rvm.execute())
        return plain(answer)

    return decide


def plain(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the others give it. It has to be one about a record with nothing odd."""
    assert not answer.pop("odd")
    return answer
