"""Many random leads: what a policy's script says must be what the engine says.

``python tests/javascript/soak.py --records 2000`` draws leads of the shipped policies;
``--policies 100 --records 100 --seed 1`` those of random policies. Stops at the first that differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from tests.javascript.in_node import Case, disagreements
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_case

import leadpact

POLICIES = Path(__file__).parent.parent.parent / "policies"
SHIPPED = sorted({path.parent.name for path in POLICIES.glob("*/*.leadpact")})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--policies", type=int, default=0, help="random ones; 0: the shipped")
    parser.add_argument("--records", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    for name, policy in policies(chosen.policies, chosen.seed):
        if chosen.only not in name:
            continue
        began = time.monotonic()
        cases = drawn(policy, chosen.records, chosen.seed)
        wrong = next(disagreements(cases), None)
        if wrong is not None:
            print(f"{name} {policy.checked.sources[0].text if chosen.policies else ''}\n{wrong}")
            return 1
        print(f"{name}: {len(cases)} leads, {time.monotonic() - began:.1f} s", flush=True)
    return 0


def policies(count: int, seed: int) -> Iterator[tuple[str, leadpact.Policy]]:
    if not count:
        for name in SHIPPED:
            yield name, shipped_policy(name)
        return
    for number in range(seed, seed + count):
        try:
            yield f"seed {number}", leadpact.load_text(draw_policy(Random(number)))
        except leadpact.PolicyError:
            continue


@cache
def shipped_policy(name: str) -> leadpact.Policy:
    return leadpact.load(POLICIES / name)


def drawn(policy: leadpact.Policy, records: int, seed: int) -> list[Case]:
    r, aims = Random(seed), aims_of(policy.checked)
    return [Case(policy, *draw_case(r, policy.checked, aims)) for _ in range(records)]


if __name__ == "__main__":
    sys.exit(main())
