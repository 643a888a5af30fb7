"""The files of a built site, under ``/agreement/``. The one place that knows Starlette.

Only files of that folder are read: links that lead out of it are not followed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from leadpact.service.bodies import Receive, Send
from leadpact.service.problems import ProblemError

__all__ = ["AT", "Agreement"]

AT: Final = "/agreement"


class Agreement:
    """An ASGI application of the files in a folder. Raises ``ProblemError`` for what is none."""

    def __init__(self, folder: Path) -> None:
        self._files = StaticFiles(directory=folder, html=True)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """One request below ``/agreement/``."""
        try:
            await self._files({**scope, "root_path": AT}, receive, send)
        except (HTTPException, OSError):
            # Whatever is wrong with a file is nobody's business.
            raise ProblemError("nothing-here", "The agreement has no such page.") from None
