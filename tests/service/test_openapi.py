"""The OpenAPI document: valid, with examples that hold, and nothing answers otherwise."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import httpx
from jsonschema import Draft202012Validator
from service_tests import Service

EXPLORES = bool(os.environ.get("LEADPACT_EXPLORE"))
WHOLE = "first|kontor|z$|metrics|docs|openapi"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,response_headers_conformance"
)


def test_every_example_holds(ask: httpx.Client):
    document = ask.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    seen = 0
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["responses"]["200"]
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                example = content["example"]
                lines = example if isinstance(example, str) else json.dumps(example)
                instant = next(
                    one["example"] for one in operation["parameters"] if "example" in one
                )
                word = operation["parameters"][0]["name"]
                answer = ask.request(
                    method,
                    path,
                    params={word: instant},
                    content=lines,
                    headers={"content-type": kind},
                )
                told = operation["responses"]["200"]["content"][kind]["example"]
                got = answer.text if isinstance(told, str) else answer.json()
                assert got == told
                seen += 1
                if not isinstance(example, str):
                    schema = {**content["schema"], "components": document["components"]}
                    Draft202012Validator(schema).validate(example)
                    whole = operation["responses"]["200"]["content"][kind]["schema"]
                    answers = {**whole, "components": document["components"]}
                    Draft202012Validator(answers).validate(got)
    assert seen == 6


def test_schemathesis_finds_nothing(service: Service, tmp_path: Path):
    """Made-up requests from the document: no 5xx, and no answer that it does not tell of."""
    program = Path(sys.executable).with_name("schemathesis")
    done = subprocess.run(
        [
            *(str(program), "run", f"{service.url}/openapi.json"),
            *(
                "--checks",
                CHECKS,
                "--max-examples",
                "200" if EXPLORES else "5",
                "--phases",
                "examples,coverage,fuzzing",
            ),
            # It cannot make JSON lines; `fuzz.py` and the tests of streams do.
            *("--exclude-path-regex", "decide-many"),
            *("--seed", "1", "--generation-database", "none", "--request-timeout", "10"),
            *("--include-path-regex", WHOLE if EXPLORES else "first/(decide|schema)|readyz"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1"},
        timeout=1_200,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
