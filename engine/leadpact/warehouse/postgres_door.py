"""The way to a Postgres server: the one place that opens it, and what goes wrong there in words.

No message ever tells a password, whatever the server or the library says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import unquote

from leadpact.batch.places import RunError, shown_address

__all__ = ["Door", "connected"]

_TIMEOUT_SECONDS = 15
_UNCHANGED = "Nothing was changed."


@contextmanager
def connected(address: str) -> Iterator[Door]:
    """An open connection, whose statements each stand for themselves until one begins more."""
    try:
        import psycopg
    except ImportError as missing:
        raise RunError(
            "Postgres is not installed beside Leadpact.", "`pip install 'leadpact[postgres]'`"
        ) from missing
    secret = _password(address)
    try:
        connection = psycopg.connect(
            address,
            autocommit=True,
            connect_timeout=_TIMEOUT_SECONDS,
            application_name="leadpact",
            client_encoding="UTF8",
        )
    except psycopg.ProgrammingError:
        # What the library says of it would have the whole address in it.
        raise RunError(
            f"{shown_address(address)}: this is no address of a server.",
            "Write it like postgresql://user@host:5432/database; the password can stand in "
            "PGPASSWORD or in ~/.pgpass.",
        ) from None
    except psycopg.OperationalError as error:
        raise _refused(address, _without(secret, str(error))) from None
    try:
        yield Door(connection, psycopg.Error, shown_address(address), secret)
    finally:
        connection.close()


class Door:
    """An open connection. ``shown`` is the address as it may be shown."""

    def __init__(self, connection: Any, errors: type[Exception], shown: str, secret: str) -> None:
        self._connection = connection
        self._errors = errors
        self._secret = secret
        self.shown = shown

    def execute(self, sql: str, values: Sequence[object] | None = None) -> Any:
        """Do what the SQL says; a cursor over what it gives."""
        return self._connection.execute(sql, values)

    def cursor(self, name: str = "") -> Any:
        """A cursor; one with a name keeps its result on the server."""
        return self._connection.cursor(name) if name else self._connection.cursor()

    def unless_refused(self, sql: str) -> None:
        """Do what not every server can."""
        with suppress(self._errors):
            self._connection.execute(sql)

    @contextmanager
    def told(self) -> Iterator[None]:
        """What goes wrong on the server, in words for people."""
        try:
            yield
        except self._errors as error:
            raise self._in_words(error) from None

    def _in_words(self, error: Any) -> RunError:
        state = error.sqlstate or ""
        first = _without(self._secret, str(error)).strip().splitlines()[:1] or ["no reason given"]
        said = first[0]
        if state == "42501":
            return RunError(f"{self.shown}: the user may not do this ({said}).")
        if state == "25006":
            return RunError(
                f"{self.shown}: this server only lets read.",
                "Decide on the server that it follows, or in files.",
            )
        if state == "2BP01":
            return RunError(
                f"{self.shown}: other things hang on the table that would be replaced ({said}).",
                "Give the output another name.",
            )
        if state.startswith("53"):
            return RunError(f"{self.shown}: the server has no room left ({said}).", _UNCHANGED)
        if state.startswith(("08", "57P")) or not state:
            return RunError(f"{self.shown}: the server has ended the run ({said}).", _UNCHANGED)
        if state == "57014":
            return RunError(f"{self.shown}: the run was stopped there ({said}).", _UNCHANGED)
        return RunError(f"{self.shown}: the server could not do it ({said}).", _UNCHANGED)


def _refused(address: str, said: str) -> RunError:
    """Why there is no connection. The words are the library's or the server's."""
    where = shown_address(address)
    low = said.lower()
    if "password authentication failed" in low:
        return RunError(f"{where}: the password is wrong.", _PASSWORD)
    if "no password supplied" in low:
        return RunError(f"{where}: the server wants a password.", _PASSWORD)
    if "authentication failed" in low or "pg_hba.conf" in low:
        return RunError(f"{where}: the server does not let this user in.", _last(said))
    if re.search(r'role "[^"]*" does not exist', said):
        return RunError(f"{where}: the server knows no such user.", _last(said))
    if re.search(r'database "[^"]*" does not exist', said):
        return RunError(f"{where}: the server has no such database.", _last(said))
    if (
        "could not translate host name" in low
        or "name or service not known" in low
        or "resolve host" in low
    ):
        return RunError(f"{where}: no server of this name was found.", "Is the name right?")
    if "timeout" in low or "timed out" in low:
        return RunError(f"{where}: the server did not answer in time.", "Is it behind a firewall?")
    if "refused" in low or "no such file" in low:
        return RunError(
            f"{where}: nobody answers there.", "Does the server run, and are host and port right?"
        )
    return RunError(f"{where}: the server refuses.", _last(said))


_PASSWORD = "Put the right one into PGPASSWORD or ~/.pgpass, or into the address."


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return f"It says: {lines[-1].rpartition('FATAL: ')[2].strip()}" if lines else ""


def _password(address: str) -> str:
    """What must not be shown; empty if the address has none."""
    who, at, _ = address.partition("://")[2].rpartition("@")
    inside = unquote(who.partition(":")[2]) if at else ""
    option = re.search(r"[?&]password=([^&]*)", address)
    return inside or (unquote(option.group(1)) if option else "")


def _without(secret: str, said: str) -> str:
    return said.replace(secret, "…") if secret else said
