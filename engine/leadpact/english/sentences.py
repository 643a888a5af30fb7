"""One plain-English text for every rule of a checked policy.

The texts are what a decision says about its rows, what the command line prints and what the
published pages show, so they speak in labels and name each rule's unit, window and limit. A text
is one sentence of at most 25 words, or several where a rule needs more. It ends without a full
stop: it stands in tables and after rule ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from leadpact.checked import (
    Agreement,
    All,
    AnsweredItem,
    AnyStage,
    AskedItem,
    ByRow,
    Calendar,
    Category,
    CheckedPolicy,
    Condition,
    Definition,
    Field,
    FieldFact,
    Grade,
    Group,
    GroupRow,
    Guarantee,
    HandMove,
    Inactivity,
    InForce,
    LastFact,
    Letter,
    Move,
    NeedsItems,
    NeedsKnown,
    PointsBy,
    PointsRow,
    Promise,
    Refusal,
    Restart,
    Score,
    Signature,
    SpecialDay,
    Stage,
    Target,
    TargetHandBack,
    TimeOut,
)
from leadpact.english import life
from leadpact.english.calendars import calendar_parts, special_day_parts
from leadpact.english.clauses import clause, members_of
from leadpact.english.names import Names
from leadpact.english.points import (
    by_row_parts,
    category_says,
    clamp_says,
    inactivity_parts,
    letter_parts,
    restart_parts,
    row_parts,
)
from leadpact.english.promises import (
    agreement_parts,
    guarantee_parts,
    promise_parts,
    signature_parts,
)
from leadpact.english.telling import Maker, closed, dates, fits, tell, under
from leadpact.english.wording import duration, in_force, joined, number, quoted, say

__all__ = [
    "Sayings",
    "condition",
    "condition_parts",
    "needs_items_says",
    "needs_known_says",
    "sentences",
]

# --- conditions ----------------------------------------------------------------------------------


def condition(
    policy: CheckedPolicy, said: Condition, properties: tuple[Field, ...] | None = None
) -> str:
    """A clause that can stand after "when": ``the seniority is C level, VP or director``.

    ``properties`` are those of the event that a ``where`` of it speaks about.
    """
    return clause(Names.of(policy, properties), said)


def condition_parts(policy: CheckedPolicy, said: Condition) -> tuple[str, ...]:
    """The clauses that must all hold, one by one: what a list on a page shows."""
    names = Names.of(policy)
    return tuple(members_of(names, said)) if isinstance(said, All) else (clause(names, said),)


# --- what a grade and a checklist need -----------------------------------------------------------


def needs_known_says(policy: CheckedPolicy, needs: NeedsKnown) -> str:
    """``At least 2 of these must be known: the seniority, the industry and the city``"""
    names = Names.of(policy)
    fields = joined((names.subject(FieldFact(name)) for name in needs.fields), "and")
    if needs.count == len(needs.fields):
        return say("needs all known", fields=fields)
    return say("needs known", count=number(needs.count), fields=fields)


def needs_items_says(policy: CheckedPolicy, checklist: str, needs: NeedsItems) -> str:
    """``At least 3 questions are met``; the items are named when not all of them are meant."""
    names = Names.of(policy)
    every = {name for owner, name in names.items if owner == checklist} == set(needs.items)
    items = joined((quoted(names.items[checklist, name]) for name in needs.items), "and")
    if needs.quantifier == "none":
        key = "needs none"
    elif needs.count == len(needs.items):
        key = "needs all"
    else:
        key = "needs at least"
    if every:
        return say(key, count=number(needs.count), state=needs.state)
    return say(f"{key} of", count=number(needs.count), state=needs.state, items=items)


# --- rules ---------------------------------------------------------------------------------------


class Sayings:
    """What the parts of one policy say: a text each, or its sentences one by one."""

    def __init__(self, policy: CheckedPolicy, whole: CheckedPolicy | None = None) -> None:
        # A rule may name what is not in force with it.
        self.names = Names.of(whole or policy)

    def _tell(self, make: Maker) -> str:
        return tell(self.names, make)

    def row(self, row: PointsRow) -> str:
        """``+15 for each time the lead viewed pricing, once a day, in the last 30 days``"""
        return self._tell(lambda names: row_parts(names, row))

    def by_row(self, by: PointsBy, row: ByRow) -> str:
        """A row of ``by``: ``+20 when the number of employees is from 200 to 999``"""
        return self._tell(lambda names: by_row_parts(names, by, row))

    def letter(self, grade: Grade, letter: Letter) -> str:
        """``A from 70 points``; ``B from 45 points, below 70``"""
        return self._tell(lambda names: letter_parts(grade, letter))

    def inactivity(self, score: Score, owner: Score | Category, inactivity: Inactivity) -> str:
        """``The interest score counts 25% less for each full month without activity``

        ``owner`` is the score itself, or a category of it.
        """
        return self._tell(lambda names: inactivity_parts(names, score, owner, inactivity))

    def restart(self, score: Score, owner: Score | Category, restart: Restart) -> str:
        """``The interest score starts again from 0 after the lead unsubscribed; …``"""
        return self._tell(lambda names: restart_parts(names, score, owner, restart))

    def group_row(self, group: Group, row: GroupRow) -> str:
        """``“Contact” when the lead is interested and interesting``"""
        return self._tell(lambda names: _group_row(names, group, row))

    def item(self, item: AskedItem | AnsweredItem) -> str:
        """``Met when the budget is at least 50,000 SEK``; ``Answered by Field Sales``"""
        return self._tell(lambda names: _item(names, item))

    def definition(self, definition: Definition) -> str:
        """``“Interested” means that the interest score is at least 50 points``"""
        return self._tell(lambda names: _definition(names, definition))

    def refusal(self, refusal: Refusal) -> str:
        """``Turned away when the work e-mail is “test@sample.example”``"""
        return self._tell(lambda names: _refusal(names, refusal))

    def move(self, holder: Stage | AnyStage, move: Move | TimeOut | HandMove) -> str:
        """``Moves to “MQL” when the lead is ready for sales``, and what comes with the move."""
        return self._tell(lambda names: life.move_parts(names, move, holder))

    def brings(self, move: Move | TimeOut | HandMove) -> tuple[str, ...]:
        """What comes with a move alone: worklists, how long the lead sleeps, dates."""
        return closed(self.names, lambda names: life.brings_parts(names, move))

    def target(self, stage: Stage, target: Target) -> tuple[str, ...]:
        """What is promised, when it counts, how its clock runs, who is told: a sentence each."""
        return closed(self.names, lambda names: life.target_parts(names, target, stage))

    def hand_back(self, target: Target, back: TargetHandBack) -> str:
        """``Hands back to “Nurture” 8 business hours (Office) after “Call” was missed``"""
        return self._tell(lambda names: life.hand_back_parts(names, target, back))

    def reason(self, because: str | LastFact | None) -> str | None:
        """Why a move is made: the policy's own text, or ``Why: the reason of the last …``."""
        return life.reason(self.names, because)

    def promise(self, promise: Promise) -> str:
        """``Marketing delivers at least 120 leads to “MQL” each month``"""
        return self._tell(lambda names: promise_parts(names, promise))

    def guarantee(self, guarantee: Guarantee) -> str:
        """``No lead enters or stays in “MQL” when the lead is a customer``"""
        return self._tell(lambda names: _guarantee(names, guarantee))

    # No rule id stands for what follows.

    def agreement(self, agreement: Agreement) -> tuple[str, ...]:
        """How the agreement is reviewed and changed, a sentence each."""
        return closed(self.names, lambda names: agreement_parts(names, agreement))

    def signature(self, signature: Signature) -> str:
        """``Signed by Field Sales, Head of Field Sales, on 28 September 2026``"""
        return self._tell(lambda names: signature_parts(names, signature))

    def week(self, calendar: Calendar) -> tuple[str, ...]:
        """When a calendar is open and closed, special days aside: a sentence each."""
        return closed(self.names, lambda names: calendar_parts(calendar))

    def special_day(self, special: SpecialDay) -> str:
        """``Closed on 24 December every year``"""
        return self._tell(lambda names: special_day_parts(special))


