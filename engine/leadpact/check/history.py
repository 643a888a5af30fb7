"""Where the lead is and was: stages, waking up, and points gained since then."""

from __future__ import annotations

from leadpact import checked
from leadpact.check import amounts, lengths
from leadpact.check.measures import each, say_ends
from leadpact.check.occurrences import here
from leadpact.check.scope import Place, Scope
from leadpact.check.verbs import ORDERED, say_type, say_verb
from leadpact.check.words import ticked
from leadpact_dsl import nodes

__all__ = ["compare_gained", "in_stage", "woken_up"]


def in_stage(node: nodes.InStage, scope: Scope, place: Place) -> checked.Condition | None:
    """``in mql within 90 days``; ``None`` after saying what is wrong."""
    if not here("In which stage a lead is", node.span, scope, place):
        return None
    known = scope.names.look_up(node.stage, "stage") is not None
    within = None
    if isinstance(node.window, nodes.Within):
        within = lengths.exact(node.window.duration, scope)
        known = known and within is not None
    if not known:
        return None
    test = checked.StageTest(node.stage.text, within, isinstance(node.window, nodes.Ever))
    return checked.Not(test) if node.none else test


def woken_up(node: nodes.WokenUp, scope: Scope, place: Place) -> checked.Condition | None:
    """``woken up``; ``None`` after saying what is wrong."""
    if not here("Waking up", node.span, scope, place):
        return None
    scope.woken.append(node.span)
    return checked.WokenTest()


def compare_gained(
    node: nodes.Compare, subject: nodes.GainedSince, scope: Scope, place: Place
) -> checked.Condition | None:
    """``interest gained since leaving mql is at least 20``; ``None``: it is wrong, and said."""
    if not here("What a score gained", node.span, scope, place):
        return None
    score = subject.score.text
    known = scope.names.look_up(subject.score, "score") is not None
    known = scope.names.look_up(subject.stage, "stage") is not None and known
    scope.lean(place, subject.score)
    shown = f"what {ticked(score)} gained"
    if node.verb not in (*ORDERED, "is from"):
        say_verb(node, shown, (*ORDERED, "is from"), scope)
        return None
    values = each(node.values, lambda value: _points(value, score, scope))
    if values is None or not known or _settled(node, values, score, scope):
        return None

    def test(op: checked.Comparison, hundredths: int) -> checked.Condition:
        return checked.GainedTest(score, subject.how, subject.stage.text, op, hundredths)

    if node.verb != "is from":
        return test(ORDERED[node.verb], values[0])
    if values[0] > values[1]:
        say_ends(node.values[0].span, node.values[1].span, scope.report)
        return None
    return checked.All((test(">=", values[0]), test("<=", values[1])))


def _points(value: nodes.Value, score: str, scope: Scope) -> int | None:
    if isinstance(value, nodes.Number):
        return amounts.points(scope.report, value)
    say_type(value, "a number of points", f"{ticked(score)} gains plain numbers.", scope)
    return None


def _settled(node: nodes.Compare, values: list[int], score: str, scope: Scope) -> bool:
    """Whether the comparison holds or fails for every lead, as nothing gained is 0; says so."""
    for value, written in zip(values, node.values, strict=True):
        always = value <= 0 and (
            node.verb == "is at least" or (value < 0 and node.verb in ("is more than", "is not"))
        )
        never = value < 0 or (value == 0 and node.verb == "is less than")
        if always or never:
            scope.report.error(
                "E402",
                f"This {'always holds' if always else 'can never hold'}: what {ticked(score)} "
                "gained is never below 0.",
                written.span,
                "Losses do not count. Choose a number above 0.",
            )
            return True
    return False
