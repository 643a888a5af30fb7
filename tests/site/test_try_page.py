"""The page "Try a lead" in a real browser: its answers, its link, its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import markdown
import pytest

import leadpact
from leadpact.decision import Decision, RefusedRecord
from leadpact.examples import example_record
from leadpact_sla.model import Links
from leadpact_sla.places import Places
from leadpact_sla.shipped import shipped
from leadpact_sla.try_page import try_markdown
from leadpact_sla.words import say

ROOT = Path(__file__).parents[2]
POLICIES = sorted({path.parent for path in (ROOT / "policies").glob("*/*.leadpact")})
NAMES = [folder.name for folder in POLICIES]
LOADED: dict[str, leadpact.Policy] = {}


def policy_of(name: str) -> leadpact.Policy:
    if name not in LOADED:
        LOADED[name] = leadpact.load(ROOT / "policies" / name)
    return LOADED[name]


SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


@dataclass
class Visit:
    """An open page, what it asked of the world outside, and what its scripts complained about."""

    page: Any
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def note(self, url: str) -> None:
        if not url.startswith(("file:", "data:", "blob:", "about:")):
            self.asked.append(url)


@pytest.fixture(scope="module")
def visit(chromium: Any) -> Any:
    """Opens a page from the disk in a window of its own."""

    @contextmanager
    def visiting(file: Path, size: str = "desktop", scheme: str = "light") -> Iterator[Visit]:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        visited = Visit(context.new_page())
        visited.page.on("request", lambda request: visited.note(request.url))
        visited.page.on("pageerror", lambda error: visited.errors.append(str(error)))
        visited.page.goto(file.as_uri())
        try:
            yield visited
        finally:
            context.close()

    return visiting


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages in a plain frame, with the styles and scripts that come with them."""
    folder = tmp_path_factory.mktemp("try")
    for file in shipped():
        place = folder / file.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.data)
    for name in NAMES:
        write_page(folder, policy_of(name))
    return folder


def write_page(folder: Path, policy: leadpact.Policy) -> Path:
    checked = policy.checked
    text = try_markdown(checked, Places.of(checked, Links())).split("---\n", 2)[2]
    body = markdown.markdown(text, extensions=["attr_list", "tables"])
    place = folder / policy.name / "try.html"
    place.parent.mkdir(exist_ok=True)
    styles = "".join(
        f'<link rel="stylesheet" href="../{file.path}">' for file in shipped() if file.is_style
    )
    place.write_text(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Try a lead</title>'
        '<meta name="viewport" content="width=device-width">'
        f"{styles}</head>"
        '<body data-md-color-scheme="default" class="md-typeset">'
        f"<main>{body}</main></body></html>",
        encoding="utf-8",
    )
    return place


@pytest.fixture
def trying(pages: Path, visit: Any) -> Any:
    """A policy's page, of which nothing outside may be asked and nothing may fail."""

    @contextmanager
    def opened(name: str, size: str = "desktop", scheme: str = "light") -> Iterator[Any]:
        with visit(pages / name / "try.html", size, scheme) as visited:
            yield visited.page
            assert visited.asked == []
            assert visited.errors == []

    return opened


def headline(page: Any) -> str:
    return str(page.inner_text(".lp-try-headline"))


def choose(page: Any, name: str) -> None:
    page.select_option("#lp-try-example", label=name)


def expected(policy: leadpact.Policy, outcome: Decision | RefusedRecord) -> str:
    if isinstance(outcome, RefusedRecord):
        return say("try.refused")
    stages = {stage.name: stage.label for stage in policy.checked.stages}
    assert outcome.stage is not None
    if outcome.stage.next is None:
        return say("try.stays", stage=stages[outcome.stage.current])
    return say("try.moves", stage=stages[outcome.stage.next])


ALL_PRESETS = """() => {
  const select = document.getElementById("lp-try-example");
  const meters = () => [...document.querySelectorAll("#lp-try-told [role=meter]")];
  return [...select.options].slice(1).map((option) => {
    select.value = option.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    return {
      headline: document.querySelector(".lp-try-headline").textContent,
      points: meters().map((one) => Number(one.getAttribute("aria-valuenow"))),
      here: [...document.querySelectorAll(".lp-try-here")].map((one) => one.textContent),
    };
  });
}"""


