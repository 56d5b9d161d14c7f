"""What pages share: templates that escape, their own words, and hashes for the security policy."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import jinja2

from themecoder.messages import message

if TYPE_CHECKING:
    from jinja2 import Environment

_UNPRINTABLE = re.compile(
    # controls that HTML forbids, and halves of a surrogate pair that UTF-8 can't hold
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def environment(language: str, area: str, package: str) -> Environment:
    """Templates that lie in ``package``; their ``t("key")`` is the catalogue's ``<area>.key``."""
    templates = jinja2.Environment(
        loader=jinja2.FunctionLoader(partial(resource, package)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(t=texts(language, area))
    return templates


def texts(language: str, area: str) -> Callable[..., str]:
    """The words of a page: ``t("head.kicker")`` of area page is ``page.head.kicker``."""

    def text(key: str, **params: Any) -> str:
        return message(f"{area}.{key}", language, **params)

    return text


def resource(package: str, name: str) -> str:
    """A template, style or script that lies in a package of pages."""
    return resources.files(package).joinpath(name).read_text(encoding="utf-8")


def content_hash(content: str) -> str:
    """A content security policy's name for an inline style or script."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")


def clean(text: str) -> str:
    """``text`` without characters that a page can't hold; each becomes U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", text)
