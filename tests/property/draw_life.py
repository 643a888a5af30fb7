"""Drawing the life of leads: calendars, stages and their ways out, targets, the agreement."""

from __future__ import annotations

from dataclasses import replace

from tests.property.draw_condition import condition, condition_lines
from tests.property.draw_points import PointsDrawing
from tests.property.draw_scope import (
    Lines,
    exact,
    in_force,
    length,
    quoted,
    some,
    two_versions,
)

DATED = ("date", "date and time")
PARTIES = ("sales", "marketing")


class LifeDrawing(PointsDrawing):
    """Stages need everything else that a policy declares, so they are drawn last."""

    # --- calendars -----------------------------------------------------------------------------

    def calendars(self) -> list[Lines]:
        if not self.scope.stages:
            return []
        return [self.calendar() for _ in range(self.r.randint(0, 2))]

    def calendar(self) -> Lines:
        r, name = self.r, self.name("office")
        lines = [f"calendar {name}{self.label()}:"]
        if self.chance(0.4):
            zone = r.choice(("America/New_York", "Europe/London", "Asia/Tokyo"))
            lines.append(f"    time zone {quoted(zone)}")
        lines.append(
            r.choice(
                ("    open mon to fri 09:00 to 17:00",
                 "    open mon to fri 09:00 to 12:00, 13:00 to 17:00",
                 "    open mon, wed 00:00 to 24:00",
                 "    open fri to mon 01:30 to 03:00, 22:00 to 24:00")
            )
        )  # fmt: skip
        if self.chance(0.5):
            lines.append(f"    closed on public holidays of {r.choice(('SE', 'US-NY', 'GB-ENG'))}")
        if self.chance(0.4):
            lines.append('    closed on 2026-12-24 every year because "Eve"')
        if self.chance(0.4):
            lines.append("    closed on 2026-10-30")
        if self.chance(0.4):
            every = r.choice((" every year", ""))
            lines.append(f"    open on 2026-12-31{every} 09:00 to 12:00")
        self.scope.calendars.append(name)
        return lines

    # --- stages --------------------------------------------------------------------------------

    def life(self) -> Lines:
        r, names = self.r, self.scope.stages
        whole, self.scope = self.scope, replace(self.scope, in_stage=True)
        self.worklists: list[str] = []
        self.targets: list[str] = []
        self.losses: list[str] = []
        lines: Lines = []
        for index, name in enumerate(names):
            start = len(lines)
            final = index == len(names) - 1 and self.chance(0.5)
            lines.append(f"stage {name}{self.label()} owned by {r.choice(PARTIES)}:")
            lines += ["    start"] if index == 0 else []
            lines += ["    final"] if final else []
            if self.chance(0.3):
                lines.append(f"    may contact {', '.join(some(r, PARTIES))}")
            others = [other for other in names if other != name]
            for _ in range(0 if final else r.randint(1, 3)):
                lines += self.way_out(r.choice(others))
            for _ in range(0 if final else r.choice((1, 1, 2, 3))):
                lines += self.target(others)
            words = " ".join(lines[start:])
            for way, loss in (("times out to", "time out"), ("hands back to", "hand back")):
                self.losses += [f"{name} {loss}"] if f" {way} " in words else []
            if self.chance(0.2):
                lines.append(
                    f"    moves by hand to {r.choice(others)} by {', '.join(some(r, PARTIES))}"
                )
                lines += self.own_lines()
        for _ in range(r.choice((0, 0, 1, 1, 2))):
            excepted = some(r, names, 2) if self.chance(0.7) else []
            but = f" except {', '.join(excepted)}" if excepted else ""
            lines.append(f"any stage{but}:")
            for _ in range(r.randint(1, 2)):
                lines += self.way_out(r.choice(names), ("moves to", "hands back to"))
        self.scope = whole
        return lines

    def way_out(
        self, to: str, hows: tuple[str, ...] = ("moves to", "moves to", "hands back to")
    ) -> Lines:
        r = self.r
        named = f" as {self.name('move')}"
        dates = in_force(r) if self.chance(0.12) else ""
        if self.chance(0.35):
            ref = "activity" if self.chance(0.15) else r.choice(self.scope.kinds).name
            start = f"    times out to {to} after {length(r, self.scope)} without {ref}"
            return [f"{start}{dates}{named}{self.reason()}:", *self.own_lines()]
        how = r.choice(hows)
        if self.chance(0.5):
            start = f"    {how} {to} when {condition(r, self.scope)}"
            return [f"{start}{dates}{named}{self.reason()}:", *self.own_lines()]
        lines = [f"    {how} {to}:"]
        lines += [f"        {line}" for line in condition_lines(r, self.scope, "when")]
        lines.append(f"        {named.strip()}")
        lines += [f"        {line.strip()}" for line in (dates, self.reason()) if line]
        return [*lines, *self.own_lines()]

    def reason(self) -> str:
        found = self.properties("text", "one of")
        if found and self.chance(0.25):
            return f" because {self.r.choice(found)}"
        return self.because()

    def properties(self, *kinds: str) -> list[str]:
        """``P of last ACT`` of all properties of such types."""
        return [
            f"{one.name} of last {kind.name}"
            for kind in self.scope.kinds
            for one in kind.properties
            if one.kind in kinds
        ]

    def own_lines(self) -> Lines:
        r = self.r
        lines: Lines = []
        if self.chance(0.2):
            lines.append('        do "Thank them"')
        if self.chance(0.25):
            if self.worklists and self.chance(0.5):
                lines.append(f"        put on worklist {r.choice(self.worklists)}")
            else:
                name = self.name("waiting")
                lines.append(f"        put on worklist {name} {quoted('To call')}")
                self.worklists.append(name)
        if self.chance(0.5):
            lines.append(f"        wake up {self.wake_up()}")
        return lines

    def wake_up(self) -> str:
        r = self.r
        act = "activity" if self.chance(0.1) else r.choice(self.scope.kinds).name
        or_on = f" or on {act}" * self.chance(0.4)
        days = [one.name for one in self.scope.fields if one.kind == "date"]
        named = self.properties(*DATED)
        roll = r.random()
        if roll < 0.3 and days:
            units = ("day", "week", "month")
            soonest = f", not before {exact(r)}" * self.chance(0.5)
            return f"{exact(r, units)} before {r.choice(days)}{soonest}{or_on}"
        if roll < 0.6 and named:
            return f"on {r.choice(named)}{or_on}"
        if roll < 0.75:
            return f"on {act}"
        return f"after {length(r, self.scope)}{or_on}"

    # --- targets -------------------------------------------------------------------------------

    def target(self, others: list[str]) -> Lines:
        name = self.name("promise")
        self.targets.append(name)
        versions = two_versions(self.r) if self.chance(0.15) else None
        if versions is None:
            return self.one_target(name, others, in_force(self.r) if self.chance(0.1) else "")
        return [line for dates in versions for line in self.one_target(name, others, dates)]

    def one_target(self, name: str, others: list[str], dates: str) -> Lines:
        r = self.r
        limit, calendar = self.limit()
        when = f" when {condition(r, self.scope, 1)}" * self.chance(0.25)
        done = (
            self.done()
            if not limit.startswith("every")
            else f"is {r.choice(self.scope.kinds).name}"
        )
        # Nobody knows when such a clock would have run out: what is done meanwhile is in time.
        endless = self.chance(0.5)
        if endless and not limit.startswith("every"):
            done = "is activity at least 2 times"
        lines = [f"    target {name}{self.label()} {done} {limit}{when}{dates}:"]
        if self.chance(0.04):
            lines += [f"        {line}" for line in condition_lines(r, self.scope, "starts when")]
        for _ in range(r.choice((0, 0, 1, 1, 2))):
            lines.append(f"        pauses from {self.pause()}")
        if endless:
            lines.append(f"        pauses from activity until {r.choice(self.scope.kinds).name}")
        if self.chance(0.3):
            lines.append(f"        tell {r.choice(('owner', 'boss', 'sales'))} at 75%")
        if self.chance(0.3):
            lines.append(f"        tell {r.choice(('owner', 'boss', 'sales'))} when missed")
        if self.chance(0.7):
            after = length(r, self.scope, named=not calendar)
            late = f"{after} after missed" if self.chance(0.4) else "when missed"
            lines.append(f"        hands back to {r.choice(others)} {late}{self.because()}")
        return lines

    def limit(self) -> tuple[str, bool]:
        """Until when, and whether it names a calendar by which other lines may count too."""
        r, roll = self.r, self.r.random()
        if roll < 0.25 and self.scope.calendars:
            clock = r.choice(("09:00", "12:30", "17:00", "23:59"))
            return f"by {clock} of {r.choice(self.scope.calendars)}", True
        time = length(r, self.scope)
        return f"{'every' if roll < 0.45 else 'within'} {time}", " of " in time

    def done(self) -> str:
        r = self.r
        if self.chance(0.2):
            return "is left"
        kind = r.choice(self.scope.kinds)
        times = f" at least {r.randint(2, 3)} times" * self.chance(0.25)
        different = ""
        if kind.properties and self.chance(0.4):
            different = (
                f" with at least {r.randint(1, 2)} different {r.choice(kind.properties).name}"
            )
        return f"is {kind.name}{times}{different}"

    def pause(self) -> str:
        r = self.r
        named = [(kind, one) for kind in self.scope.kinds for one in kind.properties]
        days = [(kind, one) for kind, one in named if one.kind == "date"]
        if days and self.chance(0.5):
            kind, one = r.choice(days)
            return f"{kind.name} until {one.name} of last {kind.name}"
        start, end = (r.choice(self.scope.kinds).name for _ in range(2))
        return f"{start} until {end}"

    # --- the agreement, guarantees ---------------------------------------------------------------

    def agreement(self) -> list[Lines]:
        r, stages = self.r, self.scope.stages
        if self.chance(0.6):
            return []
        event = r.choice(self.scope.kinds).name
        lines = ['agreement "Who does what":', '    goal "Sell"']
        lines.append(f"    marketing delivers at least 120 {stages[-1]} each month")
        lines.append(
            f"    sales reaches {event} for at least 60% of {stages[0]}"
            f" within {length(r, self.scope)}"
        )
        lines += [
            f"    target {name} is met for at least 95% each week" for name in self.targets[:1]
        ]
        if self.losses and self.chance(0.7):
            review = f", when missed 2 times running review {stages[0]}"
            lines.append(f"    at most 35% of {r.choice(self.losses)} each quarter{review}")
        lines += ["    review every month", "    changes need marketing, sales"]
        lines += ["    wait at least 30 days between changes", "    signed by sales on 2026-09-28"]
        return [lines]

    def guarantees(self) -> list[Lines]:
        found: list[Lines] = []
        if self.chance(0.2) and self.scope.stages:
            when = condition(self.r, self.scope, 1)
            found.append(['guarantee "Never":', f"    never {self.scope.stages[0]} when {when}"])
        if self.chance(0.2):
            score = self.r.choice(self.scope.scores).name
            found.append(['guarantee "Up":', f"    more activity never lowers {score}"])
        return found
