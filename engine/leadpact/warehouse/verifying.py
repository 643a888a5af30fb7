"""Deciding some leads once more, in Python, and comparing."""

from __future__ import annotations

from leadpact.batch.activities import join
from leadpact.batch.comparing import DifferenceError, differences
from leadpact.batch.deciding import Decide
from leadpact.batch.leads import Lead, lead_key
from leadpact.decision import Decision, RefusedRecord, RejectedRecord
from leadpact.warehouse.work import Work

__all__ = ["verify"]


def verify(work: Work, decide: Decide, count: int) -> int:
    """Compare ``count`` leads, spread over the input, that the query decided; how many it were.

    Raises DifferenceError for the first lead of which both do not say the same.
    """
    duck = work.duck
    duck.run(
        "CREATE TABLE sample AS SELECT pos, id FROM (SELECT pos, id, "
        "row_number() OVER (ORDER BY pos) AS place, count(*) OVER () AS whole "
        f"FROM answered WHERE NOT odd) WHERE place % greatest(whole // {count}, 1) = 0 "
        f"ORDER BY pos LIMIT {count}"
    )
    columns = list(duck.columns("answered"))
    answers = duck.each("SELECT a.* FROM answered a SEMI JOIN sample USING (pos) ORDER BY a.pos")
    actions = frozenset(kind.name for kind in work.policy.kinds if kind.party is not None)
    verified = 0
    for answer, (lead, _, joined) in zip(answers, work.raw("sample"), strict=True):
        assert isinstance(lead, Lead)
        lead.record["id"] = lead_key(lead.record.get("id"))
        if joined.events:
            join(lead.record, joined.events, actions)
        outcome = decide(lead.record)[0]
        assert isinstance(outcome, Decision | RefusedRecord | RejectedRecord)
        found = differences(dict(zip(columns, answer, strict=True)), outcome)
        if found:
            raise DifferenceError(str(lead.record["id"]), found)
        verified += 1
    return verified
