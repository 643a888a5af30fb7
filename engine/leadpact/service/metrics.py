"""The counts as text for Prometheus (format 0.0.4).

Written by ourselves: the numbers lie in memory that the workers share, and the usual library would
keep them in files and lock at each count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from leadpact.service.counts import BUCKETS, OUTCOMES, QUESTIONS, STATUSES, Totals
from leadpact.service.problems import KINDS
from leadpact.service.standing import Standing

__all__ = ["MEDIA_TYPE", "metrics_text"]

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


def metrics_text(totals: Totals, standing: Standing) -> str:
    """All metrics of a service. ``standing`` is what is served now."""
    return "".join(f"{line}\n" for line in _lines(totals, standing))


def _lines(totals: Totals, standing: Standing) -> Iterator[str]:
    places = standing.places
    yield from _head("leadpact_decisions_total", "counter", "Leads by policy and outcome.")
    for name, place in places.items():
        for number, question in enumerate(QUESTIONS):
            for index, outcome in enumerate(OUTCOMES):
                count = totals.outcome(place, number, index)
                if _can_be(question, outcome):
                    labels = f'policy="{name}",question="{question}",outcome="{outcome}"'
                    yield f"leadpact_decisions_total{{{labels}}} {_number(count)}"
    yield from _head("leadpact_request_seconds", "histogram", "Time from the body to the answer.")
    for name, place in places.items():
        for number, question in enumerate(QUESTIONS):
            labels = f'policy="{name}",question="{question}"'
            yield from _histogram(labels, *totals.times(place, number))
    yield from _one_a_label(
        "leadpact_responses_total",
        "Answers by status.",
        "status",
        ((str(status), totals.status(status)) for status in STATUSES),
    )
    yield from _one_a_label(
        "leadpact_problems_total",
        "Requests that ended in a problem document, by its kind.",
        "problem",
        ((name, totals.problem(name)) for name in KINDS),
    )
    yield from _singles(totals, standing)


def _can_be(question: str, outcome: str) -> bool:
    return outcome not in (("replayed",) if question != "replay" else ("decided",))


def _histogram(labels: str, counts: list[float], seconds: float) -> Iterator[str]:
    name = "leadpact_request_seconds"
    for bound, below in zip((*map(str, BUCKETS), "+Inf"), accumulate(counts), strict=True):
        yield f'{name}_bucket{{{labels},le="{bound}"}} {_number(below)}'
    yield f"{name}_sum{{{labels}}} {seconds!r}"
    yield f"{name}_count{{{labels}}} {_number(sum(counts))}"


def _singles(totals: Totals, standing: Standing) -> Iterator[str]:
    for name, key, says in (
        ("leadpact_log_lines_total", "log_lines", "Lines of the decision log."),
        ("leadpact_log_bytes_total", "log_bytes", "Bytes of the decision log."),
        ("leadpact_log_failures_total", "log_fails", "Lines that could not be written."),
    ):
        yield from _head(name, "counter", says)
        yield f"{name} {_number(totals.single(key))}"
    for name, key, says in (
        ("leadpact_connections", "connections", "Open connections."),
        ("leadpact_worker_memory_bytes", "memory", "Resident memory of a worker."),
    ):
        pairs = ((str(worker), number) for worker, number in enumerate(totals.each(key)))
        yield from _one_a_label(name, says, "worker", pairs, "gauge")
    reloads = {"taken": standing.reloads_taken, "kept": standing.reloads_kept}
    yield from _one_a_label(
        "leadpact_reloads_total",
        "Reloads: the new policies were taken, or the old ones kept.",
        "result",
        reloads.items(),
    )
    yield from _head(
        "leadpact_worker_restarts_total", "counter", "Workers that had to be replaced."
    )
    yield f"leadpact_worker_restarts_total {standing.restarts}"
    yield from _head("leadpact_policy_info", "gauge", "The policies and versions that are served.")
    for shelf in standing.catalogue:
        for version in shelf.versions:
            labels = (
                f'policy="{shelf.name}",version="{version.policy.version}",'
                f'digest="{version.policy.digest}"'
            )
            yield f"leadpact_policy_info{{{labels}}} 1"


def _head(name: str, kind: str, says: str) -> tuple[str, str]:
    return f"# HELP {name} {says}", f"# TYPE {name} {kind}"


def _one_a_label(
    name: str, says: str, label: str, values: Iterable[tuple[str, float]], kind: str = "counter"
) -> Iterator[str]:
    yield from _head(name, kind, says)
    for value, number in values:
        yield f'{name}{{{label}="{value}"}} {_number(number)}'


def _number(count: float) -> str:
    return str(int(count))
