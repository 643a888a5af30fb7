"""The policy that ``leadpact new`` starts with, and how to tell that nobody has edited it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadpact_dsl import Diagnostic

if TYPE_CHECKING:
    from leadpact.checked import CheckedPolicy

__all__ = ["NAME", "site_files", "starter_files", "unedited"]

# Where each file of the folder ``site`` goes.
_SITE = {
    "mkdocs.yml": "mkdocs.yml",
    "about.md": "docs/about.md",
    "github.yml": ".github/workflows/leadpact.yml",
    "gitlab.yml": ".gitlab-ci.yml",
    "gitignore": ".gitignore",
}
_VERSION = b"LEADPACT_VERSION"

NAME = "starter"
LABEL = "Starter: rename me"


def starter_files() -> dict[str, bytes]:
    """The files of the starting policy by name."""
    # Imported late: checking a policy needs only ``unedited``, and needs it fast.
    from importlib.resources import files

    folder = files(__name__)
    return {
        entry.name: entry.read_bytes()
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith((".leadpact", ".json"))
    }


def site_files() -> dict[str, bytes]:
    """The files that publish the starting policy, by path: a site, and what a forge runs."""
    from importlib.metadata import version
    from importlib.resources import files

    folder = files(__name__) / "site"
    ours = version("leadpact").encode()
    return {
        path: (folder / name).read_bytes().replace(_VERSION, ours) for name, path in _SITE.items()
    }


def unedited(policy: CheckedPolicy) -> Diagnostic | None:
    """A warning while the policy still has the name or the label that it was started with."""
    if policy.name != NAME and policy.label != LABEL:
        return None
    message = "This is still the starting policy."
    help_ = "Give it your own name and label, then edit its files: each says what to change."
    return Diagnostic("W901", message, policy.span, help_)
