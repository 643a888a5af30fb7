"""What a checked policy holds: each test's policy stands in it, below a common head."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

import pytest

from leadpact import checked
from leadpact.check import check
from leadpact.check.order import arrange
from leadpact_dsl import SourceFile, has_errors, parse

HEAD = """\
policy sample:
    language 1
    version 3
    time zone "Europe/Stockholm"
    currency SEK
"""

FIELDS = """\
party sales
list free_mail: "gmail.com", "outlook.com"
lead:
    email text
    job_title text
    seniority one of c_level, vp, "real estate"
    employees whole number from 0 to 5,000
    rating number
    is_customer yes or no (no when unknown)
    topics any number of pricing, product
    created_on date
    seen_at date and time
activities:
    page_view:
        url text
        seconds whole number from 0 to 100
    webinar
    pricing_view is page_view where url starts with "/pricing"
    long_view is pricing_view where seconds is more than 30
    engaged is long_view or webinar
actions by sales:
    contacted
"""


def checked_policy(text: str) -> checked.CheckedPolicy:
    file = SourceFile("sample.leadpact", HEAD + text)
    document, unparsed = parse((file,))
    assert not unparsed
    policy, diagnostics = check(document, (file,), None)
    assert not has_errors(diagnostics), diagnostics
    assert policy is not None
    return policy


def defined(condition: str) -> checked.Condition:
    policy = checked_policy(f"{FIELDS}define it when {condition}\n")
    return policy.definitions[-1].whens[0].when


def fact(name: str) -> checked.FieldFact:
    return checked.FieldFact(name)


# --- conditions ----------------------------------------------------------------------------------


def test_range_is_two_tests_of_which_all_hold() -> None:
    assert defined("employees is from 10 to 20") == checked.All(
        (
            checked.NumberTest(fact("employees"), ">=", Decimal(10)),
            checked.NumberTest(fact("employees"), "<=", Decimal(20)),
        )
    )


def test_several_numbers_are_joined() -> None:
    assert defined("rating is any of 1, 2.5") == checked.Any(
        (
            checked.NumberTest(fact("rating"), "==", Decimal(1)),
            checked.NumberTest(fact("rating"), "==", Decimal("2.5")),
        )
    )
    assert isinstance(defined("rating is none of 1, 2.5"), checked.All)


def test_text_against_a_list_keeps_the_lists_name() -> None:
    assert defined("domain of email is none of free_mail") == checked.TextTest(
        checked.DomainFact("email"), "is", ("gmail.com", "outlook.com"), True, "free_mail"
    )


def test_list_and_texts_together_are_two_tests() -> None:
    test = defined('domain of email is any of free_mail, "a.example", "b.example"')
    assert isinstance(test, checked.Any)
    assert [each.list_name for each in test.members if isinstance(each, checked.TextTest)] == [
        "free_mail",
        None,
    ]
    none = defined('domain of email is none of free_mail, "a.example"')
    assert isinstance(none, checked.All)
    assert all(isinstance(each, checked.TextTest) and each.negated for each in none.members)


def test_choice_and_its_opposite() -> None:
    assert defined('seniority is not "real estate"') == checked.ChoiceTest(
        fact("seniority"), ("real estate",), True
    )
    assert defined("seniority is any of vp, c_level") == checked.ChoiceTest(
        fact("seniority"), ("vp", "c_level"), False
    )


def test_yes_or_no() -> None:
    assert defined("is_customer") == checked.YesNoTest(fact("is_customer"), True)
    assert defined("is_customer is no") == checked.YesNoTest(fact("is_customer"), False)
    assert defined("is_customer is not yes") == checked.YesNoTest(fact("is_customer"), False)
    assert defined("not is_customer") == checked.Not(checked.YesNoTest(fact("is_customer"), True))


def test_days() -> None:
    test = checked.DateTest(fact("seen_at"), "<", date(2026, 1, 1))
    assert defined("seen_at is less than 2026-01-01") == test


@pytest.mark.parametrize("verb", ["at least", "at most", "more than", "less than"])
@pytest.mark.parametrize("direction", ["ago", "ahead"])
def test_how_long_ago(
    verb: Literal["at least", "at most", "more than", "less than"],
    direction: Literal["ago", "ahead"],
) -> None:
    assert defined(f"created_on is {verb} 2 weeks {direction}") == checked.TimeTest(
        fact("created_on"), verb, checked.Duration(2, "week"), direction
    )


def test_none_of_is_all_of_the_opposites() -> None:
    policy = checked_policy(
        f"{FIELDS}define it:\n    when none of:\n        is_customer\n        email is known\n"
    )
    assert policy.definitions[0].whens[0].when == checked.All(
        (
            checked.Not(checked.YesNoTest(fact("is_customer"), True)),
            checked.Not(checked.KnownTest(fact("email"), known=True, asks=False)),
        )
    )


def test_no_event_is_exactly_none() -> None:
    test = defined("no webinar within 30 days")
    assert isinstance(test, checked.EventTest)
    assert (test.op, test.count, test.different) == ("==", 0, None)
    assert test.window == checked.Within(checked.Duration(30, "day"))


def test_different_values() -> None:
    test = defined("page_view with at least 2 different url ever")
    assert isinstance(test, checked.EventTest)
    assert (test.op, test.count, test.different) == (">=", 2, "url")


# --- events --------------------------------------------------------------------------------------


def test_derived_kinds_come_down_to_base_kinds() -> None:
    policy = checked_policy(f"{FIELDS}define it when engaged ever\n")
    pattern = {kind.name: kind.pattern for kind in policy.derived}["engaged"]
    prices = checked.TextTest(fact("url"), "starts with", ("/pricing",), False, None)
    long = checked.NumberTest(fact("seconds"), ">", Decimal(30))
    assert pattern.parts == (
        checked.PatternPart("page_view", checked.All((prices, long))),
        checked.PatternPart("webinar", None),
    )
    assert not pattern.of_actions


def test_activity_is_every_base_activity() -> None:
    test = defined("activity ever")
    assert isinstance(test, checked.EventTest)
    assert [part.kind for part in test.events.parts] == ["page_view", "webinar"]


CHECKLIST = """\
checklist bant:
    need met when job_title is known
    hot met when it
    believes "Do they believe?" answered by sales
    needs all met
    needs none of need, hot not met
