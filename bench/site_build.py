"""How long does the site take, and how heavy are its pages?

Three builds, each a whole process of `mkdocs build --strict`, in turns:

  with Leadpact   the policies, read, checked and published by the plugin
  same Markdown   what `leadpact site export` writes of them, built without the plugin
  plain text      as many pages with as many letters, in plain paragraphs

Then the reload after an edit while `mkdocs serve` runs, from the file's write to the new page. And
what a browser loads for each page.

    python bench/site_build.py [--rounds 3] [--edits 5] [POLICY...]
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
WORDS = "A lead that asks for a demo goes to sales on the same day because it wants to buy. "
PATIENCE = 120.0


def mkdocs(config: Path, out: Path) -> tuple[float, float]:
    """Seconds on the clock, and of processor time, of one build."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q"]
    before, begun = os.times(), time.perf_counter()
    subprocess.run([*command, "-f", str(config), "-d", str(out)], check=True, env=QUIET)
    passed, after = time.perf_counter() - begun, os.times()
    spent = after.children_user + after.children_system
    return passed, spent - before.children_user - before.children_system


def with_leadpact(folder: Path, policies: list[Path]) -> Path:
    """A site that the plugin makes, of copies of the policies."""
    (folder / "policies").mkdir(parents=True)
    for policy in policies:
        shutil.copytree(policy, folder / "policies" / policy.name)
    export = folder.parent / "same"
    names = [str(folder / "policies" / policy.name) for policy in policies]
    command = [sys.executable, "-m", "leadpact", "site", "export", str(export), *names]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    text = (export / "mkdocs.yml").read_text("utf-8")
    config = folder / "mkdocs.yml"
    plain = text[: text.index("extra:\n")].replace("  - offline\n", "  - offline\n  - leadpact\n")
    config.write_text(plain, "utf-8")
    (folder / "docs").mkdir()
    return config


def plain_text(folder: Path, same: Path) -> Path:
    """As many pages as those of `same`, each with as many letters."""
    shutil.copytree(same, folder)
    for page in (folder / "docs").rglob("*.md"):
        size = len(page.read_text("utf-8"))
        front = f"---\ntitle: {page.stem}\n---\n\n# {page.stem}\n\n"
        paragraph = WORDS * 6 + "\n\n"
        body = (paragraph * (size // len(paragraph) + 1))[: max(0, size - len(front))]
        page.write_text(f"{front}{body}\n", "utf-8")
    return folder / "mkdocs.yml"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextlib.contextmanager
def serving(config: Path) -> Iterator[tuple[str, int]]:
    """The address of the first page, and the number of the process."""
    address = f"127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "mkdocs", "serve", "-q", "-f", str(config), "-a", address]
    process = subprocess.Popen(command, env=QUIET)
    try:
        yield f"http://{address}/", process.pid
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def until(address: str, words: str) -> float:
    """Seconds until the page holds the words."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            if words in answer.read().decode("utf-8"):
                return time.perf_counter() - begun
        time.sleep(0.02)
    sys.exit(f"{address} never held {words!r}")


def processor(process: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def reloads(config: Path, edits: int) -> list[tuple[float, float]]:
    """Seconds from an edit of the first policy to the page that shows it, and of processor time."""
    policy = min((config.parent / "policies").iterdir())
    file = next(one for one in sorted(policy.glob("*.leadpact")) if "because " in one.read_text())
    with serving(config) as (first, process):
        page = f"{first}{policy.name}/source.html"
        until(page, "because")
        taken = []
        for number in range(edits):
            words = f"Edit number {number}"
            text, before = file.read_text("utf-8"), processor(process)
            file.write_text(re.sub(r'because "[^"]*"', f'because "{words}"', text, count=1))
            taken.append((until(page, words), processor(process) - before))
        return taken


def weights(site: Path) -> list[tuple[str, int, int, int, int]]:
    """Of each page: its path, its HTML, its HTML packed, and the CSS and JS that it loads."""
    found = []
    for page in sorted(site.rglob("*.html")):
        html = page.read_text("utf-8")
        loaded = re.findall(r'(?:<script src|<link rel="stylesheet" href)="([^"]+)"', html)
        files = [(page.parent / name).resolve() for name in loaded]
        sizes = {kind: sum_of(files, kind) for kind in (".css", ".js")}
        packed = len(gzip.compress(html.encode()))
        path = page.relative_to(site).as_posix()
        found.append((path, len(html.encode()), packed, sizes[".css"], sizes[".js"]))
    return found


def sum_of(files: list[Path], kind: str) -> int:
    return sum(file.stat().st_size for file in files if file.suffix == kind and file.exists())


def print_weights(site: Path) -> None:
    pages = weights(site)
    print(f"\n{'kilobytes':<26}{'median':>8}{'most':>8}")
    for title, column in (("HTML", 1), ("HTML, gzip", 2), ("CSS", 3), ("JS", 4)):
        sizes = [page[column] / 1000 for page in pages]
        print(f"{title:<26}{statistics.median(sizes):>8.1f}{max(sizes):>8.1f}")
    ours = [one for one in (site / "assets").iterdir() if one.is_file()]
    print(
        "\nOf that ours: "
        + ", ".join(f"{one.name} {one.stat().st_size / 1000:.1f}" for one in ours)
    )
    print("The heaviest pages:")
    for path, html, packed, *_ in sorted(pages, key=lambda page: -page[1])[:5]:
        print(f"  {path:<36}{html / 1000:>8.1f}{packed / 1000:>8.1f} packed")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the site, and weigh its pages.")
    parser.add_argument("policies", nargs="*", type=Path, metavar="POLICY")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--edits", type=int, default=5)
    asked = parser.parse_args()
    shipped = [path for path in sorted((ROOT / "policies").iterdir()) if path.is_dir()]
    policies = asked.policies or [path for path in shipped if any(path.glob("*.leadpact"))]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours = with_leadpact(folder / "ours", policies)
        ways = {
            "with Leadpact": ours,
            "same Markdown": folder / "same" / "mkdocs.yml",
            "plain text": plain_text(folder / "plain", folder / "same"),
        }
        times: dict[str, list[tuple[float, float]]] = {title: [] for title in ways}
        for _ in range(asked.rounds):
            for title, config in ways.items():
                times[title].append(mkdocs(config, folder / "out" / title))
        site = folder / "out" / "with Leadpact"
        pages = len(list(site.rglob("*.html")))
        print(f"{len(policies)} policies, {pages} pages, {asked.rounds} rounds in turns.\n")
        print(f"{'seconds':<18}{'median':>8}{'least':>8}{'processor':>11}{'ratio':>8}")
        plain = statistics.median(spent for _, spent in times["plain text"])
        for title, taken in times.items():
            clock = [seconds for seconds, _ in taken]
            spent = statistics.median(seconds for _, seconds in taken)
            print(
                f"{title:<18}{statistics.median(clock):>8.2f}{min(clock):>8.2f}"
                f"{spent:>11.2f}{spent / plain:>8.2f}"
            )
        clock, spent_each = zip(*reloads(ours, asked.edits), strict=True)
        print(
            f"\nFrom an edit to the new page: {statistics.median(clock):.2f} s, at most "
            f"{max(clock):.2f} s; {statistics.median(spent_each):.2f} s of processor time."
        )
        print_weights(site)


if __name__ == "__main__":
    main()
