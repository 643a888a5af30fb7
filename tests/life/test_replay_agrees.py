"""Random policies and records: the engine tells the same life as the slow evaluator.

``soak_lives.py`` does the same for as long as one likes, and makes a disagreement small;
``LEADPACT_MORE=20 pytest tests/life`` tries so many times as many here.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
import yaml
from tests.how_many import how_many
from tests.life.agreement import differences, engine_life, slow_life
from tests.life.draw_lives import draw_busy_policy, draw_life
from tests.life.soak_lives import happened
from tests.property.draw_record import aims_of
from tests.reference.life import TooManyInstantsError, life_of

import leadpact

ROOT = Path(__file__).parent.parent.parent
CORPUS = sorted((ROOT / "tests" / "corpus" / "replay").glob("*/*.yaml"))
# In these lives everything happens.
SEEDS = (0, 2, 6, 8, 12, 15, *range(100, 100 + how_many(6) - 6))
RECORDS = 8
SHIPPED = sorted({path.parent for path in (ROOT / "policies").glob("*/*.leadpact")})

OCCURS = {
    "clock met", "clock missed", "clock stopped", "clock running", "clock waiting",
    "exit: times out to", "exit: hands back to", "exit: moves to", "exit: recorded",
    "exit by any stage", "sleep: woke", "sleep: still asleep or left", "worklist, left",
    "told: in time", "told: missed", "pause, over", "status circle", "status refused",
}  # fmt: skip


def test_the_engine_tells_the_same_life() -> None:
    counts: Counter[str] = Counter()
    for seed in SEEDS:
        r = Random(seed)
        text = draw_busy_policy(r)
        counts += agree(leadpact.load_text(text), r, RECORDS, text)
    # What is no longer drawn is no longer tested.
    assert set(counts) >= OCCURS


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_lives_by_the_shipped_policies(folder: Path) -> None:
    assert agree(leadpact.load(folder), Random(3), 4, folder.name)


def agree(policy: leadpact.Policy, r: Random, records: int, text: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    if not policy.checked.stages:
        return counts
    aims = aims_of(policy.checked)
    for _ in range(records):
        record, until = draw_life(r, policy.checked, aims)
        try:
            slow = slow_life(policy, record, until)
        except TooManyInstantsError:
            continue
        found = list(differences(slow, engine_life(policy, record, until)))
        assert not found, f"{text}\n{json.dumps(record)}\nuntil {until}\n" + "\n".join(found)
        counts.update(set(happened(slow)))
    return counts


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_the_corpus_by_the_slow_evaluator(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    folder = ROOT / "policies" / case["of"] if "of" in case else path.parent
    policy, until = leadpact.load(folder), datetime.fromisoformat(case["until"])
    slow = life_of(policy.checked, case["record"], until)
    assert not list(differences(slow, engine_life(policy, case["record"], until)))
