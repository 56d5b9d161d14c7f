"""What people wrote, as data in a prompt, and what a model says, as plain lines.

An answer goes to the model as a string of JSON, and the instruction says that it is data. The signs
by which models tell who speaks (``<|im_start|>``, ``[INST]``) are spelled as JSON spells any sign,
so that no server takes those in an answer for its own.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from themecoder.assistant.ask import UnfitError
from themecoder.masking.model import KINDS, token
from themecoder.messages import LANGUAGES

LANGUAGE_NAMES = {"nl": "Dutch", "en": "English", "de": "German", "fr": "French"}
_TOKENS = tuple(sorted({token(kind, language) for kind in KINDS for language in LANGUAGES}))
_SPEAKER = re.compile(r"\[(?=/?[A-Z][A-Z_ -]*\])")
T = TypeVar("T", bound="ReplyModel")


class ReplyModel(BaseModel):
    """A reply has the keys that the schema names and no others."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def as_data(value: Mapping[str, Any]) -> str:
    """``value`` as JSON in which no text can end its string or pass for a turn of the talk."""
    text = json.dumps(value, ensure_ascii=False)
    for sign in "<>|｜":
        text = text.replace(sign, _spelled(sign))

    def bracket(found: re.Match[str]) -> str:
        masked = text.startswith(_TOKENS, found.start())
        return "[" if masked else _spelled("[")

    return _SPEAKER.sub(bracket, text)


def _spelled(sign: str) -> str:
    return f"\\u{ord(sign):04x}"


def parsed(reply: str, model: type[T]) -> T:
    """A reply as the ``model`` of what the schema asked for. Raises UnfitError."""
    try:
        return model.model_validate_json(reply.strip())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise UnfitError(f"{first['type']} {place}".strip()) from None


def one_line(text: str) -> str:
    """``text`` on one line, without signs that are not seen."""
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") else c for c in text)
    return " ".join(seen.split())
