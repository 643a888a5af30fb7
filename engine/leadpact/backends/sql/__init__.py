"""The SQL backend: a policy becomes one query that decides about all leads of a table.

``query`` is the whole interface; ``relations`` says what the query reads. ``slots`` is the one pass
over the events, ``expressions`` spells what is known of a lead, ``scores`` and ``results`` what
comes of it, ``ways``, ``targets`` and ``until`` the stages and their times.
"""

from leadpact.backends.sql.query import (
    CannotSayError,
    ConstantTable,
    OutColumn,
    OutKind,
    Query,
    query,
)

__all__ = ["CannotSayError", "ConstantTable", "OutColumn", "OutKind", "Query", "query"]
