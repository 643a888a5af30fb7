"""Tabs and what stands below them, for one policy and for several."""

from __future__ import annotations

from leadpact_sla.navigation import ByHand, navigation
from leadpact_sla.pages import Page


def page(path: str, section: str | None, part: str | None = None) -> Page:
    title = path.rsplit("/", 1)[-1].removesuffix(".md")
    return Page(path, title, section, "", None, part)


FIRST = page("index.md", None)
ONE = [
    page("one/start.md", "One"),
    page("one/agreement.md", "One", "The agreement"),
    page("one/signing.md", "One", "The agreement"),
    page("one/points.md", "One", "The <rules>"),
]
TWO = [page("two/start.md", "Two"), page("two/points.md", "Two", "The <rules>")]
ABOUT = page("reference/codes.md", "Reference")

PARTS = [
    {"start": "one/start.md"},
    {"The agreement": [{"agreement": "one/agreement.md"}, {"signing": "one/signing.md"}]},
    {"The &lt;rules&gt;": [{"points": "one/points.md"}]},
]


def test_the_parts_of_a_single_policy_are_the_tabs() -> None:
    assert navigation([FIRST, *ONE], "reference") == [{"index": "index.md"}, *PARTS]


def test_of_several_policies_each_is_a_tab() -> None:
    assert navigation([FIRST, *ONE, *TWO], "reference") == [
        {"index": "index.md"},
        {"One": PARTS},
        {"Two": [{"start": "two/start.md"}, {"The &lt;rules&gt;": [{"points": "two/points.md"}]}]},
    ]


def test_the_reference_is_last_with_the_pages_written_by_hand_first() -> None:
    guide = ByHand("guide", "Guide", ("guide/first.md",))
    card = ByHand("reference", "Look it up", ("reference/card.md",))
    nav = navigation([FIRST, ABOUT, *ONE], "reference", [card, guide])
    assert nav[-2] == {"Guide": ["guide/first.md"]}
    assert nav[-1] == {"Look it up": ["reference/card.md", {"codes": "reference/codes.md"}]}
    codes = ByHand("reference", "Reference", ("reference/codes.md",))
    same = navigation([FIRST, ABOUT], "reference", [codes])
    assert same == [{"index": "index.md"}, {"Reference": ["reference/codes.md"]}]


def test_a_page_written_by_hand_keeps_the_place_of_the_made_one() -> None:
    written = ByHand("one", "One", ("one/start.md",))
    assert navigation([FIRST, *ONE], "reference", [written]) == [{"index": "index.md"}, *PARTS]
