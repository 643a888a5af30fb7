"""Progress on a terminal. rich is imported only where there is one to write to."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from leadpact.batch import Progress

__all__ = ["counting", "reading"]

Count: TypeAlias = Callable[[int, int], None]


@contextmanager
def counting(what: str, shown: bool = True) -> Iterator[Count | None]:
    """Gives a function that is told how many are done of how many; ``None`` without a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextmanager
def reading(shown: bool = True) -> Iterator[Callable[[Progress], None] | None]:
    """Gives a listener for a run: a bar a step, by bytes; ``None`` without a terminal."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[records]:,}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks = {}

        def listen(progress: Progress) -> None:
            if progress.step not in tasks:
                name = progress.step.capitalize()
                tasks[progress.step] = bars.add_task(name, total=None, records=0)
            bars.update(
                tasks[progress.step],
                completed=progress.bytes_read,
                total=max(progress.bytes_total, progress.bytes_read, 1),
                records=progress.records,
            )

        yield listen
