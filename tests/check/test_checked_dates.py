"""What a checked policy holds of times, stays, fading points and dated rows: the policy is
``tests/corpus/check/good/history_and_dates.leadpact``.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from leadpact import checked
from leadpact.check import check
from leadpact.check.in_force import on_days
from leadpact.dated import borders, in_force_on
from leadpact_dsl import SourceFile, parse, read_policy

PATH = Path(__file__).parents[1] / "corpus" / "check" / "good" / "history_and_dates.leadpact"
NEW_YEAR = date(2027, 1, 1)
OLD_YEAR = date(2026, 12, 31)


def policy_of(files: tuple[SourceFile, ...]) -> checked.CheckedPolicy:
    document, unparsed = parse(files)
    assert not unparsed
    policy, diagnostics = check(document, files, PATH.parent)
    assert diagnostics == ()
    assert policy is not None
    return policy


POLICY = policy_of(tuple(read_policy(PATH)[0]))
DEFINED = {each.name: each for each in POLICY.definitions}
INTEREST, FIT = POLICY.scores[0], POLICY.grades[0]


def members(name: str) -> tuple[checked.Condition, ...]:
    when = DEFINED[name].whens[0].when
    assert isinstance(when, checked.All | checked.Any)
    return when.members


def pattern(name: str) -> checked.EventPattern:
    derived = {each.name: each.pattern for each in POLICY.derived}
    if name in derived:
        return derived[name]
    kind = next(each for each in POLICY.kinds if each.name == name)
    part = checked.PatternPart(name, None)
    return checked.EventPattern(name, kind.label, (part,), of_actions=kind.party is not None)


def last(property_: str, kind: str, type_: checked.FieldType) -> checked.LastFact:
    return checked.LastFact(pattern(kind), property_, type_, checked.Ever())


def row(rule: str) -> checked.PointsRow:
    web = INTEREST.rows[0]
    assert isinstance(web, checked.Category)
    rows = [each for each in (*web.rows, *INTEREST.rows) if isinstance(each, checked.PointsRow)]
    return next(each for each in rows if each.rule == rule)


# --- conditions ----------------------------------------------------------------------------------


def test_stays() -> None:
    assert members("again")[0] == checked.Not(
        checked.StageTest("mql", checked.Duration(90, "day"), ever=False)
    )
    assert members("again")[1] == checked.Any(
        (
            checked.StageTest("nurture", None, ever=True),
            checked.StageTest("lead", None, ever=False),
        )
    )


def test_gained_points() -> None:
    assert members("again")[2] == checked.GainedTest("interest", "leaving", "mql", ">=", 2000)


def test_what_the_last_event_says() -> None:
    reason = last("reason", "rejected", checked.OneOfType(("no_fit", "not_now")))
    again = last("again", "rejected", checked.YesNoType())
    url = last("url", "pricing_view", checked.TextType())
    price = last("price", "page_view", checked.NumberType(False, False, None, None))
    tests = members("again")
    assert tests[3] == checked.ChoiceTest(reason, ("no_fit", "not_now"), negated=False)
    assert tests[6] == checked.Any(
        (checked.YesNoTest(again, value=True), checked.KnownTest(url, known=True, asks=False))
    )
    assert tests[7] == checked.All(
        (
            checked.NumberTest(price, ">=", Decimal(1)),
            checked.NumberTest(price, "<=", Decimal("2.5")),
        )
    )


def test_how_long_ago_and_ahead() -> None:
    wake_on = last("wake_on", "rejected", checked.DateType())
    at_time = last("at_time", "rejected", checked.InstantType())
    tests = members("again")
    assert tests[4] == checked.TimeTest(wake_on, "at least", checked.Duration(3, "week"), "ahead")
    assert tests[5] == checked.TimeTest(at_time, "less than", checked.Duration(5, "minute"), "ago")


def test_moments_against_days() -> None:
    assert members("early") == (
        checked.DateTest(
            checked.EventMoment("first", pattern("webinar"), checked.Ever()), "<", date(2026, 6, 1)
        ),
        checked.DateTest(checked.StageMoment("entry", "mql"), ">", date(2026, 5, 1)),
        checked.DateTest(checked.StageMoment("exit", "mql"), "==", date(2026, 5, 3)),
        checked.DateTest(checked.FieldFact("created_on"), "==", date(2026, 5, 1)),
    )


def test_words_of_a_list() -> None:
    assert DEFINED["chief"].whens[0].when == checked.TextTest(
        checked.FieldFact("job_title"), "has a word", ("head of", "Chief", "C3"), False, "titles"
    )


def test_in_a_stage_everything_looks_back_to_its_beginning() -> None:
    mql = next(stage for stage in POLICY.stages if stage.name == "mql")
    back, on, _ = mql.moves
    assert isinstance(back, checked.Move)
    assert isinstance(on, checked.Move)
    assert isinstance(back.when, checked.All)
    rejected, reason, first = back.when.members
    assert isinstance(rejected, checked.EventTest)
    assert isinstance(reason, checked.ChoiceTest)
    assert isinstance(reason.fact, checked.LastFact)
    assert isinstance(first, checked.TimeTest)
    assert isinstance(first.fact, checked.EventMoment)
    windows = (rejected.window, reason.fact.window, first.fact.window)
    assert windows == (checked.SinceEntered(),) * 3
    assert isinstance(on.when, checked.All)
    picked = on.when.members[0]
    assert isinstance(picked, checked.EventTest)
    assert picked.window == checked.SinceStage("entering", "mql")


# --- points --------------------------------------------------------------------------------------


def test_decay_is_in_days() -> None:
    prices, pages = row("interest.prices").what, row("interest.page_view").what
    assert isinstance(prices, checked.EachEvent)
    assert isinstance(pages, checked.OnceEvent)
    assert prices.decay == checked.Decay("halving", 14)
    assert pages.decay == checked.Decay("fading", 30)


def test_windows_since_a_stage_and_signals() -> None:
    webinar, picked = row("interest.webinar").what, row("interest.picked_up").what
    assert isinstance(webinar, checked.EachEvent)
    assert isinstance(picked, checked.OnceEvent)
    assert webinar.window == checked.SinceStage("leaving", "mql")
    assert picked.window == checked.SinceStage("entering", "mql")
    expansion = row("interest.expansion").what
    assert isinstance(expansion, checked.OnceEvent)
    assert expansion.events == pattern("expansion")
    assert not expansion.events.of_actions


def test_inactivity_and_starting_again() -> None:
    web = INTEREST.rows[0]
    assert isinstance(web, checked.Category)
    assert web.inactivity is not None
    assert web.inactivity == checked.Inactivity(
        "interest.web.counts_less", None, 250, "week", 100, web.inactivity.span
    )
    assert INTEREST.inactivity is not None
    assert (INTEREST.inactivity.rule, INTEREST.inactivity.percent) == (
        "interest.counts_less",
        Decimal(25),
    )
    assert (INTEREST.inactivity.period, INTEREST.inactivity.never_below) == ("month", 300)
    assert [(each.rule, each.stage) for each in web.restarts] == [
        ("interest.web.starts_again.unsubscribe", None),
        ("interest.web.starts_again.mql", "mql"),
    ]
    assert web.restarts[0].events == pattern("unsubscribe")
    assert [each.rule for each in INTEREST.restarts] == ["interest.starts_again.rejected"]


def test_time_tests_name_their_row_after_what_they_mention() -> None:
    assert row("interest.created_on").points == -2000
    assert row("interest.woken_up").when == checked.WokenTest()


def test_words_for_people() -> None:
    web = INTEREST.rows[0]
    assert isinstance(web, checked.Category)
    assert (web.means, web.notes) == (("What they read",), ("Agreed in May",))
    assert DEFINED["interested"].means == ("Wants to hear more",)
    assert DEFINED["interested"].notes == ("Changes with the new pages",)
    need = POLICY.checklists[0].items[0]
    assert (need.means, need.notes) == (("They told us why",), ("Ask early",))
    sales = POLICY.parties[0]
    assert (sales.stand_ins, sales.notes) == (("The office",), ("Away in July",))


# --- days ----------------------------------------------------------------------------------------


def test_days_stand_in_their_rows() -> None:
    assert row("interest.expansion").in_force == checked.InForce(NEW_YEAR, date(2027, 6, 30))
    assert POLICY.refusals[0].in_force == checked.InForce(NEW_YEAR, None)
    assert [each.in_force for each in DEFINED["interested"].whens] == [
        checked.InForce(None, OLD_YEAR),
        checked.InForce(NEW_YEAR, date(2027, 6, 30)),
        checked.InForce(date(2027, 7, 1), None),
    ]
    assert [each.in_force for each in POLICY.groups[0].rows] == [
        checked.InForce(None, OLD_YEAR),
        checked.InForce(NEW_YEAR, None),
        None,
    ]
    assert borders(POLICY) == (NEW_YEAR, date(2027, 7, 1))


def test_one_rule_id_for_two_versions_of_a_row() -> None:
    web = INTEREST.rows[0]
    assert isinstance(web, checked.Category)
    rows = [each for each in web.rows if isinstance(each, checked.PointsRow)]
    assert [each.rule for each in rows if each.rule == "interest.prices"] == ["interest.prices"] * 2


def test_each_day_has_a_whole_policy() -> None:
    for day, letters, ranges in (
        (OLD_YEAR, ["A", "B"], [(1000, None), (200, 999), (None, 200)]),
        (NEW_YEAR, ["A+", "A", "B"], [(1000, None), (500, 999), (None, 500)]),
    ):
        fit = in_force_on(POLICY, day).grades[0]
        by = fit.rows[1]
        assert isinstance(by, checked.PointsBy)
        found = [each.match for each in by.rows if isinstance(each.match, checked.ByRange)]
        assert [each.name for each in fit.letters] == letters
        assert [(each.low, each.high) for each in found] == ranges


def test_letters_of_all_days_from_the_best_down() -> None:
    when = DEFINED["interested"].whens[2].when
    assert isinstance(when, checked.All)
    assert when.members[1] == checked.GradeTest("fit", ("A+", "A"), or_better=True, negated=False)


def test_letters_that_come_later_find_their_place() -> None:
    text = PATH.read_text(encoding="utf-8").replace(
        "        A+ from 90 in force from 2027-01-01\n"
        "        A from 70 in force until 2026-12-31\n"
        "        A from 60 in force from 2027-01-01\n"
        "        B otherwise\n",
        "        A from 70 in force until 2026-12-31\n"
        "        B otherwise in force until 2026-12-31\n"
        "        A+ from 90 in force from 2027-01-01\n"
        "        A from 60 in force from 2027-01-01\n"
        "        B otherwise in force from 2027-01-01\n",
    )
    policy = policy_of((SourceFile("sample.leadpact", text),))
    when = next(each for each in policy.definitions if each.name == "interested").whens[2].when
    assert isinstance(when, checked.All)
    assert when.members[1] == checked.GradeTest("fit", ("A+", "A"), or_better=True, negated=False)


# --- each period by itself -----------------------------------------------------------------------

DATED = PATH.parents[1] / "bad" / "dated_rows.leadpact"
IN_FORCE = re.compile(r" in force(?: from (?P<first>[\d-]+))?(?: until (?P<last>[\d-]+))?")


def plain(text: str, day: date) -> str:
    """The source without the rows that are not in force on the day, and without dates."""

    def kept(line: str) -> str:
        found = IN_FORCE.search(line)
        if found is None:
            return line
        first, last = found["first"] or "", found["last"] or "9999"
        return IN_FORCE.sub("", line) if first <= day.isoformat() <= last else ""

    return "\n".join(map(kept, text.split("\n")))


def mistakes(text: str) -> set[tuple[str, int]]:
    file = SourceFile("sample.leadpact", text)
    document, unparsed = parse((file,))
    assert not unparsed
    return {(each.code, each.span.line) for each in check(document, (file,), None)[1]}


def test_the_mistakes_of_all_days_are_those_of_each_day_by_itself() -> None:
    text = DATED.read_text(encoding="utf-8")
    written = [day for found in IN_FORCE.finditer(text) for day in found.groups() if day]
    days = {date.fromisoformat(day) + timedelta(days=off) for day in written for off in (-1, 0, 1)}
    found = {each for day in days for each in mistakes(plain(text, day))}
    # Of one day alone nobody can say that letters change places.
    assert found == {each for each in mistakes(text) if each[0] != "E522"}
    assert len(found) > 10


def test_days_in_words() -> None:
    assert on_days((NEW_YEAR, None)) == "from 2027-01-01 on"
    assert on_days((None, OLD_YEAR)) == "until 2026-12-31"
    assert on_days((OLD_YEAR, NEW_YEAR)) == "from 2026-12-31 until 2027-01-01"
    assert on_days((NEW_YEAR, NEW_YEAR)) == "on 2027-01-01"