def _group_row(names: Names, group: Group, row: GroupRow) -> Iterator[str]:
    label = quoted(names.group_rows[group.name, row.name])
    match row.kind:
        case "when":
            assert row.when is not None
            yield from under(names, lambda c: say("group when", row=label, condition=c), row.when)
        case "otherwise":
            yield say("group otherwise", row=label)
        case "unknown":
            yield say("group unknown", row=label)
        case _:
            assert_never(row.kind)
    yield from dates(row.in_force)


def _item(names: Names, item: AskedItem | AnsweredItem) -> Iterator[str]:
    match item:
        case AskedItem():
            met = say("met when", condition=clause(names, item.met_when))
            if item.not_met_when is not None:
                not_met = say("not met when", condition=clause(names, item.not_met_when))
                if fits(f"{met}; {not_met}"):
                    yield f"{met}; {not_met}"
                    return
            yield from under(names, lambda c: say("met when", condition=c), item.met_when)
            if item.not_met_when is not None:
                yield from under(
                    names, lambda c: say("not met when", condition=c), item.not_met_when
                )
        case AnsweredItem():
            party = names.parties[item.party]
            if item.good_for is None:
                yield say("answered", party=party)
            else:
                yield say("answered for", party=party, duration=duration(item.good_for))
        case _:
            assert_never(item)


