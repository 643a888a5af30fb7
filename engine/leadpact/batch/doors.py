"""How a run comes to its leads and events, and where its decisions go."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from leadpact.batch.activities import Activities, open_activities
from leadpact.batch.leads import LeadsFile, open_leads
from leadpact.batch.output import Output, decision_format
from leadpact.batch.places import Place, RunError, text_format
from leadpact.batch.sources import SourceMapping
from leadpact.checked import CheckedPolicy
from leadpact.decision import Decision

__all__ = ["FILES", "Decisions", "Doors", "TextFiles"]


class Decisions(Protocol):
    """Where decisions go: all of them at ``keep``, or none."""

    def add(self, decision: Decision) -> None: ...

    def keep(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Doors(Protocol):
    """What opens the places of a run; RunError for a place that it cannot read or write."""

    def leads(self, place: Place, policy: CheckedPolicy, mapping: SourceMapping) -> LeadsFile: ...

    def activities(self, place: Place, policy: CheckedPolicy) -> Activities: ...

    def decisions(self, place: Place, policy: CheckedPolicy, explain: bool) -> Decisions: ...


class TextFiles:
    """The doors of single files of text: CSV and JSON lines."""

    def leads(self, place: Place, policy: CheckedPolicy, mapping: SourceMapping) -> LeadsFile:
        return open_leads(_text(place), policy, mapping)

    def activities(self, place: Place, policy: CheckedPolicy) -> Activities:
        return open_activities(_text(place), policy)

    def decisions(self, place: Place, policy: CheckedPolicy, explain: bool) -> Decisions:
        return _TextDecisions(_text(place), policy, explain)


FILES = TextFiles()


class _TextDecisions:
    def __init__(self, path: Path, policy: CheckedPolicy, explain: bool) -> None:
        self._output = Output(path)
        self._rest = policy, explain

    def __enter__(self) -> Self:
        output = self._output.__enter__()
        self.add = decision_format(text_format(output.path), output.write, *self._rest)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._output.__exit__(kind, error, trace)

    def keep(self) -> None:
        self._output.keep()


def _text(place: Place) -> Path:
    if not isinstance(place, Path):
        raise RunError(f"{place}: one file is wanted here.", "Name a `.csv` or a `.jsonl` file.")
    text_format(place)
    return place
