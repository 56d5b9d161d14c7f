"""Encoders by name. Those that ship their weights in a package run offline at once."""

from __future__ import annotations

import os

from themecoder.embeddings.encoders.e5 import E5Small
from themecoder.embeddings.encoders.sentence_transformers import SentenceTransformersEncoder
from themecoder.embeddings.encoders.use import UseMultilingual
from themecoder.embeddings.space import Encoder
from themecoder.errors import InputError, Problem

SENTENCE_TRANSFORMERS = "sentence-transformers:"
SHIPPED = ("e5-small-q4", "use-multilingual-v3")


def open_encoder(name: str) -> Encoder:
    """The encoder called ``name`` in study.toml; its weights load with the first text.

    ``sentence-transformers:<name or folder>`` is any model that the user has. Raises InputError
    for a name that is none of these, and where the model or its package is not there.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if name == "e5-small-q4":
        return E5Small()
    if name == "use-multilingual-v3":
        return UseMultilingual()
    if name.startswith(SENTENCE_TRANSFORMERS) and name != SENTENCE_TRANSFORMERS:
        return SentenceTransformersEncoder(name.removeprefix(SENTENCE_TRANSFORMERS))
    raise InputError(Problem("encoders.unknown", {"found": name, "known": ", ".join(SHIPPED)}))
