"""What the newest event says, and the newest answer to an item."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from leadpact import plan as p
from leadpact.backends.sql.dialects import Dialect
from leadpact.backends.sql.events import Events
from leadpact.backends.sql.held import Held
from leadpact.backends.sql.matching import compared
from leadpact.backends.sql.passes import Pass, Selection
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, text, whole
from leadpact.checked import LastFact

__all__ = ["Newest"]


class Newest:
    """The newest events of the ``slots``, each by the number of its slot.

    An answer is an aggregate of the ``main`` pass; what else the newest event says needs the event
    itself, one of the ``selections``.
    """

    def __init__(
        self,
        plan: p.Plan,
        slots: list[p.Slot],
        held: Held,
        events: Events,
        sheet: Sheet,
        main: Pass,
        selections: dict[int, Selection],
        dialect: Dialect,
    ) -> None:
        self.slots = slots
        self.held = held
        self.events = events
        self.sheet = sheet
        self.main = main
        self.selections = selections
        self.dialect = dialect
        # Of what is said besides answers the events themselves are needed.
        self.read = {slot for fact, slot in plan.facts if isinstance(fact, LastFact)}
        self.answers = {
            item.slot
            for step in plan.steps
            if isinstance(step, p.PlanChecklist)
            for item in step.items
            if isinstance(item, p.PlanAnswer)
        }
        self.coded: set[int] = set()

    def answer(self, number: int) -> exp.Expression:
        """The newest answer, yes or no; NULL without one, or when it says neither."""
        if number in self.read:
            return self.property(number, "answer")
        newest, at = self._coded(number)
        without = exp.Sub(this=newest, expression=exp.Mul(this=at, expression=whole(4)))
        code = self.sheet.once(f"answer {number}", lambda: without)
        yes, no = compared(code, "==", whole(2)), compared(code, "==", whole(1))
        return case((yes, exp.true()), (no, exp.false()))

    def _coded(self, number: int) -> tuple[exp.Column, exp.Column]:
        """The greatest ``instant * 4 + answer``, and the instant in it."""
        self.coded.add(number)
        slot = self.slots[number]
        newest = self._extreme_code(number, slot, up=True)
        at = self.sheet.once(f"answered {number}", lambda: self.dialect.floored(newest, 4))
        return newest, at

    def _extreme_code(self, number: int, slot: p.Slot, up: bool) -> exp.Column:
        said = self.events.property(slot, "answer")
        codes = (2, 1, 0) if up else (1, 2, 3)
        code = case(
            (said, whole(codes[0])),
            (exp.Not(this=said.copy()), whole(codes[1])),
            otherwise=whole(codes[2]),
        )
        packed = exp.Add(this=exp.Mul(this=column("at"), expression=whole(4)), expression=code)
        name = f"newest answer {number}" if up else f"newest answer {number}, no first"
        return self.main.extreme(name, "max", packed, self.held.when(slot))

    def at(self, number: int) -> exp.Column:
        """The instant of the newest event; NULL without one."""
        if number in self.answers and number not in self.read:
            return self._coded(number)[1]
        return self._selection(number).ask("at")

    def property(self, number: int, name: str) -> exp.Column:
        """What the newest event says; NULL without one."""
        slot = self.slots[number]
        return self._selection(number).property(name, self.events.property(slot, name))

    def no_when_unknown(self, number: int, name: str) -> bool:
        """Whether the property is a no when it is unknown."""
        return self.events.field(self.slots[number].parts[0].kind, name).no_when_unknown

    def tied(self) -> tuple[exp.Expression, ...]:
        """Whether two newest events are equally new (and, of answers, not the same)."""
        return *self._tied_answers(), *self._tied_events()

    def _tied_answers(self) -> Iterator[exp.Expression]:
        for number in sorted(self.coded):
            newest, at = self._coded(number)
            other = self._extreme_code(number, self.slots[number], up=False)
            both_codes = exp.Add(this=newest, expression=other)
            same = exp.Add(this=exp.Mul(this=at, expression=whole(8)), expression=whole(3))
            yield compared(both_codes, "!=", same)

    def _tied_events(self) -> tuple[exp.Column, ...]:
        return tuple(
            selection.ask("tied")
            for number, selection in self.selections.items()
            if isinstance(self.slots[number].measure, p.Newest)
        )

    def _selection(self, number: int) -> Selection:
        if number in self.selections:
            return self.selections[number]
        made = Selection(f"slot {number}", self.sheet, self.held.when(self.slots[number]))
        made.newest_only(coalesce(column("event"), text("")))
        self.selections[number] = made
        return made