@pytest.mark.parametrize("name", NAMES)
def test_each_example_gets_the_engines_answer(trying: Any, name: str) -> None:
    policy = policy_of(name)
    with trying(name) as page:
        shown = page.evaluate(ALL_PRESETS)
    assert len(shown) == len(policy.checked.examples) > 10
    for example, found in zip(policy.checked.examples, shown, strict=True):
        outcome = policy.decide_partial(example_record(example), as_of=example.as_of)
        assert found["headline"] == expected(policy, outcome), example.name
        if isinstance(outcome, Decision):
            results = (*policy.checked.scores, *policy.checked.grades)
            told = {**outcome.scores, **outcome.grades}
            wanted = [told[result.name].points for result in results]
            assert found["points"] == wanted, example.name


def test_the_square_shows_where_the_lead_is(trying: Any) -> None:
    policy = policy_of("kontor")
    with trying("kontor") as page:
        shown = page.evaluate(ALL_PRESETS)
    labels = {row.name: row.label for row in policy.checked.groups[0].rows}
    for example, found in zip(policy.checked.examples, shown, strict=True):
        outcome = policy.decide_partial(example_record(example), as_of=example.as_of)
        if isinstance(outcome, Decision):
            assert found["here"] == [labels[outcome.groups["quadrant"].value]], example.name


def test_the_link_carries_the_lead(trying: Any, pages: Path) -> None:
    name = "Sales asks to try again later"
    with trying("kontor") as page:
        choose(page, name)
        page.fill('[data-name="need"]', "Wörter, 💡 & <b>")
        first = headline(page)
        link = page.url
        fields = page.evaluate("() => document.querySelector('[data-name=need]').value")
    with trying("kontor") as page:
        page.goto(link)
        assert headline(page) == first
        assert page.input_value('[data-name="need"]') == fields == "Wörter, 💡 & <b>"
        assert page.locator('[data-list="actions"] .lp-try-row').count() == 1
        assert page.url == link


@pytest.mark.parametrize("broken", ["#lead=%%%", "#lead=e30", "#why", "#lead=W10"])
def test_a_broken_link_starts_anew(trying: Any, broken: str) -> None:
    with trying("kontor") as page:
        page.goto(page.url.split("#")[0] + broken)
        page.reload()
        assert headline(page) == "Stays in “Lead”"


def test_reset_forgets_the_lead(trying: Any) -> None:
    with trying("kontor") as page:
        choose(page, "Sales asks to try again later")
        page.click("#lp-try-reset")
        assert headline(page) == "Stays in “Lead”"
        assert page.locator(".lp-try-row").count() == 0
        assert page.input_value('[data-name="email"]') == ""


def tab_to(page: Any, selector: str, most: int = 60) -> None:
    """By the tab key alone, as somebody without a mouse."""
    for _ in range(most):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by the keyboard")


def test_everything_works_by_keyboard(trying: Any) -> None:
    with trying("kontor") as page:
        page.evaluate("document.getElementById('lp-try-at').value = '2026-11-02T10:00'")
        tab_to(page, '[data-name="email"]')
        page.keyboard.type("dana@buyer.example")
        tab_to(page, '[data-name="phone"]')
        page.keyboard.type("+46 8 123 456")
        tab_to(page, '[data-name="seniority"]')
        page.keyboard.press("ArrowDown")
        tab_to(page, '[data-name="employees"]')
        page.keyboard.type("1200")
        for _ in range(2):
            tab_to(page, '[data-list="activities"] .lp-try-add select')
            page.keyboard.type("Asked")
            tab_to(page, '[data-list="activities"] .lp-try-add button')
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.dataset.part") == "ago"
        assert page.locator(".lp-try-row").count() == 2
        points = page.locator("[role=meter]").first.get_attribute("aria-valuenow")
        assert points == "38.07"
        tab_to(page, '[data-list="activities"] .lp-try-row:last-child [data-part="remove"]')
        page.keyboard.press("Enter")
        assert page.locator(".lp-try-row").count() == 1
        # Removing does not lose one's place.
        assert page.evaluate("document.activeElement.matches('.lp-try-add select')")


