"""A decision as people read it: the verdict first, then why, then what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from leadpact.arrivals import arrivals, worklists
from leadpact.checked import (
    AnsweredItem,
    AskedItem,
    CheckedPolicy,
    Checklist,
    Move,
)
from leadpact.cli.instants import shown
from leadpact.cli.painting import bad, dim, good, strong, unsure
from leadpact.decision import Decision, RefusedRecord, SetAside, StageResult, Warning
from leadpact.examples import how_of
from leadpact.rows_text import points_text, row_lines
from leadpact.why_not import Judged, JudgedMove, fields_read, moves_out_of

__all__ = ["decision_text", "refusal_text"]

_STATE = {True: good("yes"), False: bad("no"), None: unsure("unknown")}
_STATE_WIDTH = len("unknown")
_VERBS = {"moves to": "moves", "hands back to": "is handed back", "times out to": "times out"}


def decision_text(
    policy: CheckedPolicy,
    decision: Decision,
    moves: Sequence[JudgedMove],
    aside: Sequence[SetAside] = (),
    width: int = 100,
) -> str:
    """The explained decision; ``moves`` are those of the lead's stage, judged."""
    text = _Text(policy, decision, width, frozenset(one.move.rule for one in moves))
    blocks = [
        [*text.verdict()],
        [*text.results()],
        *text.why(),
        *([*text.move(one)] for one in moves),
        [*text.clocks()],
        [*text.asking()],
        [*text.until()],
        [*_warnings(decision.warnings, aside)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def refusal_text(policy: CheckedPolicy, refused: RefusedRecord) -> str:
    """A record that the policy turns away, with its reason."""
    because = refused.refusal.because or f"the rule {refused.refusal.rule} says so"
    lines = [strong(f"{refused.id} is turned away: {because}."), _asked(policy, refused)]
    lines += _warnings(refused.warnings, ())
    return "\n".join(lines)


def _asked(policy: CheckedPolicy, outcome: Decision | RefusedRecord) -> str:
    when = shown(outcome.as_of, policy.zone)
    return dim(f"{policy.label}, version {policy.version}, as of {when}")


@dataclass(frozen=True, slots=True)
class _Text:
    policy: CheckedPolicy
    decision: Decision
    width: int
    judged: frozenset[str]

    # --- the verdict and the results -----------------------------------------------------------

    def verdict(self) -> Iterator[str]:
        decision, stage = self.decision, self.decision.stage
        if stage is None:
            results = [
                *(f"{points_text(one.points)} for {name}" for name, one in decision.scores.items()),
                *(f"{one.letter} for {name}" for name, one in decision.grades.items()),
            ]
            said = (
                f"{decision.id} gets {_and(results)}." if results else f"{decision.id} is decided."
            )
        elif stage.next is None:
            said = f"{decision.id} stays in “{self.stage(stage.current)}”."
        else:
            here, there = self.stage(stage.current), self.stage(stage.next)
            rule = stage.rule if isinstance(stage.rule, str) else ""
            said = f"{decision.id} {_VERBS[how_of(rule)]} from “{here}” to “{there}” now."
        yield strong(said)
        if stage is not None and stage.rule not in self.judged and self._because():
            yield f"because: {self._because()}"
        yield _asked(self.policy, decision)

    def _because(self) -> str | None:
        """The reason of the move that the lead makes now."""
        stage = self.decision.stage
        return stage.because if stage is not None and isinstance(stage.because, str) else None

    def stage(self, name: str) -> str:
        return next(stage.label for stage in self.policy.stages if stage.name == name)

    def results(self) -> Iterator[str]:
        lines = [*self._points(), *self._words()]
        column = max((len(name) for name, _, _ in lines), default=0)
        for name, value, more in lines:
            said = f"{name:<{column}}  {strong(value)}"
            yield f"{said}  {dim(more)}" if more else said

    def _points(self) -> Iterator[tuple[str, str, str]]:
        for score in self.policy.scores:
            points = points_text(self.decision.scores[score.name].points)
            yield score.name, points, score.label
        for grade in self.policy.grades:
            result = self.decision.grades[grade.name]
            more = f"{grade.label}: {points_text(result.points)} points"
            yield grade.name, result.letter, more

    def _words(self) -> Iterator[tuple[str, str, str]]:
        for group in self.policy.groups:
            result = self.decision.groups[group.name]
            row = next(row for row in group.rows if row.name == result.value)
            yield group.name, row.label, "; ".join((*row.does, *filter(None, (row.because,))))
        for checklist in self.policy.checklists:
            found = self.decision.checklists[checklist.name]
            states = list(found.items.values()) if isinstance(found.items, Mapping) else []
            counts = ", ".join(
                f"{states.count(state)} {state}"
                for state in ("met", "not met", "unknown")
                if state in states
            )
            yield checklist.name, found.result, counts

    # --- why -----------------------------------------------------------------------------------

    def why(self) -> Iterator[list[str]]:
        for name, score in self.decision.scores.items():
            title = f"Why {points_text(score.points)} for {name}"
            yield [strong(title), *self._rows(score.rows)]
        for name, grade in self.decision.grades.items():
            title = f"Why {grade.letter} for {name} ({points_text(grade.points)} points)"
            yield [strong(title), *self._rows(grade.rows)]

    def _rows(self, rows: object) -> Iterator[str]:
        lines = list(row_lines(rows, width=self.width - 2))  # type: ignore[arg-type]
        yield from (f"  {line}" for line in lines or ["no row gives or takes points"])

    # --- moves ---------------------------------------------------------------------------------

    def move(self, judged: JudgedMove) -> Iterator[str]:
        there = self.stage(judged.move.to)
        if judged.acts:
            yield strong(f"Why “{there}”")
        elif judged.holds and self._sleeps() and not judged.move.rule.startswith("any_stage."):
            yield strong(f"“{there}” would be right, but the lead is asleep")
        elif judged.holds:
            yield strong(f"“{there}” would be right too, but another move comes first")
        else:
            yield strong(f"Why not “{there}”")
        because = self._because() if judged.acts else judged.move.because
        if isinstance(because, str) and judged.holds:
            yield f"  because: {because}"
        for part in judged.parts:
            yield from self._part(part, 0, judged.acts)

    def _part(self, part: Judged, depth: int, open_it: bool = False) -> Iterator[str]:
        state = _STATE[part.holds] + " " * (_STATE_WIDTH - len(_plain(part.holds)))
        said = part.says
        if part.actual is not None and not (part.holds and part.parts):
            said += f" (it is {part.actual})"
        indent = "  " * depth
        room = max(20, self.width - 2 - _STATE_WIDTH - 2 - len(indent))
        first, *rest = textwrap.wrap(said, room) or [""]
        yield f"  {state}  {indent}{first}"
        yield from (f"  {' ' * _STATE_WIDTH}  {indent}{line}" for line in rest)
        # What holds needs no looking into, but for the one step that says why a lead moves.
        if not part.holds or open_it:
            for inner in part.parts:
                yield from self._part(inner, depth + 1)

    # --- clocks --------------------------------------------------------------------------------

    def clocks(self) -> Iterator[str]:
        """What was promised about the lead, and what happens if nothing does."""
        stage = self.decision.stage
        if stage is None:
            return
        lines = [*self._targets()]
        if stage.next is None:
            # What would come next in this stage comes no more once the lead has left it.
            lines += [*self._time_outs(stage), *self._asleep(stage)]
        lists = self.decision.worklists if stage.next is None else ()
        for one in lists if isinstance(lists, tuple) else ():
            label = self._worklist(one.worklist)
            lines.append(f"  On the list “{label}” since {self._when(one.since)}.")
        if lines:
            yield strong("Promises and clocks")
            yield from lines

    def _targets(self) -> Iterator[str]:
        labels = {one.name: one.label for stage in self.policy.stages for one in stage.targets}
        targets = self.decision.targets
        for target in targets if isinstance(targets, tuple) else ():
            label, due = labels[target.target], target.due
            match target.state:
                case "waiting":
                    yield f"  “{label}” has not started yet."
                case "paused":
                    yield f"  “{label}” is paused."
                case "met":
                    yield f"  “{label}” was met {self._when(target.at)}."
                case "missed":
                    yield f"  “{label}” was {bad('missed')}: it was due {self._when(due)}."
                case "running" if due is None:
                    yield f"  “{label}” is running, and never due."
                case "running":
                    yield f"  “{label}” is due {self._when(due)}."
                case _:
                    assert_never(target.state)

    def _time_outs(self, stage: StageResult) -> Iterator[str]:
        if not isinstance(stage.time_outs, tuple):
            return
        outs = {way.rule: way.to for way in arrivals(self.policy)}
        for out in stage.time_outs:
            there = self.stage(outs[out.rule])
            yield f"  If nothing happens, it goes to “{there}” {self._when(out.due)}."

    def _asleep(self, stage: StageResult) -> Iterator[str]:
        if isinstance(stage.asleep_until, datetime):
            yield f"  Asleep until {self._when(stage.asleep_until)}."

    def _sleeps(self) -> bool:
        stage = self.decision.stage
        return stage is not None and isinstance(stage.asleep_until, datetime)

    def _worklist(self, name: str) -> str:
        return next((one.label for one in worklists(self.policy) if one.name == name), name)

    def _when(self, instant: datetime | None) -> str:
        return "" if instant is None else shown(instant, self.policy.zone)

    # --- what is worth asking, and until when this holds ----------------------------------------

    def asking(self) -> Iterator[str]:
        asked = [item for checklist in self.policy.checklists for item in self._asked(checklist)]
        # A field that only a question asks about is asked for by that question.
        elsewhere = set(
            fields_read(
                (
                    self.policy.scores,
                    self.policy.grades,
                    self.policy.groups,
                    self.policy.definitions,
                    self._moves_here(),
                )
            )
        )
        covered = set(fields_read(tuple(asked))) - elsewhere
        unknown = [one for one in self.policy.fields if one.name in self._unknown()]
        labels = [field.label for field in unknown if field.name not in covered]
        if asked:
            yield strong("Worth asking")
            yield from (f"  {item.question}" for item in asked)
        if asked and labels:
            yield ""
        if labels:
            yield strong("Unknown, and could change the decision")
            yield from textwrap.wrap(
                ", ".join(labels), self.width, initial_indent="  ", subsequent_indent="  "
            )

    def _moves_here(self) -> tuple[Move, ...]:
        here = self.decision.stage.current if self.decision.stage else None
        return () if here is None else moves_out_of(self.policy, here)

    def _asked(self, checklist: Checklist) -> Iterator[AskedItem | AnsweredItem]:
        asks = self.decision.checklists[checklist.name].ask
        for item in checklist.items:
            waits = isinstance(asks, tuple) and item.question in asks
            if waits or f"{checklist.name}.{item.name}" in self._unknown():
                yield item

    def _unknown(self) -> tuple[str, ...]:
        unknown = self.decision.unknown
        return unknown if isinstance(unknown, tuple) else ()

    def until(self) -> Iterator[str]:
        until = self.decision.valid_until
        if until is None:
            yield "This holds until something new is known or happens."
        else:
            when = shown(until, self.policy.zone)
            said = f"This holds until {when}, unless something new is known or happens before."
            yield from textwrap.wrap(said, self.width)


def _plain(state: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[state]


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _warnings(warnings: Sequence[Warning], aside: Sequence[SetAside]) -> Iterator[str]:
    if warnings:
        yield unsure("Warnings")
    for warning in sorted(warnings, key=lambda one: one.code == "event_set_aside"):
        yield f"  {_in_words(warning)}"
        if warning.code != "event_set_aside":
            continue
        for event in aside:
            for problem in event.problems if event.kind == warning.subject else ():
                field = f"{problem.field}: " if problem.field else ""
                yield f"    {field}{problem.reason}"


def _in_words(warning: Warning) -> str:
    times = "" if warning.count == 1 else f" ({warning.count:,} times)"
    match warning.code:
        case "unknown_key":
            return f"`{warning.subject}` is no field of this policy, and is not used{times}"
        case "unknown_kind":
            return f"events `{warning.subject}` are not in this policy, and do not count{times}"
        case "naive_instant":
            return f"`{warning.subject}` has no offset, and is read in the policy's zone{times}"
        case "event_set_aside":
            what = f"an event `{warning.subject}`" if warning.subject else "an event"
            return f"{what} was left out, because something in it is wrong{times}"
        case other:
            return f"{other} {warning.subject}{times}"
