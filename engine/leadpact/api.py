"""The public face of the engine: load a policy, decide about leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from leadpact.backends.python import Compiled, compile_plan
from leadpact.backends.python.clocks import first_true
from leadpact.backends.python.generate import Mode
from leadpact.backends.python.rows import Texts
from leadpact.backends.python.settle import settling
from leadpact.checked import (
    Category,
    CheckedPolicy,
    Condition,
    Field,
    Grade,
    NumberType,
    PointsBy,
    Score,
)
from leadpact.dated import borders, in_force_on, period_of
from leadpact.decision import (
    Decision,
    Outcome,
    PolicyRef,
    Problem,
    RefusedRecord,
    RejectedRecord,
    SetAside,
    encode,
)
from leadpact.digest import digest
from leadpact.english import sentences
from leadpact.life import History, Replaying
from leadpact.lower import lower
from leadpact.operators.decimals import NotExactError
from leadpact.operators.text import whole
from leadpact.operators.times import day_start, local_day, supported
from leadpact.reading import checked, read
from leadpact.record import Admitted, admission, entered_later, named
from leadpact.schema import RecordTypes, json_schema, record_types
from leadpact_dsl import Diagnostic, SourceFile, render

__all__ = ["Policy", "PolicyError", "RecordError", "load", "load_text"]

_NO_OBJECT = Problem("", "", "A record is an object.")


class PolicyError(Exception):
    """A policy with mistakes. ``diagnostics`` has them all; the text is what people read."""

    def __init__(self, diagnostics: Sequence[Diagnostic], sources: Iterable[SourceFile]) -> None:
        by_name = {source.name: source for source in sources}
        super().__init__("\n\n".join(render(diagnostic, by_name) for diagnostic in diagnostics))
        self.diagnostics = tuple(diagnostics)


class RecordError(ValueError):
    """A record that cannot be decided. ``problems`` names every wrong field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.field}: {p.reason}" for p in problems))
        self.problems = problems


