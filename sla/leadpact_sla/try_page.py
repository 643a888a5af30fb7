"""The page on which people try a lead: a form, and the policy's own script that answers it."""

from __future__ import annotations

import json

from markupsafe import Markup

from leadpact.checked import CheckedPolicy
from leadpact.javascript import compile_javascript
from leadpact_sla.places import Places
from leadpact_sla.render import render
from leadpact_sla.try_model import event_lists, inputs, model
from leadpact_sla.try_moves import asked
from leadpact_sla.words import say

__all__ = ["TRY", "try_markdown"]

TRY = "try"
"""The page's name, without an ending."""


def try_markdown(policy: CheckedPolicy, places: Places) -> str:
    """The page of a policy, as Markdown. It asks for nothing but ``assets/try.js``.

    Raises ``NotSayableError`` for a policy that a script could not judge exactly.
    """
    return render(
        "try",
        title=say("try title"),
        zone=policy.zone,
        fields=inputs(policy, policy.fields),
        lists=tuple(event_lists(policy)),
        examples=tuple(example.name for example in policy.examples),
        model=_inlined(model(policy, places)),
        script=Markup(compile_javascript(policy, asked)),
    )


def _inlined(data: object) -> Markup:
    """Data inside a page: no text of the policy can end the element in which it stands."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))
