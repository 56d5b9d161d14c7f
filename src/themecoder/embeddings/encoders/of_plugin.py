"""An encoder that another package adds, held to what ours keep."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from themecoder.embeddings.space import Vectors, normalised
from themecoder.plugins import PREFIX, find_plugin


class PluginEncoder:
    """The entry point is called without arguments and gives an ``embeddings.space.Encoder``; its
    vectors are kept by its revision and the version of its package."""

    def __init__(self, name: str) -> None:
        self._plugin = find_plugin("encoders", name)
        self.name = PREFIX + self._plugin.name

    @cached_property
    def _encoder(self) -> Any:
        make = self._plugin.load()
        with self._plugin.running():
            return make()

    @cached_property
    def revision(self) -> str:
        with self._plugin.running():
            return f"{self._plugin.package} {self._plugin.version} {self._encoder.revision}"

    @cached_property
    def dimensions(self) -> int:
        with self._plugin.running():
            return int(self._encoder.dimensions)

    def encode(self, texts: Sequence[str]) -> Vectors:
        shape = (len(texts), self.dimensions)
        if not texts:
            return np.zeros(shape, dtype=np.float32)
        with self._plugin.running():
            vectors = np.asarray(self._encoder.encode(list(texts)), dtype=np.float32)
        if vectors.shape != shape or not np.isfinite(vectors).all():
            found = " x ".join(map(str, vectors.shape))
            raise self._plugin.refused("unfit", found=found, expected=f"{shape[0]} x {shape[1]}")
        return normalised(vectors)
