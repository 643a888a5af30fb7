"""A policy's versions as git tells them: each change by meaning, with who made it, and why.

Only the main line counts: of a merge the version that came out of it. A commit after which the
policy could not be read is passed over, and the next one that can be read is compared with the last
one that could. Examples are not read: they are no part of what a policy means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from leadpact.changes.change import Change
from leadpact.changes.comparing import Laid, between
from leadpact.changes.git import Entry, GitError, Repository, blobs, entries, repository
from leadpact.changes.versions import is_needed
from leadpact.check import check
from leadpact.checked import CheckedPolicy
from leadpact.english.wording import joined
from leadpact_dsl import Diagnostic, Document, SourceFile, has_errors, parse, read_policy
from leadpact_dsl.frozen import frozen

__all__ = ["Agreed", "History", "Unread", "Version", "history"]


@frozen
class Agreed:
    """Somebody who stands by a change. ``how`` is the trailer: ``Agreed-by``, ``Reviewed-by``, …"""

    how: str
    name: str


@frozen
class Version:
    """A version of the policy that differs in meaning from the one before.

    ``why`` is the commit's text below its subject, without its trailers. ``changes`` is empty for
    the version with which the history begins. ``policy`` is without its examples.
    """

    commit: str
    subject: str
    why: str
    author: str
    agreed: tuple[Agreed, ...]
    on: datetime
    changes: tuple[Change, ...]
    policy: CheckedPolicy
    before: CheckedPolicy | None


@frozen
class Unread:
    """``count`` versions in a row that could not be read, from ``first`` to ``last``."""

    first: datetime
    last: datetime
    count: int


@frozen
class History:
    """``versions`` with the newest first.

    ``missing`` says why there is no history at all. ``cut_off`` is the day before which nothing is
    known, in a clone that holds only the newest part of the history.
    """

    versions: tuple[Version, ...]
    unread: tuple[Unread, ...]
    cut_off: datetime | None
    missing: str | None


_TRAILERS: Final = ("Agreed-by", "Reviewed-by", "Signed-off-by", "Co-authored-by")

# What no text holds: fields and records of `git log` are told apart by them.
_FIELD, _RECORD = "\x1f", "\x1e"

_LOG: Final = (
    "log",
    "--no-show-signature",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--encoding=UTF-8",
    "--diff-merges=first-parent",
    "--find-renames",
    "--name-status",
    "-z",
    "--date=iso-strict",
    f"--format={_RECORD}%H{_FIELD}%P{_FIELD}%an{_FIELD}%aI{_FIELD}%s{_FIELD}%b{_FIELD}",
)


@frozen
class _Commit:
    """A commit that touched the policy; ``folder`` is where the policy lay after it."""

    name: str
    merges: bool
    author: str
    on: datetime
    subject: str
    body: str
    folder: str


def history(path: Path, revision: str = "HEAD", most: int | None = None) -> History:
    """The history of the policy at ``path`` (a folder or file), up to a revision.

    ``most``: not more than so many of the newest versions are told. Raises nothing: what git
    cannot give is said in ``missing``.
    """
    try:
        found = repository(path)
        commits = tuple(_commits(found, found.within(path), revision))
    except GitError as wrong:
        return History((), (), None, wrong.message)
    if not commits:
        return History((), (), None, "the policy has not been committed yet.")
    return _told(found, commits, most)


def _told(found: Repository, commits: Sequence[_Commit], most: int | None) -> History:
    """Read the versions from the newest to the oldest, and compare neighbours."""
    reading = _Reading(found)
    versions: list[Version] = []
    unread: list[list[_Commit]] = [[]]
    newer: tuple[_Commit, Laid] | None = None
    for commit in commits:
        policy = reading.policy(commit)
        if policy is None:
            unread[-1].append(commit)
            continue
        if unread[-1]:
            unread.append([])
        older = newer[1] if newer is not None and newer[1].policy is policy else Laid(policy)
        if newer is not None:
            made = between(older, newer[1])
            if made:
                versions.append(_version(found, newer[0], made, newer[1].policy, policy))
                if most is not None and len(versions) == most:
                    break
        newer = commit, older
    else:
        if newer is not None:
            versions.append(_version(found, newer[0], (), newer[1].policy, None))
    cut = commits[-1].on if found.shallow else None
    runs = tuple(Unread(run[-1].on, run[0].on, len(run)) for run in unread if run)
    return History(tuple(versions), runs, cut, None)


def _version(
    found: Repository,
    commit: _Commit,
    made: tuple[Change, ...],
    policy: CheckedPolicy,
    before: CheckedPolicy | None,
) -> Version:
    subject, author = commit.subject, commit.author
    why, agreed = _body(commit.body)
    if commit.merges:
        merged = _merged(found, commit)
        if merged:
            author = joined(dict.fromkeys(one.author for one in reversed(merged)), "and")
        bodies = [_body(one.body) for one in merged]
        agreed = tuple(dict.fromkeys((*agreed, *(name for _, all_ in bodies for name in all_))))
        if subject.startswith("Merge "):
            # What a forge writes there says nothing; the change itself does.
            first, _, rest = why.partition("\n")
            subject = first or (merged[0].subject if merged else subject)
            why = rest.strip() or "\n\n".join(text for text, _ in bodies if text)
    return Version(commit.name, subject, why, author, agreed, commit.on, made, policy, before)


def _merged(found: Repository, merge: _Commit) -> tuple[_Commit, ...]:
    """The commits that a merge brought to the policy, newest first."""
    asked = ("--no-merges", f"{merge.name}^1..{merge.name}")
    return tuple(commit for commit, _ in _records(found, asked, merge.folder, one_line=False))


# --- commits -------------------------------------------------------------------------------------


def _commits(found: Repository, folder: str, revision: str) -> Iterator[_Commit]:
    """The commits that touched the policy, newest first, through renamings of its folder.

    A name that git found the files under before is followed from there on.
    """
    since = revision
    while True:
        renamed: tuple[str, str] | None = None
        for commit, names in _records(found, (since,), folder):
            yield commit
            renamed = (commit.name, commit.folder) if names else None
        if renamed is None:
            return
        moved = _moved_from(found, renamed[0], folder)
        if moved is None:
            return
        since, folder = f"{renamed[0]}^", moved


def _records(
    found: Repository, asked: tuple[str, ...], folder: str, one_line: bool = True
) -> Iterator[tuple[_Commit, tuple[str, ...]]]:
    """Each commit with the files that it added: all of them, where the folder came to be."""
    line = ("--first-parent",) if one_line else ()
    where = ("--", folder) if folder else ("--",)
    try:
        told = found.read(*_LOG, *line, *asked, *where).decode("utf-8", "replace")
    except GitError as wrong:
        if "unknown revision" in wrong.said or "bad revision" in wrong.said:
            return
        raise
    for record in told.split(_RECORD)[1:]:
        fields = record.split(_FIELD, 6)
        if len(fields) == 7:
            name, parents, author, on, subject, body, files = fields
            added = tuple(re.findall(r"\0?A\0([^\0]+)", files))
            when, merges = datetime.fromisoformat(on), len(parents.split()) > 1
            yield _Commit(name, merges, author, when, subject, body, folder), added


def _moved_from(found: Repository, commit: str, folder: str) -> str | None:
    """From where a commit moved the folder's policy files, if it did."""
    try:
        told = found.read(
            "diff-tree", "-r", "-z", "--find-renames", "--name-status", f"{commit}^", commit
        ).decode("utf-8", "replace")
    except GitError:
        return None
    fields = iter(told.split("\0"))
    froms: list[str] = []
    for status in fields:
        if status.startswith(("R", "C")):
            was, now = next(fields), next(fields)
            if status.startswith("R") and _lies_in(now, folder):
                froms.append(_above(was, now, folder))
        elif status:
            next(fields)
    return max(set(froms), key=froms.count) if froms else None


