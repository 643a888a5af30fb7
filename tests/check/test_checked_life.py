"""What a checked policy holds of calendars, ways out, targets and promises: the policy is
``tests/corpus/check/good/life.leadpact``.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from leadpact import checked
from leadpact.check import check
from leadpact.dated import borders, in_force_on
from leadpact_dsl import SourceFile, parse, read_policy

PATH = Path(__file__).parents[1] / "corpus" / "check" / "good" / "life.leadpact"

HEAD = """\
policy sample:
    language 1
    version 3
    time zone "Europe/Stockholm"
party sales
activities:
    webinar
stage lead:
    start
    moves to won when webinar
stage won:
    final
"""


def read() -> checked.CheckedPolicy:
    files, _ = read_policy(PATH)
    document, unparsed = parse(files)
    assert not unparsed
    policy, diagnostics = check(document, files, PATH.parent)
    assert diagnostics == ()
    assert policy is not None
    return policy


POLICY = read()
STAGES = {stage.name: stage for stage in POLICY.stages}
TARGETS = {target.name: target for target in STAGES["mql"].targets}


def all_events(name: str, *, of_actions: bool = False) -> checked.EventPattern:
    label = next(kind.label for kind in POLICY.kinds if kind.name == name)
    return checked.EventPattern(name, label, (checked.PatternPart(name, None),), of_actions)


def codes(text: str) -> list[str]:
    file = SourceFile("sample.leadpact", HEAD + text)
    document, unparsed = parse((file,))
    _, diagnostics = check(document, (file,), None)
    return [each.code for each in (*unparsed, *diagnostics)]


# --- parties, calendars, signals -----------------------------------------------------------------


def test_parties_and_roles_keep_what_people_wrote() -> None:
    marketing, sales = POLICY.parties
    assert marketing.duties == ("Adds what is missing to every new lead",)
    assert (marketing.stand_ins, marketing.notes) == (("Alex Berg",), ("Answers on weekdays",))
    assert sales.contacts == ("sales@sample.example", "+46 8 123 456")
    (role,) = POLICY.roles
    assert (role.name, role.label, role.party) == ("sales_manager", "Sales manager", "sales")
    assert role.stand_ins == ("Robin Dahl",)
    assert POLICY.notes == ("Agreed in September",)


def test_hours_of_the_week() -> None:
    office, night = POLICY.calendars
    day = (checked.Opening(540, 720), checked.Opening(780, 1020))
    assert office.weekly == (day, day, day, day, day, (), ())
    assert (office.zone, office.owner, office.regions) == ("Europe/Stockholm", "sales", ("SE",))
    early, late = checked.Opening(0, 360), checked.Opening(1320, 1440)
    # From Friday over the week's end to Monday; Saturday and Sunday in order of time.
    assert night.weekly == ((late,), (), (), (), (late,), (early, late), (early, late))
    assert night.zone == "America/New_York"


def test_special_days() -> None:
    days = POLICY.calendars[0].special
    assert [(each.day, each.every_year, each.openings, each.because) for each in days] == [
        (date(2026, 12, 23), False, (), None),
        (date(2000, 2, 29), True, (), "Leap day"),
        (date(2026, 6, 18), False, (checked.Opening(540, 720),), None),
    ]


def test_signals_are_no_activities() -> None:
    kinds = {kind.name: kind for kind in POLICY.kinds}
    assert (kinds["expansion"].signal, kinds["expansion"].party) == (True, None)
    assert not kinds["page_view"].signal
    (growth,) = POLICY.derived
    assert [part.kind for part in growth.pattern.parts] == ["expansion"]
    assert not growth.pattern.of_actions
    silent = POLICY.scores[0].rows[-1]
    assert isinstance(silent, checked.PointsRow)
    assert isinstance(silent.when, checked.EventTest)
    assert [part.kind for part in silent.when.events.parts] == ["page_view", "demo_request"]


# --- ways out ------------------------------------------------------------------------------------


def test_rule_ids_of_moves() -> None:
    moves = [move.rule for stage in POLICY.stages for move in (*stage.moves, *stage.by_hand)]
    assert moves == [
        "lead.moves_to.mql",
        "lead.moves_by_hand_to.mql",
        "mql.moves_to.nurture",
        "mql.hands_back_to.nurture",
        "mql.times_out_to.nurture",
        "mql.times_out_to.lead",
        "nurture.moves_to.mql",
        "nurture.moves_to.lead",
        "nurture.moves_to.later",
        "gone.moves_by_hand_to.lead",
    ]
    assert [move.rule for each in POLICY.any_stages for move in each.moves] == [
        "any_stage.moves_to.gone",
        "any_stage.moves_to.spoken",
        "any_stage.times_out_to.gone",
    ]
    assert [each.excepted for each in POLICY.any_stages] == [("gone", "nurture"), ()]


def test_a_hand_back_with_its_reason_and_wake_up() -> None:
    back = STAGES["mql"].moves[1]
    assert isinstance(back, checked.Move)
    assert (back.how, back.to) == ("hands back to", "nurture")
    assert back.in_force == checked.InForce(date(2027, 1, 1), None)
    rejected = all_events("rejected", of_actions=True)
    kind = checked.OneOfType(("no_phone", "not_now"))
    assert back.because == checked.LastFact(rejected, "reason", kind, checked.SinceEntered())
    day = checked.LastFact(rejected, "wake_on", checked.DateType(), checked.SinceEntered())
    assert back.wake_up == checked.WakeUp(None, day, None, None, None, None)


def test_time_outs() -> None:
    unpicked, silent = STAGES["mql"].moves[2:]
    assert isinstance(unpicked, checked.TimeOut)
    assert isinstance(silent, checked.TimeOut)
    assert unpicked.after == checked.Duration(7, "day")
    assert unpicked.without == all_events("picked_up", of_actions=True)
    assert unpicked.worklists == (checked.Worklist("unpicked", "Unpicked MQLs"),)
    assert (unpicked.because, unpicked.does) == ("Nobody picked it up", ("Ask what was wrong",))
    assert unpicked.notes == ("Seven times 24 hours",)
    assert silent.after == checked.BusinessTime(3, "day", "office")
    assert silent.without.name == "activity"


def test_a_move_by_hand() -> None:
    (by_hand,) = STAGES["lead"].by_hand
    assert (by_hand.to, by_hand.by) == ("mql", ("marketing", "sales"))
    assert (by_hand.because, by_hand.does) == ("They know", ("Call at once",))
    assert STAGES["lead"].may_contact == ("marketing", "sales")
    assert STAGES["lead"].notes == ("Everybody begins here",)


def test_wake_ups() -> None:
    again, later = STAGES["nurture"].moves[1:]
    assert isinstance(again, checked.Move)
    assert isinstance(later, checked.Move)
    # The label is said at another move.
    assert again.worklists == (checked.Worklist("unpicked", "Unpicked MQLs"),)
    demo = all_events("demo_request")
    assert again.wake_up == checked.WakeUp(None, None, None, None, None, demo)
    assert later.wake_up == checked.WakeUp(
        None,
        None,
        checked.Duration(9, "month"),
        "expected_on",
        checked.Duration(60, "day"),
        POLICY.derived[0].pattern,
    )
    gone = POLICY.any_stages[1].moves[0]
    assert gone.wake_up is not None
    assert gone.wake_up.after == checked.BusinessTime(2, "day", "office")


def test_events_of_any_stage_look_back_to_the_present_stages_beginning() -> None:
    spoken = POLICY.any_stages[0].moves[1]
    assert isinstance(spoken, checked.Move)
    assert isinstance(spoken.when, checked.EventTest)
    assert spoken.when.window == checked.SinceEntered()


# --- targets -------------------------------------------------------------------------------------


def test_a_target_with_all_its_lines() -> None:
    target = TARGETS["first_contact"]
    away = all_events("away", of_actions=True)
    assert target.rule == "mql.first_contact"
    assert target.events == all_events("contacted", of_actions=True)
    assert (target.at_least, target.different) == (2, (2, "channel"))
    assert target.limit == checked.TargetWithin(checked.BusinessTime(4, "hour", "office"))
    assert isinstance(target.when, checked.Not)
    assert isinstance(target.starts_when, checked.EventTest)
    assert target.starts_when.window == checked.SinceEntered()
    until = checked.LastFact(away, "back_on", checked.DateType(), checked.SinceEntered())
    picked = all_events("picked_up", of_actions=True)
    assert target.pauses == (checked.Pause(away, until), checked.Pause(away, picked))
    # Business time is the target's own calendar's where none is named.
    assert target.tells == (
        checked.Tell("owner", "owner", Decimal(75), None),
        checked.Tell("sales_manager", "role", None, None),
        checked.Tell("marketing", "party", None, checked.BusinessTime(2, "hour", "office")),
    )
    (back,) = target.hands_back
    assert back.rule == "mql.first_contact.hands_back_to.lead"
    assert back.after == checked.BusinessTime(8, "hour", "night")
    assert (back.to, back.because) == ("lead", "Nobody called")
    assert target.because == "Who calls first wins"
    assert (target.means, target.notes) == (("A person was called twice",), ("Mail counts too",))


def test_limits_of_targets() -> None:
    confirm = STAGES["nurture"].targets[0]
    assert confirm.limit == checked.TargetEvery(checked.Duration(2, "week"))
    empty = [each for each in STAGES["mql"].targets if each.name == "empty"]
    assert [each.events for each in empty] == [None, None]
    assert [each.limit for each in empty] == [
        checked.TargetBy(17 * 60, "office"),
        checked.TargetBy(18 * 60, "office"),
    ]


def test_a_target_may_change_from_a_day_on() -> None:
    for day, minutes in ((date(2026, 12, 31), 17 * 60), (date(2027, 1, 1), 18 * 60)):
        mql = next(each for each in in_force_on(POLICY, day).stages if each.name == "mql")
        (empty,) = [each for each in mql.targets if each.name == "empty"]
        assert (empty.rule, empty.limit) == ("mql.empty", checked.TargetBy(minutes, "office"))
    assert borders(POLICY) == (date(2027, 1, 1),)


# --- the agreement, guarantees -------------------------------------------------------------------


def test_the_promises() -> None:
    agreement = POLICY.agreement
    assert agreement is not None
    assert [each.rule for each in agreement.promises] == [
        "agreement.delivers.mql",
        "agreement.reaches.picked_up",
        "agreement.reaches.soon",
        "agreement.reaches.nurture",
        "agreement.target.first_contact",
        "agreement.time_out.mql",
        "agreement.hand_back.mql",
        "agreement.time_out.lead",
    ]
    delivers, reaches, soon, nurture, met, time_out, hand_back, _ = agreement.promises
    assert isinstance(delivers, checked.Delivers)
    assert (delivers.party, delivers.amount, delivers.stage) == ("marketing", 120, "mql")
    assert delivers.each == "month"
    assert isinstance(reaches, checked.Reaches)
    assert reaches.what == all_events("picked_up", of_actions=True)
    assert (reaches.within, reaches.each) == (checked.Duration(7, "day"), None)
    assert isinstance(soon, checked.Reaches)
    assert soon.within == checked.BusinessTime(2, "day", "office")
    assert isinstance(nurture, checked.Reaches)
    assert (nurture.what, nurture.percent, nurture.each) == ("nurture", Decimal("2.5"), "quarter")
    assert nurture.in_force == checked.InForce(date(2027, 1, 1), None)
    assert nurture.because == "Not all are lost"
    assert isinstance(met, checked.TargetMet)
    assert (met.target, met.percent) == ("first_contact", Decimal(95))
    assert isinstance(time_out, checked.AtMostShare)
    assert (time_out.what, time_out.review) == ("time out", checked.Review(2, "interest"))
    assert isinstance(hand_back, checked.AtMostShare)
    assert (hand_back.what, hand_back.review) == ("hand back", checked.Review(1, "first_contact"))


def test_how_the_agreement_changes_and_who_signed() -> None:
    agreement = POLICY.agreement
    assert agreement is not None
    assert (agreement.label, agreement.owner) == ("Who does what", "sales")
    assert agreement.goals == ("Sales talks to people who want to talk",)
    assert (agreement.review_every, agreement.wait_days) == ("month", 28)
    assert agreement.changes_need == ("marketing", "sales")
    assert [(each.party, each.role, each.on) for each in agreement.signatures] == [
        ("marketing", "Head of Demand Generation", date(2026, 9, 28)),
        ("sales", None, None),
    ]
    assert agreement.notes == ("Signed on paper",)


def test_guarantees() -> None:
    never, lowers = POLICY.guarantees
    assert (never.rule, never.label) == ("guarantee.1", "A customer is never an MQL")
    assert (never.owner, never.because) == ("marketing", "They have somebody to talk to")
    customer = checked.YesNoTest(checked.FieldFact("is_customer"), True)
    (stage,) = never.promises
    assert isinstance(stage, checked.NeverStage)
    assert (stage.stage, stage.when) == ("mql", customer)
    assert lowers.rule == "guarantee.2"
    (score,) = lowers.promises
    assert isinstance(score, checked.NeverLowers)
    assert (score.score, score.excepted) == ("interest", (all_events("page_view"),))


# --- examples ------------------------------------------------------------------------------------


def test_stays_of_an_example_oldest_first() -> None:
    (example,) = POLICY.examples
    assert example.stays == (
        ("mql", datetime(2026, 10, 28, 9, tzinfo=UTC)),
        ("nurture", datetime(2026, 10, 30, 9, tzinfo=UTC)),
        ("mql", datetime(2026, 10, 31, 9, tzinfo=UTC)),
    )
    assert [(each.kind, dict(each.properties), each.of_actions) for each in example.events] == [
        ("expansion", {"size": "small"}, False),
        ("expansion", {"size": "big"}, False),
    ]
    moves = [each for each in example.expects if isinstance(each, checked.ExpectMove)]
    assert [(each.how, each.to) for each in moves] == [
        ("times out to", "nurture"),
        ("hands back to", "nurture"),
        ("hands back to", "lead"),
        ("moves to", "nurture"),
    ]


# --- what is silent, what is not -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("calendar office:\n    open mon 09:00 to 17:00\n", ["W201"]),
        ("role boss of sales\n", ["W201"]),
        ("signals:\n    hired\n    news is hired\n", ["W201"]),
        # Records may hold it, whether or not a rule looks at it.
        ("signals:\n    hired\n", []),
        ("agreement:\n    sales reaches activity for at least 5% of lead\n", []),
        ("score agreement:\n    +5 each webinar ever\n", ["E203"]),
        ('list agreement: "a"\ndefine it when in lead\n', ["W201", "W201"]),
    ],
)
def test_names(text: str, said: list[str]) -> None:
    assert codes(text) == said


@pytest.mark.parametrize(("url", "said"), [("/pricing/now", []), ("/repricings", ["E414"])])
def test_an_examples_event_of_a_kind_that_looks_for_words(url: str, said: list[str]) -> None:
    assert (
        codes(
            'list prices: "pricing", "price list"\n'
            "activities:\n    page_view:\n        url text\n"
            "    priced is page_view where url has a word from prices\n"
            "define keen when priced ever\n"
            'example "One":\n    as of 2026-11-02 10:00\n    priced 2 days ago\n'
            f'    priced 1 day ago with url is "{url}"\n    expect keen\n'
        )
        == said
    )


def test_what_stands_on_a_damaged_line_is_not_called_missing() -> None:
    stage = "stage mql:\n    target first is webinar within within 3 days\n    moves to won after\n"
    text = (
        "calendar office:\n    open mon to 09:00\n"
        "agreement:\n    target first is met for at least 95%\n    at most 5% of mql time out\n"
        'example "One":\n    as of 2026-11-02 10:00\n    expect hands back to mql\n'
        'example "Two":\n    as of 2026-11-02 10:00\n    entered won 5 days ago\n'
        "    entered lead 3 % ago\n    entered won 1 day ago\n    expect stays\n"
    )
    found = codes(stage + text)
    assert found
    assert all(code.startswith("E1") for code in found), found


def test_holidays_are_loaded_only_for_a_mistake() -> None:
    program = (
        "import sys; from leadpact.check import check; from leadpact_dsl import SourceFile, parse;"
        "file = SourceFile('a.leadpact', sys.argv[1]); check(parse((file,))[0], (file,), None);"
        "print('holidays' in sys.modules)"
    )
    calendar = "calendar office:\n    open mon 09:00 to 17:00\n    closed on public holidays of "
    for region, loaded in (("SE", "False"), ("XX", "True")):
        command = [sys.executable, "-c", program, f"{HEAD}{calendar}{region}\n"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == loaded
