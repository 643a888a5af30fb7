"""Real git repositories for tests, with an invented policy and invented people."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

__all__ = ["POLICY", "Git"]

POLICY = """policy ours "Our policy":
    language 1
    version 1
    time zone "Europe/Stockholm"
lead:
    email text
activities:
    pricing_view "Viewed pricing"
score interest "Interest":
    +10  each pricing_view within 30 days
"""


class Git:
    """A repository in ``root``. Each commit is a minute later than the one before."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.minutes = 0
        root.mkdir(parents=True, exist_ok=True)
        self.run("init", "-q", "-b", "main")

    def run(self, *arguments: str, author: str = "Dana Buyer") -> str:
        at = f"2026-11-01T09:{self.minutes:02}:00+00:00"
        who = {"NAME": author, "EMAIL": "dana@buyer.example", "DATE": at}
        people = {f"GIT_{role}_{key}": said for role in ("AUTHOR", "COMMITTER")
                  for key, said in who.items()}  # fmt: skip
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments],
            env={**os.environ, **people, **alone},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def commit(self, message: str, author: str = "Dana Buyer") -> None:
        self.minutes += 1
        self.run("add", "-A")
        self.run("commit", "-q", "--allow-empty", "-m", message, author=author)