def _lies_in(name: str, folder: str) -> bool:
    return name == folder or name.startswith(f"{folder}/" if folder else "")


def _above(was: str, now: str, folder: str) -> str:
    """The folder's name then; of a policy that is one file, the file's."""
    if now == folder:
        return was
    below = PurePosixPath(now).relative_to(folder) if folder else PurePosixPath(now)
    depth = len(below.parts)
    above = PurePosixPath(was).parts[:-depth]
    return str(PurePosixPath(*above)) if above else ""


def _body(body: str) -> tuple[str, tuple[Agreed, ...]]:
    """The reason, and who stands by it: the trailers are the lines of the last paragraph."""
    paragraphs = re.split(r"\n\s*\n", body.strip())
    agreed: list[Agreed] = []
    lines = paragraphs[-1].split("\n")
    kept = []
    for line in lines:
        key, colon, said = line.partition(":")
        how = next((one for one in _TRAILERS if one.casefold() == key.strip().casefold()), None)
        if colon and how is not None:
            agreed.append(Agreed(how, re.sub(r"\s*<[^>]*>\s*$", "", said.strip())))
        elif not re.match(r"[A-Za-z][A-Za-z-]*-[a-z]+: ", line):
            kept.append(line)
    if agreed:
        paragraphs[-1] = "\n".join(kept)
    why = "\n\n".join(paragraph.strip() for paragraph in paragraphs if paragraph.strip())
    return why, tuple(dict.fromkeys(agreed))


