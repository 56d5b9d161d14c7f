"""Encoders by name. Those that ship their weights in a package run offline at once."""

from __future__ import annotations

import os
from collections.abc import Sequence

from themecoder.embeddings.encoders.e5 import E5Small
from themecoder.embeddings.encoders.lexical import LEXICAL, Lexical
from themecoder.embeddings.encoders.of_plugin import PluginEncoder
from themecoder.embeddings.encoders.sentence_transformers import (
    PREFIX,
    SentenceTransformersEncoder,
)
from themecoder.embeddings.encoders.use import UseMultilingual
from themecoder.embeddings.shipped import SHIPPED, place_of
from themecoder.embeddings.space import Encoder
from themecoder.errors import InputError, Problem
from themecoder.plugins import is_plugin


def usable_encoders(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """The encoders to use of those that study.toml names, and those that are not on this machine.

    Only a default encoder may be missing: whoever names a model of their own means that one. Where
    none is left it is the lexical one.
    """
    missing = [name for name in names if name in SHIPPED and place_of(SHIPPED[name]) is None]
    return [name for name in names if name not in missing] or [LEXICAL], missing


def open_encoder(name: str, corpus: Sequence[str] = ()) -> Encoder:
    """The encoder called ``name`` in study.toml; its weights load with the first text.

    ``sentence-transformers:<name or folder>`` is any model that the user has, ``plugin:<name>`` one
    that another package adds. The lexical one is
    made from ``corpus``. Raises InputError for a name that is none of these, and where the model
    or its package is not there.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if name == E5Small.name:
        return E5Small()
    if name == UseMultilingual.name:
        return UseMultilingual()
    if name == LEXICAL:
        return Lexical(corpus)
    if name.startswith(PREFIX) and name != PREFIX:
        return SentenceTransformersEncoder(name.removeprefix(PREFIX))
    if is_plugin(name):
        return PluginEncoder(name)
    known = ", ".join((*SHIPPED, LEXICAL))
    raise InputError(Problem("encoders.unknown", {"found": name, "known": known}))
