"""One record in, one answer out: what is common to decisions, streams of them, and replays.

Nothing here waits. An answer is made, counted and logged in one go; only then may it be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from time import perf_counter
from typing import Any, Final

import msgspec

from leadpact.api import Policy
from leadpact.decision import (
    Decision,
    Outcome,
    PolicyRef,
    Problem,
    RefusedRecord,
    RejectedRecord,
    encode,
)
from leadpact.life import History, NoStagesError
from leadpact.life import encode as encode_history
from leadpact.service.counts import OUTCOMES, QUESTIONS, Row
from leadpact.service.decision_log import DecisionLog, LogError
from leadpact.service.journal import Journal
from leadpact.service.log_lines import Writer
from leadpact.service.problems import ProblemError
from leadpact.service.settings import Settings
from leadpact.service.time_limit import OutOfTimeError, TimeLimit

__all__ = ["Deciding", "Question"]

_DECIDE: Final = QUESTIONS.index("decide")
_MANY: Final = QUESTIONS.index("decide-many")
_REPLAY: Final = QUESTIONS.index("replay")
_OUTCOME: Final = {outcome: index for index, outcome in enumerate(OUTCOMES)}

_SMALL: Final = 16_384
"""Bodies up to so many bytes are decided in no time, whatever stands in them."""

_LEAST: Final = 3
"""Bytes of the shortest event, with its comma."""

_BOM: Final = b"\xef\xbb\xbf"


class Question:
    """A request about leads: by which policy, as of when, and who asks."""

    __slots__ = ("as_of", "explain", "key", "place", "policy", "request")

    def __init__(
        self,
        policy: Policy,
        place: int,
        as_of: datetime,
        explain: bool,
        request: str,
        key: str | None,
    ) -> None:
        self.policy = policy
        self.place = place
        self.as_of = as_of
        self.explain = explain
        self.request = request
        self.key = key

    @property
    def ref(self) -> PolicyRef:
        """The policy as answers name it."""
        return PolicyRef(self.policy.name, self.policy.version, self.policy.digest)


class Deciding:
    """Decides for one worker."""

    def __init__(self, settings: Settings, row: Row, log: DecisionLog | None, journal: Journal):
        self._limits = settings.limits
        self._logging = settings.log
        self._row = row
        self._log = log
        self._journal = journal
        self._counts = settings.metrics
        self._small = min(_SMALL, _LEAST * settings.limits.events)
        self.time_limit = TimeLimit(settings.limits.seconds)
        self.log_fails = False

    # --- one record ----------------------------------------------------------------------------

    def decide(self, question: Question, body: bytes) -> bytes:
        """The answer about one record. Raises ``ProblemError``."""
        begun = perf_counter()
        outcome = self.outcome(question, body)
        answer = encode(outcome)
        if self._log is not None:
            writer = self._writer(question, "decide")
            self.write(writer.line(question.policy, body, outcome, answer))
        self._answered(question, _DECIDE, outcome.status, begun)
        if isinstance(outcome, RejectedRecord):
            raise _wrong(question, outcome, body, self._limits.depth)
        return answer

    def at_once(self, question: Question, body: bytes) -> bytes | None:
        """The same for a record with nothing unusual about it; ``None`` for others, of which
        nothing is logged or counted.
        """
        begun = perf_counter()
        decision = self._usual(question, body)
        if decision is None:
            return None
        answer = encode(decision)
        if self._log is not None:
            line = self._writer(question, "decide").line(question.policy, body, decision, answer)
            try:
                self._log.append(line)
            except LogError:
                return None
            self._logged(line)
        self._answered(question, _DECIDE, "decided", begun)
        return answer

    def replay(self, question: Question, body: bytes) -> bytes:
        """The life of one lead. Raises ``ProblemError``."""
        begun = perf_counter()
        told = self._replayed(question, body)
        answer = encode_history(told) if isinstance(told, History) else encode(told)
        if self._log is not None:
            writer = self._writer(question, "replay")
            self.write(writer.line(question.policy, body, told, answer))
        self._answered(question, _REPLAY, told.status, begun)
        if isinstance(told, RejectedRecord):
            raise _wrong(question, told, body, self._limits.depth)
        return answer

    def _replayed(
        self, question: Question, body: bytes
    ) -> History | RefusedRecord | RejectedRecord:
        record = _record(body, self._limits.depth)
        self._few_events(body)
        try:
            with self.time_limit:
                return question.policy.replay_raw(record, until=question.as_of)[0]
        except NoStagesError:
            detail = f"The policy {question.policy.name} has no stages."
            raise ProblemError("no-stages", detail) from None
        except OutOfTimeError:
            raise self._too_long() from None

    def outcome(self, question: Question, body: bytes) -> Outcome:
        """What the policy says. Raises ``ProblemError`` for a record beyond the limits."""
        return self._usual(question, body) or self._unusual(question, body)

    def _usual(self, question: Question, body: bytes) -> Decision | None:
        """The decision about a record that is small and as it should be; ``None`` for others."""
        if len(body) > self._small:
            return None
        policy = question.policy
        outcome, _ = policy.take_json(body, as_of=question.as_of, explain=question.explain)
        if isinstance(outcome, Decision) and not outcome.warnings:
            return outcome
        return None

    def _unusual(self, question: Question, body: bytes) -> Outcome:
        if body.startswith(_BOM):
            body = body[3:]
        self._few_events(body)
        policy, as_of, explain = question.policy, question.as_of, question.explain
        try:
            with self.time_limit:
                outcome, _ = policy.take_json(body, as_of=as_of, explain=explain)
        except OutOfTimeError:
            raise self._too_long() from None
        # Only where the fast reader gave up can anything be nested at all.
        if isinstance(outcome, RejectedRecord) or outcome.warnings:
            _shallow(body, self._limits.depth)
        return outcome

    def _few_events(self, body: bytes) -> None:
        most = self._limits.events
        # An event is an object, and begins with a bracket.
        if body.count(b"{") > most + 1 and _events(body) > most:
            detail = f"A record has at most {most:,} activities, actions and moves together."
            raise ProblemError("too-many-events", detail)

    def _too_long(self) -> ProblemError:
        detail = f"A record is worked on for {self._limits.seconds:g} seconds at most."
        return ProblemError("too-long-to-decide", detail)

    # --- many records --------------------------------------------------------------------------

    def line(
        self, question: Question, body: bytes, number: int, writer: Writer | None
    ) -> tuple[bytes, bytes]:
        """The answer about one line of many, and its line of the log. Bad ones are answered."""
        try:
            outcome = self.outcome(question, body)
        except ProblemError as problem:
            outcome = self._bad(question, f"{problem.kind.title}. {problem.detail}")
        return self._answer(question, body, number, writer, outcome)

    def bad_line(
        self, question: Question, number: int, writer: Writer | None, reason: str
    ) -> tuple[bytes, bytes]:
        """The same for a line that cannot be read."""
        return self._answer(question, b"", number, writer, self._bad(question, reason))

    def _answer(
        self,
        question: Question,
        body: bytes,
        number: int,
        writer: Writer | None,
        outcome: Outcome,
    ) -> tuple[bytes, bytes]:
        answer = encode(outcome)
        if self._counts:
            self._row.outcome(question.place, _MANY, _OUTCOME[outcome.status], 1)
        if writer is None:
            return answer, b""
        return answer, writer.line(question.policy, body, outcome, answer, number)

    def _bad(self, question: Question, reason: str) -> RejectedRecord:
        problems = (Problem("", "", reason),)
        return RejectedRecord(1, None, question.as_of, question.ref, "rejected", problems)

    def writer(self, question: Question) -> Writer | None:
        """What makes the log's lines of a stream; ``None`` without a log."""
        return self._writer(question, "decide-many") if self._log is not None else None

    def took(self, question: Question, begun: float) -> None:
        """A stream that began at ``begun`` (``perf_counter``) has ended."""
        if self._counts:
            self._row.took(question.place, _MANY, perf_counter() - begun)

    # --- the log -------------------------------------------------------------------------------

    def _writer(self, question: Question, asked: str) -> Writer:
        assert self._logging is not None
        return Writer(self._logging, question.request, asked, question.key)

    def write(self, lines: bytes) -> None:
        """Append to the log. Raises ``ProblemError`` when it cannot be written."""
        if self._log is None or not lines:
            return
        try:
            self._log.append(lines)
        except LogError as wrong:
            self._row.add("log_fails", 1)
            if not self.log_fails:
                self._journal.tell("log unwritable", "error", because=str(wrong))
            self.log_fails = True
            detail = "The decision could not be written to the log, so it is not answered."
            raise ProblemError("log-unwritable", detail) from None
        self._logged(lines)

    def _logged(self, lines: bytes) -> None:
        if self.log_fails:
            self._journal.tell("log writable again")
        self.log_fails = False
        self._row.add("log_lines", lines.count(b"\n"))
        self._row.add("log_bytes", len(lines))

    def _answered(self, question: Question, asked: int, status: str, begun: float) -> None:
        if self._counts:
            self._row.answered(question.place, asked, _OUTCOME[status], perf_counter() - begun)


