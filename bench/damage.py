"""What do people get when they damage a line of a policy?

Lines of the policies that come with Leadpact are damaged at random, one at a time, and read again:
a character lost, doubled or mistyped, two words exchanged, one lost or written twice, a capital, a
line moved to the right or left. Then files get random bytes, and a few damaged policies are checked
as a whole. Nothing may raise an exception; that stops the run with the policy that did it.

    python bench/damage.py [--lines 5000] [--bytes 500] [--whole 20] [--seed 1] [--show E160]
"""

from __future__ import annotations

import argparse
import random
import re
import string
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from leadpact.reading import checked
from leadpact_dsl import Diagnostic, SourceFile, parse, read_policy

POLICIES = Path(__file__).resolve().parent.parent / "policies"
GENERIC = ("E160", "E161")
NEAR = 1

Dice = random.Random
Damage = Callable[[Dice, str], str]


# --- ways to damage a line -----------------------------------------------------------------------


def _at(dice: Dice, line: str) -> int:
    """Somewhere behind the indentation."""
    return dice.randrange(len(line) - len(line.lstrip()), len(line))


def lose_a_character(dice: Dice, line: str) -> str:
    at = _at(dice, line)
    return line[:at] + line[at + 1 :]


def double_a_character(dice: Dice, line: str) -> str:
    at = _at(dice, line)
    return line[:at] + line[at] + line[at:]


def mistype_a_character(dice: Dice, line: str) -> str:
    at = _at(dice, line)
    return line[:at] + dice.choice(string.ascii_lowercase + " .,:-'\"#%()") + line[at + 1 :]


def exchange_two_characters(dice: Dice, line: str) -> str:
    at = _at(dice, line)
    return line[:at] + line[at : at + 2][::-1] + line[at + 2 :]


def _words(dice: Dice, line: str, change: Callable[[list[str], int], None]) -> str:
    words = line.split()
    change(words, dice.randrange(len(words)))
    return line[: len(line) - len(line.lstrip())] + " ".join(words)


def lose_a_word(dice: Dice, line: str) -> str:
    return _words(dice, line, lambda words, at: words.__delitem__(at))


def double_a_word(dice: Dice, line: str) -> str:
    return _words(dice, line, lambda words, at: words.insert(at, words[at]))


def exchange_two_words(dice: Dice, line: str) -> str:
    def change(words: list[str], at: int) -> None:
        words[at : at + 2] = words[at : at + 2][::-1]

    return _words(dice, line, change)


def write_a_capital(dice: Dice, line: str) -> str:
    return _words(dice, line, lambda words, at: words.__setitem__(at, words[at].capitalize()))


def lose_the_end(dice: Dice, line: str) -> str:
    return line[: _at(dice, line)].rstrip()


def move_the_line(dice: Dice, line: str) -> str:
    here = len(line) - len(line.lstrip())
    return " " * max(0, here + dice.choice((-4, -2, -1, 1, 2, 4))) + line.lstrip()


WAYS: tuple[Damage, ...] = (
    lose_a_character,
    double_a_character,
    mistype_a_character,
    exchange_two_characters,
    lose_a_word,
    double_a_word,
    exchange_two_words,
    write_a_capital,
    lose_the_end,
    move_the_line,
)


# --- the runs ------------------------------------------------------------------------------------


def passages() -> list[list[str]]:
    """Each block of each file with the block that follows it, as lines."""
    found: list[list[str]] = []
    for path in sorted(POLICIES.glob("*/*.leadpact")):
        text = path.read_text(encoding="utf-8")
        blocks = [block.split("\n") for block in re.split(r"\n(?=[a-z])", text)]
        pairs = zip(blocks, [*blocks[1:], []], strict=True)
        found += [[*block, *after] for block, after in pairs]
    return found


def stop(text: str) -> None:
    traceback.print_exc()
    sys.exit(f"This raised an exception:\n{text}")


def read(text: str) -> tuple[Diagnostic, ...]:
    try:
        return parse([SourceFile("damaged.leadpact", text)])[1]
    except Exception:
        stop(text)
        raise


def damaged(dice: Dice, lines: list[str]) -> tuple[int, str, str] | None:
    """The number of the damaged line, how it was damaged, the text; ``None`` if unchanged."""
    worded = [at for at, line in enumerate(lines) if line.strip() and line.lstrip()[0] != "#"]
    at, way = dice.choice(worded), dice.choice(WAYS)
    line = way(dice, lines[at])
    if line.strip() == "" or line.rstrip() == lines[at].rstrip():
        return None
    return at + 1, way.__name__, "\n".join([*lines[:at], line, *lines[at + 1 :]])


def damage_lines(dice: Dice, count: int, show: str | None) -> None:
    blocks = [lines for lines in passages() if not read("\n".join(lines))]
    codes: Counter[str] = Counter()
    told = once = near = generic = 0
    for _ in range(count):
        one = damaged(dice, dice.choice(blocks))
        found = read(one[2]) if one else ()
        if one is None or not found:
            continue
        number, way, text = one
        told += 1
        once += len(found) == 1
        near += all(abs(each.span.line - number) <= NEAR for each in found)
        generic += any(each.code in GENERIC for each in found)
        codes.update(each.code for each in found)
        if show in {each.code for each in found}:
            print(f"{way}: {text.split(chr(10))[number - 1]}")
            print("".join(f"    {each.code} {each.message}\n" for each in found))
    print(f"{count:,} damaged lines; {told:,} of them cannot be read any more.")
    print(f"  told within a line of the damage  {near / told:6.1%}")
    print(f"  told with one message             {once / told:6.1%}")
    print(f"  among the messages a generic one  {generic / told:6.1%}")
    print("  codes: " + ", ".join(f"{code} {many:,}" for code, many in codes.most_common(12)))


def damage_bytes(dice: Dice, count: int) -> None:
    files = sorted(POLICIES.glob("*/*.leadpact"))
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "damaged.leadpact"
        for _ in range(count):
            data = bytearray(dice.choice(files).read_bytes()[:4_000])
            for _ in range(dice.randint(1, 20)):
                data[dice.randrange(len(data))] = dice.randrange(256)
            path.write_bytes(data)
            try:
                sources, diagnostics = read_policy(path)
                diagnostics += parse(sources)[1]
            except Exception:
                stop(repr(bytes(data)))
            kinds["told" if diagnostics else "still a policy"] += 1
    print(f"{count:,} files with random bytes: {dict(kinds)}; no exception.")


def check_whole_policies(dice: Dice, count: int) -> None:
    folders = sorted(path for path in POLICIES.iterdir() if (path / "policy.leadpact").is_file())
    for _ in range(count):
        folder = dice.choice(folders)
        sources = list(read_policy(folder)[0])
        at = dice.randrange(len(sources))
        one = damaged(dice, sources[at].text.split("\n"))
        if one is not None:
            sources[at] = SourceFile(sources[at].name, one[2])
        try:
            checked(tuple(sources), folder)
        except Exception:
            stop(sources[at].text)
    print(f"{count:,} policies checked as a whole with one damaged line: no exception.")


def main() -> None:
    parser = argparse.ArgumentParser(description="Damage policies and see what is told.")
    parser.add_argument("--lines", type=int, default=5_000)
    parser.add_argument("--bytes", type=int, default=500)
    parser.add_argument("--whole", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", metavar="CODE", help="print each damage that got this code")
    asked = parser.parse_args()
    dice = random.Random(asked.seed)
    damage_lines(dice, asked.lines, asked.show)
    damage_bytes(dice, asked.bytes)
    check_whole_policies(dice, asked.whole)


if __name__ == "__main__":
    main()