class Policy:
    """A policy that is ready to decide. Immutable, and safe to share between threads."""

    def __init__(self, policy: CheckedPolicy, folder: Path | None = None) -> None:
        self.checked = policy
        self.folder = folder
        self.name = policy.name
        self.version = policy.version
        self.digest = digest(policy)
        self.types: RecordTypes = record_types(policy)
        self._ref = PolicyRef(policy.name, policy.version, self.digest)
        settled = settling(policy, self.types)
        self._settled = settled.settled
        self._admit = admission(policy, self.types, settled.requires)
        self._decimals = _decimals(policy.fields)
        self._event_decimals = any(_decimals(kind.properties) for kind in policy.kinds)
        self._borders = borders(policy)
        self._compiled: dict[tuple[Mode, tuple[Condition, ...], int], Compiled] = {}
        self._bound: dict[bool, tuple[datetime, Callable[..., Any]]] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        # What was generated cannot travel to another process, but it can be made there again.
        return Policy, (self.checked, self.folder)

    def __repr__(self) -> str:
        return f"<Policy {self.name} version {self.version}>"

    @cached_property
    def schema(self) -> dict[str, Any]:
        """What a record looks like, as a JSON Schema (2020-12)."""
        return json_schema(self.checked)

    # --- deciding ------------------------------------------------------------------------------

    def decide(
        self, record: Mapping[str, object], *, as_of: datetime, explain: bool = False
    ) -> Decision | RefusedRecord:
        """What the policy says about a record at the instant ``as_of``.

        ``record`` is as JSON has it (instants as texts or aware datetimes). With ``explain`` the
        decision carries its reasons. Raises ``RecordError`` when the record is wrong and
        ``AsOfError`` when the instant has no offset or lies outside the years 1900 to 2999.
        """
        outcome = self.decide_raw(record, as_of=as_of, explain=explain)
        if isinstance(outcome, RejectedRecord):
            raise RecordError(outcome.problems)
        return outcome

    def decide_many(
        self,
        records: Iterable[Mapping[str, object]],
        *,
        as_of: datetime,
        explain: bool = False,
    ) -> Iterator[Outcome]:
        """One outcome a record, in order, lazily. A wrong record gives a ``RejectedRecord``."""
        for record in records:
            yield self.decide_raw(record, as_of=as_of, explain=explain)

    def decide_raw(
        self, record: Mapping[str, object], *, as_of: datetime, explain: bool = False
    ) -> Outcome:
        """Like ``decide``, with a wrong record as a value instead of an exception."""
        return self.take(record, as_of=as_of, explain=explain)[0]

    def table(
        self,
        leads: object,
        activities: object | None = None,
        *,
        as_of: datetime,
        explain: bool = False,
    ) -> Any:
        """Decide about a table of leads; gives a ``pyarrow.Table``, one row a lead in their order.

        ``leads`` and ``activities`` are anything with an Arrow stream: tables of pyarrow, Polars,
        pandas or DuckDB, with the columns that files have. ``status`` is decided, refused or
        wrong, and ``reason`` says why; results are null unless the lead was decided. With
        ``explain`` the column ``rows`` holds what gave points. Raises ``AsOfError``, and
        ``leadpact.batch.RunError`` for columns that cannot be what they are named after.
        """
        # What works on whole tables stands above this module, and takes a second to import.
        from leadpact.warehouse.table import decide_table

        return decide_table(self, leads, activities, as_of, explain)

    def spark(
        self,
        leads: Any,
        activities: Any = None,
        *,
        as_of: datetime | None = None,
        explain: bool = False,
    ) -> Any:
        """Decide about a DataFrame of Spark; gives another one, one row a lead, not yet worked out.

        The columns are those of ``table``, read in the same way. Without ``as_of``: now. Spark's
        workers decide, so Leadpact must be installed where they run, with all that it needs.
        Raises ``AsOfError``, and ``leadpact.batch.RunError`` for columns that cannot be what they
        are named after, or where Spark is missing.
        """
        from leadpact.places.spark import decided_frame

        return decided_frame(self, leads, activities, as_of=as_of, explain=explain)

    def take(
        self, record: Mapping[str, object], *, as_of: datetime, explain: bool = False
    ) -> tuple[Outcome, tuple[SetAside, ...]]:
        """The outcome, and the events that had to be set aside to reach it."""
        if record.__class__ is not dict and not isinstance(record, Mapping):
            return self._rejected(None, as_of, (_NO_OBJECT,)), ()
        if not self._has_decimals(record):
            try:
                # strict: a text is no number here, whatever a lenient reader would make of it.
                lead = msgspec.convert(record, self.types.lead, strict=True)
                if self._settled(lead):
                    return self._decided(lead, as_of, explain), ()
            except (msgspec.ValidationError, NotExactError, OverflowError, UnicodeEncodeError):
                pass
        return self._take_slowly(record, as_of, explain)

    def take_json(
        self, data: bytes, *, as_of: datetime, explain: bool = False
    ) -> tuple[Outcome, tuple[SetAside, ...]]:
        """Like ``take``, from JSON."""
        try:
            lead = self.types.decoder.decode(data)
            if self._settled(lead):
                return self._decided(lead, as_of, explain), ()
        except (
            msgspec.DecodeError,
            NotExactError,
            OverflowError,
            RecursionError,
            UnicodeDecodeError,
        ):
            pass
        return self._take_json_slowly(data, as_of, explain)

    def _has_decimals(self, record: Mapping[str, object]) -> bool:
        """Whether a number is a ``Decimal``, which fast conversion would make a float of."""
        if any(record.get(name).__class__ is Decimal for name in self._decimals):
            return True
        if not self._event_decimals:
            return False
        events = (record.get("activities"), record.get("actions"))
        return any(
            value.__class__ is Decimal
            for listed in events
            if isinstance(listed, (list, tuple))
            for event in listed
            if isinstance(event, Mapping)
            for value in event.values()
        )

    def decide_json(self, data: bytes, *, as_of: datetime, explain: bool = False) -> bytes:
        """One record as JSON in, one decision as JSON out (also when refused or rejected)."""
        return encode(self.take_json(data, as_of=as_of, explain=explain)[0])

    def _take_json_slowly(
        self, data: bytes, as_of: datetime, explain: bool
    ) -> tuple[Outcome, tuple[SetAside, ...]]:
        try:
            record = msgspec.json.decode(data)
        except UnicodeDecodeError:
            problem = Problem("", "", "This is not JSON: it is not text in UTF-8.")
            return self._rejected(None, as_of, (problem,)), ()
        except (msgspec.DecodeError, RecursionError) as wrong:
            problem = Problem("", "", f"This is not JSON: {wrong}.")
            return self._rejected(None, as_of, (problem,)), ()
        if not isinstance(record, dict):
            return self._rejected(None, as_of, (_NO_OBJECT,)), ()
        return self._take_slowly(record, as_of, explain)

    def _take_slowly(
        self, record: Mapping[str, object], as_of: datetime, explain: bool
    ) -> tuple[Outcome, tuple[SetAside, ...]]:
        admitted = self._admit(record, as_of=supported(as_of))
        if not isinstance(admitted, Admitted):
            name = named(record.get("id"))
            return self._rejected(name and whole(name), as_of, admitted), ()
        outcome = self._decided(admitted.lead, as_of, explain, admitted.warnings)
        return outcome, admitted.set_aside

    def _decided(
        self, lead: Any, as_of: datetime, explain: bool, warnings: tuple[Any, ...] = ()
    ) -> Outcome:
        bound = self._bound.get(explain)
        if bound is None or bound[0] != as_of:
            bound = (as_of, self.bind(as_of, explain=explain))
            self._bound[explain] = bound
        if lead.stage_since is not None and (later := entered_later(lead.stage_since, as_of)):
            return self._rejected(lead.id, as_of, later)
        outcome: Outcome = bound[1](lead, warnings)
        return outcome

    def _rejected(
        self, name: str | None, as_of: datetime, problems: tuple[Problem, ...]
    ) -> RejectedRecord:
        return RejectedRecord(1, name, supported(as_of), self._ref, "rejected", problems)

    # --- the life of a lead --------------------------------------------------------------------

    def replay(self, record: Mapping[str, object], *, until: datetime) -> History | RefusedRecord:
        """The whole life of a lead until an instant: its stays, moves, targets, lists and sleeps.

        It begins in the start stage at the lead's first event. Where the record names a stage, what
        it tells is kept, and replay goes on from ``stage_since``. Raises ``RecordError`` when the
        record is wrong or its lead moves in a circle, ``AsOfError`` when the instant has no offset
        or lies outside the years 1900 to 2999, and ``NoStagesError`` for a policy without stages.
        """
        told = self.replay_raw(record, until=until)[0]
        if isinstance(told, RejectedRecord):
            raise RecordError(told.problems)
        return told

    def replay_raw(
        self, record: Mapping[str, object], *, until: datetime
    ) -> tuple[History | RefusedRecord | RejectedRecord, tuple[SetAside, ...]]:
        """Like ``replay``, with a wrong record as a value, and the events that were set aside."""
        replaying = self._replaying
        if not isinstance(record, Mapping):
            return self._rejected(None, until, (_NO_OBJECT,)), ()
        admitted = self._admit(record)
        name = named(record.get("id"))
        if not isinstance(admitted, Admitted):
            return self._rejected(name and whole(name), until, admitted), ()
        told = replaying(admitted.lead, until, admitted.warnings)
        if isinstance(told, tuple):
            return self._rejected(admitted.lead.id, until, told), ()
        return told, admitted.set_aside

    @cached_property
    def _replaying(self) -> Replaying:
        return Replaying(self, self._ref)

    # --- for those who want more ---------------------------------------------------------------

    def bind(self, as_of: datetime, *, explain: bool = False) -> Callable[..., Any]:
        """The compiled function of a decoded lead (see ``types``) for one instant."""
        return self._bind("explain" if explain else "decide", (), as_of)

    def _bind(
        self, mode: Mode, probes: tuple[Condition, ...], as_of: datetime
    ) -> Callable[..., Any]:
        """A compiled function for one instant, of the rows that are in force then."""
        instant = supported(as_of)
        if not self._borders:
            return self._compile(mode, probes, 0).bind(instant)
        zone = self.checked.zone
        period = period_of(self._borders, local_day(instant, zone))
        compiled = self._compile(mode, probes, period)
        if period == len(self._borders):
            return compiled.bind(instant)
        return compiled.bind(instant, day_start(self._borders[period], zone))

    def _first_true(
        self, condition: Condition, lead: Any, start: datetime, now: datetime
    ) -> tuple[datetime | None, datetime | None]:
        """Since when, from ``start`` on, a condition has been true: see ``FirstTrue``."""
        return first_true(
            condition, lambda instant: self._bind("watch", (condition,), instant), lead, start, now
        )

    def judge(
        self,
        conditions: Sequence[Condition],
        record: Mapping[str, object],
        *,
        as_of: datetime,
        partial: bool = False,
    ) -> tuple[bool | None, ...] | None:
        """Three-valued answers to checked conditions about a record.

        ``None`` in place of the answers: the record is refused. ``partial`` takes a record
        without its required fields. Raises ``RecordError`` when the record is wrong.
        """
        lead = self.admit(record, partial=partial)
        function = self._bind("probe", tuple(conditions), as_of)
        answers: tuple[bool | None, ...] | None = function(lead)
        return answers

    def decide_partial(
        self, record: Mapping[str, object], *, as_of: datetime
    ) -> Decision | RefusedRecord:
        """An explained decision about a record that may lack its required fields."""
        lead = self.admit(record, partial=True)
        outcome: Decision | RefusedRecord = self.bind(as_of, explain=True)(lead)
        return outcome

    def admit(self, record: Mapping[str, object], *, partial: bool = False) -> Any:
        """The record as a typed lead. Raises ``RecordError`` when it is wrong."""
        admitted = self._admit(record, partial)
        if not isinstance(admitted, Admitted):
            raise RecordError(admitted)
        return admitted.lead

    def source(self, *, explain: bool = False) -> str:
        """The generated Python, for people who want to read what runs."""
        return self._compile("explain" if explain else "decide", (), len(self._borders)).source

    def _compile(self, mode: Mode, probes: tuple[Condition, ...], period: int) -> Compiled:
        key = mode, probes, period
        if key not in self._compiled:
            # The day before the first border stands for the first period.
            first = self._borders[period - 1] if period else None
            day = first or (self._borders[0] - timedelta(days=1) if self._borders else date.min)
            policy = in_force_on(self.checked, day)
            # Only a decision with reasons tells what the rules say.
            texts = _texts(policy, self.checked) if mode == "explain" else Texts({}, {}, {})
            self._compiled[key] = compile_plan(
                lower(policy, probes, self.checked),
                self.types,
                self._ref,
                texts,
                mode,
                self._first_true,
            )
        return self._compiled[key]


