"""The way of a run: through DuckDB where the query can say the policy, in Python where not."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Literal, TypeAlias

from leadpact.backends.sql import CannotSayError, query
from leadpact.batch import Summary
from leadpact.batch import run as run_in_python
from leadpact.batch.deciding import Policy, decider
from leadpact.batch.meter import Meter
from leadpact.batch.numbers import Numbers
from leadpact.batch.options import RunOptions, Step
from leadpact.batch.rejects import StoppedError
from leadpact.batch.runner import Listener, begin, rejects_file
from leadpact.batch.summary import summarize
from leadpact.batch.tally import Tally
from leadpact.batch.telling import Telling
from leadpact.batch.ways import why_in_python
from leadpact.warehouse.counting import count
from leadpact.warehouse.doors import DuckDoors
from leadpact.warehouse.duck import Duck, Resources
from leadpact.warehouse.opening import open_events, open_leads
from leadpact.warehouse.results import Wording
from leadpact.warehouse.verifying import verify as verify_sample
from leadpact.warehouse.work import Work
from leadpact.warehouse.writing import LinesWriting, Writing, writing_to

__all__ = ["Engine", "run"]

_EVERY_SECONDS = 0.1

Engine: TypeAlias = Literal["duckdb", "python"]


def run(
    policy: Policy,
    options: RunOptions,
    *,
    on: Engine = "duckdb",
    progress: Listener = None,
    resources: Resources | None = None,
    verify: int = 0,
) -> Summary:
    """Decide every lead of a place, as ``leadpact.batch.run`` does, with the same outcome.

    On ``duckdb`` a query decides, and Python only what is odd; where that cannot be, all leads
    are decided in Python, and the summary's ``notes`` say why. ``verify`` is the number of leads
    that are decided in Python as well, and compared: DifferenceError if they are not the same.
    Raises RunError for mistakes of use.
    """
    why = "" if on == "python" else why_in_python(options)
    if not why and on == "duckdb":
        try:
            return _in_duckdb(policy, options, progress, resources or Resources(), verify)
        except CannotSayError as error:
            why = f"This policy is decided in Python: SQL cannot say {error.construct}."
        except StoppedError:
            # Which record is the first wrong one, and what was read before it, Python says.
            why = ""
    doors = DuckDoors(resources or Resources(), policy, options)
    with doors:
        summary = run_in_python(policy, options, progress=progress, doors=doors)
    return replace(summary, notes=(why,)) if why else summary


def _in_duckdb(
    policy: Policy, options: RunOptions, progress: Listener, resources: Resources, sample: int
) -> Summary:
    started = time.monotonic()
    mapping = begin(policy, options)
    checked = policy.checked
    watch = _Watch(progress)
    with Duck.opened(resources) as duck, rejects_file(options) as (rejects, keep_rejects):
        leads = open_leads(duck, options.leads, checked, mapping, watch.on_bytes)
        events = None
        if options.activities is not None:
            events = open_events(duck, options.activities, checked, watch.on_bytes)
        for source in (leads, events):
            if source is not None and source.stream is not None:
                duck.register(source.relation, source.stream)
        wording = Wording(checked, policy.digest, options.as_of)
        with _written(options, wording) as writing:
            work = Work(duck, checked, leads, events)
            watch.step("reading activities", 0 if events is None else events.size)
            each_warning = isinstance(writing, LinesWriting) and writing.tells_warnings
            work.stage(each_warning)
            found = query(
                checked,
                options.as_of,
                rows=options.explain,
                event_ids=work.has_event_ids(),
                counted=work.thin is not None,
            )
            watch.step("deciding", leads.size)
            work.decide(found, watch.heard)
            decide = decider(policy, options.as_of, options.explain, False)
            verified = 0
            if sample:
                watch.step("comparing", sample)
                verified = verify_sample(work, decide, sample)
            telling = Telling(
                decide,
                Tally(checked),
                rejects,
                leads.numbers,
                Numbers("activities") if events is None else events.numbers,
            )
            work.tell(telling, writing)
            count(work, telling.tally)
            if writing is not None:
                writing.write(duck, queried=True)
                writing.keep()
            keep_rejects()
            watch.done()
        in_python = duck.one("SELECT count(*) FROM odd")
    seconds = time.monotonic() - started
    problems = (rejects.rows, rejects.first)
    summary = summarize(telling.tally, options, policy.digest, problems, seconds, False)
    return replace(summary, in_python=in_python, verified=verified)


@contextmanager
def _written(options: RunOptions, wording: Wording) -> Iterator[Writing | None]:
    if options.out is None:
        yield None
        return
    with writing_to(options.out, wording, options.explain) as writing:
        yield writing


class _Watch:
    """Tells the listener how far the run is, whatever reads or decides just now."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._meter: Meter | None = None
        self._size = 0
        self._next = 0.0

    def step(self, step: Step, size: int) -> None:
        self._meter = Meter(self._listener, step, size)
        self._size = size

    def on_bytes(self, count: int) -> None:
        if self._meter is not None:
            self._meter.on_bytes(count)
            if time.monotonic() >= self._next:
                self._next = time.monotonic() + _EVERY_SECONDS
                self._meter.tell()

    @property
    def heard(self) -> Callable[[float], None] | None:
        """What hears how much of a query is done; ``None`` if nobody wants to know."""
        return None if self._listener is None else self._tell

    def _tell(self, share: float) -> None:
        if self._meter is not None:
            self._meter.bytes_read = round(share * self._size)
            self._meter.tell()

    def done(self) -> None:
        if self._meter is not None:
            self._meter.bytes_read = self._size
            self._meter.tell()
