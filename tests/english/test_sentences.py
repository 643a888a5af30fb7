"""Every rule of a policy has its sentence: the corpus, and what holds for any policy."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import leadpact
from leadpact.checked import Category, CheckedPolicy, Definition
from leadpact.english import sentences

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT / "tests" / "corpus" / "english").glob("*.leadpact"))
POLICIES = [ROOT / "policies" / name for name in ("kontor", "learnwell")]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_each_rule_says_what_the_corpus_expects(path: Path) -> None:
    said = sentences(leadpact.load(path).checked)
    expected = path.with_suffix(".expected").read_text("utf-8")
    assert "".join(f"{rule}: {sentence}\n" for rule, sentence in said.items()) == expected


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


@pytest.mark.parametrize("path", CORPUS + POLICIES, ids=lambda path: path.stem)
def test_every_rule_id_has_a_sentence_and_nothing_else_has(path: Path) -> None:
    policy = leadpact.load(path).checked
    assert set(sentences(policy)) == set(rule_ids(policy)) | clamps(policy)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_sentences_are_short_and_speak_in_labels(path: Path) -> None:
    for rule, sentence in sentences(leadpact.load(path).checked).items():
        assert not re.search(r"\w_\w", sentence), (rule, sentence)
        assert len(sentence.split()) <= 25, (rule, sentence)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_the_same_policy_gives_the_same_sentences(path: Path) -> None:
    first, again = (list(sentences(leadpact.load(path).checked).items()) for _ in range(2))
    assert first == again
