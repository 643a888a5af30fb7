"""``leadpact explain``"""

from __future__ import annotations

from leadpact.explain import entries


def test_a_code_is_explained_with_an_example_and_its_fix(leadpact):
    ran = leadpact("explain", "E131")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("E131: A symbol instead of a word\n\n")
    assert "\nWhy it matters: " in ran.out
    assert "\nFor example:\n\n    define keen when interest >= 50\n" in ran.out
    assert ran.out.endswith("Write instead:\n\n    define keen when interest is at least 50\n")


def test_small_letters_will_do(leadpact):
    assert leadpact("explain", "w201").out == leadpact("explain", "W201").out != ""


def test_what_is_typed_at_a_terminal_is_called_so(leadpact):
    ran = leadpact("explain", "E103")
    assert "\nTyped at a terminal:\n\n    $ leadpact new ours\n" in ran.out
    assert "\nThen type:\n\n    $ rm ours/more.leadpact\n" in ran.out


def test_an_unknown_code_is_wrong_use(leadpact):
    ran = leadpact("explain", "E4O2")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err == "leadpact: there is no code `E4O2`.\n  Did you mean `E402`?\n"
    ran = leadpact("explain", "nonsense")
    assert ran.status == 2
    assert "`leadpact explain` lists all codes." in ran.err


def test_without_a_code_all_are_listed(leadpact):
    ran = leadpact("explain")
    assert ran.status == 0
    lines = ran.out.rstrip("\n").split("\n")
    assert lines == [f"{entry.code}  {entry.title}" for entry in entries()]
