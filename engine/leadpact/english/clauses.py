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
    EventTest,
    FieldFact,
    GainedTest,
    GradeKnown,
    GradeTest,
    GroupTest,
    IncludesTest,
    KnownTest,
    LastFact,
    Not,
    NumberTest,
    ScoreTest,
    SinceStage,
    StageTest,
    TextTest,
    TimeTest,
    WokenTest,
    YesNoTest,
)
from leadpact.english.happenings import dated, events, opposite, timed, was_in
from leadpact.english.names import Names
from leadpact.english.wording import (
    checklist_noun,
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
)

__all__ = ["clause", "grouped", "is_range", "members_of", "number_between"]


def clause(names: Names, condition: Condition, positive: bool = True) -> str:
    """``the seniority is C level, VP or director``; with ``positive`` false, its opposite."""
    match condition:
        case NumberTest() | ScoreTest() | GainedTest():
            return _compared(names, condition, opposite(condition.op, positive))
        case DateTest():
            return dated(names, condition, positive)
        case TimeTest():
            return timed(names, condition, positive)
        case TextTest() | ChoiceTest() | IncludesTest():
            return _worded(names, condition, positive)
        case YesNoTest():
            return _yes_no(names, condition.fact, condition.value is positive)
        case KnownTest():
            known = "known" if condition.known is positive else "unknown"
            return say(known, subject=names.subject(condition.fact))
        case EventTest():
            return events(names, condition, positive)
        case StageTest():
            return was_in(names, condition, positive)
        case WokenTest():
            return say("woken" if positive else "not woken")
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
            return _defined(names, names.definitions[condition.name], positive)
        case Not():
            return clause(names, condition.member, not positive)
        case All() | Any():
            return _joined(names, condition, positive)
        case AtLeast():
            return _at_least(names, condition, positive)
        case _:
            assert_never(condition)


# --- one fact ------------------------------------------------------------------------------------


def _compared(names: Names, test: NumberTest | ScoreTest | GainedTest, op: Comparison) -> str:
    match test:
        case NumberTest():
            amount = names.measured(test.fact, test.value)
            return say(f"compare {op}", field=names.subject(test.fact), value=amount)
        case ScoreTest():
            score = names.scores[test.score]
            points = points_of(test.hundredths)
            if test.category is None:
                return say(f"compare {op}", field=score, value=points)
            category = quoted(names.categories[test.score, test.category])
            return say(f"category {op}", score=score, points=points, category=category)
        case GainedTest():
            points = points_of(test.hundredths)
            gained = say(f"gained {op}", score=names.scores[test.score], points=points)
            since = names.window(SinceStage(test.how, test.stage), of_lead=False)
            return f"{gained} {since}"
        case _:
            assert_never(test)


def _worded(names: Names, test: TextTest | ChoiceTest | IncludesTest, positive: bool) -> str:
    subject = names.subject(test.fact)
    match test:
        case TextTest(list_name=str(list_name)):
            key = "word in list" if test.how == "has a word" else "in list"
            if positive is test.negated:
                key = f"not {key}"
            return say(key, subject=subject, list=quoted(names.lists[list_name]))
        case TextTest():
            key = f"text {test.how}"
            values = [names.text(text) for text in test.values]
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


def _yes_no(names: Names, fact: FieldFact | LastFact, yes: bool) -> str:
    if isinstance(fact, LastFact):
        return say("yes" if yes else "no", subject=names.subject(fact))
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
    fact: FieldFact | LastFact,
    low: Decimal | None,
    high: Decimal | None,
    high_open: bool,
) -> str:
    """A number between two ends; at least one is given."""
    field = names.subject(fact)
    if low is not None and high is not None:
        ends = {"low": names.measured(fact, low), "high": names.measured(fact, high)}
        return say("from below" if high_open else "from to", field=field, **ends)
    if high is not None:
        key = "compare <" if high_open else "compare <="
        return say(key, field=field, value=names.measured(fact, high))
    assert low is not None
    return say("compare >=", field=field, value=names.measured(fact, low))


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
        what = checklist_noun(names.checklists[test.checklist])
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


def _defined(names: Names, label: str, positive: bool) -> str:
    if "," in label:
        return say("holds" if positive else "holds not", label=quoted(label))
    if is_quality(label) and not names.is_deed(label):
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
    return [_nested(names, member, positive) for member in grouped(condition, positive)]


def grouped(condition: All | Any, positive: bool = True) -> list[Condition]:
    """The members, of which the two ends of one range are one (an ``All`` of two)."""
    members = list(condition.members)
    found: list[Condition] = []
    while members:
        first = members.pop(0)
        pair = All((first, *members[:1]))
        if isinstance(condition, All) and is_range(pair, positive):
            members.pop(0)
            found.append(pair)
        else:
            found.append(first)
    return found


def _nested(names: Names, member: Condition, positive: bool) -> str:
    """A member that is itself joined is introduced by "both" or "either"."""
    if isinstance(member, All) and is_range(member, positive):
        return _between(names, member)
    said = clause(names, member, positive)
    match member:
        case Not():
            return _nested(names, member.member, not positive)
        case All() | Any() if len(member.members) > 1:
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


def _between(names: Names, condition: All) -> str:
    low, high = condition.members
    assert isinstance(low, NumberTest)
    assert isinstance(high, NumberTest)
    return number_between(names, low.fact, low.value, high.value, False)


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
