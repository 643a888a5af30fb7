"""The settings about which teams disagree, as this policy has them, each with its rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from leadpact.checked import BusinessTime, HandMove, Move, Stage, TimeOut
from leadpact.english.wording import joined, quoted
from leadpact_sla.clocks import limit_of
from leadpact_sla.model_pages import LinkDoc, SettingDoc
from leadpact_sla.opening import hand_offs, short_name
from leadpact_sla.roles import acting
from leadpact_sla.words import say
from leadpact_sla.writing import Writer

__all__ = ["settings"]

_SQL = "sql"


def settings(writer: Writer) -> tuple[SettingDoc, ...]:
    """Each question that the policy answers; what it does not say is left out."""
    found = (
        _hand_off(writer),
        _hand_back(writer),
        _scoring(writer),
        _days(writer),
        _declares(writer),
    )
    return tuple(setting for setting in found if setting is not None)


def _setting(question: str, said: Iterable[tuple[str, LinkDoc]]) -> SettingDoc | None:
    pairs = list(said)
    if not pairs:
        return None
    answers = tuple(dict.fromkeys(text for text, _ in pairs))
    return SettingDoc(say(question), answers, tuple(dict.fromkeys(link for _, link in pairs)))


def _name(stage: Stage) -> str:
    return short_name(stage) or quoted(stage.label)


def _stages(writer: Writer) -> dict[str, Stage]:
    return {stage.name: stage for stage in writer.current.stages}


def _move(writer: Writer, rule: str) -> LinkDoc:
    return LinkDoc(rule, writer.places.move(rule))


def _hand_off(writer: Writer) -> SettingDoc | None:
    stages = _stages(writer)
    return _setting(
        "setting hand-off",
        (
            (
                say(
                    "setting goes",
                    from_=writer.owner(stage.owner),
                    to=writer.owner(stages[move.to].owner),
                    stage=_name(stages[move.to]),
                ),
                _move(writer, move.rule),
            )
            for stage, move in hand_offs(writer)
        ),
    )


def _hand_back(writer: Writer) -> SettingDoc | None:
    stages = _stages(writer)

    def said() -> Iterator[tuple[str, LinkDoc]]:
        for stage in writer.current.stages:
            backs = [
                (way.to, way.rule)
                for way in stage.moves
                if isinstance(way, TimeOut) or way.how == "hands back to"
            ]
            backs += [(one.to, one.rule) for target in stage.targets for one in target.hands_back]
            for to, rule in backs:
                text = say("setting back", start=_name(stage), stage=_name(stages[to]))
                yield text, _move(writer, rule)

    return _setting("setting hand-back", said())


def _scoring(writer: Writer) -> SettingDoc | None:
    policy, places = writer.current, writer.places
    links = [
        *((one.name, writer.names.scores[one.name]) for one in policy.scores),
        *((one.name, writer.names.grades[one.name]) for one in policy.grades),
    ]
    if policy.scores and policy.grades:
        answer = say("setting both", names=joined((text for _, text in links), "and"))
    elif links:
        answer = say("setting one", names=joined((text for _, text in links), "and"))
    else:
        return None
    return _setting(
        "setting scoring", ((answer, LinkDoc(name, places.result(name))) for name, _ in links)
    )


def _days(writer: Writer) -> SettingDoc | None:
    def said() -> Iterator[tuple[str, LinkDoc]]:
        for stage in writer.current.stages:
            for target in stage.targets:
                limit, calendar = limit_of(writer, target)
                if calendar is not None:
                    limit = say("limit of", limit=limit, calendar=calendar)
                text = say(
                    "setting business" if calendar is not None else "setting calendar",
                    what=target.label,
                    limit=limit,
                )
                yield text, LinkDoc(target.rule, writer.places.target(target.rule))
            for way in stage.moves:
                if isinstance(way, TimeOut):
                    key = "business" if isinstance(way.after, BusinessTime) else "calendar"
                    text = say(
                        f"setting {key}",
                        what=say("setting time-out", stage=_name(stage)),
                        limit=writer.names.length(way.after),
                    )
                    yield text, _move(writer, way.rule)

    return _setting("setting days", said())


def _declares(writer: Writer) -> SettingDoc | None:
    def said() -> Iterator[tuple[str, LinkDoc]]:
        for stage in writer.current.stages:
            for way in (*stage.moves, *stage.by_hand):
                if way.to != _SQL or isinstance(way, TimeOut):
                    continue
                if isinstance(way, Move) and way.how == "hands back to":
                    continue
                parties = way.by if isinstance(way, HandMove) else acting(writer, way.when)
                yield _declared(writer, parties, way), _move(writer, way.rule)

    return _setting("setting declares", said())


def _declared(writer: Writer, parties: tuple[str, ...], way: Move | HandMove) -> str:
    people = joined((writer.names.parties[party] for party in parties), "and") if parties else ""
    if isinstance(way, HandMove):
        return say("setting by hand", parties=people)
    return say("setting acts", parties=people) if people else say("setting itself")
