"""The table of a ``points by``: what its rows take, and what nobody has taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from leadpact import checked
from leadpact.check.coverage import Whole
from leadpact.check.ranges import Free, Piece, Scale, span_of
from leadpact.check.scope import Scope
from leadpact.check.words import alternatives, plain, ticked
from leadpact_dsl import nodes
from leadpact_dsl.diagnostics import Diagnostic
from leadpact_dsl.frozen import mutable
from leadpact_dsl.source import Span

__all__ = ["Table", "cover", "say_missing", "say_never", "table_of", "warn_of_unknown"]


@mutable
class Table:
    """The rows of one ``points by`` so far.

    ``values`` are those that a row has, with its line; ``rest`` the ``otherwise`` and ``unknown``
    rows. ``wrong`` is set once a row could not be read: then nothing is called missing.
    """

    about: checked.Field
    scope: Scope
    free: Free
    scale: Scale
    values: dict[object, Span] = field(default_factory=dict)
    rest: dict[str, Span] = field(default_factory=dict)
    wrong: bool = False


def table_of(about: checked.Field, scope: Scope) -> Table:
    """An empty table for a field."""
    return Table(about, scope, *_scale(about.type))


def _scale(kind: checked.FieldType) -> tuple[Free, Scale]:
    match kind:
        case checked.NumberType(whole, _, low, high):
            scale = Scale(whole=whole, days=False)
            return Free.of(low, high, scale), scale
        case _:
            scale = Scale(whole=False, days=True)
            return Free.of(None, None, scale), scale


# --- taking --------------------------------------------------------------------------------------


def cover(piece: Piece, span: Span, table: Table, *, strict: bool) -> bool:
    """Take a row's values; ``strict`` rows must find all of theirs still free."""
    kind = table.about.type
    if isinstance(kind, checked.NumberType) and _outside(piece, kind, span, table):
        return False
    left = table.free.part(piece)
    if not left:
        say_never(span, "the rows above take all its values", table.scope)
        return False
    if strict and sum(1 for each in left if each == piece) != 1:
        _say_overlap(piece, left, span, table)
        return False
    table.free.take(piece)
    return True


def _outside(piece: Piece, kind: checked.NumberType, span: Span, table: Table) -> bool:
    """Whether an end of the row lies outside the field's declared range, saying so."""
    if kind.low is None or kind.high is None:
        return False
    whole = span_of(kind.low, kind.high, table.scale)
    ends = [cut for cut in (piece.start, piece.end) if cut[0].is_finite()]
    if all(whole.start <= cut <= whole.end for cut in ends) and not piece.meets(whole).empty:
        return False
    table.scope.report.error(
        "E402",
        f"{ticked(table.about.name)} lies from {plain(kind.low)} to {plain(kind.high)}.",
        span,
        "Stay within that range, or change the range of the field.",
    )
    return True


def _say_overlap(piece: Piece, left: Sequence[Piece], span: Span, table: Table) -> None:
    taken = Free([piece])
    for each in left:
        taken.take(each)
    words = table.scale.words(taken.pieces[0])
    table.scope.report.error(
        "E404",
        f"Rows overlap: a row above already takes {words}.",
        span,
        f"Both ends of a range count. Only {table.scale.words(left[0])} is left here.",
        table.scope.report.replaced(span, table.scale.words(left[0])) if len(left) == 1 else None,
    )


def say_never(span: Span, why: str, scope: Scope) -> None:
    scope.report.error(
        "E406",
        f"This row can never apply: {why}.",
        span,
        "The first row that matches acts. Leave this row out, or put it higher.",
    )


# --- what is missing -----------------------------------------------------------------------------


def say_missing(node: nodes.PointsBy, table: Table, whole: Whole) -> None:
    if "otherwise" in table.rest:
        return
    missing = _missing(table)
    if missing is None or not whole():
        return
    table.scope.report.error(
        "E405",
        f"No row is for {missing}.",
        node.field.span,
        "Add a row for it, or say that all other values get nothing: `+0 otherwise`.",
    )


def _missing(table: Table) -> str | None:
    """The values that no row takes, in words."""
    match table.about.type:
        case checked.OneOfType(values):
            left = [value for value in values if value not in table.values]
            return alternatives(left) if left else None
        case checked.YesNoType():
            left = [
                word for word, value in (("yes", True), ("no", False)) if value not in table.values
            ]
            return alternatives(left) if left else None
        case checked.NumberType() | checked.DateType() | checked.InstantType():
            if not table.free.pieces:
                return None
            return f"{ticked(table.about.name)} {table.scale.words(table.free.pieces[0])}"
        case _:
            return "other texts"


def warn_of_unknown(node: nodes.PointsBy, table: Table, whole: Whole) -> None:
    may_be_unknown = not table.about.required and not table.about.no_when_unknown
    if "unknown" in table.rest or not may_be_unknown or not whole():
        return
    table.scope.report.found.append(
        Diagnostic(
            "W401",
            f"An unknown {ticked(table.about.name)} gets no points, and no row says so.",
            node.field.span,
            "Add a row for it, such as `+0 unknown`.",
        )
    )
