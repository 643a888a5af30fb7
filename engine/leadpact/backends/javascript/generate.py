"""From the plans of a policy's periods to one script.

The script is the runtime, the policy's constants, and one function a period that judges a lead at
an instant: every slot and result in it is a lazy value, so what nobody asks for costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources

from leadpact import plan as p
from leadpact.arrivals import arrivals, can_sleep
from leadpact.backends.javascript.calendars import HOLIDAY_YEARS, calendars, holidays
from leadpact.backends.javascript.facts import decays, share_table, write_slots
from leadpact.backends.javascript.literals import day, listed, text, yes
from leadpact.backends.javascript.looking import Looking
from leadpact.backends.javascript.records import fields, kinds
from leadpact.backends.javascript.results import Asking, Results
from leadpact.backends.javascript.spell import Speller
from leadpact.backends.javascript.watching import watch
from leadpact.backends.javascript.ways import ways, write_stage
from leadpact.backends.javascript.writer import Writer
from leadpact.backends.javascript.zones import zone_data
from leadpact.certainty import LARGEST
from leadpact.checked import CheckedPolicy, Condition, Decay, FieldFact, TextType
from leadpact_dsl.frozen import frozen

__all__ = ["Period", "compile_plans"]

_RUNTIME = (
    "values",
    "times",
    "events",
    "points",
    "records",
    "history",
    "business",
    "clocks",
    "decide",
)


@frozen
class Period:
    """The plan of a period. ``first`` is its first local day; ``None``: it has no beginning.

    The plan's probes are the watched conditions, then those whose answers the decisions carry.
    """

    first: date | None
    plan: p.Plan


def compile_plans(
    policy: CheckedPolicy, periods: Sequence[Period], watched: Sequence[Condition]
) -> str:
    """A script without imports that defines one function, ``decide(record, asOf, options)``.

    ``policy`` is the whole policy, ``periods`` are in order of time. ``watched`` are the
    conditions that start the clocks of targets. Raises ``NotSayableError`` for what the script
    could not work out exactly.
    """
    names = {condition: number for number, condition in enumerate(watched)}
    writer = Writer()
    _write_constants(writer, policy)
    shares = {}
    for number, decay in enumerate(decays(period.plan for period in periods)):
        shares[decay] = f"SHARES_{number}"
        writer.line(f"const {shares[decay]} = {share_table(decay)};")
    plans = [period.plan.policy for period in periods]
    writer.line(f"const WATCHED = {listed(watch(one, plans) for one in watched)};")
    with writer.block("const PERIODS = [", "];"):
        for period in periods:
            _write_period(writer, period, names, shares)
    made = "\n".join(writer.lines)
    return (
        f'const decide = (() => {{\n"use strict";\n{_runtime()}\n{made}\nreturn decide;\n}})();\n'
    )


@cache
def _runtime() -> str:
    """The part that every script has, without its comments and its indents."""
    found = []
    for name in _RUNTIME:
        file = resources.files("leadpact.backends.javascript").joinpath("runtime", f"{name}.js")
        lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
        found += [line for line in lines if line and not line.startswith("//")]
    return "\n".join(found)


def _write_constants(writer: Writer, policy: CheckedPolicy) -> None:
    zones: dict[str, str] = {}
    for name in (policy.zone, *(calendar.zone for calendar in policy.calendars)):
        if name not in zones:
            zones[name] = f"ZONE_{len(zones)}"
            writer.line(f"const {zones[name]} = {zone_data(name).spelled()};")
    writer.line("const ZONE = ZONE_0;")
    writer.line(f"const HOLIDAY_YEARS = {list(HOLIDAY_YEARS)};")
    writer.line(f"const HOLIDAYS = {holidays(policy.calendars)};")
    writer.line(f"const CALENDARS = {calendars(policy.calendars, zones)};")
    start = next((stage.name for stage in policy.stages if stage.start), None)
    with writer.block("const POLICY = {", "};"):
        writer.line(f"name: {text(policy.name)}, version: {policy.version}, zone: ZONE,")
        writer.line(f"start: {text(start)}, canSleep: {yes(can_sleep(arrivals(policy)))},")
        writer.line(f"ways: {ways(policy)},")
        writer.line(f"stages: {listed(text(stage.name) for stage in policy.stages)},")
        writer.line(f"fields: {fields(policy.fields)},")
        writer.line(f"kinds: {kinds(policy)},")
        writer.line(f"earliest: BigInt({day(date(1900, 1, 1))}) * DAY,")
        writer.line(f"latest: BigInt({day(date(3000, 1, 1))}) * DAY,")


def _write_period(
    writer: Writer, period: Period, watched: Mapping[Condition, int], shares: Mapping[Decay, str]
) -> None:
    plan = period.plan
    first = "null" if period.first is None else day(period.first)
    with writer.block("{", "},"):
        writer.line(f"first: {first},")
        with writer.block("judge: (x) => {", "},"):
            _write_judge(writer, plan, watched, shares)


def _write_judge(
    writer: Writer, plan: p.Plan, watched: Mapping[Condition, int], shares: Mapping[Decay, str]
) -> None:
    looking = Looking(plan)
    speller = Speller("x.f", plan.fields, looking)
    surely = Speller("x.f", plan.fields, looking, surely=True)
    _write_lacking(writer, plan, speller)
    write_slots(writer, plan, shares)
    asks = Writer()
    results = Results(writer, speller, Asking(asks, looking, surely))
    for step in plan.steps:
        results.write(step)
    stages = writer.sibling()
    with stages.block("const stages = {", "};"):
        for stage in plan.stages:
            write_stage(stages, plan, stage, speller, Asking(stages, looking, surely), watched)
    _write_sure(writer, looking, surely)
    writer.add(stages)
    probes = [f"() => {speller.expr(probe)}" for probe in plan.probes]
    refusals = listed(
        f"{{ rule: {text(refusal.rule)}, because: {text(refusal.because)}, "
        f"when: () => {speller.expr(refusal.when)} }}"
        for refusal in plan.refusals
    )
    with writer.block("return {", "};"):
        writer.line(f"refusals: {refusals},")
        for name, letter, kind in _RESULTS:
            members = sorted(step.name for step in plan.steps if isinstance(step, kind))
            spelled = ", ".join(f"{text(each)}: {letter}_{each}" for each in members)
            writer.line(f"{name}: {{ {spelled} }},")
        writer.line("stages, lacking,")
        with writer.block("ask: (asked) => {", "},"):
            for line in asks.lines:
                writer.line(line)
        writer.line(f"watched: {listed(probes[: len(watched)])},")
        writer.line(f"probes: {listed(probes[len(watched) :])},")


_RESULTS: tuple[tuple[str, str, type[p.Step]], ...] = (
    ("scores", "s", p.PlanScore),
    ("grades", "g", p.PlanGrade),
    ("groups", "r", p.PlanGroup),
    ("checklists", "k", p.PlanChecklist),
)


def _write_lacking(writer: Writer, plan: p.Plan, speller: Speller) -> None:
    """Which facts the lead lacks: fields, and answers to the items of checklists."""
    with writer.block("const LACKING = {", "};"):
        for field in plan.fields:
            fact = FieldFact(field.name)
            missing = f"{speller.value(fact)} === null"
            if isinstance(field.type, TextType):
                missing = f'{speller.folded(fact)} === ""'
            writer.line(f"{text(field.name)}: () => {missing},")
        for step in plan.steps:
            for item in step.items if isinstance(step, p.PlanChecklist) else ():
                if isinstance(item, p.PlanAnswer):
                    name = text(f"{step.name}.{item.name}")
                    writer.line(f"{name}: () => c{item.slot}() === null,")
    writer.line("const lacking = (name) => LACKING[name]();")
    writer.line("const lacks = (names) => names.some(lacking);")


def _write_sure(writer: Writer, looking: Looking, surely: Speller) -> None:
    """Writes the definitions as far as they are settled whatever the unknown facts are."""
    written: list[str] = []
    for step in reversed(looking.plan.steps):
        if not isinstance(step, p.PlanDefinition) or step.name not in surely.mentioned:
            continue
        if looking.certainty.sizes[step.name] <= LARGEST:
            written.append(f"const u_{step.name} = lazy(() => {surely.expr(step.when)});")
    for line in reversed(written):
        writer.line(line)
