"""Dataclasses that cost next to nothing until they are used.

``@dataclass(frozen=True, slots=True)`` writes and compiles eight methods a class. A policy has some
150 classes of nodes, of which a command uses a part, and ``leadpact check`` runs on every save: so
here equality, hash and text are inherited, and ``__init__`` is compiled when a class has so many
instances that it pays. To the type checker, and to ``dataclasses.fields`` and ``replace``, these
are dataclasses.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, dataclass, fields
from dataclasses import field as described_field
from operator import attrgetter
from typing import Any, Final, TypeVar, dataclass_transform

__all__ = ["frozen", "mutable"]

T = TypeVar("T", bound=type)

_PAYS: Final = 100
"""So many instances are made in the time that compiling ``__init__`` takes."""


@dataclass_transform(eq_default=True, frozen_default=True)
def frozen(cls: T) -> T:
    """The class as a frozen dataclass with slots. Fields may have plain defaults."""
    made = _with_slots(cls)
    made.__hash__ = _hash
    made.__setattr__ = _refuse
    made.__delattr__ = _refuse
    made.__reduce__ = _reduce
    return made  # type: ignore[no-any-return]


@dataclass_transform(eq_default=True, field_specifiers=(described_field,))
def mutable(cls: T) -> T:
    """The class as a dataclass with slots. Fields may have defaults and default factories."""
    made = _with_slots(cls)
    made.__hash__ = None
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
        one: Any = default if isinstance(default, Field) else described_field(default=default)
        one.name, one.type, one._field_type = name, kind, _PLAIN
        described[name] = one
    for name in ("__dict__", "__weakref__"):
        namespace.pop(name, None)
    namespace |= {
        "__slots__": tuple(own),
        "__match_args__": tuple(own),
        "__dataclass_fields__": described,
        "__init__": _first_init,
        "__eq__": _eq,
        "__repr__": _repr,
    }
    return type(cls.__name__, cls.__bases__, namespace)


@dataclass
class _Sample:
    one: int


_PLAIN: Any = vars(_Sample)["__dataclass_fields__"]["one"]._field_type
"""How ``dataclasses`` marks a field that is nothing special."""


def _first_init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    """Stands in for ``__init__`` as long as compiling that does not pay."""
    cls = type(self)
    made = _MADE[cls] = _MADE.get(cls, 0) + 1
    names = cls.__match_args__
    fits = made <= _PAYS and len(args) <= len(names)
    if fits:
        for name, value in zip(names, args, strict=False):
            _set(self, name, value)
        if kwargs or len(args) < len(names):
            fits = _fill(self, names[len(args) :], kwargs)
    if not fits:
        # It also says what is wrong when the arguments are.
        cls.__init__ = _compile_init(cls)
        cls.__init__(self, *args, **kwargs)
    elif "__post_init__" in cls.__dict__:
        self.__post_init__()


_MADE: dict[type[Any], int] = {}
_set = object.__setattr__


def _fill(made: Any, names: tuple[str, ...], given: dict[str, Any]) -> bool:
    """Give the other fields their values; whether what is given is all that and only that."""
    used = 0
    for name in names:
        if name in given:
            used += 1
            _set(made, name, given[name])
            continue
        field = made.__dataclass_fields__[name]
        if field.default_factory is not MISSING:
            _set(made, name, field.default_factory())
        elif field.default is not MISSING:
            _set(made, name, field.default)
        else:
            return False
    return used == len(given)


def _compile_init(cls: type[Any]) -> Any:
    """``__init__`` with the fields as parameters; it writes the slots past ``_refuse``."""
    own = fields(cls)
    namespace: dict[str, Any] = {"_missing": MISSING}
    parameters, body = [], ["    pass"]
    for field in own:
        namespace[f"_set_{field.name}"] = cls.__dict__[field.name].__set__
        value = field.name
        if field.default_factory is not MISSING:
            namespace[f"_make_{field.name}"] = field.default_factory
            parameters.append(f"{field.name}=_missing")
            value = f"_make_{field.name}() if {field.name} is _missing else {field.name}"
        elif field.default is not MISSING:
            namespace[f"_default_{field.name}"] = field.default
            parameters.append(f"{field.name}=_default_{field.name}")
        else:
            parameters.append(field.name)
        body.append(f"    _set_{field.name}(self, {value})")
    if "__post_init__" in cls.__dict__:
        body.append("    self.__post_init__()")
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
