"""The page about records: its example of tables in memory is run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "site" / "reference" / "records.md").read_text("utf-8")


def fence(kind: str) -> str:
    (only,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert isinstance(only, str)
    return only


def test_the_example_prints_what_the_page_says() -> None:
    command = [sys.executable, "-c", fence("python-arrow")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
    assert ran.stdout == fence("text-arrow")
