"""The documentation as one page for people: no scripts, nothing from the network.

It is made from the OpenAPI document, so both say the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final

from leadpact.service.problems import KINDS, MEDIA_TYPE

__all__ = ["docs_page"]

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8886; --back: #8881; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin-top: 3rem; border-bottom: 1px solid var(--line); }
pre { background: var(--back); padding: .75rem; overflow-x: auto; font-size: .85rem; }
code { font-family: ui-monospace, monospace; }
summary { cursor: pointer; }
table { border-collapse: collapse; } td, th { text-align: left; vertical-align: top;
  padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); }
.method { font-weight: 600; }
"""


def docs_page(document: Mapping[str, Any]) -> str:
    """The page as HTML."""
    return "\n".join(_page(document))


def _page(document: Mapping[str, Any]) -> Iterator[str]:
    info = document["info"]
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(info['title'])}: the service</title><style>{_STYLE}</style></head>"
    yield f"<body><main><h1>{escape(info['title'])}: the service</h1>"
    yield f"<p>{escape(info['description'])}</p>"
    if "securitySchemes" in document["components"]:
        yield "<p>Send a key with each request: <code>Authorization: Bearer KEY</code>.</p>"
    yield '<p>For programs: <a href="/openapi.json">the same as OpenAPI 3.1</a>.</p>'
    tags = [(tag["name"], tag["description"]) for tag in document["tags"]]
    for name, label in (*tags, ("service", "The service itself")):
        yield f'<h2 id="policy-{escape(name)}">{escape(label)}</h2>'
        yield from _operations(document, name)
        yield from _fields(document, name)
    yield from _problems()
    yield "</main></body></html>\n"


def _operations(document: Mapping[str, Any], tag: str) -> Iterator[str]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["tags"] != [tag]:
                continue
            yield f"<h3>{escape(operation['summary'])}</h3>"
            yield f'<p><code><span class="method">{method.upper()}</span> {escape(path)}</code></p>'
            if "description" in operation:
                yield f"<p>{escape(operation['description'])}</p>"
            yield from _parameters(operation.get("parameters", ()))
            yield from _examples(path, operation)


def _parameters(parameters: Any) -> Iterator[str]:
    if not parameters:
        return
    yield "<table><tbody>"
    for one in parameters:
        yield f"<tr><th><code>?{escape(one['name'])}=</code></th>"
        yield f"<td>{escape(one['description'])}</td></tr>"
    yield "</tbody></table>"


def _examples(path: str, operation: Mapping[str, Any]) -> Iterator[str]:
    body = operation.get("requestBody")
    if body is None:
        return
    ((kind, sent),) = body["content"].items()
    ((_, got),) = operation["responses"]["200"]["content"].items()
    file = "leads.jsonl" if "ndjson" in kind else "lead.json"
    line = f"curl -H 'content-type: {kind}' --data-binary @{file} http://127.0.0.1:8080{path}"
    yield f"<pre><code>{escape(line)}</code></pre>"
    for title, example in ((file, sent.get("example")), ("The answer", got.get("example"))):
        text = example if isinstance(example, str) else json.dumps(example, indent=2)
        yield f"<details><summary>{title}</summary><pre><code>{escape(text)}</code></pre></details>"


def _fields(document: Mapping[str, Any], tag: str) -> Iterator[str]:
    for name, schema in document["components"]["schemas"].items():
        if name.startswith(f"{tag}.") and name.endswith(".lead"):
            version = name.split(".")[1]
            yield f"<h3>The record, version {escape(version)}</h3>"
            yield _table("Key", "What it is", "Type")
            for key, one in schema["properties"].items():
                mark = " (required)" if key in schema["required"] else ""
                title = escape(one.get("title", ""))
                yield f"<tr><td><code>{escape(key)}</code></td><td>{title}{mark}</td>"
                yield f"<td>{escape(_type(one))}</td></tr>"
            yield "</tbody></table>"


def _type(schema: Any) -> str:
    """A type in a few words."""
    match schema:
        case {"anyOf": [first, *_]}:
            return _type(first)
        case {"const": value}:
            return str(value)
        case {"enum": values}:
            return " or ".join(map(str, values))
        case {"type": "array", "items": {"enum": values}}:
            return f"a list of {', '.join(map(str, values))}"
        case {"type": "array"}:
            return "a list"
        case {"format": form}:
            return str(form)
        case {"type": [*types]}:
            return " or ".join(one for one in types if one != "null")
        case {"type": type_}:
            return str(type_)
        case _:
            return ""


def _table(*heads: str) -> str:
    cells = "".join(f"<th>{head}</th>" for head in heads)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>"


def _problems() -> Iterator[str]:
    yield '<h2 id="problems">Problems</h2>'
    yield "<p>What cannot be answered gets a problem document "
    yield f"(<code>{MEDIA_TYPE}</code>, RFC 9457).</p>"
    yield _table("Type", "Status", "What to do")
    for kind in KINDS.values():
        yield f'<tr id="{kind.name}"><td><code>{kind.name}</code></td><td>{kind.status}</td>'
        meaning = escape(kind.meaning).replace("`", "")
        yield f"<td>{escape(kind.title)}. {meaning}</td></tr>"
    yield "</tbody></table>"