def _texts(policy: CheckedPolicy, whole: CheckedPolicy) -> Texts:
    """What people are told about the rules of a policy without dates, a period of the whole."""
    rules = list(_rules(policy))
    return Texts(
        sentences(policy, whole),
        {rule: because for rule, because, _ in rules},
        {rule: f"{span.file}:{span.line}" for rule, _, span in rules},
    )


def _decimals(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """The names of the fields that hold numbers with decimals."""
    return tuple(
        field.name
        for field in fields
        if isinstance(field.type, NumberType) and not field.type.whole
    )


def _rules(policy: CheckedPolicy) -> Iterator[tuple[str, str | None, Any]]:
    """Each rule that can stand in a decision's rows, with its reason and place."""
    results: tuple[Score | Grade, ...] = (*policy.scores, *policy.grades)
    for result in results:
        if isinstance(result, Score):
            yield f"{result.name}.at_most", None, result.span
            yield f"{result.name}.at_least", None, result.span
            if result.inactivity is not None:
                yield result.inactivity.rule, None, result.inactivity.span
        for row in result.rows:
            if isinstance(row, Category):
                yield f"{row.rule}.at_most", None, row.span
                if row.inactivity is not None:
                    yield row.inactivity.rule, None, row.inactivity.span
            for inner in row.rows if isinstance(row, Category) else (row,):
                for acting in inner.rows if isinstance(inner, PointsBy) else (inner,):
                    yield acting.rule, acting.because, acting.span


# --- loading -----------------------------------------------------------------------------------


def load(path: str | Path) -> Policy:
    """The policy in a directory (or one file). Raises ``PolicyError`` with every mistake."""
    policy, diagnostics, files = read(path)
    if policy is None:
        raise PolicyError([found for found in diagnostics if found.is_error], files)
    place = Path(path)
    return Policy(policy, place if place.is_dir() else place.parent)


def load_text(text: str, name: str = "policy.leadpact") -> Policy:
    """A policy from text alone, without a directory to read lists from."""
    files = (SourceFile(name, text),)
    policy, diagnostics = checked(files, None)
    if policy is None:
        raise PolicyError([found for found in diagnostics if found.is_error], files)
    return Policy(policy)
