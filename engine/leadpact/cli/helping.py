"""What stands below the options of a command's help: examples and what the exit status means."""

from __future__ import annotations

__all__ = ["epilog"]

# Between this mark and the next empty line, click does not wrap.
_AS_IT_STANDS = "\b"


def epilog(examples: tuple[str, ...], exit_status: str) -> str:
    """The end of a help text: examples one below the other, then the exit status."""
    lines = "\n".join(f"  {example}" for example in examples)
    return f"{_AS_IT_STANDS}\nExamples:\n{lines}\n\nExit status: {exit_status}"
