"""Changing a policy by one small step at a time, to see whether its examples notice.

``mutants`` makes the changes, with the help of ``tree``, ``left_out`` (rows taken out) and
``reach`` (steps that some lead could notice); ``trying`` runs the examples against each.
"""

from leadpact.mutation.trying import Mutation, mutate

__all__ = ["Mutation", "mutate"]
