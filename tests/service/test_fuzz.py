"""Some of the bodies of ``fuzz.py``, in each run of the tests."""

from __future__ import annotations

from fuzz_bodies import memory, run
from service_tests import KONTOR


def test_made_up_bodies(serve):
    service = serve(KONTOR)
    run(service, 400, 7)
    before = memory(service)
    found = run(service, 2_000, 1)
    assert sum(times for status, times in found.items() if status < 300) >= 400
    assert set(found) >= {200, 400, 422}
    assert memory(service) < before * 1.2 + 8_000
