"""What stands after the ``?`` of a question: ``as_of``, ``explain``, ``version``."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import parse_qsl

from leadpact.operators.times import AsOfError, supported
from leadpact.service.problems import ProblemError
from leadpact_dsl.frozen import frozen

__all__ = ["Asked", "asked", "present"]

_TENTH = timedelta(milliseconds=100)


@frozen
class Asked:
    """A question about a policy. ``as_of`` is ``None`` for now, ``version`` for that in force."""

    as_of: datetime | None = None
    explain: bool = False
    version: int | None = None


_NOTHING = Asked()


def present() -> datetime:
    """Now, rounded up to a tenth of a second, so that what has just happened counts.

    Decisions of the same instant share what depends on the instant alone.
    """
    now = datetime.now(UTC)
    past = now.microsecond % 100_000
    return now if past == 0 else now - timedelta(microseconds=past) + _TENTH


def asked(query: bytes, takes: tuple[str, ...]) -> Asked:
    """The question in a query string. Raises ``ProblemError`` that names all that is wrong.

    ``until`` is another word for ``as_of``, for lives of leads.
    """
    return _asked(query, takes) if query else _NOTHING


@lru_cache(maxsize=1024)
def _asked(query: bytes, takes: tuple[str, ...]) -> Asked:
    found: dict[str, object] = {}
    wrong: list[dict[str, str]] = []
    # Without an escape, `+` means a blank; in an instant it can only be a sign.
    text = query.decode("latin-1").replace("+", "%2B")
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=None):
        if name not in takes:
            known = ", ".join(takes) if takes else "none"
            wrong.append(_problem(name, value, f"This is not asked here. There is: {known}."))
        elif name in found:
            wrong.append(_problem(name, value, "This stands here twice."))
        else:
            found[name] = _READ[name](value)
            if isinstance(found[name], str):
                wrong.append(_problem(name, value, str(found[name])))
    if wrong:
        detail = "Something after the `?` is wrong: see `problems`."
        raise ProblemError("wrong-question", detail, {"problems": wrong})
    as_of = found.get("as_of", found.get("until"))
    return Asked(
        as_of if isinstance(as_of, datetime) else None,
        found.get("explain") is True,
        version if isinstance(version := found.get("version"), int) else None,
    )


def _problem(name: str, value: str, reason: str) -> dict[str, str]:
    return {"field": name[:80], "value": value[:80], "reason": reason}


def _instant(text: str) -> datetime | str:
    try:
        return supported(datetime.fromisoformat(text.strip()))
    except AsOfError as wrong:
        return str(wrong)
    except (ValueError, OverflowError):
        return "An instant is wanted here, like 2026-11-21T09:00:00Z."


def _yes_or_no(text: str) -> bool | str:
    return {"true": True, "false": False}.get(text, "true or false is wanted here.")


def _number(text: str) -> int | str:
    if text.isascii() and text.isdecimal() and len(text) <= 9:
        return int(text)
    return "The number of a version is wanted here, like 3."


_READ = {"as_of": _instant, "until": _instant, "explain": _yes_or_no, "version": _number}
