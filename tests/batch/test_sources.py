"""Source mappings: what a faulty one gets, with file, line, and the nearest name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import leadpact
from leadpact.batch import RunError
from leadpact.batch.columns import columns_of
from leadpact.batch.sources import read_mapping
from leadpact.checked import CheckedPolicy

POLICY = Path(__file__).parent.parent / "corpus" / "batch" / "policy"


@cache
def policy() -> CheckedPolicy:
    return leadpact.load(POLICY).checked


def mistake(text: str | bytes, folder: Path) -> tuple[str, str]:
    (folder / "sources").mkdir()
    path = folder / "sources" / "crm.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    with pytest.raises(RunError) as raised:
        read_mapping(folder, "crm", policy())
    return raised.value.message.replace(f"{path}", "crm.yaml"), raised.value.help


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("", "crm.yaml: the file is empty.", "A mapping starts with `format: 1`."),
        (
            "id: a\nfields: b: c\n",
            "crm.yaml:2: this is not YAML that I can read.",
            "Quote texts that hold `: ` or ` #`.",
        ),
        (b"id: caf\xe9", "crm.yaml: the file is not UTF-8.", "Save it as UTF-8."),
        ("- id\n", "crm.yaml:1: a mapping holds `fields:` and the like.", ""),
        ("format: 2\n", "crm.yaml:1: only format 1 of mappings is known.", ""),
        ("field:\n  city: City\n", "crm.yaml:1: A mapping has no key `field`.", "`fields`"),
        ("fields: City\n", "crm.yaml:1: `fields` holds one line a field: `city: City`.", ""),
        (
            "fields:\n  senority: Level\n",
            "crm.yaml:2: the policy has no field `senority`.",
            "`seniority`",
        ),
        (
            "fields:\n  phone: A\n  phone: B\n",
            "crm.yaml:3: `phone` stands here a second time (first on line 2).",
            "Keep one of the two.",
        ),
        ("fields:\n  phone:\n", "crm.yaml:2: `phone` is empty.", ""),
        (
            "fields:\n  phone: [A]\n",
            "crm.yaml:2: `phone` is the name of a column, or has `column:` below.",
            "",
        ),
        (
            "fields:\n  phone:\n    unknown: [x]\n",
            "crm.yaml:2: `phone` does not say which column it is.",
            "Add `column:`.",
        ),
        (
            "fields:\n  phone:\n    colum: Phone\n",
            "crm.yaml:3: `phone` has no key `colum`.",
            "`column`",
        ),
        (
            "fields:\n  seniority:\n    column: Level\n    values:\n      Boss: vice\n",
            "crm.yaml:5: `seniority` has no value `vice`.",
            "It has vp, manager, staff.",
        ),
        (
            "fields:\n  seniority:\n    column: Level\n    values: {Boss: vp, ' BOSS': staff}\n",
            "crm.yaml:4: ` BOSS` stands here a second time (blanks around it and case do not "
            "count).",
            "Keep one of the two.",
        ),
        (
            "fields:\n  seniority:\n    column: Level\n    otherwise: staf\n",
            "crm.yaml:4: `seniority` has no value `staf`.",
            "`staff`",
        ),
        (
            "fields:\n  is_customer:\n    column: C\n    values: {Former: former}\n",
            "crm.yaml:4: `former` is neither yes nor no (yes, no, true, false, 1 and 0 are read).",
            "",
        ),
        (
            "fields:\n  phone:\n    column: Phone\n    dates: '%Y'\n",
            "crm.yaml:4: `phone` is no date, so `dates` says nothing.",
            "",
        ),
        (
            "fields:\n  created_on:\n    column: C\n    dates: '%Y-%m'\n",
            "crm.yaml:4: `%Y-%m` does not say where day, month and year stand.",
            'Write it like "%d/%m/%Y".',
        ),
        (
            "fields:\n  created_on:\n    column: C\n    dates: '%Q'\n",
            "crm.yaml:4: `%Q` does not say where day, month and year stand.",
            'Write it like "%d/%m/%Y".',
        ),
        (
            "fields:\n  phone:\n    column: Phone\n    decimal: ','\n",
            "crm.yaml:4: `phone` is no number, so `decimal` says nothing.",
            "",
        ),
        (
            "fields:\n  budget:\n    column: B\n    decimal: ';'\n",
            'crm.yaml:4: the decimal sign is "." or ",".',
            "",
        ),
        ("unknown: Select\n", "crm.yaml:1: `unknown` is a list.", 'Write `unknown: ["…", "…"]`.'),
        ("ignore: [[a]]\n", "crm.yaml:1: `ignore` is one text here.", ""),
        ("id: [a]\n", "crm.yaml:1: `id` is one text here.", ""),
        ("id: &a [*a]\n", "crm.yaml:1: this is nested too deep for a mapping.", ""),
    ],
)
def test_faulty_mappings(text: str | bytes, message: str, help: str, tmp_path: Path) -> None:
    found, found_help = mistake(text, tmp_path)
    assert found == message
    assert help in found_help
    assert bool(help) == bool(found_help)


def test_yes_and_no_are_what_was_written() -> None:
    rule = read_mapping(POLICY, "crm", policy()).fields["is_customer"]
    assert rule.values == {"yes": True, "no": False, "former": False}


def test_a_mapping_that_is_not_there_names_the_nearest() -> None:
    with pytest.raises(RunError) as raised:
        read_mapping(POLICY, "../crm", policy())
    assert raised.value.message == "The policy has no source mapping `../crm`."
    assert raised.value.help == "Did you mean `crm`?"


def test_fields_under_their_own_name_are_read_unless_the_mapping_says_otherwise(
    tmp_path: Path,
) -> None:
    (tmp_path / "sources").mkdir()
    text = "fields: {seniority: share}\nignore: [phone]\n"
    (tmp_path / "sources" / "crm.yaml").write_text(text, encoding="utf-8")
    columns = columns_of(policy(), read_mapping(tmp_path, "crm", policy()))
    read = {column.field: column.name for column in columns}
    assert read["seniority"] == "share"
    assert read["email"] == "email"
    assert "phone" not in read
    assert "share" not in read


def test_a_policy_without_a_folder_has_no_mappings() -> None:
    with pytest.raises(RunError, match="was not read from a folder"):
        read_mapping(None, "crm", policy())
