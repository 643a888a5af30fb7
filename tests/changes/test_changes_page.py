"""The page that tells what changed: from real histories to Markdown."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.changes.repository import POLICY, Git

import leadpact
from leadpact.changes.history import History, Unread, history
from leadpact_sla.changes_page import changes_markdown, latest_change
from leadpact_sla.changes_sample import effects, sample_of
from leadpact_sla.model import Links
from leadpact_sla.pages import pages
from leadpact_sla.places import Places

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs the program git")

NAME = "ours/policy.leadpact"
TODAY = date(2026, 11, 22)
EXAMPLE = """example "Looks at prices":
    as of 2026-11-02 10:00
    email is "dana@buyer.example"
    pricing_view 1 day ago
    expect interest is at least 1
"""


@pytest.fixture
def git(tmp_path: Path) -> Git:
    made = Git(tmp_path / "repository")
    made.write(NAME, POLICY + EXAMPLE)
    made.commit("The first version")
    return made


def page(git: Git, links: Links | None = None, today: date | None = TODAY) -> str:
    folder = git.root / "ours"
    policy = leadpact.load(folder).checked
    told = history(folder)
    sample = sample_of(policy, folder)
    assert sample is not None
    places = Places.of(policy, links or Links())
    return changes_markdown(policy, told, places, today, effects(told, sample), sample.says)


def text(markdown: str) -> str:
    """What is read, each run of blanks as one."""

    class Reader(HTMLParser):
        said: list[str] = []  # noqa: RUF012

        def handle_data(self, data: str) -> None:
            self.said.append(data)

    reader = Reader()
    reader.said = []
    reader.feed(markdown)
    return " ".join(" ".join(reader.said).split())


def test_a_card_for_each_change(git: Git) -> None:
    git.write(NAME, POLICY.replace("+10", "+15") + EXAMPLE)
    git.commit("Prices count more\n\nThey tell.\n\nAgreed-by: Lucas Seller\nAgreed-by: Kim Meyer")
    made = page(git, Links("https://git.example.com/team", "main", {"ours": "ours"}))
    said = text(made)
    assert "Prices count more" in said
    assert "“Viewed pricing” Points before: +10 → now: +15" in said
    assert "They tell." in said
    assert "Of the 1 worked leads, 1 is decided otherwise:" in said
    assert "Score “Interest”: 1 up" in said
    assert "Changed by Dana Buyer. Agreed by Lucas Seller, Kim Meyer." in said
    commit = git.run("rev-parse", "HEAD").strip()
    assert f'href="https://git.example.com/team/commit/{commit}"' in made
    assert 'href="score-interest.html#interest.pricing_view"' in made
    assert said.index("Prices count more") < said.index("The first version")
    assert "changes-page" in made


def test_words_alone_and_promises_alone(git: Git) -> None:
    git.write(NAME, POLICY.replace('"Viewed pricing"', '"Looked at prices"') + EXAMPLE)
    git.commit("Another word")
    assert "Only words changed" in text(page(git))
    git.write(NAME, POLICY.replace("version 1", "version 2") + EXAMPLE)
    git.commit("The second version")
    assert "No decision about a lead changes" in text(page(git))


def test_an_effect_on_nobody(git: Git) -> None:
    git.write(NAME, POLICY.replace("30 days", "40 days") + EXAMPLE)
    git.commit("Longer")
    assert "Of the 1 worked leads, none is decided otherwise." in text(page(git))


def test_the_shipped_sample_is_taken(git: Git) -> None:
    git.write(
        "ours/sample/leads.jsonl",
        '{"id": "L-1", "activities": [{"kind": "pricing_view", "at": "2026-11-20T09:00:00Z"}]}\n'
        '{"id": "L-2"}\n',
    )
    git.write(NAME, POLICY.replace("+10", "+15"))
    git.commit("Prices count more")
    assert "Of 2 leads of the sample, 1 is decided otherwise:" in text(page(git))


def test_what_is_announced_stands_on_top(git: Git) -> None:
    row = "    +10  each pricing_view within 30 days"
    later = f"{row} in force until 2026-12-31\n{row.replace('10', '15')} in force from 2027-01-01"
    coming = POLICY.replace("version 1", "version 2\n    in force from 2026-12-01")
    git.write(NAME, coming.replace(row, later) + EXAMPLE)
    git.commit("For next year")
    said = text(page(git))
    assert "This version comes into force on 1 December 2026." in said
    assert said.index("From 1 January 2027") < said.index("For next year")
    assert "Points before: +10 → now: +15" in said
    assert "Announced" not in text(page(git, today=date(2027, 1, 1)))


def test_what_is_not_committed_yet(git: Git) -> None:
    git.write(NAME, POLICY.replace("+10", "+12") + EXAMPLE)
    said = text(page(git))
    assert "Not committed yet" in said
    assert "Points before: +10 → now: +12" in said


def test_what_is_not_known_is_said() -> None:
    policy = leadpact.load_text(POLICY).checked
    places = Places.of(policy, Links())
    at = datetime(2026, 11, 3, 9, tzinfo=UTC)

    def said(told: History) -> str:
        return text(changes_markdown(policy, told, places))

    missing = said(History((), (), None, "ours: this is in no git repository."))
    assert "There is no history to tell: ours: this is in no git repository." in missing
    assert "begins with 3 November 2026" in said(History((), (), at, None))
    run = Unread(at, at.replace(day=5), 2)
    assert "Between 3 November 2026 and 5 November 2026" in said(History((), (run,), None, None))
    assert "On 3 November 2026" in said(History((), (Unread(at, at, 1),), None, None))
    assert "What changed" in text(changes_markdown(policy, None, places))


def test_only_the_first_version(git: Git) -> None:
    assert "Nothing has changed since the first version." in text(page(git))
    assert latest_change(history(git.root / "ours")) is None


def test_what_people_wrote_is_escaped(git: Git) -> None:
    git.write(NAME, POLICY.replace('"Viewed pricing"', '"<b>A & *b*"') + EXAMPLE)
    git.commit("A *star* <script>alert(1)</script>\n\nBecause <i>so</i>.", author="<u>Dana</u>")
    made = page(git)
    assert not re.search(r"<(script|b|i|u)>", made)
    assert "*star*" not in made
    assert "<b>A & *b*" in text(made)


def test_the_page_among_the_others(git: Git) -> None:
    git.write(NAME, POLICY.replace("+10", "+15") + EXAMPLE)
    git.commit("Prices count more")
    folder = git.root / "ours"
    policy = leadpact.load(folder).checked
    latest = latest_change(history(folder))
    assert latest == "Prices count more (1 November 2026)"
    made = pages([policy], today=TODAY, latest={"ours": latest}, changed={"ours": page(git)})
    found = [one for one in made if one.path == "ours/changes.md"]
    assert [one.title for one in found] == ["What changed"]
    assert "changes.html" in next(one for one in made if one.path == "ours/index.md").markdown
    assert not any(one.path == "ours/changes.md" for one in pages([policy]))
