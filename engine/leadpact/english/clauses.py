"""A condition as an English clause, ready to stand after "when".

A negated condition is said directly ("is not", "never", "is less than") instead of wrapped in
"not": under three-valued logic both have the same meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, assert_never

from leadpact.checked import (
    All,
    Any,
    AtLeast,
    ChecklistTest,
    ChoiceTest,
    Comparison,
    Condition,
    DateTest,
    Defined,
    EventPattern,
    EventTest,
    Ever,
    FieldFact,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    Not,
    NumberTest,
    ScoreTest,
    TextTest,
    YesNoTest,
)
from leadpact.english.wording import (
    Names,
    day,
    helper_of,
    is_past,
    is_predicate,
    is_quality,
    joined,
    lower_first,
    number,
    points_of,
    quoted,
    say,
    value,
    window,
)

__all__ = ["clause", "happened", "is_range", "members_of", "number_between"]

_OPPOSITE: Mapping[Comparison, Comparison] = {
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
    "==": "!=",
    "!=": "==",
}


def clause(names: Names, condition: Condition, positive: bool = True) -> str:
    """``the seniority is C level, VP or director``; with ``positive`` false, its opposite."""
    match condition:
        case NumberTest() | DateTest() | ScoreTest():
            return _compared(names, condition, _op(condition.op, positive))
        case TextTest() | ChoiceTest() | IncludesTest():
            return _worded(names, condition, positive)
        case YesNoTest():
            return _yes_no(names, condition.fact, condition.value is positive)
        case KnownTest():
            known = "known" if condition.known is positive else "unknown"
            return say(known, subject=names.subject(condition.fact))
        case EventTest():
            return _events(names, condition, positive)
        case GradeTest():
            return _graded(names, condition, positive)
        case GradeKnown():
            known = "grade known" if condition.known is positive else "grade unknown"
            return say(known, grade=names.grades[condition.grade])
        case GroupTest():
            return _grouped(names, condition, positive)
        case ChecklistTest():
            return _checked(names, condition, positive)
        case Defined():
            return _defined(names.definitions[condition.name], positive)
        case Not():
            return clause(names, condition.member, not positive)
        case All() | Any():
            return _joined(names, condition, positive)
        case AtLeast():
            return _at_least(names, condition, positive)
        case _:
            assert_never(condition)


def _op(op: Comparison, positive: bool) -> Comparison:
    return op if positive else _OPPOSITE[op]


# --- one fact ------------------------------------------------------------------------------------


def _compared(names: Names, test: NumberTest | DateTest | ScoreTest, op: Comparison) -> str:
    match test:
        case NumberTest():
            name = test.fact.name
            subject = names.subject(test.fact)
            return say(f"compare {op}", field=subject, value=names.measured(name, test.value))
        case DateTest():
            return say(f"date {op}", field=names.subject(test.fact), value=day(test.value))
        case ScoreTest():
            score = names.scores[test.score]
            points = points_of(test.hundredths)
            if test.category is None:
                return say(f"compare {op}", field=score, value=points)
            category = quoted(names.categories[test.score, test.category])
            return say(f"category {op}", score=score, points=points, category=category)
        case _:
            assert_never(test)


def _worded(names: Names, test: TextTest | ChoiceTest | IncludesTest, positive: bool) -> str:
    subject = names.subject(test.fact)
    match test:
        case TextTest(list_name=str(list_name)):
            key = "in list" if positive is not test.negated else "not in list"
            return say(key, subject=subject, list=quoted(names.lists[list_name]))
        case TextTest():
            key = f"text {test.how}"
            values = [quoted(text) for text in test.values]
            shown = positive is not test.negated
        case ChoiceTest():
            key = "text is"
            values = [value(text) for text in test.values]
            shown = positive is not test.negated
        case IncludesTest():
            key = "includes"
            values = [value(text) for text in test.values]
            shown = positive
        case _:
            assert_never(test)
    return say(key if shown else f"{key} not", subject=subject, values=joined(values, "or"))


def _yes_no(names: Names, fact: FieldFact, yes: bool) -> str:
    field = names.fields.get(fact.name)
    label = field.label if field else value(fact.name)
    negative = helper_of(label)
    if negative is not None:
        verb, _, rest = lower_first(label).partition(" ")
        return say("lead", predicate=f"{verb if yes else negative} {rest}")
    if yes and is_predicate(label):
        return say("lead", predicate=lower_first(label))
    return say("yes" if yes else "no", subject=quoted(label))


def number_between(
    names: Names,
    name: str,
    low: Decimal | None,
    high: Decimal | None,
    high_open: bool,
) -> str:
    """A number field in a range of a ``points by``; at least one end is given."""
    field = names.subject(FieldFact(name))
    if low is not None and high is not None:
        ends = {"low": names.measured(name, low), "high": names.measured(name, high)}
        return say("from below" if high_open else "from to", field=field, **ends)
    if high is not None:
        key = "compare <" if high_open else "compare <="
        return say(key, field=field, value=names.measured(name, high))
    assert low is not None
    return say("compare >=", field=field, value=names.measured(name, low))


# --- events --------------------------------------------------------------------------------------


def happened(names: Names, events: EventPattern) -> str:
    """``the lead viewed pricing``, ``Field Sales spoke with the lead``, ``“Webinar” happened``"""
    if events.name == "activity":
        return say("did something")
    if is_past(events.label):
        return say("did", who=names.who(events), event=lower_first(events.label))
    return say("happened", event=quoted(events.label))


def _never(names: Names, events: EventPattern) -> str:
    if events.name == "activity":
        return say("did nothing")
    if is_past(events.label):
        return say("never did", who=names.who(events), event=lower_first(events.label))
    return say("never happened", event=quoted(events.label))


def _events(names: Names, test: EventTest, positive: bool) -> str:
    op = _op(test.op, positive)
    none = (op, test.count) in {("==", 0), ("<=", 0), ("<", 1)}
    some = (op, test.count) in {(">=", 1), (">", 0), ("!=", 0)}
    if test.different is None and none:
        said = _never(names, test.events)
        return said if isinstance(test.window, Ever) else f"{said} {window(test.window)}"
    return f"{_counted(names, test, op, some)} {window(test.window)}"


def _counted(names: Names, test: EventTest, op: Comparison, some: bool) -> str:
    many = test.events.name == "activity" and not some
    event = say("things done") if many else happened(names, test.events)
    count = number(test.count)
    if test.different is not None:
        label = quoted(names.property_label(test.events, test.different))
        return say(f"different {op}", event=event, number=count, property=label)
    if some:
        return event
    keys: Mapping[Comparison, str] = {
        ">=": "at least times",
        "<=": "at most times of",
        "==": "exactly times",
        "<": "fewer times",
        ">": "more times",
        "!=": "not exactly times",
    }
    said = say(keys[op], event=event, number=count)
    return said.replace(" 1 times", " 1 time")


# --- results -------------------------------------------------------------------------------------


def _graded(names: Names, test: GradeTest, positive: bool) -> str:
    grade = names.grades[test.grade]
    shown = positive is not test.negated
    if test.or_better:
        worst = max(test.letters, key=names.letters[test.grade].index)
        key = "or better" if shown else "worse"
        return say(key, grade=grade, letter=worst, better=say("better"))
    letters = joined(test.letters, "or")
    return say("grade is" if shown else "grade is not", grade=grade, letters=letters)


def _grouped(names: Names, test: GroupTest, positive: bool) -> str:
    rows = joined((quoted(names.group_rows[test.group, row]) for row in test.rows), "or")
    suffix = "" if positive is not test.negated else " not"
    if len(names.groups) == 1:
        return say(f"group{suffix}", rows=rows)
    return say(f"group of{suffix}", rows=rows, group=quoted(names.groups[test.group]))


def _checked(names: Names, test: ChecklistTest, positive: bool) -> str:
    if test.item is None:
        what = names.checklists[test.checklist]
    else:
        what = quoted(names.items[test.checklist, test.item])
    state = test.state
    if not positive:
        opposites: Mapping[Literal["met", "not met", "unknown"], str] = {
            "met": "not met",
            "not met": "met",
            "unknown": "not unknown",
        }
        return say(opposites[state], what=what)
    return say("unknown", subject=what) if state == "unknown" else say(state, what=what)


def _defined(label: str, positive: bool) -> str:
    if is_quality(label):
        return say("lead is" if positive else "lead is not", predicate=lower_first(label))
    negative = helper_of(label)
    if negative is not None:
        verb, _, rest = lower_first(label).partition(" ")
        return say("lead", predicate=f"{verb if positive else negative} {rest}")
    if positive and (is_predicate(label) or is_past(label)):
        return say("lead", predicate=lower_first(label))
    return say("holds" if positive else "holds not", label=quoted(label))


# --- several conditions --------------------------------------------------------------------------


def members_of(names: Names, condition: All | Any, positive: bool = True) -> list[str]:
    """The clause of each member; the two ends of one range make one clause."""
    members = list(condition.members)
    said: list[str] = []
    while members:
        first = members.pop(0)
        match first, members[:1], isinstance(condition, All) and positive:
            case NumberTest(op=">="), [NumberTest(op="<=") as last], True if (
                first.fact == last.fact
            ):
                members.pop(0)
                said.append(number_between(names, first.fact.name, first.value, last.value, False))
            case _:
                said.append(_nested(names, first, positive))
    return said


def _nested(names: Names, member: Condition, positive: bool) -> str:
    """A member that is itself joined is introduced by "both" or "either"."""
    said = clause(names, member, positive)
    match member:
        case Not():
            return _nested(names, member.member, not positive)
        case All() | Any() if len(member.members) > 1 and not is_range(member, positive):
            conjunction = isinstance(member, All) is positive
            count = len(member.members)
            if count == 2:
                return say("both" if conjunction else "either", members=said)
            return say("all of" if conjunction else "any of", members=said)
        case _:
            return said


def is_range(condition: All | Any, positive: bool = True) -> bool:
    """Whether the condition is one field `from … to …`."""
    match condition:
        case All(members=(NumberTest(op=">=") as low, NumberTest(op="<=") as high)):
            return positive and low.fact == high.fact
        case _:
            return False


def _joined(names: Names, condition: All | Any, positive: bool) -> str:
    by: Literal["and", "or"] = "and" if isinstance(condition, All) is positive else "or"
    members = members_of(names, condition, positive)
    if len(members) == 1:
        return members[0]
    if not any(_has_parts(member) for member in members):
        return joined(_without_repeats(members), by)
    members = _without_repeats(members)
    if len(members) == 2:
        return f"{members[0]}, {by} {members[1]}"
    return f"{'; '.join(members[:-1])}; {by} {members[-1]}"


def _has_parts(said: str) -> bool:
    said = said.replace(f" {say('better')}", "")
    return ", " in said or " and " in said or " or " in said or ": " in said


def _without_repeats(members: list[str]) -> list[str]:
    """``the lead is interested``, ``the lead is new``: the second loses its beginning.

    "Is" goes too before single words only: "interested and is in the group …" needs it.
    """
    for key, single_words in (("lead is", True), ("lead", False)):
        start = say(key, predicate="")
        if all(member.startswith(start) for member in members):
            rests = [member[len(start) :] for member in members]
            if not (single_words and any(" " in rest for rest in rests)):
                return [members[0], *rests[1:]]
    return members


def _at_least(names: Names, condition: AtLeast, positive: bool) -> str:
    members = "; ".join(clause(names, member) for member in condition.members)
    if condition.count == 1:
        return say("at least one of" if positive else "none of", members=members)
    key = "at least of" if positive else "fewer of"
    return say(key, count=number(condition.count), members=members)
