"""The one place where templates become text.

Everything put into a template is escaped for HTML. Headings are Markdown, so what people wrote
goes through ``heading`` there: it turns every mark that Markdown or attribute lists could read
into a character reference.
"""

from __future__ import annotations

import html
import json
import re

import jinja2
from markupsafe import Markup

from leadpact_sla.words import say

__all__ = ["render"]

_MARKS = re.compile(r"[^\w\s]|_")


def heading(text: str) -> Markup:
    """Text for a Markdown heading: ``*a*`` → ``&#42;a&#42;``."""
    return Markup(_MARKS.sub(lambda found: f"&#{ord(found.group())};", " ".join(text.split())))


def front(text: str) -> Markup:
    """Text for the front matter, where the theme puts titles into HTML as they stand."""
    return Markup(json.dumps(html.escape(text), ensure_ascii=False))


def ours(text: str) -> Markup:
    """Markdown that comes with Leadpact itself, and from no policy: as it stands."""
    return Markup(text)


def breakable(text: str) -> Markup:
    """A rule id with places where a narrow column may break it."""
    return Markup(re.sub(r"([._])", r"\1<wbr>", html.escape(text)))


def first_capital(text: str) -> str:
    """The text with a capital first letter, the rest as it stands."""
    return text[:1].upper() + text[1:]


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("leadpact_sla", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        breakable=breakable, first_capital=first_capital, front=front, heading=heading, ours=ours
    )
    environment.globals["say"] = say
    environment.globals["svg"] = Markup
    return environment


_ENVIRONMENT = _environment()


def render(template: str, **context: object) -> str:
    """``template`` (a name without its ending) filled in."""
    return _ENVIRONMENT.get_template(f"{template}.j2").render(**context)
