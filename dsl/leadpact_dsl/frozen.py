"""Frozen dataclasses that cost next to nothing until they are used.

``@dataclass(frozen=True, slots=True)`` writes and compiles eight methods a class. A policy has some
150 classes of nodes, of which a command uses a part, and ``leadpact check`` runs on every save: so
here equality, hash and text are inherited, and ``__init__`` is compiled when the first instance is
made. To the type checker, and to ``dataclasses.fields`` and ``replace``, these are dataclasses.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from dataclasses import field as described_field
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

__all__ = ["frozen"]

T = TypeVar("T", bound=type)


@dataclass_transform(eq_default=True, frozen_default=True)
def frozen(cls: T) -> T:
    """The class as a frozen dataclass with slots. Fields may have plain defaults."""
    made = _with_slots(cls)
    made.__init__ = _first_init
    made.__eq__ = _eq
    made.__hash__ = _hash
    made.__repr__ = _repr
    made.__setattr__ = _refuse
    made.__delattr__ = _refuse
    made.__reduce__ = _reduce
    return made  # type: ignore[no-any-return]


def _with_slots(cls: type[Any]) -> Any:
    """The class with slots and with what makes it a dataclass to ``fields`` and ``replace``.

    ``dataclass`` itself looks at much that these classes never have, and takes three times as long.
    """
    namespace = dict(cls.__dict__)
    own = namespace.get("__annotations__", {})
    described = {}
    for name, kind in own.items():
        default = namespace.pop(name, MISSING)
        one: Any = described_field() if default is MISSING else described_field(default=default)
        one.name, one.type, one._field_type = name, kind, _PLAIN
        described[name] = one
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    namespace |= {
        "__slots__": tuple(own),
        "__match_args__": tuple(own),
        "__dataclass_fields__": described,
    }
    return type(cls.__name__, cls.__bases__, namespace)


@dataclass
class _Sample:
    one: int


_PLAIN: Any = vars(_Sample)["__dataclass_fields__"]["one"]._field_type
"""How ``dataclasses`` marks a field that is nothing special."""


def _first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    """Stands in for ``__init__`` until the first instance is made."""
    cls = type(self)
    cls.__init__ = _compile_init(cls)
    cls.__init__(self, *args, **kwargs)


def _compile_init(cls: type[Any]) -> Any:
    """``__init__`` with the fields as parameters; it writes the slots past ``_refuse``."""
    own = fields(cls)
    namespace: dict[str, Any] = {}
    parameters, body = [], ["    pass"]
    for field in own:
        namespace[f"_set_{field.name}"] = cls.__dict__[field.name].__set__
        body.append(f"    _set_{field.name}(self, {field.name})")
        if field.default is MISSING:
            parameters.append(field.name)
        else:
            namespace[f"_default_{field.name}"] = field.default
            parameters.append(f"{field.name}=_default_{field.name}")
    source = "\n".join([f"def __init__(self, {', '.join(parameters)}):", *body])
    exec(source, namespace)
    return namespace["__init__"]


def _values(self: Any) -> Any:
    cls = type(self)
    getter = _GETTERS.get(cls)
    if getter is None:
        names = [field.name for field in fields(cls)]
        # One name alone would give its value instead of a tuple.
        getter = attrgetter(*names, names[0]) if names else _nothing
        _GETTERS[cls] = getter
    return getter(self)


_GETTERS: dict[type[Any], Any] = {}


def _nothing(_: Any) -> tuple[()]:
    return ()


def _eq(self: Any, other: object) -> Any:
    if self is other:
        return True
    if type(other) is not type(self):
        return NotImplemented
    return _values(self) == _values(other)


def _hash(self: Any) -> int:
    return hash((type(self), _values(self)))


def _repr(self: Any) -> str:
    shown = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
    return f"{type(self).__qualname__}({shown})"


def _refuse(self: Any, name: str, *_: Any) -> None:
    raise AttributeError(f"{type(self).__qualname__} is frozen: `{name}` cannot be changed")


def _reduce(self: Any) -> Any:
    return type(self), tuple(getattr(self, field.name) for field in fields(self))
