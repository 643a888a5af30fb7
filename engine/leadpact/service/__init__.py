"""The engine as a service: policies that answer over HTTP.

A supervisor reads and checks policies and starts workers; each worker answers requests on one
event loop. ``app`` leads from a request to what answers it, ``deciding`` decides. Needs the extra
``leadpact[serve]``.
"""

from __future__ import annotations
