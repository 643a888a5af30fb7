"""Random tests draw the same examples in every run, so that a change is judged by itself.

``LEADPACT_EXPLORE=1 pytest …`` draws new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", derandomize=True)
if not os.environ.get("LEADPACT_EXPLORE"):
    settings.load_profile("steady")
