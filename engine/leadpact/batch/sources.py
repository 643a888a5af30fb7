"""Source mappings: how the columns of somebody else's file become fields of the policy.

A mapping is a YAML file in the policy's ``sources`` folder. Whatever it says is checked against
the policy when it is read, so that a run never stumbles over it: names of fields, declared
values, patterns of dates.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from leadpact.batch.places import RunError, did_you_mean
from leadpact.batch.values import Value, WrongValueError, typed_reader
from leadpact.batch.yaml_shapes import Items, Keys, Shape, Text, read_yaml
from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    DateType,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
)
from leadpact.operators.text import fold

__all__ = ["NO_MAPPING", "ColumnRule", "SourceMapping", "read_mapping", "readable_fields"]

_KEYS = ("format", "id", "unknown", "fields", "ignore")
_COLUMN_KEYS = ("column", "unknown", "values", "otherwise", "dates", "decimal")


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """How one field is read: ``unknown`` and the keys of ``values`` are folded texts.

    ``values`` and ``otherwise`` hold what a record holds. ``place`` is where the mapping says so,
    for messages.
    """

    column: str
    kind: FieldType
    unknown: frozenset[str] = frozenset()
    values: dict[str, Value] = field(default_factory=dict)
    otherwise: Value | None = None
    dates: str | None = None
    decimal: str = "."
    place: str = ""


@dataclass(frozen=True, slots=True)
class SourceMapping:
    """``fields`` names every field that the mapping mentions; others keep their own name."""

    id_column: str
    id_place: str
    unknown: frozenset[str]
    fields: dict[str, ColumnRule]
    ignored: frozenset[str]


NO_MAPPING = SourceMapping("id", "", frozenset(), {}, frozenset())
"""Columns bear the names of fields."""


def readable_fields(policy: CheckedPolicy) -> dict[str, FieldType]:
    """Every name that a column of leads can bear, but ``id``, with its type."""
    fields = {one.name: one.type for one in policy.fields}
    fields["stage"] = OneOfType(tuple(stage.name for stage in policy.stages))
    fields["stage_since"] = InstantType()
    return fields


def read_mapping(folder: Path | None, name: str, policy: CheckedPolicy) -> SourceMapping:
    """The mapping ``sources/NAME.yaml`` of the policy in ``folder``; RunError if it is faulty."""
    if folder is None:
        raise RunError("The policy was not read from a folder, so it has no source mappings.")
    sources = folder / "sources"
    known = sorted(path.stem for path in sources.glob("*.yaml"))
    if name not in known:
        listed = f"There is {', '.join(known)}." if known else f"There is none in {sources}."
        raise RunError(
            f"The policy has no source mapping `{name}`.", did_you_mean(name, known) or listed
        )
    return _Reading(sources / f"{name}.yaml", policy).mapping()


class _Reading:
    """One mapping being read."""

    def __init__(self, path: Path, policy: CheckedPolicy) -> None:
        self.path = path
        self.fields = readable_fields(policy)

    def mapping(self) -> SourceMapping:
        top = read_yaml(self.path)
        if not isinstance(top, Keys):
            raise self._wrong(top.line, "a mapping holds `fields:` and the like.")
        self._known_keys(top, _KEYS, "A mapping")
        self._format(top)
        id_line = top.lines.get("id", 1)
        id_column = self._text(top.values.get("id", Text("id", 1)), "id")
        fields = top.values.get("fields")
        rules = {} if fields is None else self._rules(fields)
        return SourceMapping(
            id_column,
            self._place(id_line) if "id" in top.values else "",
            frozenset(fold(text) for text in self._texts(top, "unknown")),
            rules,
            frozenset(self._texts(top, "ignore")),
        )

    def _format(self, top: Keys) -> None:
        written = top.values.get("format", Text("1", 1))
        if self._text(written, "format") != "1":
            raise self._wrong(written.line, "only format 1 of mappings is known.")

    def _rules(self, fields: Shape) -> dict[str, ColumnRule]:
        if not isinstance(fields, Keys):
            raise self._wrong(fields.line, "`fields` holds one line a field: `city: City`.")
        rules = {}
        for name, shape in fields.values.items():
            if name not in self.fields:
                raise self._wrong(
                    fields.lines[name],
                    f"the policy has no field `{name}`.",
                    did_you_mean(name, self.fields),
                )
            rules[name] = self._rule(name, shape, fields.lines[name])
        return rules

    def _rule(self, name: str, shape: Shape, line: int) -> ColumnRule:
        kind = self.fields[name]
        if isinstance(shape, Text):
            return ColumnRule(self._text(shape, name), kind, place=self._place(line))
        if not isinstance(shape, Keys):
            raise self._wrong(line, f"`{name}` is the name of a column, or has `column:` below.")
        self._known_keys(shape, _COLUMN_KEYS, f"`{name}`")
        if "column" not in shape.values:
            raise self._wrong(line, f"`{name}` does not say which column it is.", "Add `column:`.")
        otherwise = shape.values.get("otherwise")
        return ColumnRule(
            self._text(shape.values["column"], "column"),
            kind,
            frozenset(fold(text) for text in self._texts(shape, "unknown")),
            self._values(name, shape),
            None if otherwise is None else self._value(name, otherwise),
            self._dates(name, shape),
            self._decimal(name, shape),
            self._place(line),
        )

    def _values(self, name: str, shape: Keys) -> dict[str, Value]:
        written = shape.values.get("values")
        if written is None:
            return {}
        if not isinstance(written, Keys):
            raise self._wrong(written.line, "`values` holds one line a text: `India: india`.")
        values: dict[str, Value] = {}
        for text, value in written.values.items():
            if fold(text) in values:
                raise self._wrong(
                    written.lines[text],
                    f"`{text}` stands here a second time (blanks around it and case do not count).",
                    "Keep one of the two.",
                )
            values[fold(text)] = self._value(name, value)
        return values

    def _value(self, name: str, shape: Shape) -> Value:
        """A declared value of the field, as a record holds it."""
        text = self._text(shape, name)
        kind = self.fields[name]
        try:
            value = typed_reader(kind)(text)
        except WrongValueError as wrong:
            raise self._wrong(shape.line, f"`{text}` {wrong}.") from None
        declared = kind.values if isinstance(kind, OneOfType | AnyNumberOfType) else None
        for one in value if isinstance(value, list) else [value]:
            if declared is not None and one not in declared:
                raise self._wrong(
                    shape.line,
                    f"`{name}` has no value `{one}`.",
                    did_you_mean(str(one), declared) or f"It has {', '.join(declared)}.",
                )
        if value is None:
            raise self._wrong(shape.line, f"a value of `{name}` is missing here.")
        return value

    def _dates(self, name: str, shape: Keys) -> str | None:
        written = shape.values.get("dates")
        if written is None:
            return None
        pattern = self._text(written, "dates")
        if not isinstance(self.fields[name], DateType | InstantType):
            raise self._wrong(written.line, f"`{name}` is no date, so `dates` says nothing.")
        sample = datetime(2001, 2, 3, 16, 5, 6)
        try:
            back = datetime.strptime(sample.strftime(pattern), pattern)
        except ValueError:
            back = None
        if back is None or back.date() != sample.date():
            raise self._wrong(
                written.line,
                f"`{pattern}` does not say where day, month and year stand.",
                'Write it like "%d/%m/%Y".',
            )
        return pattern

    def _decimal(self, name: str, shape: Keys) -> str:
        written = shape.values.get("decimal")
        if written is None:
            return "."
        sign = self._text(written, "decimal")
        if not isinstance(self.fields[name], NumberType):
            raise self._wrong(written.line, f"`{name}` is no number, so `decimal` says nothing.")
        if sign not in (".", ","):
            raise self._wrong(written.line, 'the decimal sign is "." or ",".')
        return sign

    # --- shapes ------------------------------------------------------------------------------

    def _known_keys(self, shape: Keys, known: tuple[str, ...], whose: str) -> None:
        for key, line in shape.lines.items():
            if key not in known:
                raise self._wrong(
                    line,
                    f"{whose} has no key `{key}`.",
                    did_you_mean(key, known) or f"Its keys are {', '.join(known)}.",
                )

    def _texts(self, shape: Keys, key: str) -> list[str]:
        written = shape.values.get(key)
        if written is None:
            return []
        if not isinstance(written, Items):
            raise self._wrong(written.line, f"`{key}` is a list.", f'Write `{key}: ["…", "…"]`.')
        return [self._text(item, key, empty=True) for item in written.items]

    def _text(self, shape: Shape, key: str, empty: bool = False) -> str:
        if not isinstance(shape, Text):
            raise self._wrong(shape.line, f"`{key}` is one text here.")
        if not shape.text and not empty:
            raise self._wrong(shape.line, f"`{key}` is empty.")
        return shape.text

    def _place(self, line: int) -> str:
        return f"{self.path}:{line}"

    def _wrong(self, line: int, what: str, help: str = "") -> RunError:
        return RunError(f"{self._place(line)}: {what}", help)
