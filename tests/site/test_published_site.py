"""The site of the shipped policies: whole, and without a dead end or a request to outside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from site_tests_built import ROOT

import leadpact
from leadpact.checked import LastFact
from leadpact.english import Sayings, sentences

NAMES = tuple(sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir()))


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_has_its_place_and_no_other_has(name: str, built: dict[str, Any]) -> None:
    said = sentences(leadpact.load(ROOT / "policies" / name).checked)
    found = Counter(
        rule for page in built.values() if page.path.startswith(f"{name}/") for rule in page.rules
    )
    assert found == Counter(said.keys())


@pytest.mark.parametrize("name", NAMES)
def test_every_reason_is_published(name: str, built: dict[str, Any]) -> None:
    policy = leadpact.load(ROOT / "policies" / name).checked
    text = " ".join(
        page.text
        for page in built.values()
        if page.path.startswith(f"{name}/") and not page.path.endswith("/source.html")
    )
    said = [Sayings(policy).reason(because) for because in becauses(policy)]
    assert len(said) > 4
    assert [reason for reason in said if reason not in text] == []


def becauses(part: object) -> Iterator[str | LastFact]:
    """Every reason that stands somewhere in a policy."""
    if isinstance(part, tuple):
        for one in part:
            yield from becauses(one)
    elif is_dataclass(part) and not isinstance(part, type):
        reason = getattr(part, "because", None)
        if reason is not None:
            yield reason
        for field in fields(part):
            yield from becauses(getattr(part, field.name))


def test_each_source_link_leads_to_the_line_of_its_rule(built: dict[str, Any]) -> None:
    policy = leadpact.load(ROOT / "policies" / "kontor").checked
    row = policy.scores[0].rows[0].rows[0]  # type: ignore[union-attr]
    stem = row.span.file.removesuffix(".leadpact")
    page = built["kontor/score-interest.html"]
    assert f"source.html#{stem}-{row.span.line}" in page.links
    lines = sum(source.text.count("\n") for source in policy.sources)
    anchors = [one for one in built["kontor/source.html"].ids if one.rsplit("-", 1)[-1].isdigit()]
    assert len([one for one in anchors if not one.startswith("file-")]) == lines


def test_every_picture_has_a_title_and_a_description(built: dict[str, Any]) -> None:
    squares = [page for path, page in built.items() if path.endswith("/group-quadrant.html")]
    assert len(squares) > 2
    for page in squares:
        pictures = [one for one in page.ids if one.startswith("group-quadrant-")]
        assert sorted(pictures) == [
            "group-quadrant-upright-desc",
            "group-quadrant-upright-title",
            "group-quadrant-wide-desc",
            "group-quadrant-wide-title",
        ]


def test_the_first_page_lists_the_policies(built: dict[str, Any]) -> None:
    first = built["index.html"]
    for name in NAMES:
        assert f"{name}/index.html" in first.links


def test_the_reference_stands_last_and_in_its_order(built: dict[str, Any]) -> None:
    # Each page has the whole navigation of its own section alone.
    links = links_of(built["reference/card.html"])
    names = [link.removesuffix(".html") for link in links if re.fullmatch(r"[a-z_]+\.html", link)]
    assert names == [
        *("card", "language", "facts", "points", "groups", "stages", "targets", "agreement"),
        *("conditions", "examples", "records", "work_lists", "changes", "choices", "limits"),
        *("service", "warehouses", "backends", "diagnostics"),
    ]
    last = max(links_of(built["index.html"]).index(f"{name}/index.html") for name in NAMES)
    assert links_of(built["index.html"]).index("reference/card.html") > last


def links_of(page: Any) -> list[str]:
    return list(dict.fromkeys(page.links))
