"""Every rule of a policy has its sentences: the corpus, and what holds for any policy.

``LEADPACT_MORE=20 pytest tests/english`` draws so many times as many.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from tests.how_many import how_many
from tests.property.draw_policy import draw_policy

import leadpact
from leadpact.checked import Category, CheckedPolicy, Definition
from leadpact.english import Sayings, sentences

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT / "tests" / "corpus" / "english").glob("*.leadpact"))
POLICIES = sorted({path.parent for path in (ROOT / "policies").rglob("*.leadpact")})
DECISIONS = sorted((ROOT / "tests" / "corpus" / "decisions").glob("*/policy.leadpact"))
DRAWN = how_many(20)


def _named(path: Path) -> str:
    return path.parent.name if path.stem == "policy" else path.stem


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_each_rule_says_what_the_corpus_expects(path: Path) -> None:
    expected = path.with_suffix(".expected").read_text("utf-8")
    assert told(leadpact.load(path).checked) == expected


def told(policy: CheckedPolicy) -> str:
    """Every text by rule id, then what has no rule id."""
    lines = [f"{rule}: {text}\n" for rule, text in sentences(policy).items()]
    return "".join([*lines, *(f"- {text}\n" for text in without_rule_id(policy))])


def without_rule_id(policy: CheckedPolicy) -> Iterator[str]:
    says = Sayings(policy)
    for calendar in policy.calendars:
        yield from says.week(calendar)
        yield from (says.special_day(special) for special in calendar.special)
    if policy.agreement is not None:
        yield from says.agreement(policy.agreement)
        yield from (says.signature(signature) for signature in policy.agreement.signatures)


def rule_ids(part: object) -> Iterator[str]:
    """The rule ids that stand anywhere in a checked policy."""
    if isinstance(part, tuple):
        for member in part:
            yield from rule_ids(member)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        rule = getattr(part, "rule", None)
        if isinstance(rule, str):
            yield rule
        if isinstance(part, Definition):
            yield part.name
        if isinstance(part, Category) and part.at_most is not None:
            yield f"{part.rule}.at_most"
        for field in dataclasses.fields(part):
            yield from rule_ids(getattr(part, field.name))


def clamps(policy: CheckedPolicy) -> set[str]:
    ends = {f"{score.name}.at_least" for score in policy.scores if score.low is not None}
    return ends | {f"{score.name}.at_most" for score in policy.scores if score.high is not None}


def check(policy: CheckedPolicy) -> None:
    """Every rule id has its sentences, short, in labels, and without a stop at the end."""
    texts = sentences(policy)
    assert set(texts) == set(rule_ids(policy)) | clamps(policy)
    for rule, text in [*texts.items(), *(("", text) for text in without_rule_id(policy))]:
        # What people wrote themselves stands in quotes, and is left as it is.
        ours = re.sub(r"“[^”]*”", "“…”", text)
        assert "_" not in ours, (rule, text)
        assert text
        assert text == text.strip()
        assert not text.endswith((".", ";", ",")), (rule, text)
        assert "{" not in ours, (rule, text)
        for sentence in re.split(r"\. (?=[^a-z])", text):
            assert len(sentence.split()) <= 25, (rule, sentence)
            assert not sentence[0].islower(), (rule, sentence)


@pytest.mark.parametrize("path", CORPUS + POLICIES + DECISIONS, ids=_named)
def test_every_rule_has_short_sentences_in_labels(path: Path) -> None:
    check(leadpact.load(path).checked)


@pytest.mark.parametrize("seed", range(DRAWN))
def test_every_rule_of_a_drawn_policy_has_short_sentences(seed: int, tmp_path: Path) -> None:
    path = tmp_path / "drawn.leadpact"
    path.write_text(draw_policy(Random(seed)), "utf-8")
    check(leadpact.load(path).checked)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_same_policy_gives_the_same_sentences(path: Path) -> None:
    first, again = (list(sentences(leadpact.load(path).checked).items()) for _ in range(2))
    assert first == again


if __name__ == "__main__":
    for source in CORPUS:
        source.with_suffix(".expected").write_text(told(leadpact.load(source).checked), "utf-8")
