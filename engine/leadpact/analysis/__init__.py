"""What can never happen, and what can: static checks, and the ground for proofs.

Facts fall into finitely many classes, scores are sums of independent components, and sums are sets
of bits: so reachability is exact without a solver, and quick. ``analyse`` gives diagnostics,
``reach`` gives answers with witnesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from leadpact.analysis.reaching import Reach
    from leadpact.checked import CheckedPolicy
    from leadpact_dsl import Diagnostic

__all__ = ["analyse", "reach"]


def analyse(policy: CheckedPolicy) -> tuple[Diagnostic, ...]:
    """What the policy says that can never act, always does, or cuts off what was promised.

    In the order of files and lines. Only what is sure becomes a finding; what took too long is
    named in a note (``W706``).
    """
    # Whoever only checks a policy with mistakes does not pay for this.
    from leadpact.analysis.checks import all_findings

    return all_findings(policy)


def reach(policy: CheckedPolicy, on: date | None = None) -> Reach:
    """Which rules leads can make act, and which points they can reach, each with a witness.

    ``on``: the day whose rows count; ``None``: the last period that the policy plans.
    """
    from leadpact.analysis.reaching import reach as reach_on

    return reach_on(policy, on)
