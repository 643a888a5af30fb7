"""Worked examples of a policy: run, and told about.

``running`` decides each example's lead, at its own instant and in its steps; ``judging`` compares
that with what is expected; ``telling`` says what is wrong, for people.
"""

from __future__ import annotations

from leadpact.examples.judging import Found, Situation, Unmet, how_of, judged
from leadpact.examples.running import (
    ExampleResult,
    StepResult,
    conditions_asked,
    example_record,
    run_examples,
)
from leadpact.examples.telling import report

__all__ = [
    "ExampleResult",
    "Found",
    "Situation",
    "StepResult",
    "Unmet",
    "conditions_asked",
    "example_record",
    "how_of",
    "judged",
    "report",
    "run_examples",
]
