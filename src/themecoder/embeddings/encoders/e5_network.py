"""The network of multilingual E5 small by numpy alone, for a machine without torch."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy
from threadpoolctl import threadpool_limits

from themecoder.embeddings.encoders.e5_file import E5File, dequantised

Floats = npt.NDArray[np.float32]
Run = tuple[int, int, int]
"""The first token of windows of one length, how many windows, how many tokens a window."""


@dataclass(frozen=True, slots=True)
class Block:
    """Windows of texts end to end: the tokens, the place of each in its window, the runs."""

    ids: list[int]
    places: list[int]
    runs: list[Run]


class NumpyNetwork:
    """Weights, and what they make of a block; all in float32."""

    def __init__(self, file: E5File) -> None:
        self._file = file
        size = file.hidden
        self._words = file.blocks("emb.word", size)
        self._places = file.floats("emb.pos").reshape(-1, size) + file.floats("emb.type")[:size]
        self._norm = file.norm("emb.ln")
        self._layers = [file.layer(i, _turned, _pair) for i in range(file.layers)]

    def means(self, blocks: Iterable[Block]) -> Iterator[Floats]:
        """Per block (windows, hidden): the mean of the last layer's token states."""
        with (
            threadpool_limits(limits=1, user_api="blas"),
            ThreadPoolExecutor(os.cpu_count() or 1) as pool,
        ):
            yield from pool.map(self._means, blocks)

    def _means(self, block: Block) -> Floats:
        file = self._file
        used, rows = np.unique(block.ids, return_inverse=True)
        words = dequantised(self._words[used])[rows]
        state = self._layer_norm(words + self._places[block.places], self._norm)
        # the filling attends to nothing and nothing attends to it
        attended = np.zeros_like(state)
        for layer in self._layers:
            mixed = _linear(state, layer["qkv"])
            for start, count, size in block.runs:
                stop = start + count * size
                parts = mixed[start:stop].reshape(count, size, 3, file.heads, -1)
                query, key, value = parts.transpose(2, 0, 3, 1, 4)
                likeness = query @ key.swapaxes(-1, -2)
                likeness /= np.float32(math.sqrt(file.hidden // file.heads))
                likeness -= likeness.max(axis=-1, keepdims=True)
                np.exp(likeness, out=likeness)
                likeness /= likeness.sum(axis=-1, keepdims=True)
                found = (likeness @ value).swapaxes(1, 2)
                attended[start:stop] = found.reshape(stop - start, file.hidden)
            state = self._layer_norm(state + _linear(attended, layer["out"]), layer["out_norm"])
            wide = _gelu(_linear(state, layer["wide"]))
            state = self._layer_norm(state + _linear(wide, layer["narrow"]), layer["norm"])
        means = [
            state[start : start + count * size].reshape(count, size, -1).mean(axis=1)
            for start, count, size in block.runs
        ]
        return np.asarray(np.concatenate(means), dtype=np.float32)

    def _layer_norm(self, state: Floats, norm: tuple[Floats, Floats]) -> Floats:
        centred: Floats = state - state.mean(axis=-1, keepdims=True)
        variance = np.square(centred).mean(axis=-1, keepdims=True)
        centred /= np.sqrt(variance + np.float32(self._file.epsilon))
        centred *= norm[0]
        centred += norm[1]
        return centred


def _turned(weights: Floats, biases: Floats) -> tuple[Floats, Floats]:
    return weights.T, biases


def _pair(factors: Floats, terms: Floats) -> tuple[Floats, Floats]:
    return factors, terms


def _linear(state: Floats, weights: tuple[Floats, Floats]) -> Floats:
    found: Floats = state @ weights[0]
    found += weights[1]
    return found


def _gelu(values: Floats) -> Floats:
    shares: Any = scipy.special.erf(values * np.float32(math.sqrt(0.5)))
    shares += np.float32(1)
    shares *= values
    shares *= np.float32(0.5)
    return np.asarray(shares)
