"""Dataclasses that are cheap until they are used behave alike before and after it pays."""

from __future__ import annotations

from dataclasses import field, fields, replace

import pytest

from leadpact_dsl.frozen import frozen, mutable


@frozen
class Point:
    x: int
    y: int = 0


@mutable
class Basket:
    owner: str
    things: list[str] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.count += 1


def _in_every_state() -> range:
    # ``__init__`` is compiled on the way.
    return range(150)


def test_arguments_are_taken_by_place_and_by_name() -> None:
    for _ in _in_every_state():
        assert Point(1) == Point(x=1) == Point(1, y=0) == replace(Point(1, 5), y=0)
        assert Point(1) != Point(1, 2)
    assert repr(Point(1, 2)) == "Point(x=1, y=2)"
    assert [one.name for one in fields(Point)] == ["x", "y"]


@pytest.mark.parametrize("made", range(0, 150, 50))
def test_wrong_arguments_are_refused(made: int) -> None:
    @frozen
    class Fresh:
        x: int
        y: int = 0

    for number in range(made):
        Fresh(number)
    for wrong in (lambda: Fresh(), lambda: Fresh(1, 2, 3), lambda: Fresh(1, z=2)):
        with pytest.raises(TypeError):
            wrong()
    with pytest.raises(TypeError):
        Fresh(1, x=2)
    assert Fresh(4).x == 4


def test_what_is_frozen_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]


def test_every_instance_has_its_own_default() -> None:
    for _ in _in_every_state():
        one, other = Basket("a"), Basket("b", count=4)
        one.things.append("apple")
        assert (one.things, other.things) == (["apple"], [])
        assert (one.count, other.count) == (1, 5)
        assert one == Basket("a", ["apple"])
    with pytest.raises(TypeError):
        hash(Basket("a"))
