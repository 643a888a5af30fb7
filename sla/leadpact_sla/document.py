"""A checked policy as the document that its pages show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from leadpact.checked import (
    Category,
    CheckedPolicy,
    Checklist,
    Defined,
    Grade,
    Group,
    PointsBy,
    PointsRow,
    Score,
    Stage,
)
from leadpact.english import (
    amount,
    category_says,
    clamp_says,
    day,
    needs_items_says,
    needs_known_says,
    points,
    sentences,
)
from leadpact.english.clauses import clause
from leadpact.english.wording import Names, counted_label, joined, lower_first, quoted, result_name
from leadpact_dsl.source import Span
from leadpact_sla.facts import events, facts, files, lists
from leadpact_sla.model import (
    CategoryDoc,
    ChecklistDoc,
    Clause,
    DefinitionDoc,
    EntryDoc,
    GradeDoc,
    GroupDoc,
    GroupRowDoc,
    ItemDoc,
    LetterDoc,
    Links,
    MoveDoc,
    PartyDoc,
    PolicyDoc,
    Rule,
    ScoreDoc,
    Section,
    StageDoc,
)
from leadpact_sla.places import Places
from leadpact_sla.quadrant import quadrant
from leadpact_sla.unfold import unfold
from leadpact_sla.words import say

__all__ = ["document"]


def document(policy: CheckedPolicy, links: Links) -> PolicyDoc:
    """Everything that the pages of one policy show."""
    return _Writer(policy, links).policy_doc()


class _Writer:
    """The lookups that every part of one policy's document needs."""

    def __init__(self, policy: CheckedPolicy, links: Links) -> None:
        self.policy = policy
        self.names = Names.of(policy)
        self.places = Places.of(policy, links)
        self.says: Mapping[str, str] = sentences(policy)

    def policy_doc(self) -> PolicyDoc:
        policy, names, places = self.policy, self.names, self.places
        since = policy.in_force_from
        moves = tuple(self.moves())
        short, _, about = (part.strip() for part in policy.label.partition(":"))
        return PolicyDoc(
            folder=policy.name,
            name=policy.name,
            label=policy.label,
            short_label=short or policy.label,
            about=_capital(about) if short and about else None,
            version=policy.version,
            in_force_from=day(since) if since is not None else None,
            zone=policy.zone,
            handover=self.handover(),
            parties=tuple(
                PartyDoc(party.label, tone, party.contacts, party.duties)
                for tone, party in enumerate(policy.parties)
            ),
            scores=tuple(self.score(score) for score in policy.scores),
            grades=tuple(self.grade(grade) for grade in policy.grades),
            groups=tuple(self.group(group) for group in policy.groups),
            checklists=tuple(self.checklist(checklist) for checklist in policy.checklists),
            stages=tuple(self.stages(moves)),
            moves=moves,
            definitions=tuple(
                DefinitionDoc(
                    self.rule(item.name, item.because, item.span),
                    item.label,
                    unfold(names, places, item.when),
                )
                for item in policy.definitions
            ),
            refusals=tuple(self.rule(r.rule, r.because, r.span) for r in policy.refusals),
            fields=facts(names, places, policy.fields),
            events=events(names, places),
            lists=lists(names, places),
            files=files(policy.sources),
        )

    def rule(self, rule: str, because: str | None, span: Span) -> Rule:
        return Rule(rule, self.says[rule], because, self.places.source(span, rule))

    def owner(self, party: str | None) -> str | None:
        return self.names.parties[party] if party is not None else None

    # --- points ------------------------------------------------------------------------------

    def score(self, score: Score) -> ScoreDoc:
        name = result_name(score.name, score.label)
        return ScoreDoc(
            page=self.places.pages[score.name],
            title=_capital(say("score", name=name)),
            subtitle=score.label if name.lower() not in score.label.lower().split() else None,
            owner=self.owner(score.owner),
            source=self.places.source(score.span),
            categories=tuple(self.categories(score)),
            limits=tuple(
                Rule(rule, says, None, self.places.source(score.span, rule))
                for rule, says in clamp_says(score).items()
            ),
        )

    def categories(self, score: Score) -> Iterator[CategoryDoc]:
        loose = [row for row in score.rows if not isinstance(row, Category)]
        grouped = [row for row in score.rows if isinstance(row, Category)]
        for category in grouped:
            also = (f"{category.rule}.at_most",) if category.at_most is not None else ()
            cap = Rule(
                category.rule,
                category_says(category),
                None,
                self.places.source(category.span, category.rule),
                also=also,
            )
            sections = tuple(self.sections(category.rows))
            yield CategoryDoc(f"in-{category.name}", category.label, cap, sections)
        if loose:
            label = say("other points" if grouped else "points all")
            yield CategoryDoc("all-points", label, None, tuple(self.sections(loose)))

    def sections(self, rows: Iterable[PointsRow | PointsBy]) -> Iterator[Section]:
        """Rows that stand side by side make one section, each ``points by`` one of its own."""
        loose: list[Rule] = []
        for row in rows:
            if isinstance(row, PointsRow):
                loose.append(self.points_rule(row.rule, row.points, row.because, row.span))
                continue
            if loose:
                yield Section(None, tuple(loose))
                loose = []
            rules = (self.points_rule(r.rule, r.points, r.because, r.span) for r in row.rows)
            yield Section(self.by_caption(row.field), tuple(rules))
        if loose:
            yield Section(None, tuple(loose))

    def by_caption(self, name: str) -> str:
        field = self.names.fields[name]
        return say("by field", field=counted_label(field) or lower_first(field.label))

    def points_rule(self, rule: str, hundredths: int, because: str | None, span: Span) -> Rule:
        given = points(hundredths)
        said = _capital(self.says[rule].removeprefix(given).lstrip())
        return Rule(
            rule,
            said,
            because,
            self.places.source(span, rule),
            points=given if hundredths else amount(0),
            tone="plus" if hundredths > 0 else "minus" if hundredths < 0 else "zero",
        )

    def grade(self, grade: Grade) -> GradeDoc:
        name = result_name(grade.name, grade.label)
        return GradeDoc(
            page=self.places.pages[grade.name],
            title=_capital(say("grade", name=name)),
            subtitle=grade.label if name.lower() not in grade.label.lower().split() else None,
            owner=self.owner(grade.owner),
            source=self.places.source(grade.span),
            sections=tuple(self.sections(grade.rows)),
            letters=tuple(
                LetterDoc(self.rule(letter.rule, None, letter.span), letter.name)
                for letter in grade.letters
            ),
            needs=tuple(needs_known_says(self.policy, needs) for needs in grade.needs),
        )

    # --- groups and checklists ---------------------------------------------------------------

    def group(self, group: Group) -> GroupDoc:
        return GroupDoc(
            page=self.places.pages[group.name],
            title=group.label,
            owner=self.owner(group.owner),
            source=self.places.source(group.span),
            rows=tuple(
                GroupRowDoc(
                    rule=self.rule(row.rule, row.because, row.span),
                    name=row.name,
                    label=row.label,
                    tone=index,
                    clauses=unfold(self.names, self.places, row.when)
                    if row.when is not None
                    else (Clause(say(f"group {row.kind}")),),
                    does=row.does,
                    means=row.means,
                )
                for index, row in enumerate(group.rows)
            ),
            quadrant=quadrant(self.names, group),
        )

    def checklist(self, checklist: Checklist) -> ChecklistDoc:
        return ChecklistDoc(
            page=self.places.pages[checklist.name],
            title=checklist.label,
            owner=self.owner(checklist.owner),
            source=self.places.source(checklist.span),
            items=tuple(
                ItemDoc(self.rule(item.rule, item.because, item.span), item.question)
                for item in checklist.items
            ),
            needs=tuple(
                needs_items_says(self.policy, checklist.name, needs) for needs in checklist.needs
            ),
        )

    # --- stages ------------------------------------------------------------------------------

    def stages(self, moves: tuple[MoveDoc, ...]) -> Iterator[StageDoc]:
        tones = {party.name: tone for tone, party in enumerate(self.policy.parties)}
        for stage in self.policy.stages:
            yield StageDoc(
                name=stage.name,
                label=stage.label,
                short=_short(stage),
                owner=self.owner(stage.owner),
                tone=tones[stage.owner] if stage.owner is not None else None,
                start=stage.start,
                final=stage.final,
                means=stage.means,
                entries=tuple(_entries(stage.name, moves)),
                source=self.places.source(stage.span),
            )

    def handover(self) -> str | None:
        """The first move from the start stage to a stage of another owner, in one sentence."""
        stages = {stage.name: stage for stage in self.policy.stages}
        for stage in self.policy.stages:
            for move in stage.moves if stage.start else ():
                here, there = self.owner(stage.owner), self.owner(stages[move.to].owner)
                if here is None or there is None or here == there:
                    continue
                when = move.when
                if isinstance(when, Defined):
                    name = when.name
                    when = next(d.when for d in self.policy.definitions if d.name == name)
                condition = clause(self.names, when)
                to, short = stages[move.to], _short(stages[move.to])
                stage_label = quoted(to.label) + (f" ({short})" if short else "")
                return say("handover", from_=here, to=there, stage=stage_label, condition=condition)
        return None

    def moves(self) -> Iterator[MoveDoc]:
        number = 0
        for stage in self.policy.stages:
            for move in stage.moves:
                number += 1
                yield MoveDoc(
                    rule=self.rule(move.rule, move.because, move.span),
                    number=number,
                    start=stage.name,
                    to=move.to,
                    start_label=stage.label,
                    to_label=self.names.stages[move.to],
                    clauses=unfold(self.names, self.places, move.when),
                )


def _entries(stage: str, moves: tuple[MoveDoc, ...]) -> Iterator[EntryDoc]:
    """The ways into a stage, in the order of their first move."""
    ways: dict[tuple[Clause, ...], list[MoveDoc]] = {}
    for move in moves:
        if move.to == stage:
            ways.setdefault(move.clauses, []).append(move)
    for clauses, same in ways.items():
        stages = joined((quoted(move.start_label) for move in same), "or")
        numbers = tuple(move.number for move in same)
        yield EntryDoc(numbers, say("gets here", stages=stages), clauses)


def _short(stage: Stage) -> str | None:
    """``MQL`` for a stage ``mql`` that is called "Marketing qualified lead"."""
    initials = "".join(word[0] for word in stage.label.split()).lower()
    return stage.name.upper() if len(initials) > 1 and initials == stage.name else None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
