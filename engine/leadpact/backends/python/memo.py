"""Results that many leads share are made once each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["Memo"]

_MOST = 8192
_LONGEST = 512
"""Texts of records may be of any length; longer ones are not kept."""


class Memo(dict[Any, Any]):
    """A table that makes what it lacks; bounded, so that memory stays flat."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.make = make
        self.made: dict[Any, Any] = {}
        """What was made so far, in a plain table: that is faster to look into."""

    def __missing__(self, key: Any) -> Any:
        value = self.make(key)
        if len(self) < _MOST and not (isinstance(key, str) and len(key) > _LONGEST):
            self[key] = self.made[key] = value
        return value
