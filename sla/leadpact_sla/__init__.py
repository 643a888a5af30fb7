"""The published agreement: a checked policy as pages that people read."""

from __future__ import annotations

from leadpact_sla.model import Links
from leadpact_sla.pages import Page, pages

__all__ = ["Links", "Page", "pages"]
