"""The lookups that every part of one policy's document needs."""

from __future__ import annotations

from datetime import date

from leadpact.checked import CheckedPolicy, Condition, InForce
from leadpact.dated import in_force_on, is_in_force
from leadpact.english import Sayings, in_force
from leadpact_dsl.source import Span
from leadpact_sla.model import Clause, Links, Rule, State
from leadpact_sla.places import Places
from leadpact_sla.unfold import meaning, unfold

__all__ = ["Writer", "capital"]


class Writer:
    """``today`` is the day for which the pages are made; ``None``: the policy's first day, and
    nothing is marked as not yet or no longer in force.
    """

    def __init__(self, policy: CheckedPolicy, links: Links, today: date | None) -> None:
        self.policy = policy
        self.today = today
        self.current = in_force_on(policy, today or policy.in_force_from or date.min)
        self.says = Sayings(policy)
        self.names = self.says.names
        self.places = Places.of(policy, links)
        self._shown: set[str] = set()

    def rule(
        self,
        rule: str,
        says: str,
        span: Span,
        because: str | None = None,
        *,
        span_of_days: InForce | None = None,
        notes: tuple[str, ...] = (),
        also: tuple[str, ...] = (),
    ) -> Rule:
        """One line of the pages. Of two that share a rule id the first one bears it."""
        first = rule not in self._shown
        self._shown.add(rule)
        return Rule(
            rule,
            says,
            because,
            self.places.source(span, rule),
            also=also,
            anchor=first,
            state=self.state(span_of_days),
            notes=notes,
        )

    def state(self, span: InForce | None) -> State | None:
        if span is None or self.today is None or is_in_force(span, self.today):
            return None
        return "not yet" if span.first is not None and self.today < span.first else "no longer"

    def dates(self, span: InForce | None) -> str | None:
        """``From 1 January 2027``"""
        return capital(in_force(span)) if span is not None else None

    def unfold(self, condition: Condition) -> tuple[Clause, ...]:
        return unfold(self.names, self.places, self.current, condition)

    def meaning(self, name: str) -> Condition:
        """What a definition means today."""
        return meaning(self.current, name)

    def tone(self, party: str | None) -> int | None:
        """The number of a party's colour."""
        names = [one.name for one in self.policy.parties]
        return names.index(party) if party is not None else None

    def owner(self, party: str | None) -> str | None:
        return self.names.parties[party] if party is not None else None


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
