"""The entries of the static checks: each example gets its code and no other, and its fix none."""

from __future__ import annotations

import re

import pytest

from leadpact.analysis import analyse
from leadpact.explain import Entry, entries, in_context
from leadpact.reading import checked
from leadpact_dsl import SourceFile

ENTRIES = [entry for entry in entries() if re.match(r"[EW]7[0-3]\d", entry.code)]


def said_of(snippet: str) -> list[str]:
    policy, found = checked((SourceFile("policy.leadpact", in_context(snippet)),), None)
    assert policy is not None, found
    # A piece of a policy need not use what it declares.
    return [each.code for each in (*found, *analyse(policy)) if each.code != "W201"]


def test_the_sample_policy_is_fine() -> None:
    assert said_of("") == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.code)
def test_the_example_gets_the_code_and_the_fix_none(entry: Entry) -> None:
    assert said_of(entry.example) == [entry.code]
    assert said_of(entry.fix) == []
