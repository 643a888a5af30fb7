"""The page that tells what changed: a card for each change of the meaning, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from leadpact.changes import Change, announced, changes
from leadpact.changes.effect import Effect, Facet
from leadpact.changes.history import Agreed, History, Unread, Version
from leadpact.checked import CheckedPolicy
from leadpact.english import day, number, sentences
from leadpact_dsl.frozen import frozen
from leadpact_sla.places import Places
from leadpact_sla.render import render
from leadpact_sla.words import say

__all__ = ["changes_markdown", "latest_change"]

_MOST_LINES = 40
"""Of one change at most so many lines are shown: a whole policy may come at once."""

_MOST_SHIFTS = 4


@frozen
class LineDoc:
    """One thing that changed. ``words``: it touches no decision and no promise."""

    head: str
    before: str | None
    after: str | None
    words: bool


@frozen
class PartDoc:
    """What one rule, or another part, changed. ``href`` leads to it, if it still stands."""

    what: str
    href: str | None
    lines: tuple[LineDoc, ...]


@frozen
class BlockDoc:
    """Under the title of a block (``Score “Interest”``), what changed in it."""

    title: str
    parts: tuple[PartDoc, ...]


@frozen
class EffectDoc:
    """The effect on the sample: a sentence, and a line for each outcome."""

    says: str
    outcomes: tuple[str, ...]


@frozen
class CardDoc:
    """One change of the policy. ``more`` is the number of lines left out."""

    anchor: str
    subject: str
    on: str | None
    why: tuple[str, ...]
    blocks: tuple[BlockDoc, ...]
    more: int
    effect: EffectDoc | None
    people: tuple[str, ...]
    href: str | None


def changes_markdown(
    policy: CheckedPolicy,
    history: History | None,
    places: Places,
    today: date | None = None,
    effects: Mapping[str, Effect] | None = None,
    sample: str = "",
) -> str:
    """The page of a policy, as Markdown.

    ``effects`` are those of versions on a sample of leads, by the commit's name, and ``sample``
    what the sample is called after "Of". Changes that the policy announces for a day after
    ``today`` come first.
    """
    told = effects or {}
    shown = _Shown(policy, places)
    versions = history.versions if history is not None else ()
    return render(
        "changes",
        title=say("changes title"),
        notes=tuple(_notes(history)),
        announced=tuple(shown.announced(today)) if today is not None else (),
        in_force=_in_force(policy, today),
        pending=shown.pending(versions[0].policy) if versions else None,
        cards=tuple(shown.card(one, told.get(one.commit), sample) for one in versions),
        beginning=bool(versions)
        and not versions[-1].changes
        and history is not None
        and history.cut_off is None,
    )


def latest_change(history: History | None) -> str | None:
    """The newest change in a few words, for the first page."""
    for version in history.versions if history is not None else ():
        if version.changes:
            return f"{version.subject} ({day(version.on.date())})"
    return None


def _in_force(policy: CheckedPolicy, today: date | None) -> str | None:
    since = policy.in_force_from
    if since is None or today is None or since <= today:
        return None
    return say("changes in force from", day=day(since))


def _notes(history: History | None) -> Iterator[str]:
    """What is not told, said plainly."""
    if history is None:
        return
    if history.missing is not None:
        yield say("changes none", why=history.missing)
    if history.cut_off is not None:
        yield say("changes cut off", day=day(history.cut_off.date()))
    yield from (_unread(run) for run in history.unread)
    if len(history.versions) == 1 and history.cut_off is None:
        yield say("changes none yet")


def _unread(run: Unread) -> str:
    first, last = day(run.first.date()), day(run.last.date())
    if run.count == 1:
        return say("changes unread one", first=first)
    return say("changes unread", first=first, last=last, count=number(run.count))


class _Shown:
    """Changes of one policy as its page shows them."""

    def __init__(self, policy: CheckedPolicy, places: Places) -> None:
        self.policy = policy
        self.places = places
        self.there = _there(policy)

    def announced(self, today: date) -> Iterator[CardDoc]:
        for on, found in announced(self.policy, today):
            yield self._card(f"from-{on.isoformat()}", _from(on), found)

    def pending(self, newest: CheckedPolicy) -> CardDoc | None:
        """What stands in the files, but not in their history."""
        found = changes(newest, self.policy)
        return self._card("pending", say("changes pending"), found) if found else None

    def card(self, version: Version, effect: Effect | None, sample: str) -> CardDoc:
        forge = self.places.links.forge
        blocks, more = self._blocks(version.changes)
        return CardDoc(
            f"change-{version.commit[:12]}",
            version.subject,
            day(version.on.date()),
            tuple(text for text in version.why.split("\n\n") if text.strip()),
            blocks,
            more,
            _effect(version.changes, effect, sample),
            (say("changes by", who=version.author), *_agreed(version.agreed)),
            f"{forge}/commit/{version.commit}" if forge is not None else None,
        )

    def _card(self, anchor: str, subject: str, found: Sequence[Change]) -> CardDoc:
        blocks, more = self._blocks(found)
        return CardDoc(anchor, subject, None, (), blocks, more, None, (), None)

    def _blocks(self, found: Sequence[Change]) -> tuple[tuple[BlockDoc, ...], int]:
        shown = found[:_MOST_LINES]
        blocks = tuple(
            BlockDoc(title, tuple(self._parts(group)))
            for title, group in groupby(shown, key=lambda change: change.block)
        )
        return blocks, len(found) - len(shown)

    def _parts(self, found: Iterable[Change]) -> Iterator[PartDoc]:
        for (rule, what), group in groupby(found, key=lambda one: (one.rule, one.what)):
            lines = tuple(
                LineDoc(one.head, one.before, one.after, one.touches == "words") for one in group
            )
            yield PartDoc(what, self._href(rule), lines)

    def _href(self, rule: str) -> str | None:
        return self.places.rule(rule) if rule in self.there else None


def _there(policy: CheckedPolicy) -> frozenset[str]:
    """The rules that have a place of their own on the pages."""
    return frozenset(sentences(policy))


def _from(on: date) -> str:
    return say("changes announced from", day=day(on))


def _agreed(agreed: Sequence[Agreed]) -> Iterator[str]:
    """Everybody who stands by a change, those of one kind in one sentence."""
    for how in dict.fromkeys(one.how for one in agreed):
        people = ", ".join(one.name for one in agreed if one.how == how)
        yield say(f"changes {how}", who=people)


# --- effect --------------------------------------------------------------------------------------


def _effect(found: Sequence[Change], effect: Effect | None, sample: str) -> EffectDoc | None:
    touched = {change.touches for change in found}
    if not found:
        return None
    if "decisions" not in touched:
        only = "agreement" if "agreement" in touched else "words"
        return EffectDoc(say(f"changes only {only}"), ())
    if effect is None:
        return None
    if not effect.changed:
        return EffectDoc(say("changes no effect", leads=sample), ())
    one = effect.changed == 1
    count = number(effect.changed)
    changed = say("changes effect one") if one else say("changes effect many", count=count)
    return EffectDoc(
        say("changes effect", leads=sample, changed=changed),
        tuple(f"{facet.title}: {_shifts(facet)}" for facet in effect.facets),
    )


def _shifts(facet: Facet) -> str:
    told = [
        say(f"changes {one.before}", count=number(one.count))
        if facet.sort == "score" and one.before in ("up", "down")
        else say("changes shift", before=one.before, after=one.after, count=number(one.count))
        for one in facet.shifts[:_MOST_SHIFTS]
    ]
    rest = sum(one.count for one in facet.shifts[_MOST_SHIFTS:])
    if rest:
        told.append(say("changes others", count=number(rest)))
    return "; ".join(told)
