"""Random records whose lives are short and busy: few events, near each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from tests.property.draw_policy import draw_policy
from tests.property.draw_record import NEAR, SECONDS, Aims, RecordDrawing, draw_instant

from leadpact.checked import CheckedPolicy

Record = dict[str, object]
LATER = ("2 hours", "1 day", "30 minutes")
HISTORY = ("stage", "stage_since", "moves")


def draw_busy_policy(r: Random) -> str:
    """A policy in which people are told some time after a target was missed, too, and are warned
    of one whose clock can stand still.
    """
    drawn = draw_policy(r).splitlines()
    lines = []
    for line, following in zip(drawn, [*drawn[1:], ""], strict=True):
        said = line.strip()
        if said.startswith("tell ") and r.random() < 0.35:
            line = line.replace("when missed", f"{r.choice(LATER)} after missed")
        lines.append(line)
        after = following.strip()
        if said.startswith("pauses ") and not after.startswith("pauses ") and "at 75%" not in after:
            lines.append(line.replace(said, "tell owner at 75%"))
    return "\n".join(lines) + "\n"


def draw_life(r: Random, policy: CheckedPolicy, aims: Aims) -> tuple[Record, datetime]:
    """A record, and until when its life is to be told; mostly from its first event on."""
    until = draw_instant(r, policy)
    drawing = LifeOfRecord(r, policy, aims, until)
    record = drawing.record()
    if r.random() < 0.75:
        record = {key: value for key, value in record.items() if key not in HISTORY}
    return record, until


class LifeOfRecord(RecordDrawing):
    """Events of the last days or weeks before ``as_of``, at and beside each other's deadlines."""

    def __init__(self, r: Random, policy: CheckedPolicy, aims: Aims, as_of: datetime) -> None:
        super().__init__(r, policy, aims, as_of)
        self.span = timedelta(days=r.choice((2, 8, 25, 45)))

    def some_instant(self) -> datetime:
        r, roll = self.r, self.r.random()
        if roll < 0.15:
            return r.choice(self.instants)
        if roll < 0.35:
            base, short = r.choice(self.instants), [*map(self.length, self.aims.durations)]
            lengths = [length for length in short if length <= self.span]
            if lengths:
                return base + r.choice((1, -1)) * r.choice(lengths) + r.choice(NEAR)
        if roll < 0.4:
            return self.as_of + timedelta(seconds=r.choice((0, 1, 86_400)))
        if roll < 0.5:
            return self.midnight() + r.choice(NEAR)
        return self.as_of - self.span * r.random()

    def length(self, duration: object) -> timedelta:
        unit, amount = duration.unit, duration.amount  # type: ignore[attr-defined]
        seconds = SECONDS.get(unit, 30 * SECONDS["day"])
        return timedelta(seconds=seconds * amount)