define it when job_title is known
"""


def test_known_asks_only_in_the_item_itself() -> None:
    policy = checked_policy(FIELDS + CHECKLIST)
    need = policy.checklists[0].items[0]
    assert isinstance(need, checked.AskedItem)
    assert need.met_when == checked.KnownTest(fact("job_title"), known=True, asks=True)
    assert policy.definitions[0].whens[0].when == checked.KnownTest(
        fact("job_title"), known=True, asks=False
    )


def test_answers_are_actions_of_the_party() -> None:
    policy = checked_policy(FIELDS + CHECKLIST)
    kind = policy.kinds[-1]
    assert (kind.name, kind.party) == ("bant.believes", "sales")
    assert [(each.name, each.required) for each in kind.properties] == [
        ("answer", True),
        ("note", False),
    ]


def test_needs_all_is_at_least_as_many_as_there_are() -> None:
    needs = checked_policy(FIELDS + CHECKLIST).checklists[0].needs
    assert [(each.quantifier, each.count, each.state) for each in needs] == [
        ("at least", 3, "met"),
        ("none", 0, "not met"),
    ]
    assert needs[1].items == ("need", "hot")


def test_events_of_a_stage_look_back_to_its_beginning() -> None:
    policy = checked_policy(
        f"{FIELDS}stage lead:\n    start\n    moves to won when contacted and no webinar\n"
        "stage won:\n    final\n"
    )
    move = policy.stages[0].moves[0]
    assert isinstance(move, checked.Move)
    when = move.when
    assert isinstance(when, checked.All)
    tests = [each for each in when.members if isinstance(each, checked.EventTest)]
    assert [each.window for each in tests] == [checked.SinceEntered()] * 2
    assert [each.events.of_actions for each in tests] == [True, False]


# --- grades, scores, rule ids --------------------------------------------------------------------

GRADE = """\
grade fit:
    +2.25  when is_customer
    points by seniority:
        +4  c_level, vp
        +0  "real estate"
        +0  unknown
    points by rating:
        +3  from 2.5
        +2  from -1
        +0  below -1 as low
        +0  unknown
    points by employees:
        +1  from 200 to 999
        +1  7
        +0  otherwise
        +0  unknown
    points by created_on:
        +1  from 2026-01-01
        +0  otherwise
        +0  unknown
    letters:
        A+ from 70.5
        B from 20
        C otherwise
