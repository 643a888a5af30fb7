"""JSON lines in SQL: records with their events, and files of events.

Each value keeps the type that it has in JSON: a text is no number. What has a key twice, a number
of more digits than a float holds, or a value of another type is odd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from leadpact.batch.activities import Event
from leadpact.batch.columns import columns_of, read_keys
from leadpact.batch.leads import Lead, OnBytes, json_row, lead_key
from leadpact.batch.lines import BadLine
from leadpact.batch.sources import NO_MAPPING, ColumnRule, SourceMapping, readable_fields
from leadpact.checked import (
    AnyNumberOfType,
    CheckedPolicy,
    FieldType,
    InstantType,
    NumberType,
    OneOfType,
    YesNoType,
)
from leadpact.warehouse.cells import numbers_of, size_of
from leadpact.warehouse.duck import list_of, literal, name
from leadpact.warehouse.inputs import (
    EventsIn,
    LeadsIn,
    RawRow,
    bare_key,
    property_rules,
    unless_blank,
)
from leadpact.warehouse.readings import DECIMAL, Reading, in_range, of_text, trimmed
from leadpact.warehouse.streams import json_stream

__all__ = ["json_events", "json_leads"]

_HELD = ("activities", "actions")
_PLAIN = ("kind", "at", "id", "by")


def _parsed(rows: str, members: Sequence[str], struct: str) -> str:
    """The rows with their ``text`` as a struct of JSON values, and with its keys ``ks``.

    Both are NULL for what is no object.
    """
    shape = "{" + ",".join(f'{_quoted(one)}:"JSON"' for one in members) + "}"
    valid = f"SELECT *, CASE WHEN json_valid(text) THEN text END AS good FROM {rows}"
    object_ = "SELECT *, CASE WHEN json_type(good) = 'OBJECT' THEN good END AS whole"
    return (
        f"(SELECT *, from_json(whole, {literal(shape)}) AS {struct}, json_keys(whole) AS ks "
        f"FROM ({object_} FROM ({valid})))"
    )


def _quoted(key: str) -> str:
    import json

    return json.dumps(key, ensure_ascii=False)


def _member(struct: str, key: str, tag: str) -> list[str]:
    """A member as JSON (``j.TAG``), and as text where it is one (``s.TAG``)."""
    value = f"{struct}.{name(key)}"
    given = f"CASE WHEN {value}::VARCHAR <> 'null' THEN {value}::VARCHAR END"
    text = f"CASE WHEN starts_with({value}::VARCHAR, '\"') THEN {value} ->> '$' END"
    return [f"{given} AS {name(f'j.{tag}')}", f"{text} AS {name(f's.{tag}')}"]


def _key_of(tag: str) -> str:
    """An id: a text that is not blank, or a whole number."""
    j, s = name(f"j.{tag}"), name(f"s.{tag}")
    whole = f"regexp_full_match({j}, '0|-?[1-9][0-9]{{0,17}}')"
    return f"CASE WHEN {s} IS NOT NULL THEN {bare_key(s)} WHEN {whole} THEN {j} END"


def _reading(tag: str, rule: ColumnRule, mapping: SourceMapping | None, zone: str) -> Reading:
    """How a member tells a fact. Without a mapping a text is no number, and no yes or no."""
    j, s = name(f"j.{tag}"), name(f"s.{tag}")
    own = _own(tag, j, s, rule.kind)
    unknown = frozenset() if mapping is None else mapping.unknown
    if mapping is None and isinstance(
        rule.kind, NumberType | YesNoType | AnyNumberOfType | OneOfType
    ):
        blank = f"coalesce({trimmed(s)} = '', false)"
        odd = f"{j} IS NOT NULL AND NOT {blank} AND ({own}) IS NULL"
        return Reading(own, f"coalesce({odd}, false)")
    texts = of_text(tag, s, rule, unknown, zone)
    is_text = f"{s} IS NOT NULL"
    odd = (
        f"CASE WHEN {j} IS NULL THEN false WHEN {is_text} THEN {texts.odd} ELSE ({own}) IS NULL END"
    )
    value = f"CASE WHEN {is_text} THEN {texts.value} ELSE {own} END"
    return replace(texts, value=value, odd=f"coalesce({odd}, false)")


def _own(tag: str, j: str, s: str, kind: FieldType) -> str:
    """A value of the type that it has in JSON; NULL for any other."""
    match kind:
        case YesNoType():
            return f"CASE {j} WHEN 'true' THEN true WHEN 'false' THEN false END"
        case NumberType(whole):
            pattern = "-?[0-9]{1,15}" + ("" if whole else "([.][0-9]{1,6})?")
            target = "BIGINT" if whole else DECIMAL
            fits = f"length({j}) <= 16 AND regexp_full_match({j}, '{pattern}')"
            value = f"(CASE WHEN {fits} THEN TRY_CAST({j} AS {target}) END)"
            return in_range(value, kind)
        case OneOfType(values):
            return (
                f"CASE WHEN {s} IN ({list_of(values)}) THEN {s} END" if values else "NULL::VARCHAR"
            )
        case AnyNumberOfType(values):
            listed = f"from_json({j}, '[\"JSON\"]')"
            fine = (
                f"list_has_all([{list_of(_quoted(one) for one in values)}], "
                f"list_transform({listed}, lambda x: x::VARCHAR))"
            )
            members = f"list_transform({listed}, lambda x: x ->> '$')"
            return (
                f"CASE WHEN starts_with({j}, '[') THEN "
                f"CASE WHEN len({listed}) > 0 AND {fine} THEN {members} END END"
            )
        case _:
            return "NULL"


# --- leads ---------------------------------------------------------------------------------------


def json_leads(
    files: Sequence[Path], policy: CheckedPolicy, mapping: SourceMapping, on_bytes: OnBytes
) -> LeadsIn:
    """Leads in files of JSON lines, each with the events that it holds."""
    columns = columns_of(policy, mapping)
    kinds = readable_fields(policy)
    plain = mapping == NO_MAPPING
    facts = {
        one.field: _reading(
            one.field,
            mapping.fields.get(one.field) or ColumnRule(one.name, kinds[one.field]),
            None if plain else mapping,
            policy.zone,
        )
        for one in columns
    }
    by_field = {one.field: one.name for one in columns}
    read = dict.fromkeys([mapping.id_column, *by_field.values(), "format", "moves", *_HELD])
    members = _member("d", mapping.id_column, "#id")
    for field, key in by_field.items():
        members += _member("d", key, field)
    for key in ("format", "moves", *_HELD):
        members += _member("d", key, f"#{key}")
    source = f"(SELECT *, {', '.join(members)} FROM {_parsed('raw_leads', list(read), 'd')})"

    def lead(row: RawRow) -> Lead | BadLine:
        number, fault, value, text = row
        if fault is not None:
            return BadLine(number, value, fault)
        found = json_row(number, text)
        if isinstance(found, BadLine):
            return found
        if plain:
            return Lead(number, found.record, ())
        return Lead(number, *read_keys(columns, mapping, found.record))

    def seen(number: int, text: str) -> BadLine | str | None:
        found = lead((number, None, "", text))
        return found if isinstance(found, BadLine) else lead_key(found.record.get("id"))

    known = [*read, *mapping.ignored]
    return LeadsIn(
        "raw_leads",
        json_stream(files, on_bytes),
        _key_of("#id"),
        facts,
        ("text",),
        lead,
        numbers_of("leads", files),
        size_of(files),
        odd=_odd_record(known),
        source=source,
        held=_held(policy, mapping.id_column),
        seen=seen,
    )


def _odd_record(known: Sequence[str]) -> str:
    """A record with keys that are not known or stand twice, moves, or numbers of many digits."""
    odd = [
        "d IS NULL",
        f"NOT list_has_all([{list_of(known)}], ks)",
        "len(ks) <> len(list_distinct(ks))",
        '"j.#moves" IS NOT NULL',
        "coalesce(\"j.#format\" <> '1', false)",
        "regexp_matches(text, '[0-9.]{16,}|[\\\\]u0000')",
        *(f"NOT starts_with({name(f'j.#{key}')}, '[')" for key in _HELD),
    ]
    return "(" + " OR ".join(f"coalesce({one}, false)" for one in odd) + ")"


def _held(policy: CheckedPolicy, id_column: str) -> EventsIn:
    """The events that the records hold."""
    parsed = _parsed("raw_leads", [id_column, *_HELD], "d")
    members = [*_member("d", id_column, "#lead")]
    for key in _HELD:
        members += _member("d", key, f"#{key}")
    lists = " , ".join(
        f"CASE WHEN starts_with({name(f'j.#{key}')}, '[') THEN list_transform("
        f"from_json({name(f'j.#{key}')}, '[\"JSON\"]'), "
        f"lambda x: {{'e': x::VARCHAR, 'of_actions': {str(key == 'actions').lower()}}}) ELSE [] END"
        for key in _HELD
    )
    source = (
        f"SELECT number, fault, value, owner, u.e AS text, u.of_actions AS of_actions FROM "
        f"(SELECT number, fault, value, {_key_of('#lead')} AS owner, "
        f"unnest(list_concat({lists})) AS u "
        f"FROM (SELECT *, {', '.join(members)} FROM {parsed}))"
    )
    return _events(policy, "raw_leads", f"({source})", "owner", by_list=True)


# --- events --------------------------------------------------------------------------------------


def json_events(files: Sequence[Path], policy: CheckedPolicy, on_bytes: OnBytes) -> EventsIn:
    """Events in files of JSON lines, each with its ``lead``."""
    found = _events(policy, "raw_events", "raw_events", _key_of("#lead"), by_list=False)
    return replace(
        found,
        stream=json_stream(files, on_bytes),
        numbers=numbers_of("activities", files),
        size=size_of(files),
        seen=_owner,
    )


def _owner(number: int, text: str) -> BadLine | str | None:
    """Whose event it is; of a key that stands twice the last counts, in SQL the first."""
    found = json_row(number, text)
    return found if isinstance(found, BadLine) else lead_key(found.record.get("lead"))


def _events(policy: CheckedPolicy, relation: str, rows: str, lead: str, by_list: bool) -> EventsIn:
    rules = property_rules(policy)
    properties = list(dict.fromkeys(fact for _, fact in rules))
    keys = [*_PLAIN, *properties, *(() if by_list else ("lead",))]
    members = []
    for key in (*_PLAIN, *properties):
        members += _member("x", key, f"@{key}")
    if not by_list:
        members += _member("x", "lead", "#lead")
    source = f"(SELECT *, {', '.join(members)} FROM {_parsed(rows, keys, 'x')})"
    facts = {}
    for (kind, fact), rule in rules.items():
        facts[kind, fact] = _reading(f"@{fact}", rule, None, policy.zone)
    own = " ".join(
        f"WHEN {literal(kind.name)} THEN "
        f"[{list_of([*_PLAIN, 'lead', *(one.name for one in kind.properties)])}]"
        for kind in policy.kinds
    )
    own_id = name("s.@id")
    foreign = f'list_filter(ks, lambda k: NOT list_contains(CASE "s.@kind" {own} END, k))'
    misplaced = []
    if by_list:
        for of_actions in (False, True):
            kinds = list_of(k.name for k in policy.kinds if (k.party is not None) == of_actions)
            test = f"of_actions = {'true' if of_actions else 'false'}"
            misplaced.append(f'{test} AND "s.@kind" NOT IN ({kinds})' if kinds else test)

    def read(row: RawRow) -> Event:
        found = json_row(row[0], row[3])
        assert not isinstance(found, BadLine)
        found.record.pop("lead", None)
        return found.record

    return EventsIn(
        relation,
        None,
        lead,
        "coalesce(\"s.@kind\", '')",
        _reading("@at", ColumnRule("at", InstantType()), None, policy.zone),
        f"CASE WHEN {own_id} IS NULL THEN {_key_of('@id')} ELSE {unless_blank(own_id)} END",
        facts,
        {},
        ("text",),
        read,
        numbers_of("leads", ()),
        0,
        odd=_odd_event(),
        text="text",
        source=source,
        foreign=f"list_transform({foreign}, lambda k: ['unknown_key', \"s.@kind\" || '.' || k])",
        misplaced=" OR ".join(f"({one})" for one in misplaced) or "false",
    )


def _odd_event() -> str:
    words = [
        f"({name(f'j.@{key}')} IS NOT NULL AND {name(f's.@{key}')} IS NULL "
        f"AND ({_key_of(f'@{key}')}) IS NULL)"
        for key in ("id", "by")
    ]
    odd = [
        "x IS NULL",
        '"s.@kind" IS NULL',
        "len(ks) <> len(list_distinct(ks))",
        "regexp_matches(text, '[0-9.]{16,}|[\\\\]u0000')",
        *words,
    ]
    return "(" + " OR ".join(f"coalesce({one}, false)" for one in odd) + ")"
