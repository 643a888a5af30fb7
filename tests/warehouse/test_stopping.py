"""A run that is stopped leaves nothing behind; one that is done tells how far it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.warehouse.both_ways import CORPUS, options, policy

from leadpact.batch import Progress
from leadpact.warehouse import run

SLOWLY = """
import signal, sys
from pathlib import Path
from leadpact.warehouse import run, work
from tests.warehouse.both_ways import options, policy

decide = work.Work.decide

def slowly(self, query, heard):
    print("deciding", flush=True)
    self.duck.run("SELECT sum(a.range * b.range) FROM range(3000000) a, range(300000) b")
    decide(self, query, heard)

work.Work.decide = slowly
# Whatever started the tests may have told its processes not to hear.
signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    run(policy(), options(Path(sys.argv[1]), out=Path(sys.argv[2])))
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(os.name == "nt", reason="signals are sent differently there")
def test_ctrl_c_stops_a_query_and_leaves_nothing(tmp_path: Path) -> None:
    leads, out = tmp_path / "leads.csv", tmp_path / "out.csv"
    leads.write_text("id,email\nL-1,a@buyer.example\n", encoding="utf-8")
    spilt = tmp_path / "spilt"
    spilt.mkdir()
    command = [sys.executable, "-c", SLOWLY, str(leads), str(out)]
    given = {**os.environ, "TMPDIR": str(spilt)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=given) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "deciding\n"
        process.send_signal(signal.SIGINT)
        try:
            assert process.communicate(timeout=60)[0] == "stopped\n"
        finally:
            process.kill()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["leads.csv", "spilt"]
    assert not list(spilt.iterdir())


def test_progress(tmp_path: Path) -> None:
    heard: list[Progress] = []
    case = CORPUS / "table"
    asked = options(case / "leads.csv", activities=case / "activities.csv")
    run(policy(), asked, progress=heard.append)
    size = (case / "leads.csv").stat().st_size
    assert heard[-1].step == "deciding"
    assert heard[-1].bytes_read == heard[-1].bytes_total == size


def test_an_interrupted_reading_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    leads = tmp_path / "leads.csv"
    leads.write_text("id,email\nL-1,a@buyer.example\n", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        run(policy(), options(leads, out=tmp_path / "out.csv"), progress=interrupt)
    assert [one.name for one in tmp_path.iterdir()] == ["leads.csv"]
