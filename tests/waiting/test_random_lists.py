"""Random policies and leads: every lead is told of once, whatever the policy holds, and it fits."""

from __future__ import annotations

import json
from random import Random

import click
import pytest
from tests.property.draw_policy import draw_policy
from tests.property.draw_record import aims_of, draw_case

import leadpact
from leadpact.arrivals import worklists
from leadpact.cli.queue_text import dossiers_text, queue_text
from leadpact.cli.worklist_text import listed_text, worklist_text
from leadpact.life import History
from leadpact.waiting import Dossiers, encode, in_order, on_list, waiting_in

POLICIES = range(1, 7)
RECORDS = 5
WIDTHS = (44, 80, 120)


@pytest.mark.parametrize("seed", POLICIES)
def test_each_lead_waits_in_one_stage_and_stands_where_it_was_put(seed: int) -> None:
    r = Random(seed)
    policy = leadpact.load_text(draw_policy(r))
    checked = policy.checked
    if not checked.stages:
        return
    aims, dossiers = aims_of(checked), Dossiers(policy)
    for _ in range(RECORDS):
        record, until = draw_case(r, checked, aims)
        try:
            history = policy.replay(record, until=until)
        except leadpact.RecordError:
            continue
        if not isinstance(history, History):
            continue
        found = [
            one
            for stage in checked.stages
            if (one := waiting_in({stage.name}, dossiers, record, history)) is not None
        ]
        assert [one.stage for one in found] == [history.stays[-1].stage]
        listed = [
            (worklist, one)
            for worklist in worklists(checked)
            if (one := on_list(worklist.name, dossiers, record, history)) is not None
        ]
        assert {one.worklist for _, one in listed} == set(found[0].worklists)
        for entry in (*found, *(one for _, one in listed)):
            assert json.loads(encode(entry))["format"] == 1
        dues = [deadline.due for deadline in found[0].deadlines if deadline.due is not None]
        assert dues == sorted(dues)
        for width in WIDTHS:
            told = [
                queue_text(checked, checked.stages, in_order(found), until, width),
                dossiers_text(checked, found, until, width),
            ]
            for worklist, one in listed:
                told.append(worklist_text(checked, worklist, [one], until, width))
                told.append(listed_text(checked, [one], until, width))
            for line in click.unstyle("\n".join(told)).split("\n"):
                # A word of the policy may be longer than a line.
                assert len(line) <= width or " " not in line.strip(), line
