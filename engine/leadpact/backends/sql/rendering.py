"""The text of a query in one dialect, with no function in it but those that were agreed on."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Final

from sqlglot import exp

from leadpact.backends.sql.dialects import CannotSayError
from leadpact.backends.sql.sheet import whole

__all__ = ["render", "short_name"]

_COMMON: Final = frozenset(
    [
        "LEAST",
        "GREATEST",
        "SUBSTR",
        "TRANSLATE",
        "LOWER",
        "LENGTH",
        "RIGHT",
        "SPLIT_PART",
        "REGEXP_REPLACE",
        "BOOL_OR",
    ]
)
_OWN: Final = {
    "duckdb": "DATE_DIFF STRLEN STARTS_WITH STRPOS LIST_HAS_ANY LIST_SORT LIST_DISTINCT BIT_OR "
    "BIT_COUNT LIST_FILTER UNNEST STRING_SPLIT LIST LIST_UNIQUE HASH",
    "postgres": "OCTET_LENGTH STARTS_WITH STRPOS ARRAY_REMOVE UNNEST STRING_TO_ARRAY TO_JSONB "
    "JSONB_BUILD_OBJECT",
    "spark": "DATEDIFF DATE_ADD OCTET_LENGTH STARTSWITH LOCATE ARRAYS_OVERLAP ARRAY_SORT "
    "ARRAY_DISTINCT FILTER SPLIT EXPLODE ARRAYS_ZIP",
}
_NODES: Final = (
    exp.And,
    exp.Array,
    exp.ArrayOverlaps,
    exp.Case,
    exp.Cast,
    exp.Coalesce,
    exp.Count,
    exp.DateDiff,
    exp.Extract,
    exp.Filter,
    exp.If,
    exp.Max,
    exp.Min,
    exp.Nullif,
    exp.Or,
    exp.RowNumber,
    exp.Struct,
    exp.Sum,
    exp.Trim,
)


@cache
def _allowed(dialect: str) -> frozenset[str]:
    own = _OWN.get("spark" if dialect == "databricks" else dialect, "STARTS_WITH STRPOS")
    return _COMMON | frozenset(own.split())


_LONGEST_NAMES: Final = {"postgres": 63, "redshift": 127}


def short_name(name: str, dialect: str) -> str:
    """A name as the dialect can hold it: the same for the same name, another for another.

    Postgres would cut what is longer, without a word.
    """
    longest = _LONGEST_NAMES.get(dialect)
    if longest is None or len(name.encode()) <= longest:
        return name
    mark = sha256(name.encode()).hexdigest()[:12]
    return name.encode()[: longest - 13].decode(errors="ignore") + "~" + mark


def _typed(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.IntDiv):
        # A quotient is whole only where both sides are: a sum, for one, is NUMERIC.
        left, right = exp.cast(node.this, "bigint"), node.expression
        return exp.Div(this=left, expression=right, typed=True, safe=False)
    return node


def render(tree: exp.Expression, dialect: str) -> str:
    """The text of a query. Raises ``CannotSayError`` for a function that was not agreed on."""
    for node in tree.find_all(exp.Func):
        if isinstance(node, exp.Anonymous):
            name = str(node.this).upper()
            if name not in _allowed(dialect):
                raise CannotSayError(f"the function {name}", dialect)
        elif not isinstance(node, _NODES):
            raise CannotSayError(f"the function {type(node).__name__}", dialect)
    if dialect in ("postgres", "redshift"):
        # Else sqlglot writes DIV(), which is for numerics there.
        for division in reversed(list(tree.find_all(exp.IntDiv))):
            division.replace(_typed(division))
    for identifier in tree.find_all(exp.Identifier):
        identifier.set("this", short_name(identifier.name, dialect))
    if dialect == "postgres":
        # Or layers would be merged into one, and what a column is be spelled out wherever the
        # column is mentioned, again and again.
        for layer in tree.find_all(exp.CTE):
            layer.this.set("offset", exp.Offset(expression=whole(0)))
    # What a reader of the text wants; nobody else is kept from a comment that a name may hold.
    return tree.sql(dialect=dialect, pretty=True, comments=False)
