"""Keys: who may ask for what. Only hashes of keys are kept.

A key file has a line a key, for people to read and to keep under version control:

    # name        rights         hash
    crm           decide,read    sha256:9f86d0…
    prometheus    metrics        sha256:60303a…

A key is 32 random bytes, so a plain hash cannot be guessed backwards. A line that is taken away (or
turned into a comment) withdraws its key.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Final

from leadpact_dsl.frozen import frozen

__all__ = [
    "RIGHTS",
    "Key",
    "KeyFileError",
    "Keys",
    "new_key",
    "parse_keys",
    "read_keys",
    "withdraw",
]

RIGHTS: Final = {
    "decide": "decide and replay leads",
    "read": "read the policies, their schemas and sources, and the documentation",
    "metrics": "read the metrics",
}

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_HASH: Final = re.compile(r"sha256:([0-9a-f]{64})")
_HEAD: Final = "# name rights hash\n"


class KeyFileError(Exception):
    """The key file cannot be used; the text says why, for people, and names no key."""


@frozen
class Key:
    """A key's name, its rights, and the SHA-256 of its text."""

    name: str
    rights: frozenset[str]
    hash: bytes


@frozen
class Keys:
    """All keys of a service."""

    keys: tuple[Key, ...]

    def find(self, token: bytes) -> Key | None:
        """The key of this text. Every hash is compared, each in constant time."""
        given = hashlib.sha256(token).digest()
        found = None
        for key in self.keys:
            if hmac.compare_digest(given, key.hash):
                found = key
        return found


def read_keys(path: Path) -> Keys:
    """The keys in a file. Raises ``KeyFileError``."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        why = (getattr(wrong, "strerror", None) or "it is not a text in UTF-8").lower()
        raise KeyFileError(f"{path}: the keys cannot be read: {why}.") from None
    return parse_keys(text, str(path))


def parse_keys(text: str, name: str) -> Keys:
    """The keys in the text of a key file. Raises ``KeyFileError`` with the line."""
    keys: list[Key] = []
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        key = _key(words, f"{name}:{number}")
        if any(other.name == key.name or other.hash == key.hash for other in keys):
            raise KeyFileError(f"{name}:{number}: the key `{key.name}` stands here twice.")
        keys.append(key)
    return Keys(tuple(keys))


def _key(words: list[str], where: str) -> Key:
    if len(words) != 3:
        said = "a line has a name, its rights and a hash, with blanks between"
        raise KeyFileError(f"{where}: {said}.")
    name, rights, hashed = words
    if not _NAME.fullmatch(name):
        raise KeyFileError(f"{where}: a name has letters, digits and `-`, `_`, `.` only.")
    given = frozenset(rights.split(","))
    if not given <= RIGHTS.keys():
        raise KeyFileError(f"{where}: the rights are {', '.join(RIGHTS)}, with commas between.")
    match = _HASH.fullmatch(hashed)
    if match is None:
        raise KeyFileError(
            f"{where}: a hash is `sha256:` and 64 digits, as `leadpact keys new` says."
        )
    return Key(name, given, bytes.fromhex(match[1]))


def new_key(path: Path, name: str, rights: tuple[str, ...]) -> str:
    """Add a key to a file and give its text, which is kept nowhere. Raises ``KeyFileError``."""
    text = path.read_text("utf-8") if path.exists() else _HEAD
    token = f"lp_{secrets.token_urlsafe(32)}"
    hashed = hashlib.sha256(token.encode()).hexdigest()
    if text and not text.endswith("\n"):
        text += "\n"
    text += f"{name} {','.join(rights)} sha256:{hashed}\n"
    parse_keys(text, str(path))
    _write(path, text)
    return token


def withdraw(path: Path, name: str) -> bool:
    """Take a key out of a file. Whether it was there. Raises ``KeyFileError``."""
    read_keys(path)
    lines = path.read_text("utf-8").split("\n")
    kept = [line for line in lines if line.partition("#")[0].split()[:1] != [name]]
    _write(path, "\n".join(kept))
    return len(kept) < len(lines)


def _write(path: Path, text: str) -> None:
    """Whole or not at all, and for its owner alone when it is new."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        beside.replace(path)
    except OSError as wrong:
        beside.unlink(missing_ok=True)
        raise KeyFileError(
            f"{path}: {(wrong.strerror or 'it cannot be written').lower()}."
        ) from None
