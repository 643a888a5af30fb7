"""What the service shows of itself: policies, schemas, sources, health, metrics, documentation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from leadpact.service.asking import present
from leadpact.service.catalogue import Catalogue, Shelf, Version
from leadpact.service.counts import Board
from leadpact.service.document import openapi
from leadpact.service.metrics import MEDIA_TYPE as METRICS
from leadpact.service.metrics import metrics_text
from leadpact.service.page import docs_page
from leadpact.service.settings import Settings
from leadpact.service.standing import Standing
from leadpact_dsl.frozen import frozen

__all__ = ["Page", "Showing"]

_JSON: Final = b"application/json"
_SCHEMA: Final = b"application/schema+json"
_HTML: Final = b"text/html; charset=utf-8"
_FRESH: Final = ((b"cache-control", b"no-store"),)
_ALONE: Final = (
    *_FRESH,
    (b"content-security-policy", b"default-src 'none'; style-src 'unsafe-inline'"),
    (b"x-content-type-options", b"nosniff"),
)


@frozen
class Page:
    """An answer that is whole before it is sent."""

    status: int
    media_type: bytes
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Showing:
    """Makes the pages of one worker, and keeps those that take long until policies change."""

    def __init__(self, settings: Settings, board: Board) -> None:
        self._settings = settings
        self._board = board
        self._kept: dict[tuple[str, tuple[int, ...]], Page] = {}

    def forget(self) -> None:
        """The policies have changed."""
        self._kept.clear()

    def health(self) -> Page:
        """The worker runs."""
        return _json({"status": "alive"})

    def ready(self, standing: Standing, draining: bool, log_fails: bool, trusted: bool) -> Page:
        """Whether the worker takes requests, and how the last reload went. Only to the trusted it
        tells all about mistakes in a policy.
        """
        status = "ready"
        if draining or log_fails:
            status = "draining" if draining else "the decision log cannot be written"
        told: dict[str, Any] = {"status": status, "policies": _names(standing.catalogue)}
        reload = standing.reload
        if reload is not None:
            result = "taken" if reload.taken else "kept"
            told["reload"] = {"at": reload.at, "policies": result}
            if not reload.taken:
                told["reload"]["because"] = reload.text if trusted else reload.brief
        return _json(told, 200 if status == "ready" else 503)

    def metrics(self, standing: Standing) -> Page:
        """The counts of all workers."""
        text = metrics_text(self._board.totals(), standing)
        return Page(200, METRICS.encode(), text.encode(), _FRESH)

    def whole(self, standing: Standing, path: str) -> Page:
        """The list of policies, or the documentation of the service."""
        now = present()
        if path == "/v1/policies":
            shelves = [_shelf(shelf, now) for shelf in standing.catalogue]
            return _json({"policies": shelves})
        # They show the versions in force, which change with time alone, too.
        key = (path, tuple(current(shelf, now).policy.version for shelf in standing.catalogue))
        if key not in self._kept:
            made = openapi(standing.catalogue, now, standing.keys is not None, self._settings)
            page = Page(200, _JSON, msgspec.json.encode(made), _FRESH)
            if path != "/openapi.json":
                page = Page(200, _HTML, docs_page(made).encode(), _ALONE)
            self._kept[key] = page
        return self._kept[key]

    def of_policy(
        self, standing: Standing, shelf: Shelf, version: Version | None, what: str
    ) -> Page:
        """A policy's versions, or the schema or the source of one version."""
        if version is None:
            return _json(_shelf(shelf, present()))
        policy = version.policy
        which = (
            (b"leadpact-version", str(policy.version).encode()),
            (b"leadpact-digest", policy.digest.encode()),
            *_FRESH,
        )
        if what == "schema":
            return Page(200, _SCHEMA, msgspec.json.encode(policy.schema), which)
        files = [{"name": one.name, "text": one.text} for one in policy.checked.sources]
        return Page(200, _JSON, msgspec.json.encode({**_ref(version), "files": files}), which)


def current(shelf: Shelf, now: datetime) -> Version:
    """The version in force, or the first to be."""
    version = shelf.at(now) or shelf.after(now)
    assert version is not None
    return version


def _json(value: Any, status: int = 200) -> Page:
    return Page(status, _JSON, msgspec.json.encode(value), _FRESH)


def _names(catalogue: Catalogue) -> list[dict[str, Any]]:
    return [_ref(version) for shelf in catalogue for version in shelf.versions]


def _ref(version: Version) -> dict[str, Any]:
    policy = version.policy
    return {"name": policy.name, "version": policy.version, "digest": policy.digest}


def _shelf(shelf: Shelf, now: datetime) -> dict[str, Any]:
    """A policy as the list has it: what is in force, what comes next, and all versions."""
    in_force, following = shelf.at(now), shelf.after(now)
    shown = current(shelf, now)
    return {
        "name": shelf.name,
        "label": shown.policy.checked.label,
        "time_zone": shown.policy.checked.zone,
        "has_stages": bool(shown.policy.checked.stages),
        "in_force": in_force and _version(in_force),
        "next": following and _version(following),
        "versions": [_version(version) for version in shelf.versions],
    }


def _version(version: Version) -> dict[str, Any]:
    policy = version.policy
    begins = version.since if policy.checked.in_force_from is not None else None
    return {
        "version": policy.version,
        "digest": policy.digest,
        "in_force_from": policy.checked.in_force_from,
        "in_force_since": begins and begins.astimezone(UTC),
    }
