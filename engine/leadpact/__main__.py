"""``python -m leadpact``"""

from __future__ import annotations

from leadpact.cli import main

if __name__ == "__main__":
    main()
