"""What a condition mentions first: rules that stand on a condition alone are named after it."""

from __future__ import annotations

from typing import assert_never

from leadpact_dsl import nodes

__all__ = ["first_name"]


def first_name(node: nodes.Condition) -> nodes.Word | None:
    """The first name that a condition mentions, after which its rule is named.

    ``None`` where lines that could not be read have left nothing.
    """
    while True:
        match node:
            case nodes.Compare(subject=subject) | nodes.TimeApart(subject=subject):
                return _first_of(subject)
            case nodes.Bare(subject=ref):
                return ref.name
            case nodes.Happened(event=ref):
                return ref.name
            case nodes.InStage(stage=name):
                return name
            case nodes.WokenUp(span=span):
                return nodes.Word("woken_up", span)
            case nodes.Not(member=member):
                node = member
            case nodes.AllOf() | nodes.AnyOf() | nodes.NoneOf() | nodes.AtLeastOf():
                if not node.members:
                    return None
                node = node.members[0]


def _first_of(subject: nodes.Subject) -> nodes.Word:
    """The first field, kind, stage or result that is mentioned."""
    match subject:
        case nodes.Ref(name=name) | nodes.MomentOf(name=nodes.Ref(name=name)):
            return name
        case nodes.DomainOf(field=name) | nodes.GainedSince(score=name):
            return name
        case nodes.LastOf(event=ref):
            return ref.name
        case _ as never:
            assert_never(never)
