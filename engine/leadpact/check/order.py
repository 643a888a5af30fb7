"""What hangs on what: an order in which everything is known when it is needed, or circles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["arrange"]


def arrange(leans_on: Mapping[str, Iterable[str]]) -> tuple[list[str], list[list[str]]]:
    """The names in an order in which each comes after what it leans on, and the circles.

    A circle is given from the member that was written first, in the order of leaning. Names that
    only lean on a circle still stand in the order. Written as loops, because a policy may chain
    more definitions than a stack can hold.
    """
    open_ = {
        name: [other for other in dict.fromkeys(others) if other in leans_on]
        for name, others in leans_on.items()
    }
    waiting: dict[str, list[str]] = {name: [] for name in open_}
    for name, others in open_.items():
        for other in others:
            waiting[other].append(name)
    left = {name: len(others) for name, others in open_.items()}
    ready = [name for name, count in left.items() if count == 0]
    order: list[str] = []
    circles: list[list[str]] = []
    rest = iter(open_)
    done: set[str] = set()
    while True:
        while ready:
            name = ready.pop()
            if name in done:
                continue
            done.add(name)
            order.append(name)
            for other in waiting[name]:
                left[other] -= 1
                if left[other] == 0:
                    ready.append(other)
        start = next((name for name in rest if name not in done), None)
        if start is None:
            return order, circles
        circle = _circle(start, open_, done)
        circles.append(_from_first(circle, open_))
        ready.extend(circle)


def _circle(start: str, leans_on: Mapping[str, list[str]], done: set[str]) -> list[str]:
    """A circle that can be reached from a name that waits for ever."""
    seen: dict[str, int] = {}
    path: list[str] = []
    name = start
    while name not in seen:
        seen[name] = len(path)
        path.append(name)
        name = next(other for other in leans_on[name] if other not in done)
    return path[seen[name] :]


def _from_first(circle: list[str], written: Iterable[str]) -> list[str]:
    members = set(circle)
    first = circle.index(next(name for name in written if name in members))
    return circle[first:] + circle[:first]