def _wrong(question: Question, outcome: RejectedRecord, body: bytes, depth: int) -> ProblemError:
    """The problem document of a record that cannot be decided."""
    _record(body, depth)
    count = len(outcome.problems)
    detail = "One thing is wrong" if count == 1 else f"{count} things are wrong"
    more = {
        "id": outcome.id,
        "as_of": outcome.as_of,
        "policy": question.ref,
        "problems": outcome.problems,
    }
    return ProblemError("wrong-record", f"{detail} in the record: see `problems`.", more)


def _record(body: bytes, depth: int) -> Mapping[str, Any]:
    """The body as JSON (not always an object: then the record is told to be wrong)."""
    try:
        value: Any = msgspec.json.decode(body.removeprefix(_BOM))
    except RecursionError:
        raise _too_deep(depth) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise ProblemError("not-json", f"The body is not JSON: {_place(str(wrong))}.") from None
    _not_deeper(value, depth)
    return value  # type: ignore[no-any-return]


def _place(said: str) -> str:
    """What the JSON reader says, for people."""
    return said.removeprefix("JSON is malformed: ").removeprefix("Input data was ") or "unreadable"


def _shallow(body: bytes, depth: int) -> None:
    try:
        value = msgspec.json.decode(body)
    except RecursionError:
        raise _too_deep(depth) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    _not_deeper(value, depth)


def _not_deeper(value: object, depth: int) -> None:
    """Look at one level after the other, without recursion."""
    level = [value]
    for _ in range(depth):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        if not below:
            return
        level = [one for one in below if isinstance(one, (dict, list))]
    if level:
        raise _too_deep(depth)


def _too_deep(depth: int) -> ProblemError:
    detail = f"Objects and lists stand at most {depth} levels deep in each other."
    return ProblemError("too-deep", detail)


def _events(body: bytes) -> int:
    """How many activities, actions and moves a body has; 0 if it is no record."""
    try:
        record = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return 0
    if not isinstance(record, dict):
        return 0
    listed = (record.get(key) for key in ("activities", "actions", "moves"))
    return sum(len(events) for events in listed if isinstance(events, list))
