"""What web pages add to what somebody typed: tags, and signs such as &amp; for a letter."""

from __future__ import annotations

import html
import re

_LINES = re.compile(r"<\s*(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_TAGS = re.compile(
    r"<\s*/?\s*(?:p|br|div|span|b|i|u|em|strong|ul|ol|li|a|font|h[1-6]|table|tr|td|tbody)\b[^<>]*>",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"&(?:#\d{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,8}[0-9]{0,2});", re.IGNORECASE)


def has_markup(text: str) -> bool:
    """Whether there is a tag of a web page in a text, or a sign for a letter."""
    return bool(_TAGS.search(text) or _SIGNS.search(text))


def without_markup(text: str) -> str:
    """The text as somebody saw it on the page. "<3" is no tag and stays."""
    if "<" in text:
        text = _TAGS.sub("", _LINES.sub("\n", text))
    if "&" in text:
        text = _SIGNS.sub(lambda sign: html.unescape(sign[0]), text)
    return text.replace("\u00a0", " ").strip()
