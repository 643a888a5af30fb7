"""The Python backend: a plan becomes Python source, compiled once.

``spell`` writes expressions, ``facts`` the one pass over a lead's events, ``results`` the
straight-line code of scores, grades, groups, checklists and moves, and ``generate`` puts them
together. ``runtime`` holds the few functions that generated code calls for what is rare.
"""

from leadpact.backends.python.generate import Compiled, compile_plan

__all__ = ["Compiled", "compile_plan"]