def _definition(names: Names, definition: Definition) -> Iterator[str]:
    label = quoted(names.definitions[definition.name])
    for one in definition.whens:
        yield from under(names, _meaning(label, one.in_force), one.when)


def _meaning(label: str, when: InForce | None) -> Callable[[str], str]:
    if when is None:
        return lambda said: say("definition", label=label, condition=said)
    days = in_force(when)
    return lambda said: say("definition dated", dates=days, label=label, condition=said)


def _refusal(names: Names, refusal: Refusal) -> Iterator[str]:
    yield from under(names, lambda c: say("refusal", condition=c), refusal.when)
    yield from dates(refusal.in_force)


def _guarantee(names: Names, guarantee: Guarantee) -> Iterator[str]:
    for promise in guarantee.promises:
        yield from guarantee_parts(names, promise)


# --- all of a policy -----------------------------------------------------------------------------


def sentences(policy: CheckedPolicy, whole: CheckedPolicy | None = None) -> Mapping[str, str]:
    """The text of every rule id, in the order of the policy.

    Rules are rows of points (correcting ones too), categories, letters, group rows, items, ways
    out, targets, promises, guarantees and refusals; a definition goes by its name. Two dated rows
    that share a rule id share its text, one after the other. ``whole`` is the policy with all its
    dates, where ``policy`` is that of one day.
    """
    texts: dict[str, str] = {}
    for rule, text in _texts(policy, whole):
        texts[rule] = f"{texts[rule]}. {text}" if rule in texts else text
    return texts


def _texts(policy: CheckedPolicy, whole: CheckedPolicy | None) -> Iterator[tuple[str, str]]:
    says = Sayings(policy, whole)
    for refusal in policy.refusals:
        yield refusal.rule, says.refusal(refusal)
    for score in policy.scores:
        yield from _rows(says, score, score.rows)
        yield from _changes(says, score, score)
        yield from clamp_says(score).items()
    for grade in policy.grades:
        yield from _rows(says, None, grade.rows)
        for letter in grade.letters:
            yield letter.rule, says.letter(grade, letter)
    for definition in policy.definitions:
        yield definition.name, says.definition(definition)
    for group in policy.groups:
        for group_row in group.rows:
            yield group_row.rule, says.group_row(group, group_row)
    for checklist in policy.checklists:
        for item in checklist.items:
            yield item.rule, says.item(item)
    holders: tuple[AnyStage | Stage, ...] = (*policy.any_stages, *policy.stages)
    for holder in holders:
        for move in (*holder.moves, *holder.by_hand):
            yield move.rule, says.move(holder, move)
        yield from _targets(says, holder)
    for promise in policy.agreement.promises if policy.agreement is not None else ():
        yield promise.rule, says.promise(promise)
    for guarantee in policy.guarantees:
        yield guarantee.rule, says.guarantee(guarantee)


def _targets(says: Sayings, holder: Stage | AnyStage) -> Iterator[tuple[str, str]]:
    if isinstance(holder, AnyStage):
        return
    for target in holder.targets:
        yield target.rule, ". ".join(says.target(holder, target))
        for back in target.hands_back:
            yield back.rule, says.hand_back(target, back)


def _changes(says: Sayings, score: Score, owner: Score | Category) -> Iterator[tuple[str, str]]:
    if owner.inactivity is not None:
        yield owner.inactivity.rule, says.inactivity(score, owner, owner.inactivity)
    for restart in owner.restarts:
        yield restart.rule, says.restart(score, owner, restart)


def _rows(
    says: Sayings,
    score: Score | None,
    rows: tuple[PointsRow | PointsBy | Category, ...] | tuple[PointsRow | PointsBy, ...],
) -> Iterator[tuple[str, str]]:
    for row in rows:
        match row:
            case PointsRow():
                yield row.rule, says.row(row)
            case PointsBy():
                for by_row in row.rows:
                    yield by_row.rule, says.by_row(row, by_row)
            case Category():
                yield row.rule, category_says(row)
                if row.at_most is not None:
                    yield f"{row.rule}.at_most", category_says(row)
                yield from _rows(says, score, row.rows)
                assert score is not None
                yield from _changes(says, score, row)
            case _:
                assert_never(row)