define good when fit is B or better
"""


def test_letters_or_better() -> None:
    policy = checked_policy(FIELDS + GRADE)
    good = checked.GradeTest("fit", ("A+", "B"), or_better=True, negated=False)
    assert policy.definitions[0].whens[0].when == good
    assert [letter.low for letter in policy.grades[0].letters] == [7050, 2000, None]


def test_rule_ids_of_a_grade() -> None:
    grade = checked_policy(FIELDS + GRADE).grades[0]
    rules = []
    for row in grade.rows:
        rules += [row.rule] if isinstance(row, checked.PointsRow) else [r.rule for r in row.rows]
    assert rules == [
        "fit.is_customer",
        "fit.seniority.c_level",
        "fit.seniority.real_estate",
        "fit.seniority.unknown",
        "fit.rating.from_2_5",
        "fit.rating.from_minus_1",
        "fit.low",
        "fit.rating.unknown",
        "fit.employees.from_200_to_999",
        "fit.employees.7",
        "fit.employees.otherwise",
        "fit.employees.unknown",
        "fit.created_on.from_2026_01_01",
        "fit.created_on.otherwise",
        "fit.created_on.unknown",
    ]
    assert [letter.rule for letter in grade.letters] == [
        "fit.letters.A+",
        "fit.letters.B",
        "fit.letters.C",
    ]
    first = grade.rows[0]
    assert isinstance(first, checked.PointsRow)
    assert first.points == 225


def test_rule_ids_of_the_rest() -> None:
    policy = checked_policy(
        FIELDS.replace("activities:", '    refused when email is "x@y.example"\nactivities:')
        + "score interest from 0 to 100:\n"
        "    category web at most 40 points:\n"
        "        +5  each pricing_view ever\n"
        "    +5  for every 10 of employees\n"
        "    +5  when not is_customer as new\n"
        "stage lead:\n"
        "    start\n"
        "    moves to won when is_customer\n"
        "    moves to won when contacted as spoken\n"
        "stage won:\n"
        "    final\n"
    )
    web, every, new = policy.scores[0].rows
    assert isinstance(web, checked.Category)
    assert isinstance(web.rows[0], checked.PointsRow)
    assert (web.rule, web.rows[0].rule) == ("interest.web", "interest.pricing_view")
    assert isinstance(every, checked.PointsRow)
    assert isinstance(new, checked.PointsRow)
    assert (every.rule, new.rule) == ("interest.employees", "interest.new")
    assert policy.refusals[0].rule == "refused.email"
    moves = [move.rule for move in policy.stages[0].moves]
    assert moves == ["lead.moves_to.won", "lead.moves_to.spoken"]


def test_labels_come_from_names() -> None:
    policy = checked_policy(FIELDS)
    assert [field.label for field in policy.fields][:3] == ["Email", "Job title", "Seniority"]
    assert (policy.label, policy.parties[0].label) == ("Sample", "Sales")


# --- examples ------------------------------------------------------------------------------------


def example(lines: str) -> checked.Example:
    text = "".join(f"    {line}\n" for line in lines.splitlines())
    return checked_policy(f'{FIELDS}example "It":\n{text}    expect is_customer\n').examples[0]


def test_instants_are_local_and_settled_in_utc() -> None:
    assert example("as of 2026-07-01 10:00").as_of == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert example("as of 2026-07-01").as_of == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


def test_skipped_and_repeated_times_take_the_earlier_offset() -> None:
    assert example("as of 2026-03-29 02:30").as_of == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert example("as of 2026-10-25 02:30").as_of == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_ago() -> None:
    events = example(
        "as of 2026-03-31 10:00\nwebinar 2 days ago\nwebinar 1 month ago\nwebinar 90 minutes ago"
    ).events
    assert [event.at for event in events] == [
        datetime(2026, 3, 29, 8, 0, tzinfo=UTC),
        datetime(2026, 2, 28, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 31, 6, 30, tzinfo=UTC),
    ]


def test_derived_kind_stands_for_an_event_that_satisfies_it() -> None:
    event = example("as of 2026-03-31\nlong_view 2 days ago").events[0]
    assert event.kind == "page_view"
    assert dict(event.properties) == {"url": "/pricing", "seconds": 31}


def test_given_properties_stay() -> None:
    given = 'long_view 2 days ago with url is "/pricing/new", seconds is 99'
    event = example(f"as of 2026-03-31\n{given}").events[0]
    assert dict(event.properties) == {"url": "/pricing/new", "seconds": 99}


def test_values_are_as_records_hold_them() -> None:
    found = example(
        "as of 2026-03-31\n"
        "employees is 450\n"
        "rating is -0.50\n"
        "is_customer is no\n"
        "topics is product, pricing\n"
        "created_on is 2026-03-01\n"
        "seen_at is 2026-03-01 12:00\n"
        "email is unknown\n"
        'seniority is "real estate"'
    )
    assert dict(found.fields) == {
        "employees": 450,
        "rating": Decimal("-0.50"),
        "is_customer": False,
        "topics": ["product", "pricing"],
        "created_on": date(2026, 3, 1),
        "seen_at": datetime(2026, 3, 1, 11, 0, tzinfo=UTC),
        "seniority": "real estate",
    }
    assert type(dict(found.fields)["employees"]) is int


def test_stage_of_an_example() -> None:
    policy = checked_policy(
        'stage lead:\n    start\n\nexample "It":\n    as of 2026-03-31\n'
        "    entered lead 1 day ago\n    expect stays\n"
    )
    assert policy.examples[0].stays == (("lead", datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),)
    assert policy.examples[0].expects[0].text == "stays"


# --- one mistake, one diagnostic -----------------------------------------------------------------


def codes(text: str) -> list[str]:
    file = SourceFile("sample.leadpact", HEAD + text)
    document, unparsed = parse((file,))
    _, diagnostics = check(document, (file,), None)
    return [each.code for each in (*unparsed, *diagnostics)]


def test_what_stands_on_a_damaged_line_is_not_called_missing() -> None:
    text = "lead:\n    email text !\n    phone text\n    size one %\n"
    used = "define it when email is known and size is known and phone is known\n"
    assert all(code.startswith("E1") for code in codes(text + used))


def test_what_hangs_on_a_mistake_is_silent() -> None:
    text = (
        "lead:\n    size whole number from 9 to 1\n"
        "grade fit:\n    points by size:\n        +5  from 5\n    letters:\n        A otherwise\n"
        "define big when size is at least 5 and fit is A\n"
    )
    assert codes(text) == ["E403"]


def test_a_long_chain_of_definitions() -> None:
    chain = "".join(f"define d{i} when d{i + 1}\n" for i in range(1200))
    policy = checked_policy(f"{FIELDS}{chain}define d1200 when is_customer\n")
    assert len(policy.definitions) == 1201
    assert codes(f"{chain}define d1200 when d0\n") == ["E508"]


def test_order_and_circles() -> None:
    order, circles = arrange({"a": ["b"], "b": ["c"], "c": [], "d": ["e"], "e": ["d"], "f": ["d"]})
    assert order.index("c") < order.index("b") < order.index("a")
    assert circles == [["d", "e"]]
    assert set(order) == set("abcdef")
