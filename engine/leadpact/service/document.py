"""The OpenAPI 3.1 document of a service, made from its policies' schemas, with examples.

Every policy has addresses of its own, so that each question shows the record that it wants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

import msgspec

from leadpact.api import Policy
from leadpact.decision import Decision, RefusedRecord, RejectedRecord, encode
from leadpact.life import History, NoStagesError
from leadpact.life import encode as encode_history
from leadpact.service.catalogue import Catalogue, Shelf
from leadpact.service.problems import KINDS, MEDIA_TYPE
from leadpact.service.sample import sample_record
from leadpact.service.settings import Settings

__all__ = ["openapi"]

_MAY_MISS: Final = {"Decision": ("targets", "worklists", "unknown")}
_ALWAYS: Final = ("not-http", "wrong-question", "nothing-here", "wrong-method", "too-slow")
_ALWAYS_TOO: Final = ("head-too-large", "fault", "too-busy")
_OF_KEYS: Final = ("no-key", "not-allowed")
_OF_BODIES: Final = ("too-large", "wrong-media-type", "log-unwritable", "not-in-force")
_OF_RECORDS: Final = (
    *("not-json", "too-deep", "wrong-record", "too-many-events"),
    "too-long-to-decide",
)


def openapi(
    catalogue: Catalogue, now: datetime, has_keys: bool, settings: Settings
) -> dict[str, Any]:
    """The document. ``now`` says which versions are in force, and is the instant of examples."""
    writing = _Writing(now, has_keys)
    for shelf in catalogue:
        writing.policy(shelf)
    writing.service(settings)
    made: dict[str, Any] = {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Leadpact",
            "version": "1",
            "description": "Ask policies about leads. A decision is a function of the policy, the "
            "record and one instant; each answer names the policy's version and digest.",
        },
        "servers": [{"url": "/"}],
        "paths": writing.paths,
        "components": {"schemas": _answers() | writing.schemas | _problem_schemas()},
        "tags": [
            {"name": shelf.name, "description": writing.labels[shelf.name]} for shelf in catalogue
        ],
    }
    if has_keys:
        scheme = {"type": "http", "scheme": "bearer", "description": "A key of `leadpact keys`."}
        made["components"]["securitySchemes"] = {"key": scheme}
    return made


class _Writing:
    """The document while it is made."""

    def __init__(self, now: datetime, has_keys: bool) -> None:
        self.now = now
        self.has_keys = has_keys
        self.paths: dict[str, Any] = {}
        self.schemas: dict[str, Any] = {}
        self.labels: dict[str, str] = {}

    # --- a policy ------------------------------------------------------------------------------

    def policy(self, shelf: Shelf) -> None:
        """The addresses of one policy."""
        shown = shelf.at(self.now) or shelf.versions[0]
        policy, name = shown.policy, shelf.name
        self.labels[name] = policy.checked.label
        as_of = max(self.now, shown.since + timedelta(days=1)).replace(microsecond=0)
        record = sample_record(policy, as_of)
        body = self._record(shelf)
        asks = [_as_of("as_of", as_of), _EXPLAIN, _version(shelf)]
        at = f"/v1/policies/{name}"
        self._post(
            f"{at}/decide",
            name,
            "Decide about one lead",
            "Send a record, get the decision. A record that the policy itself refuses is answered "
            "with `status` refused.",
            asks,
            _json(body, record),
            _json(_one_of("Decision", "RefusedRecord"), _decided(policy, record, as_of)),
            _OF_RECORDS,
        )
        self._post(
            f"{at}/decide-many",
            name,
            "Decide about many leads",
            "JSON lines in, JSON lines out, in their order, while they come. A line that is no "
            "right record is answered in its place with `status` rejected. If something ends the "
            "answer early, a problem document is its last line.",
            asks,
            _lines("One record a line.", record),
            _lines("One decision a line.", _decided(policy, record, as_of)),
            (),
        )
        if policy.checked.stages:
            self._post(
                f"{at}/replay",
                name,
                "Tell the whole life of one lead",
                "Every stay with the move that ended it, and what comes next.",
                [_as_of("until", as_of), _version(shelf)],
                _json(body, record),
                _json(_one_of("History", "RefusedRecord"), _replayed(policy, record, as_of)),
                (*_OF_RECORDS, "no-stages"),
            )
        self._of_policy(shelf, at)

    def _record(self, shelf: Shelf) -> dict[str, Any]:
        refs = []
        for version in shelf.versions:
            key = f"{shelf.name}.{version.policy.version}.lead"
            schema = {**version.policy.schema}
            schema.pop("$schema", None)
            self.schemas[key] = schema
            refs.append({"$ref": f"#/components/schemas/{key}"})
        return refs[0] if len(refs) == 1 else {"anyOf": refs}

    def _of_policy(self, shelf: Shelf, at: str) -> None:
        missing = ("unknown-policy",)
        self._get(at, shelf.name, "The policy's versions", _json(_ref("PolicyInfo")), missing)
        self._get(
            f"{at}/schema",
            shelf.name,
            "What a record looks like, as a JSON Schema",
            {"application/schema+json": {"schema": {"type": "object"}}},
            (*missing, "unknown-version"),
            [_version(shelf)],
        )
        self._get(
            f"{at}/source",
            shelf.name,
            "The files of the policy",
            _json(_ref("Source")),
            (*missing, "unknown-version"),
            [_version(shelf)],
        )

    # --- the service ---------------------------------------------------------------------------

    def service(self, settings: Settings) -> None:
        """The addresses that belong to no policy."""
        docs = "docs" in settings.open_to_all
        listed = {"type": "object", "properties": {"policies": _list_of("PolicyInfo")}}
        self._get("/v1/policies", "service", "All policies", _json(listed))
        state = _json({"type": "object", "properties": {"status": {"type": "string"}}})
        self._get("/healthz", "service", "Whether it runs", state, is_open=True)
        self._get("/readyz", "service", "Whether it takes requests", state, is_open=True)
        unready = {"description": "It does not take requests now.", "content": state}
        self.paths["/readyz"]["get"]["responses"]["503"] = unready
        text = {"text/plain": {"schema": {"type": "string"}}}
        in_the_open = "metrics" in settings.open_to_all
        self._get("/metrics", "service", "Counts for Prometheus", text, is_open=in_the_open)
        html = {"text/html": {"schema": {"type": "string"}}}
        self._get("/docs", "service", "This documentation, for people", html, is_open=docs)
        self._get("/openapi.json", "service", "This document", _json({}), is_open=docs)

    # --- operations ----------------------------------------------------------------------------

    def _post(
        self,
        path: str,
        tag: str,
        summary: str,
        description: str,
        parameters: list[Any],
        body: Mapping[str, Any],
        answer: Mapping[str, Any],
        problems: tuple[str, ...],
    ) -> None:
        all_problems = (*problems, *_OF_BODIES, "unknown-policy", "unknown-version")
        operation = self._operation(tag, summary, answer, all_problems, False)
        operation["description"] = description
        operation["parameters"] = parameters
        operation["requestBody"] = {"required": True, "content": body}
        self.paths[path] = {"post": operation}

    def _get(
        self,
        path: str,
        tag: str,
        summary: str,
        answer: Mapping[str, Any],
        problems: tuple[str, ...] = (),
        parameters: list[Any] | None = None,
        is_open: bool = False,
    ) -> None:
        operation = self._operation(tag, summary, answer, problems, is_open)
        if parameters:
            operation["parameters"] = parameters
        self.paths[path] = {"get": operation}

    def _operation(
        self,
        tag: str,
        summary: str,
        answer: Mapping[str, Any],
        problems: tuple[str, ...],
        is_open: bool,
    ) -> dict[str, Any]:
        ours = self.has_keys and not is_open
        names = (*_ALWAYS, *(_OF_KEYS if ours else ()), *problems, *_ALWAYS_TOO)
        if not self.has_keys:
            names = (*names, "wrong-host")
        responses: dict[str, Any] = {"200": {"description": "The answer.", "content": answer}}
        responses |= _problems(names)
        operation: dict[str, Any] = {"tags": [tag], "summary": summary, "responses": responses}
        if ours:
            operation["security"] = [{"key": []}]
        return operation


def _problems(names: Iterable[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = {}
    for name in names:
        by_status.setdefault(KINDS[name].status, []).append(name)
    return {
        str(status): {
            "description": "; ".join(f"{KINDS[name].title} (`{name}`)" for name in listed) + ".",
            "content": {MEDIA_TYPE: {"schema": _ref("ProblemDocument")}},
        }
        for status, listed in sorted(by_status.items())
    }


def _as_of(name: str, example: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": "The instant of the decision, with its distance to UTC. Without it: now.",
        "schema": {"type": "string", "format": "date-time"},
        "example": example.isoformat().replace("+00:00", "Z"),
    }


def _version(shelf: Shelf) -> dict[str, Any]:
    numbers = [version.policy.version for version in shelf.versions]
    return {
        "name": "version",
        "in": "query",
        "description": "A version of the policy. Without it, the one in force at that instant.",
        "schema": {"type": "integer", "enum": numbers},
        "example": numbers[-1],
    }


_EXPLAIN: Final = {
    "name": "explain",
    "in": "query",
    "description": "Whether the decision carries its reasons.",
    "schema": {"type": "boolean", "default": False},
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _one_of(*names: str) -> dict[str, Any]:
    return {"oneOf": [_ref(name) for name in names]}


def _list_of(name: str) -> dict[str, Any]:
    return {"type": "array", "items": _ref(name)}


def _json(schema: Mapping[str, Any], example: Any = None) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"application/json": content}


def _lines(says: str, example: Any) -> dict[str, Any]:
    line = msgspec.json.encode(example).decode()
    schema = {"type": "string", "description": says}
    return {"application/x-ndjson": {"schema": schema, "example": f"{line}\n"}}


def _decided(policy: Policy, record: dict[str, Any], as_of: datetime) -> Any:
    return msgspec.json.decode(encode(policy.decide_raw(record, as_of=as_of)))


def _replayed(policy: Policy, record: dict[str, Any], as_of: datetime) -> Any:
    try:
        told, _ = policy.replay_raw(record, until=as_of)
    except NoStagesError:
        return None
    data = encode_history(told) if isinstance(told, History) else encode(told)
    return msgspec.json.decode(data)


@cache
def _answers() -> dict[str, Any]:
    """The schemas of what the engine answers."""
    types = (Decision, RefusedRecord, RejectedRecord, History)
    _, schemas = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    for name, missing in _MAY_MISS.items():
        required = schemas[name]["required"]
        schemas[name]["required"] = [key for key in required if key not in missing]
    for schema in schemas.values():
        if "description" in schema:
            lines = schema["description"].replace("``", "`").split()
            schema["description"] = " ".join(lines)
    return dict(schemas)


@cache
def _problem_schemas() -> dict[str, Any]:
    text = {"type": "string"}
    version = {
        "type": "object",
        "properties": {
            "version": {"type": "integer"},
            "digest": text,
            "in_force_from": {"type": ["string", "null"], "format": "date"},
            "in_force_since": {"type": ["string", "null"], "format": "date-time"},
        },
        "required": ["version", "digest", "in_force_from", "in_force_since"],
    }
    perhaps = {"anyOf": [_ref("VersionInfo"), {"type": "null"}]}
    return {
        "ProblemDocument": {
            "type": "object",
            "description": "What went wrong (RFC 9457).",
            "properties": {
                "type": {"enum": [f"/docs#{name}" for name in KINDS]},
                "title": text,
                "status": {"type": "integer"},
                "detail": text,
                "request": {**text, "description": "The name of the request in the logs."},
                "problems": _list_of("Problem"),
                "id": {"type": ["string", "null"]},
                "as_of": text,
                "policy": _ref("PolicyRef"),
            },
            "required": ["type", "title", "status", "detail"],
        },
        "VersionInfo": version,
        "PolicyInfo": {
            "type": "object",
            "properties": {
                "name": text,
                "label": text,
                "time_zone": text,
                "has_stages": {"type": "boolean"},
                "in_force": perhaps,
                "next": perhaps,
                "versions": _list_of("VersionInfo"),
            },
            "required": ["name", "label", "in_force", "next", "versions"],
        },
        "Source": {
            "type": "object",
            "properties": {
                "name": text,
                "version": {"type": "integer"},
                "digest": text,
                "files": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"name": text, "text": text},
                        "required": ["name", "text"],
                    },
                },
            },
            "required": ["name", "version", "digest", "files"],
        },
    }