def test_a_derived_kind_fills_in_what_makes_it_one(trying: Any) -> None:
    with trying("kontor") as page:
        page.select_option('[data-list="activities"] .lp-try-add select', label="Viewed pricing")
        page.click('[data-list="activities"] .lp-try-add button')
        assert page.input_value('.lp-try-row [data-name="url"]') == "/pricing"
        assert page.locator("[role=meter]").first.get_attribute("aria-valuenow") == "15"


def test_what_is_wrong_is_said(trying: Any) -> None:
    with trying("kontor") as page:
        page.fill('[data-name="employees"]', "-1")
        assert headline(page) == say("try.rejected")
        assert "Employees: the number is too small." in page.inner_text("#lp-try-verdict")
        page.fill('[data-name="employees"]', "12")
        assert headline(page) == "Stays in “Lead”"
        page.fill("#lp-try-at", "")
        assert headline(page) == say("try.no time")


def test_what_is_missing_is_ticked_off(trying: Any) -> None:
    with trying("kontor") as page:
        page.fill('[data-name="email"]', "dana@gmail.com")
        told = page.inner_text("#lp-try-told")
        assert say("try.missing") in told
        lines = [line.inner_text().split("\n") for line in page.locator(".lp-try-judged").all()]
        states = {says: state for state, says in lines}
        assert states["The phone is known"] == "no"
        assert states["The lead uses a work e-mail"] == "no"
        page.fill('[data-name="email"]', "dana@buyer.example")
        lines = [line.inner_text().split("\n") for line in page.locator(".lp-try-judged").all()]
        assert {says: state for state, says in lines}["The lead uses a work e-mail"] == "yes"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_everybody_can_use_it(
    built_folder: Path, visit: Any, name: str, size: str, scheme: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    with visit(built_folder / name / "try.html", size, scheme) as visited:
        page = visited.page
        page.select_option("#lp-try-example", index=len(policy_of(name).checked.examples) - 3)
        found = axe.run(page, context="#lp-try").response["violations"]
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
        width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width <= room
        assert visited.asked == []
        assert visited.errors == []


def test_paper_has_no_buttons(trying: Any) -> None:
    with trying("kontor") as page:
        page.emulate_media(media="print")
        assert page.locator(".lp-try button:visible").count() == 0
        assert page.locator(".lp-try-headline:visible").count() == 1


HOSTILE = """policy odd "Odd </script><script>alert(1)</script>":
    language 1
    version 1
    time zone "Europe/Stockholm"
party sales "<b>Sales</b> & 'co' </script>"
lead:
    fit "Fits </script><img src=x onerror=alert(1)>" yes or no
    kind "Which {kind} *of* _lead_" one of a, "b </option>"
activities:
    visit "Visited <!-- </script>"
score interest "Interest </script>" from 0 to 100:
    +20  each visit ever because "<script>alert(1)</script>"
stage lead "Lead </script>":
    start
    moves to mql when interest is at least 20 and fit because "Because </script>"
stage mql "<i>MQL</i>" owned by sales
example "Odd </script> 'one' & two":
    as of 2026-11-02 10:00
    fit is yes
    visit 1 day ago
    expect moves to mql
"""


def test_labels_are_only_labels(pages: Path, visit: Any) -> None:
    policy = leadpact.load_text(HOSTILE)
    place = write_page(pages, policy)
    with visit(place) as visited:
        page = visited.page
        page.on("dialog", lambda dialog: visited.errors.append(dialog.message))
        page.select_option("#lp-try-example", index=1)
        assert headline(page) == "Moves to “<i>MQL</i>”"
        assert "<b>Sales</b> & 'co' </script>" in page.inner_text("#lp-try-verdict")
        assert page.locator("#lp-try img, #lp-try script").count() == 0
        assert visited.errors == []
        assert visited.asked == []


def test_the_search_finds_no_script(built_folder: Path) -> None:
    index = json.loads((built_folder / "search" / "search_index.json").read_text("utf-8"))
    texts = [doc["text"] for doc in index["docs"] if "/try.html" in doc["location"]]
    assert texts
    assert not [text for text in texts if re.search(r"const |lazy\(|\"words\"", text)]
