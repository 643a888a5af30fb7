"""Pictures as inline SVG: the square of four groups, and the path of a lead.

Each comes wide and upright; the style sheet shows the one that fits. Colours come from the style
sheet through classes, so a picture is right in dark mode and on paper too.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from leadpact_sla.model import GroupDoc, QuadrantDoc
from leadpact_sla.model_policy import MoveDoc, StageDoc
from leadpact_sla.path_layout import layout
from leadpact_sla.path_shapes import Arrow, Box, Layout, Sizes
from leadpact_sla.words import say

__all__ = ["path", "readable", "square", "undrawn"]

_LARGEST = 1.15
"""A small picture grows no larger than this on a wide page."""

_STAGES = 14
_LARGE = 1500.0
"""A path of more stages, or a picture larger than this, could not be read on a page."""

_LETTER = 0.54
"""The width of an average letter, as a part of the font's size."""


def _text(x: float, y: float, size: float, text: str, css: str, anchor: str = "middle") -> str:
    return (
        f'<text class="{css}" x="{x:g}" y="{y:g}" font-size="{size:g}"'
        f' text-anchor="{anchor}">{escape(text)}</text>'
    )


def wrapped(text: str, width: float, size: float, most: int) -> list[str]:
    """The text in at most ``most`` lines of ``width``, the last cut with an ellipsis."""
    fits = max(4, int(width / (size * _LETTER)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= fits:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most:
        shown[-1] = f"{shown[-1]} …"
    return [line if len(line) <= fits else f"{line[: fits - 1]}…" for line in shown]


def _svg(kind: str, uid: str, size: tuple[float, float], title: str, desc: str) -> str:
    return (
        f'<svg class="lp-svg {kind}" viewBox="0 0 {size[0]:g} {size[1]:g}" role="img"'
        f' style="max-width:{size[0] * _LARGEST:g}px"'
        f' aria-labelledby="{uid}-title {uid}-desc" xmlns="http://www.w3.org/2000/svg">'
        f'<title id="{uid}-title">{escape(title)}</title>'
        f'<desc id="{uid}-desc">{escape(desc)}</desc>'
    )


# --- the square ----------------------------------------------------------------------------------


def square(group: GroupDoc, quadrant: QuadrantDoc, *, upright: bool, uid: str = "") -> str:
    """The group as four fields; across and up are the two questions. ``uid`` tells several on one
    page apart.
    """
    width, height = (340.0, 420.0) if upright else (760.0, 470.0)
    left, foot, between = (24.0, 26.0, 4.0) if upright else (34.0, 34.0, 6.0)
    cell = ((width - left - between) / 2, (height - foot - between) / 2)
    uid = f"{uid}{group.page}-{'upright' if upright else 'wide'}"
    desc = " ".join(
        [
            say("quadrant desc", across=quadrant.across, up=quadrant.up),
            *(
                say("quadrant cell", answers=_answers(quadrant, key), group=group.rows[row].label)
                for key, row in _cells(quadrant)
            ),
        ]
    )
    out = [_svg("lp-square", uid, (width, height), group.title, desc)]
    for (across, up), row in _cells(quadrant):
        x = left + (cell[0] + between if across else 0)
        y = 0 if up else cell[1] + between
        out.append(_cell(group, row, (x, y), cell, upright=upright))
    out += _axes(quadrant, (width, height), (left, foot), cell, between, upright=upright)
    return "".join([*out, "</svg>"])


def _cells(quadrant: QuadrantDoc) -> list[tuple[tuple[bool, bool], int]]:
    """From top left to bottom right, as one reads."""
    return sorted(quadrant.cells.items(), key=lambda item: (not item[0][1], item[0][0]))


def _answers(quadrant: QuadrantDoc, key: tuple[bool, bool]) -> str:
    across = say("yes" if key[0] else "no", label=quadrant.across_label)
    up = say("yes" if key[1] else "no", label=quadrant.up_label)
    return f"{across}, {up}"


def _cell(
    group: GroupDoc,
    index: int,
    corner: tuple[float, float],
    size: tuple[float, float],
    *,
    upright: bool,
) -> str:
    row = group.rows[index]
    title, small, pad = (17.0, 14.0, 12.0) if upright else (24.0, 16.0, 22.0)
    inner = size[0] - 2 * pad
    x, y = corner[0] + pad, corner[1] + pad + title
    out = [
        f'<rect class="lp-cell lp-tone-{row.tone % 6}" x="{corner[0]:g}" y="{corner[1]:g}"'
        f' width="{size[0]:g}" height="{size[1]:g}" rx="12"/>'
    ]
    for line in wrapped(row.label, inner, title * 1.08, 2):
        out.append(_text(x, y, title, line, f"lp-cell-name lp-ink-{row.tone % 6}", "start"))
        y += title * 1.2
    said = row.does or row.means or ((row.rule.because,) if row.rule.because else ())
    y += small * 0.25
    for line in wrapped(" ".join(said[:1]), inner, small, 6 if upright else 4):
        out.append(_text(x, y, small, line, "lp-cell-text", "start"))
        y += small * 1.32
    return "".join(out)


def _axes(
    quadrant: QuadrantDoc,
    size: tuple[float, float],
    margin: tuple[float, float],
    cell: tuple[float, float],
    between: float,
    *,
    upright: bool,
) -> Iterable[str]:
    font = 13.0 if upright else 15.0
    y = size[1] - margin[1] + font + 6
    for yes in (False, True):
        x = margin[0] + cell[0] / 2 + (cell[0] + between if yes else 0)
        label = say("yes" if yes else "no", label=quadrant.across_label)
        css = "lp-axis lp-axis-yes" if yes else "lp-axis"
        yield _text(x, y, font, wrapped(label, cell[0], font, 1)[0], css)
    for yes in (True, False):
        middle = cell[1] / 2 + (0 if yes else cell[1] + between)
        label = say("yes" if yes else "no", label=quadrant.up_label)
        css = "lp-axis lp-axis-yes" if yes else "lp-axis"
        text = escape(wrapped(label, cell[1], font, 1)[0])
        yield (
            f'<text class="{css}" transform="translate({margin[0] - 9:g},{middle:g}) rotate(-90)"'
            f' font-size="{font:g}" text-anchor="middle">{text}</text>'
        )


# --- the path ------------------------------------------------------------------------------------

_WIDE = Sizes(box_along=158, box_across=76, gap=58, band=66, lane=40, reach=64, band_least=0)
_UPRIGHT = Sizes(box_along=62, box_across=150, gap=44, band=42, lane=32, reach=70, band_least=124)


def path(
    stages: tuple[StageDoc, ...], moves: tuple[MoveDoc, ...], uid: str, *, upright: bool
) -> str:
    """The stages as boxes, the moves as numbered arrows."""
    plan = layout(stages, moves, _UPRIGHT if upright else _WIDE)
    uid = f"{uid}-{'upright' if upright else 'wide'}"
    desc = "; ".join(
        say("path desc", number=move.number, from_=move.start_label, to=move.to_label)
        for move in moves
    )
    out = [_svg("lp-path", uid, _size(plan, upright), say("path title"), desc), _arrow_head(uid)]
    # An arrow to a band that is farther out lies on the nearer one, not behind it.
    out += [_box(box, upright) for box in plan.boxes]
    out += [_line(arrow, uid, upright) for arrow in plan.arrows]
    out += [_badge(arrow, upright) for arrow in plan.arrows]
    return "".join([*out, "</svg>"])


def readable(stages: tuple[StageDoc, ...], moves: tuple[MoveDoc, ...]) -> bool:
    """Whether the picture is small enough to be read on a page; else the table has to do."""
    plan = layout(stages, moves, _WIDE)
    return len(stages) <= _STAGES and max(plan.along, plan.across) <= _LARGE


def undrawn(stages: tuple[StageDoc, ...], moves: tuple[MoveDoc, ...]) -> tuple[MoveDoc, ...]:
    """The moves for which one of the two pictures has no arrow."""
    missing = {
        move.number for sizes in (_WIDE, _UPRIGHT) for move in layout(stages, moves, sizes).undrawn
    }
    return tuple(move for move in moves if move.number in missing)


def _size(plan: Layout, upright: bool) -> tuple[float, float]:
    along, across = plan.along, plan.across
    return (across, along) if upright else (along, across)


def _arrow_head(uid: str) -> str:
    return (
        f'<defs><marker id="{uid}-head" viewBox="0 0 10 10" refX="8.5" refY="5" markerWidth="7"'
        ' markerHeight="7" orient="auto"><path class="lp-head" d="M0 .8 9 5 0 9.2z"/>'
        "</marker></defs>"
    )


def _xy(point: tuple[float, float], upright: bool) -> tuple[float, float]:
    return (point[1], point[0]) if upright else point


def _line(arrow: Arrow, uid: str, upright: bool) -> str:
    corners = " ".join(f"{x:g},{y:g}" for x, y in (_xy(p, upright) for p in arrow.points))
    css = "lp-arrow lp-arrow-back" if arrow.move.back else "lp-arrow"
    return f'<polyline class="{css}" points="{corners}" marker-end="url(#{uid}-head)"/>'


def _badge(arrow: Arrow, upright: bool) -> str:
    x, y = _xy(arrow.badge, upright)
    text = _numbers(arrow.move.numbers)
    width = 24 if len(text) < 3 else 10 + 8 * len(text)
    mark = (
        f'<rect x="{x - width / 2:g}" y="{y - 12:g}" width="{width:g}" height="24" rx="12"/>'
        f"{_text(x, y + 4.6, 13, text, 'lp-badge-number')}"
    )
    return f'<g class="lp-badge-mark">{mark}</g>'


def _numbers(numbers: tuple[int, ...]) -> str:
    """``3``; ``3–6`` of a run, ``3, 5`` of others"""
    run = numbers[-1] - numbers[0] == len(numbers) - 1
    if len(numbers) > 1 and run:
        return f"{numbers[0]}–{numbers[-1]}"
    return ", ".join(map(str, numbers))


def _box(box: Box, upright: bool) -> str:
    x, y = _xy((box.along, box.across), upright)
    width, height = _xy((box.length, box.breadth), upright)
    tone = "none" if box.stage.tone is None else str(box.stage.tone % 4)
    out = [
        f'<rect class="lp-stage lp-stage-{box.kind} lp-party-{tone}" x="{x:g}" y="{y:g}"'
        f' width="{width:g}" height="{height:g}" rx="12"/>'
    ]
    if upright and box.kind != "main":
        return "".join([*out, _upright_band(box, (x, y), (width, height))])
    name = 15.0 if upright else 17.0
    small = 13.0 if upright else 14.0
    owner = [box.stage.owner] if box.stage.owner else []
    lines = wrapped(box.stage.label, width - 16, name * 1.06, 1 if height < 50 else 2)
    used = len(lines) * name * 1.16 + len(owner) * small * 1.25
    baseline = y + (height - used) / 2 + name * 0.92
    for line in lines:
        out.append(_text(x + width / 2, baseline, name, line, "lp-stage-name"))
        baseline += name * 1.16
    for line in owner:
        said = wrapped(line, width - 16, small, 1)[0]
        out.append(_text(x + width / 2, baseline + 1, small, said, "lp-stage-owner"))
    return "".join(out)


def _upright_band(box: Box, corner: tuple[float, float], size: tuple[float, float]) -> str:
    y = corner[1] + size[1] / 2
    lines = [(wrapped(box.stage.label, size[1] - 12, 15.5, 1)[0], 15.0, "lp-stage-name", 5.0)]
    if box.stage.owner:
        owner = wrapped(box.stage.owner, size[1] - 12, 13, 1)[0]
        lines = [(lines[0][0], 15.0, "lp-stage-name", -3.0), (owner, 13.0, "lp-stage-owner", 14.0)]
    return "".join(
        f'<text class="{css}" transform="translate({corner[0] + size[0] / 2 + shift:g},{y:g})'
        f' rotate(-90)" font-size="{font:g}" text-anchor="middle">{escape(text)}</text>'
        for text, font, css, shift in lines
    )
