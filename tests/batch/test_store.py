"""Ids and events put aside on disk."""

from __future__ import annotations

from leadpact.batch.store import Store, StoredEvent


def test_events_come_back_by_lead_in_the_order_of_their_file() -> None:
    with Store() as store:
        store.add_events([("b", 2, "x"), ("a", 3, "y"), ("b", 4, "z")])
        assert store.events_of("b") == [StoredEvent(2, "x"), StoredEvent(4, "z")]
        assert store.events_of("c") == []


def test_events_of_leads_that_are_not_there() -> None:
    with Store() as store:
        store.add_events([("z", 2, "x"), ("a", 3, "y"), ("b", 4, "z")])
        store.add_ids([(2, "a")])
        assert list(store.events_without_lead()) == [("b", 4), ("z", 2)]


def test_ids_that_stand_several_times() -> None:
    with Store() as store:
        store.add_ids([(2, "a"), (3, "b"), (4, "a"), (9, "a")])
        assert store.lines_if_twice("a", 2) == [2, 4]
        assert store.lines_if_twice("a", 9) == [2, 4, 9]
        assert store.lines_if_twice("b", 9) == []


def test_without_events_there_are_none() -> None:
    with Store() as store:
        store.add_ids([(2, "a")])
        assert store.events_of("a") == []
        assert list(store.events_without_lead()) == []
        assert store.lines_if_twice("a", 9) == []
