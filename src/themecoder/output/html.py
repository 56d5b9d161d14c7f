"""What pages share: templates that escape, their own words, and hashes for the security policy."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Any

from themecoder.messages import message

if TYPE_CHECKING:
    from jinja2 import Environment

_RESOURCES = "themecoder.edges.pages"


def environment(language: str, area: str) -> Environment:
    """Templates whose ``t("key")`` is the catalogue's ``<area>.key`` in ``language``."""
    import jinja2

    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(resource),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(t=texts(language, area))
    return found


def texts(language: str, area: str) -> Callable[..., str]:
    """The words of a page: ``t("head.kicker")`` of area page is ``page.head.kicker``."""

    def text(key: str, **params: Any) -> str:
        return message(f"{area}.{key}", language, **params)

    return text


def resource(name: str) -> str:
    return resources.files(_RESOURCES).joinpath("resources", name).read_text(encoding="utf-8")


def content_hash(content: str) -> str:
    """A content security policy's name for an inline style or script."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
