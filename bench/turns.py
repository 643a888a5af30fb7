"""Timing several ways to do the same work, in turns."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

__all__ = ["Way", "measure"]


class Way(Protocol):
    """Something to time: a function, and what to call it with."""

    @property
    def decide(self) -> Callable[[Any], Any]: ...

    @property
    def inputs(self) -> Sequence[Any]: ...


def measure(table: Mapping[str, Way], rounds: int, chunk: int) -> dict[str, list[float]]:
    """CPU microseconds a lead of this process, for each way and round.

    The ways take turns every ``chunk`` leads, each time in another order: who comes after a way
    that has just used the same records finds them in the processor's cache.
    """
    dice = random.Random(0)
    order = list(table)
    taken: dict[str, list[float]] = {name: [] for name in table}
    count = len(table[order[0]].inputs)
    for _ in range(rounds):
        spent = dict.fromkeys(table, 0.0)
        for start in range(0, count, chunk):
            dice.shuffle(order)
            for name in order:
                decide = table[name].decide
                inputs = table[name].inputs[start : start + chunk]
                begun = time.process_time()
                for one in inputs:
                    decide(one)
                spent[name] += time.process_time() - begun
        for name, seconds in spent.items():
            taken[name].append(seconds / count * 1e6)
    return taken
