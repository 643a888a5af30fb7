"""How a column becomes a fact, in DuckDB's SQL: checked by its spelling first, then cast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadpact.batch.sources import ColumnRule
from leadpact.checked import AnyNumberOfType
from leadpact.operators.text import BLANKS
from leadpact.warehouse.duck import list_of, literal, name
from leadpact.warehouse.wording import Dialect, Reading, in_small_letters, settled

__all__ = [
    "DECIMAL",
    "Reading",
    "in_range",
    "is_bare",
    "layered",
    "nothing",
    "of_text",
    "settled",
    "sql_type",
    "trimmed",
]

DECIMAL = "DECIMAL(38, 6)"
_BLANKS = "chr(32) || chr(9) || chr(10) || chr(13) || chr(11) || chr(12)"
_INSTANT = (
    "[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]"
    "(:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?"
)
_OFFSET = "(Z|[+-][0-9]{2}:[0-9]{2})$"
_DATE = "[1-8][0-9]{3}-[0-9]{2}-[0-9]{2}"


def is_bare(column: str) -> str:
    """Whether a text begins and ends with something else than a blank."""
    return f"{column} >= '!' AND substr({column}, -1) >= '!'"


def trimmed(column: str) -> str:
    """A text without the blanks around it."""
    # Most have none, which is seen at a tenth of the price.
    return f"CASE WHEN {is_bare(column)} THEN {column} ELSE trim({column}, {_BLANKS}) END"


def folded(column: str) -> str:
    """A text as it is compared: without blanks around it, A–Z in small letters."""
    bare = trimmed(column)
    return (
        f"CASE WHEN strlen({column}) = length({column}) THEN lower({bare}) "
        f"ELSE {in_small_letters(bare)} END"
    )


def _number(text: str, whole: bool, decimal: str) -> str:
    if whole:
        fits = f"regexp_full_match({text}, '-?[0-9]{{1,18}}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({text} AS BIGINT) END"
    fits = f"regexp_full_match({text}, '-?[0-9]{{1,30}}([{decimal}][0-9]{{1,6}})?')"
    pointed = text if decimal == "." else f"replace({text}, ',', '.')"
    return f"CASE WHEN {fits} THEN TRY_CAST({pointed} AS {DECIMAL}) END"


def _date(text: str, pattern: str | None) -> str:
    if pattern is None:
        fits = f"regexp_full_match({text}, '{_DATE}')"
        return f"CASE WHEN {fits} THEN TRY_CAST({text} AS DATE) END"
    return f"CAST({_by_pattern(text, pattern)} AS DATE)"


def _instant(text: str, pattern: str | None) -> tuple[str, str]:
    """Microseconds, of a naive text those that it would be in UTC."""
    if pattern is not None:
        return f"epoch_us({_by_pattern(text, pattern)})", "true"
    fits = f"regexp_full_match({text}, '{_INSTANT}')"
    value = f"CASE WHEN {fits} THEN epoch_us(TRY_CAST({text} AS TIMESTAMPTZ)) END"
    return value, f"NOT regexp_matches({text}, '{_OFFSET}')"


def _by_pattern(text: str, pattern: str) -> str:
    """The time that a text says by a pattern like ``%d/%m/%Y``; NULL if its spelling is unusual.

    Two digits each and four of the year: what Python would read as well is left to Python.
    """
    widths = {"d": 2, "m": 2, "Y": 4, "H": 2, "M": 2, "S": 2}
    spelled, rest = "", pattern
    while rest:
        if rest[0] == "%":
            if len(rest) < 2 or rest[1] not in widths:
                return "NULL::TIMESTAMP"
            spelled += "[1-8][0-9]{3}" if rest[1] == "Y" else f"[0-9]{{{widths[rest[1]]}}}"
            rest = rest[2:]
        elif rest[0].isalnum() or not rest[0].isascii() or rest[0] in BLANKS[1:]:
            return "NULL::TIMESTAMP"
        else:
            spelled += f"[{rest[0]}]" if rest[0] not in "\\^]'[" else "\\" + rest[0]
            rest = rest[1:]
    if "'" in pattern or "Y" not in pattern:
        return "NULL::TIMESTAMP"
    fits = f"regexp_full_match({text}, {literal(spelled)})"
    return f"CASE WHEN {fits} THEN try_strptime({text}, {literal(pattern)}) END"


def _several(
    column: str, rule: ColumnRule, kind: AnyNumberOfType, unknown: frozenset[str]
) -> Reading:
    """Values with semicolons between, each of them mapped by itself."""
    pieces = f"string_split({column}, ';')"
    key = folded("x")
    skipped = f"{key} IN ({list_of(sorted({'', *unknown}))})"
    kept = f"list_filter({pieces}, lambda x: NOT {skipped})"
    cases = [
        f"WHEN {key} = {literal(text)} THEN [{list_of(value)}]"
        for text, value in rule.values.items()
        if isinstance(value, list)
    ]
    last = f"[{list_of(rule.otherwise)}]" if isinstance(rule.otherwise, list) else None
    own = last or f"[{trimmed('x')}]"
    mapped = f"CASE {' '.join(cases)} ELSE {own} END" if cases else own
    members = f"list_distinct(flatten(list_transform({kept}, lambda x: {mapped})))"
    missing = f"{column} IS NULL OR {folded(column)} IN ({list_of(sorted({'', *unknown}))})"
    value = f"CASE WHEN {missing} OR len({members}) = 0 THEN NULL ELSE {members} END"
    allowed = f"[{list_of(kind.values)}]::VARCHAR[]"
    odd = f"NOT ({missing}) AND NOT list_has_all({allowed}, {members})"
    return Reading(value, odd)


def layered(source: str, readings: Sequence[Reading], columns: Iterable[str]) -> str:
    """A query of ``columns`` over ``source``, with what the readings work out before."""
    texts = [f"{sql} AS {alias}" for one in readings for alias, sql in one.texts]
    values = [f"{sql} AS {alias}" for one in readings for alias, sql in one.values]
    inner = f"SELECT {', '.join(['*', *texts])} FROM {source}"
    inner = f"SELECT {', '.join(['*', *values])} FROM ({inner})"
    return f"SELECT {', '.join(columns)} FROM ({inner})"


_DUCKDB = Dialect(
    name=name,
    text="VARCHAR",
    decimal=DECIMAL,
    texts="VARCHAR[]",
    trimmed=trimmed,
    folded=folded,
    number=_number,
    date=_date,
    instant=_instant,
    several=_several,
)
in_range = _DUCKDB.in_range
nothing = _DUCKDB.nothing
of_text = _DUCKDB.of_text
sql_type = _DUCKDB.sql_type