# --- reading versions ----------------------------------------------------------------------------


class _Reading:
    """Versions of one policy, each file parsed once however many versions have it."""

    def __init__(self, found: Repository) -> None:
        self.found = found
        self.contents: dict[str, bytes] = {}
        self.parsed: dict[tuple[str, str], tuple[Document, tuple[Diagnostic, ...]]] = {}
        self.checked: dict[tuple[tuple[str, str], ...], CheckedPolicy | None] = {}

    def policy(self, commit: _Commit) -> CheckedPolicy | None:
        """The policy after a commit; ``None`` where it could not be read then."""
        listed = entries(self.found, commit.name, commit.folder)
        if listed is None:
            above, _, name = commit.folder.rpartition("/")
            beside = entries(self.found, commit.name, above) or ()
            return self._read(beside, name) if name in [one.path for one in beside] else None
        return self._read(listed, None)

    def _read(self, listed: Sequence[Entry], file: str | None) -> CheckedPolicy | None:
        needed = [entry for entry in listed if is_needed(entry)]
        key = tuple((entry.path, entry.blob) for entry in needed)
        if key not in self.checked:
            self.checked[key] = self._checked(needed, file)
        return self.checked[key]

    def _checked(self, needed: Sequence[Entry], file: str | None) -> CheckedPolicy | None:
        with TemporaryDirectory(prefix="leadpact-") as made:
            folder = Path(made)
            self._set_down(needed, folder)
            files, wrong = read_policy(folder / file if file is not None else folder)
            if has_errors(wrong):
                return None
            rules = tuple(SourceFile(one.name, _without_examples(one.text)) for one in files)
            read = [self._parsed(one) for one in rules if one.text.strip()]
            if any(has_errors(found) for _, found in read):
                return None
            document = Document(
                tuple(block for one, _ in read for block in one.blocks),
                frozenset(name for one, _ in read for name in one.damaged),
            )
            policy, found = check(document, rules, folder)
            return None if has_errors(found) else policy

    def _set_down(self, needed: Sequence[Entry], folder: Path) -> None:
        missing = [entry.blob for entry in needed if entry.blob not in self.contents]
        self.contents |= blobs(self.found, missing)
        for entry in needed:
            place = folder / entry.path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(self.contents[entry.blob])

    def _parsed(self, source: SourceFile) -> tuple[Document, tuple[Diagnostic, ...]]:
        key = source.name, source.text
        if key not in self.parsed:
            self.parsed[key] = parse((source,))
        return self.parsed[key]


def _without_examples(text: str) -> str:
    """The text with empty lines in place of its examples, so that all else keeps its line."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line[:1] not in ("", " ", "\t", "#", "\r"):
            inside = re.match(r"example\b", line) is not None
        kept.append("" if inside else line)
    return "\n".join(kept)
