"""How tight is `valid_until`? How often nothing changes at it, over Kontor's sample.

A decision may be kept until that instant; it is never too late, but may be too early. Each lead is
decided, and decided again at its `valid_until`.

    python bench/valid_until.py
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import leadpact

KONTOR = Path(__file__).resolve().parent / "kontor"
AS_OF = datetime(2026, 11, 21, 9, tzinfo=UTC)


def results(decision: object) -> tuple[object, ...]:
    """What a decision says, but for the instants."""
    assert isinstance(decision, leadpact.Decision)
    return (
        decision.scores,
        decision.grades,
        decision.groups,
        decision.checklists,
        decision.stage,
    )


def main() -> None:
    policy = leadpact.load(KONTOR)
    bounded = unchanged = leads = 0
    kept: list[timedelta] = []
    with (KONTOR / "sample" / "leads.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            leads += 1
            record = json.loads(line)
            now = policy.decide(record, as_of=AS_OF)
            assert isinstance(now, leadpact.Decision)
            if now.valid_until is None:
                continue
            bounded += 1
            kept.append(now.valid_until - AS_OF)
            unchanged += results(policy.decide(record, as_of=now.valid_until)) == results(now)
    print(f"{leads:,} leads, {leads - bounded:,} decided for ever")
    print(f"{bounded:,} with a `valid_until`, half of them within {median(kept)}")
    print(f"{unchanged:,} of these ({unchanged / bounded:.0%}) say the same at it as before")


if __name__ == "__main__":
    main()
