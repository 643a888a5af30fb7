"""The fields of a struct as local variables, in the forms in which they are compared."""

from __future__ import annotations

from decimal import Decimal

from leadpact.backends.python.memo import Memo
from leadpact.backends.python.writer import Writer
from leadpact.checked import Field, InstantType, NumberType
from leadpact.operators.text import fold
from leadpact.schema import attribute

__all__ = ["Facts", "literal"]


def literal(value: Decimal | int) -> str | None:
    """A number as Python source; ``None`` for one that needs to be a constant."""
    if isinstance(value, Decimal) and value != value.to_integral_value():
        return None
    return str(int(value))


class Facts:
    """The fields of one struct as local variables, loaded only where the code uses them.

    ``owner`` is the struct's variable and ``prefix`` begins the locals' names. ``recurring`` says
    that the same texts come again and again, so that folding them once each pays; ``optional``,
    that there may be no struct (``None``), and then everything is unknown.
    """

    def __init__(
        self,
        owner: str,
        prefix: str,
        fields: tuple[Field, ...],
        recurring: bool = False,
        optional: bool = False,
    ) -> None:
        self.owner = owner
        self.prefix = prefix
        self.recurring = recurring
        self.optional = optional
        self.fields = {field.name: field for field in fields}
        self.used: dict[str, None] = {}
        self.inexact: set[str] = set()

    def raw(self, name: str) -> str:
        """The value as decoded; ``None`` when unknown.

        A number may be a float, which stands for the decimal that it prints. Against a whole
        number that makes no difference: rounding to a float keeps the order.
        """
        return self._use(f"{self.prefix}{name}")

    def exact(self, name: str) -> str:
        """A number as a whole number or an exact decimal; ``None`` when unknown."""
        self.inexact.add(name)
        return self.raw(name)

    def number(self, name: str, bound: Decimal, writer: Writer) -> tuple[str, str]:
        """A number and a constant to compare it with, as both are spelled."""
        spelled = literal(bound)
        if spelled is not None:
            return self.raw(name), spelled
        return self.exact(name), writer.constant(bound)

    def folded(self, name: str) -> str:
        """A text as it is compared; empty when unknown."""
        return self._use(f"{self.prefix}{name}_FOLDED")

    def lowered(self, name: str) -> str:
        """Like ``folded``, but letters beyond A–Z may be lowered too: see ``_lowers_alike``."""
        return self._use(f"{self.prefix}{name}_LOWERED")

    def domain(self, name: str) -> str:
        self.folded(name)
        return self._use(f"{self.prefix}{name}_DOMAIN")

    def day(self, name: str) -> str:
        """The day of a date field; the local day of a date and time."""
        if isinstance(self.fields[name].type, InstantType):
            return self._use(f"{self.prefix}{name}_DAY")
        return self.raw(name)

    def _use(self, variable: str) -> str:
        self.used[variable] = None
        return variable

    def load(self, writer: Writer) -> None:
        """Write the loads of all that was used."""
        for name, field in self.fields.items():
            self._load(writer, name, field)

    def _load(self, writer: Writer, name: str, field: Field) -> None:
        raw, source = f"{self.prefix}{name}", f"{self.owner}.{attribute(name)}"
        derived = [f"{raw}_{form}" for form in ("FOLDED", "LOWERED", "DOMAIN", "DAY")]
        if raw not in self.used and not any(variable in self.used for variable in derived):
            return
        writer.line(f"{raw} = {self._guard()}{source}")
        if name in self.inexact and isinstance(field.type, NumberType) and not field.type.whole:
            with writer.block(f"if {raw}.__class__ is float:"):
                writer.line(f"{raw} = exact({raw})")
        if f"{raw}_FOLDED" in self.used:
            self._fold(writer, raw)
        if f"{raw}_LOWERED" in self.used:
            lowered = f"{raw}.strip(BLANKS).lower()"
            if f"{raw}_FOLDED" in self.used:
                writer.line(f"{raw}_LOWERED = {raw}_FOLDED")
            else:
                writer.line(f'{raw}_LOWERED = "" if {raw} is None else {lowered}')
        if f"{raw}_DOMAIN" in self.used:
            writer.line(f"{raw}_DOMAIN = domain({raw}_FOLDED)")
        if f"{raw}_DAY" in self.used:
            writer.line(f"{raw}_DAY = None if {raw} is None else local_day({raw}, ZONE)")

    def _guard(self) -> str:
        return f"None if {self.owner} is None else " if self.optional else ""

    def _fold(self, writer: Writer, raw: str) -> None:
        if not self.recurring:
            writer.line(
                f'{raw}_FOLDED = "" if {raw} is None else '
                f"{raw}.strip(BLANKS).lower() if {raw}.isascii() else fold({raw})"
            )
            return
        memo = Memo(fold)
        with writer.block("try:"):
            writer.line(f"{raw}_FOLDED = {writer.constant(memo.made, 'Folded')}[{raw}]")
        with writer.block("except KeyError:"):
            writer.line(f"{raw}_FOLDED = {writer.constant(memo, 'Fold')}[{raw}]")
