"""What analysis has to say: diagnostics, gathered over the periods of a policy.

A rule that does nothing in one period may be meant for another. So a finding counts only if it is
made in every period in which its rule is in force.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from leadpact import checked as c
from leadpact.analysis.logic import TRUE, Formula
from leadpact.analysis.places import Places
from leadpact.analysis.search import Found, Search, TooHardError
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.source import Span

__all__ = ["Findings", "Period"]

Key: TypeAlias = tuple[str, str, Span]


class Findings:
    """``asked`` counts in how many periods each question was put, ``made`` what was found."""

    def __init__(self) -> None:
        self._asked: dict[Key, int] = {}
        self._made: dict[Key, list[Diagnostic]] = {}
        self._hard: dict[tuple[str, Span], None] = {}

    def put(self, key: Key, said: Diagnostic | None) -> None:
        self._asked[key] = self._asked.get(key, 0) + 1
        if said is not None:
            self._made.setdefault(key, []).append(said)

    def hard(self, what: str, span: Span) -> None:
        """The question about ``what`` took more than its budget."""
        self._hard[what, span] = None

    def all(self) -> tuple[Diagnostic, ...]:
        found = [made[0] for key, made in self._made.items() if len(made) == self._asked[key]]
        return (*dict.fromkeys(found), *self._not_checked())

    def _not_checked(self) -> list[Diagnostic]:
        """One note for all, at the first."""
        if not self._hard:
            return []
        names = list(dict.fromkeys(what for what, _ in self._hard))
        span = next(iter(self._hard))[1]
        shown = ", ".join(f"`{name}`" for name in names[:3])
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        return [
            Diagnostic(
                "W706",
                f"Not checked whether it can ever act: {shown}{more}.",
                span,
                "Too many facts hang together. Split the condition, or cover it with examples.",
            )
        ]


class Period:
    """One period of a policy under analysis: its search, and where findings go.

    ``whole`` is the policy of all periods: rules may name rows that are out of force.
    """

    def __init__(
        self, search: Search, whole: c.CheckedPolicy, places: Places, findings: Findings
    ) -> None:
        self.whole = whole
        self.search = search
        self.model = search.model
        self.policy: c.CheckedPolicy = search.model.policy
        self.places = places
        self.findings = findings

    def possible(
        self, formula: Formula, what: str, span: Span, admitted: bool = True
    ) -> bool | None:
        """Whether some lead makes the formula true; ``None`` when that takes too long."""
        found = self.quietly(formula, admitted)
        if found is None:
            self.findings.hard(what, span)
        return found

    def quietly(self, formula: Formula, admitted: bool = True) -> bool | None:
        """The same without a note."""
        try:
            found: Found | None = self.search.find(formula, admitted)
        except TooHardError:
            return None
        return found is not None

    def say(
        self,
        code: str,
        what: str,
        span: Span,
        wrong: bool,
        make: Callable[[], tuple[str, Span, str]],
    ) -> bool:
        """Put a question about a rule (its id, or a name): ``make`` gives message, place, help."""
        said: Diagnostic | None = None
        if wrong:
            message, place, help_ = make()
            said = Diagnostic(code, message, place, help_)
        self.findings.put((code, what, span), said)
        return wrong

    def why_never(self, when: c.Condition, here: Formula = TRUE) -> str:
        """Why a condition can never hold, in words, of leads of which ``here`` is true."""
        # Sentences are only paid for when something is wrong.
        from leadpact.english import condition

        members = when.members if isinstance(when, c.All) else (when,)
        truths = [self.model.true(member) for member in members]
        if self.quietly(self.model.logic.all_of((here, *truths)), admitted=False):
            return "leads like that are refused"
        if here != TRUE and self.quietly(self.model.true(when)):
            return "no lead in that stage is like that"
        for member, truth in zip(members, truths, strict=True):
            if len(members) > 1 and self.quietly(truth) is False:
                return f"no lead is such that {condition(self.whole, member)}"
        for at, one in enumerate(truths):
            for other in range(at):
                if self.quietly(self.model.logic.all_of((one, truths[other]))) is False:
                    first = condition(self.whole, members[other])
                    second = condition(self.whole, members[at])
                    return f"where {first}, it is never so that {second}"
        return "no lead is like that"
