"""Where a lead stands, as far as a record without moves tells.

Without ``stage`` it is in the start stage, since its first event. With ``stage``, nothing is known
about other stages. These are columns that are known before the pass over the events.
"""

from __future__ import annotations

from sqlglot import exp

from leadpact.backends.sql.dialects import both, either
from leadpact.backends.sql.matching import compared, is_known
from leadpact.backends.sql.sheet import Sheet, case, coalesce, column, text, whole
from leadpact.checked import CheckedPolicy

__all__ = ["PAST", "Standing"]

PAST = -62_135_596_800_000_000
"""The first instant that there is, in microseconds."""


class Standing:
    """The present stage and since when, as columns of ``sheet``."""

    def __init__(self, policy: CheckedPolicy, sheet: Sheet) -> None:
        self.sheet = sheet
        self.start = next((stage.name for stage in policy.stages if stage.start), None)

    @property
    def stage(self) -> exp.Column:
        """The present stage; never NULL in a policy with stages."""
        if self.start is None:
            return column("stage")
        told = coalesce(column("stage"), text(self.start))
        return self.sheet.add("stage now", told)

    def is_in(self, stage: str) -> exp.Expression:
        return compared(self.stage, "==", text(stage))

    @property
    def is_told(self) -> exp.Expression:
        """Whether the record tells of the past: it does when it names no stage."""
        return exp.Is(this=column("stage"), expression=exp.Null())

    @property
    def is_in_start(self) -> exp.Expression:
        """Whether the lead is in the start stage."""
        assert self.start is not None
        return self.is_in(self.start)

    @property
    def entered(self) -> exp.Column:
        """When the lead entered its stage, where the record says so; else NULL."""
        said = case((is_known(column("stage")), column("stage_since")))
        return self.sheet.add("entered told", said)

    @property
    def since(self) -> exp.Column:
        """From when on events count as of the present stage; NULL while nobody can tell."""
        told = self.entered
        # In the start stage since the first event: all of them count.
        found = case((is_known(told), told), (self.is_in_start, whole(PAST)))
        return self.sheet.add("since", found)

    def since_stage(self, how: str, stage: str, gaining: bool) -> exp.Expression:
        """From when on events count since a stage was entered or left; NULL: none do.

        ``gaining``: for a lead that never was there all events count.
        """
        never = [(self.is_told, whole(PAST))] if gaining else []
        if how == "leaving":
            return case(*never, otherwise=exp.cast(exp.Null(), "bigint"))
        return case((self.is_in(stage), self.since), *never)

    def knows_since(self, how: str, stage: str) -> exp.Expression:
        """Whether it is known when the lead last entered or left it, or that it never did."""
        if how == "leaving":
            return self.is_told
        here = both(self.is_in(stage), is_known(self.since))
        elsewhere = both(compared(self.stage, "!=", text(stage)), self.is_told)
        return exp.paren(either(here, elsewhere))

    def entries(self, stages: tuple[str, ...], first: exp.Expression | None) -> exp.Expression:
        """The last known entry to one of the stages; NULL without any.

        ``first`` is the lead's first event; it is asked for if the start stage is among them.
        """
        told = self.entered
        known = case((exp.In(this=self.stage, expressions=[text(one) for one in stages]), told))
        if self.start not in stages or first is None:
            return known
        began = case((self.is_in_start, first))
        return coalesce(known, began)
