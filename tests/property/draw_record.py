"""Random records for a checked policy, aimed at the edges of what the policy mentions.

Values are those of JSON. Instants fall on the ends of the policy's own windows, on local
midnights and clock changes; numbers and texts on the policy's own constants and just beside them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random

from tests.property.draw_history import border_instants, deadlines, draw_move
from tests.property.draw_scope import DAYS
from tests.reference.instants import add_months, local_day, zone_named

from leadpact.checked import (
    AnyNumberOfType,
    ByRange,
    ByValues,
    CheckedPolicy,
    DateTest,
    DateType,
    Duration,
    Field,
    FieldType,
    InstantType,
    Kind,
    NumberTest,
    NumberType,
    OneOfType,
    PatternPart,
    Target,
    TextTest,
    TextType,
    TimeOut,
    WakeUp,
    YesNoType,
)
from leadpact_dsl.source import SourceFile, Span

MICROSECOND = timedelta(microseconds=1)
NEAR = (timedelta(0), timedelta(0), MICROSECOND, -MICROSECOND)
ODD_TEXTS = (
    "a", "A", " a ", "\ta\n", "\u00a0a", "İstanbul", "i̇stanbul", "STRASSE", "straße", "ÉTÉ", "été",
    "x@y@z.example", "nobody", "a@", "a@ ", "@", "dana@BUYER.example ", "a@gmail.com", "/pricing/a",
    "two  words", "k\u212a", "💡", "quote\"d", "back\\slash", "a\u0000b",
)  # fmt: skip
SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
BLANK = (None, "", "  ", "\t\n ")


@dataclasses.dataclass
class Aims:
    """What a policy mentions and a record should come near to.

    ``busy`` are the kinds that start, stop and meet the clocks of stages.
    """

    durations: list[Duration] = dataclasses.field(default_factory=list)
    numbers: list[Decimal] = dataclasses.field(default_factory=list)
    texts: list[str] = dataclasses.field(default_factory=list)
    days: list[str] = dataclasses.field(default_factory=list)
    busy: set[str] = dataclasses.field(default_factory=set)


def aims_of(policy: CheckedPolicy) -> Aims:
    aims = Aims()
    clocks = [
        one
        for part in parts_of(policy)
        if isinstance(part, Target | TimeOut | WakeUp)
        for one in parts_of(part)
    ]
    aims.busy |= {one.kind for one in clocks if isinstance(one, PatternPart)}
    for part in parts_of(policy):
        match part:
            case Duration():
                aims.durations.append(part)
            case NumberTest():
                aims.numbers.append(part.value)
            case TextTest():
                aims.texts.extend(part.values)
            case DateTest():
                aims.days.append(part.value.isoformat())
            case ByRange():
                for end in (part.low, part.high):
                    if isinstance(end, Decimal):
                        aims.numbers.append(end)
                    elif end is not None:
                        aims.days.append(end.isoformat())
            case ByValues():
                aims.texts.extend(one for one in part.values if isinstance(one, str))
            case _:
                pass
    return aims


def parts_of(part: object) -> Iterator[object]:
    """A part of a policy, and all that it is made of."""
    if isinstance(part, tuple):
        for member in part:
            yield from parts_of(member)
    elif dataclasses.is_dataclass(part) and not isinstance(part, Span | SourceFile | type):
        yield part
        for field in dataclasses.fields(part):
            yield from parts_of(getattr(part, field.name))


def draw_instant(r: Random, policy: CheckedPolicy) -> datetime:
    """An instant to judge at, often on a local midnight, or beside a clock change."""
    zone = zone_named(policy.zone)
    midnights = border_instants(policy)
    if midnights and r.random() < 0.2:
        return r.choice(midnights) + r.choice(NEAR)
    clock = r.choice((time(0), time(0), time(2, 30), time(23, 59, 59, 999_999), time(12), time(17)))
    local = datetime.combine(datetime(*r.choice(DAYS)), clock, zone)
    return local.astimezone(UTC) + r.choice(NEAR) + timedelta(hours=r.choice((0, 0, 0, 1, -1, 9)))


def draw_case(r: Random, policy: CheckedPolicy, aims: Aims) -> tuple[dict[str, object], datetime]:
    """A record and an instant to judge it at, now and then one at which something falls due."""
    as_of = draw_instant(r, policy)
    record = draw_record(r, policy, aims, as_of)
    if r.random() < 0.25:
        soon = as_of + timedelta(days=800)
        due = sorted(instant for instant in deadlines(policy, record, as_of) if instant < soon)
        if due:
            as_of = r.choice(due) + r.choice(NEAR)
    return record, as_of


def draw_record(r: Random, policy: CheckedPolicy, aims: Aims, as_of: datetime) -> dict[str, object]:
    return RecordDrawing(r, policy, aims, as_of).record()


class RecordDrawing:
    """Draws records of one policy around one instant."""

    def __init__(self, r: Random, policy: CheckedPolicy, aims: Aims, as_of: datetime) -> None:
        self.r = r
        self.policy = policy
        self.aims = aims
        self.as_of = as_of
        self.zone = zone_named(policy.zone)
        self.instants: list[datetime] = [as_of]
        self.since: datetime | None = None
        self.careless = r.random() < 0.15

    def chance(self, likelihood: float) -> bool:
        return self.r.random() < likelihood

    def record(self) -> dict[str, object]:
        r = self.r
        record: dict[str, object] = {"id": r.choice(("L-17", "L-17", "ü 1", 17))}
        if self.chance(0.1):
            record["format"] = 1
        known = r.choice((0.3, 0.7, 0.95))
        for field in self.policy.fields:
            if field.required or self.chance(known):
                record[field.name] = self.value(field.type)
            elif self.chance(0.5):
                record[field.name] = r.choice(BLANK)
        if self.policy.stages:
            record |= self.history()
        activities = [kind for kind in self.policy.kinds if kind.party is None]
        actions = [kind for kind in self.policy.kinds if kind.party is not None]
        most = r.choice((0, 2, 6, 14))
        for key, kinds in (("activities", activities), ("actions", actions)):
            if self.chance(0.9):
                count = r.randint(0, most) if kinds else 0
                busy = [kind for kind in kinds if kind.name in self.aims.busy]
                some = [busy if busy and self.chance(0.4) else kinds for _ in range(count)]
                record[key] = [self.event(r.choice(one)) for one in some]
        if self.careless:
            self.spoil(record)
        keys = list(record)
        r.shuffle(keys)
        return {key: record[key] for key in keys}

    def history(self) -> dict[str, object]:
        """What the record tells of the stages; often the moves end in the present one."""
        r = self.r
        told: dict[str, object] = {}
        if self.chance(0.7):
            busy = [stage for stage in self.policy.stages if stage.targets]
            some = busy if busy and self.chance(0.5) else self.policy.stages
            told["stage"] = r.choice(some).name
            if self.chance(0.6):
                self.since = min(self.instant(), self.as_of)
                told["stage_since"] = self.written(self.since)
        if self.chance(0.75):
            count = r.choice((0, 1, 1, 2, 3))
            instants = sorted(self.instant() for _ in range(count))
            if instants and self.chance(0.4):
                # Not long ago: a lead that was sent to sleep then sleeps still.
                instants[-1] = self.as_of - timedelta(days=2) * r.random()
            moves = [draw_move(r, self.policy, None) for _ in instants]
            if moves and "stage" in told and self.chance(0.8):
                moves[-1] = draw_move(r, self.policy, str(told["stage"]))
            for move, instant in zip(moves, instants, strict=True):
                move["at"] = self.written(instant)
            if self.chance(0.2):
                r.shuffle(moves)
            told["moves"] = moves
        return told

    def event(self, kind: Kind) -> dict[str, object]:
        event: dict[str, object] = {"kind": kind.name, "at": self.written(self.instant())}
        if self.chance(0.6):
            event["id"] = f"e{self.r.randint(1, 8)}"
        if kind.party is not None and self.chance(0.3):
            event["by"] = kind.party
        for one in kind.properties:
            if one.required or self.chance(0.75):
                event[one.name] = self.property(one)
            elif self.chance(0.5):
                event[one.name] = self.r.choice(BLANK)
        return event

    def property(self, one: Field) -> object:
        """Few different values, so that ``once per`` and ``different`` have something to do."""
        few = Random(self.r.randint(1, 3)) if self.chance(0.6) else self.r
        mine, self.r = self.r, few
        value = self.value(one.type)
        self.r = mine
        return value

    def spoil(self, record: dict[str, object]) -> None:
        """A few things that are wrong in records of careless senders."""
        r = self.r
        wrong: tuple[object, ...] = (12, -1, 1.5, 0.12345678, True, "no such value", [], ["x"], {})
        for _ in range(r.randint(1, 2)):
            events = [
                event
                for key in ("activities", "actions")
                for event in (record.get(key) or ())  # type: ignore[attr-defined]
            ]
            roll = r.random()
            if roll < 0.25:
                record[r.choice(("shoe_size", "Email"))] = r.choice((None, 3))
            elif roll < 0.4:
                record[r.choice(self.policy.fields).name] = r.choice(wrong)
            elif events:
                event = r.choice(events)
                places = [key for key in event if key not in ("kind", "at", "id", "by")]
                if roll < 0.55:
                    event["kind"] = r.choice(("no_such_kind", self.policy.kinds[0].name))
                elif roll < 0.65:
                    event["colour"] = "red"
                elif roll < 0.75:
                    event["at"] = r.choice(("yesterday", None, "2026-13-01T00:00:00Z", 7))
                elif places:
                    event[r.choice(places)] = r.choice(wrong)

    # --- values --------------------------------------------------------------------------------

    def value(self, kind: FieldType) -> object:
        r = self.r
        match kind:
            case TextType():
                return self.text()
            case NumberType():
                return self.number(kind)
            case YesNoType():
                return r.choice((True, False))
            case OneOfType(values):
                return r.choice(values)
            case AnyNumberOfType(values):
                return r.sample(values, r.randint(0, min(3, len(values))))
            case DateType():
                if self.aims.days and self.chance(0.6):
                    return r.choice(self.aims.days)
                return local_day(self.instant(), self.zone).isoformat()
            case InstantType():
                return self.written(self.instant())

    def text(self) -> str:
        r = self.r
        if not self.aims.texts or self.chance(0.3):
            return r.choice(ODD_TEXTS)
        text = r.choice(self.aims.texts)
        text = r.choice(
            (text, text.upper(), text.lower(), f"{text}x", f"x{text}", f"a@{text}", f"a@b@{text}")
        )
        return r.choice((text, text, f" {text}\t", f"\u00a0{text}"))

    def number(self, kind: NumberType) -> int | float:
        r = self.r
        step = Decimal(1) if kind.whole else r.choice((Decimal(1), Decimal("0.000001")))
        near = [end for end in (kind.low, kind.high) if end is not None]
        number = r.choice(near) if near and self.chance(0.2) else Decimal(r.randint(-3, 400))
        if self.aims.numbers and self.chance(0.6):
            number = r.choice(self.aims.numbers) + step * r.choice((-1, 0, 0, 1))
        if kind.whole:
            number = number.to_integral_value()
        if kind.low is not None and number < kind.low:
            number = kind.low
        if kind.high is not None and number > kind.high:
            number = kind.high
        return int(number) if number == number.to_integral_value() else float(number)

    # --- instants ------------------------------------------------------------------------------

    def instant(self) -> datetime:
        instant = self.some_instant()
        self.instants.append(instant)
        return instant

    def some_instant(self) -> datetime:
        r, roll = self.r, self.r.random()
        if self.since is not None and self.chance(0.4):
            # Often soon after the lead came there: in time for what was promised of it.
            return self.since + (self.as_of - self.since) * r.random() ** r.choice((1, 3, 9))
        if roll < 0.1:
            return r.choice(self.instants)
        if roll < 0.5 and self.aims.durations:
            return self.window_end(r.choice(self.aims.durations)) + r.choice(NEAR)
        if roll < 0.58:
            # A whole number of days ago: there decay and inactivity take a step.
            return self.as_of - timedelta(days=r.choice((0, 1, 2, 7, 14, 30))) + r.choice(NEAR)
        if roll < 0.68:
            return self.midnight() + r.choice(NEAR)
        if roll < 0.76:
            return draw_instant(r, self.policy)
        if roll < 0.8:
            return self.as_of + timedelta(seconds=r.choice((0, 1, 86_400, 10**7))) + r.choice(NEAR)
        days = r.choice((1, 10, 60, 500))
        return self.as_of - timedelta(seconds=r.randint(0, days * 86_400))

    def window_end(self, duration: Duration) -> datetime:
        """About the instant whose window ends at ``as_of``."""
        if duration.unit == "month":
            day = add_months(local_day(self.as_of, self.zone), -duration.amount)
            day += timedelta(days=self.r.choice((-1, 0, 0, 1, 2)))
            return datetime.combine(day, time(0), self.zone).astimezone(UTC)
        return self.as_of - timedelta(seconds=SECONDS[duration.unit] * duration.amount)

    def midnight(self) -> datetime:
        day = local_day(self.as_of, self.zone) - timedelta(days=self.r.choice((0, 1, 2, 7, 30, 31)))
        return datetime.combine(day, time(0), self.zone).astimezone(UTC)

    def written(self, instant: datetime) -> str:
        """ISO 8601: mostly ``Z``, sometimes another offset, seldom the policy's bare local time."""
        roll = self.r.random()
        if roll < 0.8:
            return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
        local = instant.astimezone(self.zone)
        if roll < 0.98 or not self.careless:
            return local.isoformat()
        return local.replace(tzinfo=None).isoformat()
