"""What must hold of the changes between any two policies.

Random policies are laid out anew and shuffled: nothing changed. They are changed at random: where
no change says that decisions can change, no decision does; and the digest is another exactly where
something but a note changed. ``LEADPACT_MORE=20 pytest tests/changes`` tries so many times as many.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields, is_dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.how_many import how_many
from tests.property.draw_policy import draw_policy, shuffled, thinned
from tests.property.draw_record import aims_of, draw_case

import leadpact
from leadpact import checked as c
from leadpact.api import Policy
from leadpact.changes import Change, changes
from leadpact.decision import encode
from leadpact.digest import digest
from leadpact.mutation.mutants import mutants
from leadpact.reading import checked
from leadpact_dsl import SourceFile
from leadpact_dsl.formatting import format_source

POLICIES = Path(__file__).parents[2] / "policies"
SHIPPED = sorted({path.parent for path in POLICIES.glob("*/*.leadpact")})
seeds = st.integers(min_value=0, max_value=2**32)
bounded = settings(
    max_examples=how_many(8),
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)


def read(text: str) -> c.CheckedPolicy | None:
    return checked((SourceFile("policy.leadpact", text),), None)[0]


# --- nothing changed -----------------------------------------------------------------------------


@bounded
@given(seed=seeds)
def test_laid_out_anew_and_shuffled_nothing_changes(seed: int) -> None:
    r = Random(seed)
    text = draw_policy(r)
    turned = format_source(SourceFile("policy.leadpact", shuffled(r, text)))
    old, new = read(text), read(f"# another day\n\n{turned}")
    assert old is not None
    assert new is not None
    assert changes(old, new) == ()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_policies_laid_out_anew(folder: Path) -> None:
    """Other names of files, other spaces, and comments gone: the same policy."""
    policy = leadpact.load(folder).checked
    files = tuple(
        SourceFile(f"z{len(policy.sources) - at}.leadpact", format_source(_spaced(source)))
        for at, source in enumerate(policy.sources)
    )
    again, found = checked(files, folder)
    assert again is not None, found
    assert changes(policy, again) == ()


def _spaced(source: SourceFile) -> SourceFile:
    """Without its comments, and with an empty line below each line."""
    kept = [line for line in source.text.split("\n") if not line.lstrip().startswith("#")]
    return SourceFile(source.name, "\n\n".join(kept))


# --- something changed ---------------------------------------------------------------------------


def _varied(r: Random, text: str) -> str:
    """Some numbers of the policy are others, or some of its lines are gone."""
    if r.random() < 0.3:
        return thinned(r, text)

    def other(found: re.Match[str]) -> str:
        return str(int(found.group()) + r.randint(1, 9)) if r.random() < 0.05 else found.group()

    return re.sub(r"(?<![\w.:,-])\d+(?![\w.:,-])", other, text)


@bounded
@given(seed=seeds)
def test_what_touches_no_decision_changes_none(seed: int) -> None:
    r = Random(seed)
    text = draw_policy(r)
    old = read(text)
    assert old is not None
    for _ in range(5):
        new = read(_varied(r, text))
        if new is not None:
            _holds(r, old, new)


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_mutants_are_told(folder: Path) -> None:
    """Each number by one step and each row left out: exactly what changed is told, as a change of
    decisions.
    """
    policy = leadpact.load(folder).checked
    for mutant in islice(mutants(policy), 0, None, 16):
        found = changes(policy, mutant.policy)
        assert any(change.touches == "decisions" for change in found), mutant.change
        assert len(found) <= 4, (mutant.change, [one.says for one in found])


def _holds(r: Random, old: c.CheckedPolicy, new: c.CheckedPolicy) -> None:
    found = changes(old, new)
    assert {change.kind for change in changes(new, old)} <= {
        *(_OPPOSITE.get(change.kind, change.kind) for change in found)
    }
    told = [change for change in found if change.aspect != "notes"]
    assert bool(told) == (digest(_sorted(old)) != digest(_sorted(new))), _lines(found)
    if any(change.touches == "decisions" for change in found):
        return
    assert digest(_silent(old)) == digest(_silent(new)), _lines(found)
    first, second, aims = Policy(old), Policy(new), aims_of(old)
    for _ in range(4):
        record, as_of = draw_case(r, old, aims)
        assert _decided(first, record, as_of) == _decided(second, record, as_of), _lines(found)


_OPPOSITE = {"added": "removed", "removed": "added"}


def _lines(found: tuple[Change, ...]) -> str:
    return "\n".join(f"{one.rule} {one.touches}: {one.says}" for one in found)


def _decided(policy: Policy, record: dict[str, object], as_of: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(encode(policy.decide_raw(record, as_of=as_of)))
    del told["policy"]
    return told


# --- the digest of what decides ------------------------------------------------------------------


def _silent(policy: c.CheckedPolicy) -> c.CheckedPolicy:
    """The policy without words, and without what no decision hangs on."""
    bare = replace(
        policy,
        name="",
        label="",
        version=0,
        in_force_from=None,
        agreement=None,
        guarantees=(),
        roles=(),
        parties=(),
    )
    silent = _without(_sorted(bare))
    assert isinstance(silent, c.CheckedPolicy)
    return silent


def _without(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(_without(member) for member in part)
    if not is_dataclass(part) or isinstance(part, type):
        return part
    kept = {}
    for field in fields(part):
        value = getattr(part, field.name)
        if field.name in ("label", "question"):
            kept[field.name] = ""
        elif field.name in ("because", "owner"):
            kept[field.name] = None
        elif field.name in ("does", "means", "by_hand", "tells", "may_contact"):
            kept[field.name] = ()
        elif field.name in ("after_contact", "personal"):
            kept[field.name] = False
        elif field.name not in ("span", "sources", "examples"):
            kept[field.name] = _without(value)
    return replace(part, **kept)


def _sorted(part: Any) -> Any:
    """The same with the members of conditions, and of sets, in one order."""
    if isinstance(part, tuple):
        return tuple(_sorted(member) for member in part)
    if not is_dataclass(part) or isinstance(part, (type, date)):
        return part
    kept = {
        field.name: _sorted(getattr(part, field.name))
        for field in fields(part)
        if field.name not in ("span", "sources", "examples")
    }
    for name in _SETS.get(type(part).__name__, ()):
        kept[name] = tuple(sorted(kept[name], key=repr))
    return replace(part, **kept)


_SETS = {
    "All": ("members",),
    "Any": ("members",),
    "AtLeast": ("members",),
    "TextTest": ("values",),
    "ChoiceTest": ("values",),
    "IncludesTest": ("values",),
    "GroupTest": ("rows",),
    "ByValues": ("values",),
    "NeedsKnown": ("fields",),
    "OneOfType": ("values",),
    "AnyNumberOfType": ("values",),
}
