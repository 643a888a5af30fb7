"""The passes over a policy, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from leadpact import checked
from leadpact.check.agreement import agreement
from leadpact.check.calendars import calendar
from leadpact.check.cautions import warn
from leadpact.check.coverage import SORT_OF, Coverage, Whole
from leadpact.check.events import answer_kind, base_kind, derived_kinds, pattern_of
from leadpact.check.examples import example
from leadpact.check.fields import field, refusal, require
from leadpact.check.grades import grade, letter_names
from leadpact.check.groups import checklist, definition, group
from leadpact.check.guarantees import guarantee
from leadpact.check.header import Header, header
from leadpact.check.lists import label, owner, text_list
from leadpact.check.moves import move_rules, worklists
from leadpact.check.names import Names, declare
from leadpact.check.order import arrange
from leadpact.check.parties import party, role, texts
from leadpact.check.points import score, score_shape
from leadpact.check.report import Report
from leadpact.check.rules import Rules
from leadpact.check.scope import FIELDS_OF_LEAD, ChecklistShape, Scope, Way
from leadpact.check.stages import any_stage, say_starts, stage
from leadpact.check.targets import target_states
from leadpact.check.words import ticked
from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic, has_errors
from leadpact_dsl.source import SourceFile

__all__ = ["check"]

_B = TypeVar("_B", bound=nodes.Block)


def check(
    document: nodes.Document, files: Sequence[SourceFile], folder: Path | None
) -> tuple[checked.CheckedPolicy | None, tuple[Diagnostic, ...]]:
    """The checked policy, or ``None`` where something is wrong, with all that was found.

    ``files`` are the sources that the document was read from; ``folder`` is where the files of
    lists lie. What the parser found is not repeated here, and a document that it could not read
    whole must not be used, whatever comes out here.
    """
    report = Report(files)
    coverage = Coverage(document, report)
    names = Names(report, document.damaged, coverage)
    block, head = header(document, report, coverage)
    scope = Scope(report, names, coverage, head.zone, head.currency, head.currency_wrong)
    passes = _Passes(document, scope, coverage, declare(document, names))
    policy = passes.policy(block, head, folder)
    names.finish()
    if not has_errors(report.found) and not document.damaged:
        warn(scope)
    order = {file.name: index for index, file in enumerate(files)}
    found = sorted(
        report.found, key=lambda each: (order.get(each.span.file, 0), each.span, each.code)
    )
    return (None if has_errors(found) else policy), tuple(found)


class _Passes:
    """One run over a document; ``second`` are declarations whose name was already taken."""

    def __init__(
        self, document: nodes.Document, scope: Scope, coverage: Coverage, second: frozenset[int]
    ) -> None:
        self.blocks = document.blocks
        self.scope = scope
        self.coverage = coverage
        self.second = second

    def first(self, node: object) -> bool:
        return id(node) not in self.second

    def whole(self, block: nodes.Block) -> Whole:
        return partial(self.coverage.whole, block)

    def policy(
        self, block: nodes.PolicyBlock | None, head: Header, folder: Path | None
    ) -> checked.CheckedPolicy | None:
        scope = self.scope
        parties = self.parties()
        roles = self.roles()
        self.calendars()
        lists = self.lists(folder)
        self.fields()
        self.base_kinds()
        derived = self.derived_kinds()
        self.shapes()
        refusals = self.requirements()
        scores = self.scores()
        grades = self.grades()
        definitions = self.definitions()
        groups = self.groups()
        checklists = self.checklists()
        stages = self.stages()
        any_stages = self.any_stages()
        agreed = agreement(self.of(nodes.AgreementBlock), scope, self.coverage.whole)
        guarantees = self.guarantees()
        self.circles()
        examples = self.examples()
        if block is None:
            return None
        return checked.CheckedPolicy(
            name=block.name.text,
            label=label(block.label, block.name),
            version=head.version,
            in_force_from=head.in_force_from,
            zone=head.zone,
            currency=head.currency,
            parties=parties,
            lists=lists,
            fields=tuple(scope.fields.values()),
            refusals=refusals,
            kinds=tuple(scope.kinds.values()),
            derived=derived,
            scores=scores,
            grades=grades,
            definitions=definitions,
            groups=groups,
            checklists=checklists,
            stages=stages,
            examples=examples,
            span=block.span,
            sources=tuple(scope.report.files),
            roles=roles,
            calendars=tuple(scope.calendars.values()),
            any_stages=any_stages,
            agreement=agreed,
            guarantees=guarantees,
            notes=texts(block.notes),
        )

    def of(self, kind: type[_B]) -> list[_B]:
        """The blocks of a kind."""
        return [block for block in self.blocks if isinstance(block, kind)]

    # --- declarations -------------------------------------------------------------------------

    def parties(self) -> tuple[checked.Party, ...]:
        return tuple(party(block) for block in self.of(nodes.PartyBlock))

    def roles(self) -> tuple[checked.Role, ...]:
        made = (
            role(block, self.scope, whole=self.whole(block)) for block in self.of(nodes.RoleBlock)
        )
        return tuple(each for each in made if each is not None)

    def calendars(self) -> None:
        for block in self.of(nodes.CalendarBlock):
            found = calendar(block, self.scope, whole=self.whole(block))
            if found is not None and self.first(block):
                self.scope.calendars[found.name] = found

    def lists(self, folder: Path | None) -> tuple[checked.TextList, ...]:
        for block in self.of(nodes.ListBlock):
            found = text_list(block, folder, self.scope)
            if self.first(block):
                self.scope.lists[found.name] = found
        return tuple(self.scope.lists.values())

    def fields(self) -> None:
        for block in self.of(nodes.LeadBlock):
            owner(block.owner, self.scope.names)
            for line in block.fields:
                found = field(line, self.scope, of_lead=True)
                if found is None:
                    self.scope.names.poisoned.add(line.name.text)
                elif self.first(line):
                    self.scope.fields[found.name] = found

    def base_kinds(self) -> None:
        for block in self.of(nodes.EventsBlock):
            owner(block.owner, self.scope.names)
            by = owner(block.party, self.scope.names)
            for line in block.kinds:
                if isinstance(line, nodes.KindLine):
                    kind = base_kind(line, by, self.scope, signal=block.what == "signals")
                    if self.first(line):
                        self.scope.kinds[kind.name] = kind
                        self.scope.patterns[kind.name] = pattern_of(kind)

    def derived_kinds(self) -> tuple[checked.DerivedKind, ...]:
        lines = [
            (line, SORT_OF[block.what])
            for block in self.of(nodes.EventsBlock)
            for line in block.kinds
            if isinstance(line, nodes.DerivedLine) and self.first(line)
        ]
        return derived_kinds(lines, self.scope)

    def shapes(self) -> None:
        scope = self.scope
        for block in self.blocks:
            if not self.first(block):
                continue
            match block:
                case nodes.ScoreBlock():
                    scope.scores[block.name.text] = score_shape(block, scope)
                case nodes.GradeBlock():
                    scope.grades[block.name.text] = letter_names(block)
                case nodes.GroupBlock():
                    rows = dict.fromkeys(row.name.text for row in block.rows)
                    scope.groups[block.name.text] = tuple(rows)
                case nodes.ChecklistBlock():
                    self.answers(block)
                case _:
                    pass
        self.shapes_of_stages()

    def shapes_of_stages(self) -> None:
        """The stages, their targets, the worklists, and where moves lead."""
        scope = self.scope
        stages = self.of(nodes.StageBlock)
        blocks: list[nodes.StageBlock | nodes.AnyStageBlock] = [*stages]
        blocks += self.of(nodes.AnyStageBlock)
        moves = [line for block in blocks for line in block.moves]
        scope.stages = tuple(block.name.text for block in stages if self.first(block))
        scope.start = next((block.name.text for block in stages if block.start), None)
        scope.targets = {
            line.name.text: block.name.text for block in stages for line in block.targets
        }
        scope.target_states = target_states(line for block in stages for line in block.targets)
        scope.worklists = worklists(moves, scope)
        scope.filled = frozenset(
            each.name.text
            for line in moves
            if line.how != "moves by hand to"
            for each in line.worklists
        )
        scope.ways = [way for block in blocks for way in _ways(block)]
        scope.all_ways = lambda: (
            self.coverage.all_headers() and all(self.coverage.whole(block) for block in blocks)
        )

    def answers(self, block: nodes.ChecklistBlock) -> None:
        """The checklist's items, and the actions that answer some of them."""
        items: dict[str, bool] = {}
        for item in block.items:
            answered = item.answered_by is not None
            if items.setdefault(item.name.text, answered) and item.answered_by is not None:
                kind, pattern = answer_kind(block.name.text, item, item.answered_by.text)
                self.scope.kinds.setdefault(kind.name, kind)
                self.scope.patterns.setdefault(kind.name, pattern)
        self.scope.checklists[block.name.text] = ChecklistShape(items)

    def requirements(self) -> tuple[checked.Refusal, ...]:
        """What may be asked of fields once all of them are known."""
        scope = self.scope
        rules = Rules("refused", scope.report)
        refusals: list[checked.Refusal] = []
        for block in self.of(nodes.LeadBlock):
            for line in block.fields:
                found = scope.fields.get(line.name.text)
                if found is not None and self.first(line):
                    others = scope.fields
                    scope.fields[found.name] = require(line, found, others, FIELDS_OF_LEAD, scope)
            for refused in block.refusals:
                made = refusal(refused, rules, scope)
                refusals += [made] if made is not None else []
        return tuple(refusals)

    # --- blocks -------------------------------------------------------------------------------

    def scores(self) -> tuple[checked.Score, ...]:
        return tuple(
            score(block, self.scope, first=self.first(block), whole=self.whole(block))
            for block in self.of(nodes.ScoreBlock)
        )

    def grades(self) -> tuple[checked.Grade, ...]:
        return tuple(
            grade(block, self.scope, first=self.first(block), whole=self.whole(block))
            for block in self.of(nodes.GradeBlock)
        )

    def definitions(self) -> tuple[checked.Definition, ...]:
        made = (
            definition(block, self.scope, first=self.first(block), whole=self.whole(block))
            for block in self.of(nodes.DefineBlock)
        )
        return tuple(each for each in made if each is not None)

    def groups(self) -> tuple[checked.Group, ...]:
        return tuple(
            group(block, self.scope, first=self.first(block), whole=self.whole(block))
            for block in self.of(nodes.GroupBlock)
        )

    def checklists(self) -> tuple[checked.Checklist, ...]:
        return tuple(
            checklist(block, self.scope, first=self.first(block), whole=self.whole(block))
            for block in self.of(nodes.ChecklistBlock)
        )

    def stages(self) -> tuple[checked.Stage, ...]:
        blocks = self.of(nodes.StageBlock)
        say_starts(
            blocks,
            self.scope,
            whole=lambda: self.coverage.all_headers() and all(map(self.coverage.whole, blocks)),
        )
        return tuple(stage(block, self.scope, whole=self.whole(block)) for block in blocks)

    def any_stages(self) -> tuple[checked.AnyStage, ...]:
        rules = move_rules("any_stage", self.scope)
        return tuple(
            any_stage(block, rules, self.scope, whole=self.whole(block))
            for block in self.of(nodes.AnyStageBlock)
        )

    def guarantees(self) -> tuple[checked.Guarantee, ...]:
        return tuple(
            guarantee(block, number, self.scope, whole=self.whole(block))
            for number, block in enumerate(self.of(nodes.GuaranteeBlock), 1)
        )

    def examples(self) -> tuple[checked.Example, ...]:
        made = (
            example(block, self.scope, whole=self.whole(block))
            for block in self.of(nodes.ExampleBlock)
        )
        return tuple(each for each in made if each is not None)

    # --- circles ------------------------------------------------------------------------------

    def circles(self) -> None:
        leans = self.scope.leans_on
        _, circles = arrange({name: [to for to, _ in found] for name, found in leans.items()})
        for circle in circles:
            after = circle[1] if len(circle) > 1 else circle[0]
            span = next(span for to, span in leans[circle[0]] if to == after)
            way = " → ".join(ticked(name) for name in [*circle, circle[0]])
            self.scope.report.error(
                "E508",
                f"{ticked(circle[0])} depends on itself: {way}.",
                span,
                "Take one of them out of the other's condition.",
            )


def _ways(block: nodes.StageBlock | nodes.AnyStageBlock) -> Iterator[Way]:
    """Where a block's leads go by themselves or by hand."""
    of = block.name.text if isinstance(block, nodes.StageBlock) else None
    for line in block.moves:
        yield Way(of, line.how, line.to.text, sleeps=bool(line.wake_ups))
    for target in block.targets if isinstance(block, nodes.StageBlock) else ():
        for back in target.hands_back:
            yield Way(of, "hands back to", back.to.text)
