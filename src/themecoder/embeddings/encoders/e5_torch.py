"""The network of multilingual E5 small by torch, several times as fast as by numpy."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from themecoder.embeddings.encoders.e5_file import E5File, dequantised
from themecoder.embeddings.encoders.e5_network import Block


class TorchNetwork:
    """Weights, and what they make of a block; products in bfloat16 where that is native."""

    def __init__(self, file: E5File) -> None:
        import torch

        self._file = file
        self._torch = torch
        self._type = torch.bfloat16 if has_bfloat16() else torch.float32
        size = file.hidden
        self._words = file.blocks("emb.word", size)
        self._places = torch.tensor(
            file.floats("emb.pos").reshape(-1, size) + file.floats("emb.type")[:size]
        )
        self._norm = self._norm_tensors(*file.norm("emb.ln"))
        self._layers = [
            file.layer(i, self._linear_tensors, self._norm_tensors) for i in range(file.layers)
        ]

    def _linear_tensors(self, *parts: npt.NDArray[np.float32]) -> tuple[Any, ...]:
        return tuple(self._torch.tensor(part, dtype=self._type) for part in parts)

    def _norm_tensors(self, *parts: npt.NDArray[np.float32]) -> tuple[Any, ...]:
        return tuple(self._torch.tensor(part) for part in parts)

    def means(self, blocks: Iterable[Block]) -> Iterator[Any]:
        """Per block (windows, hidden): the mean of the last layer's token states."""
        cores = self._torch.get_num_threads()
        threads = self._torch.set_num_threads
        try:
            with ThreadPoolExecutor(cores, initializer=threads, initargs=(1,)) as pool:
                yield from pool.map(self._means, blocks)
        finally:
            # threads started later, by whomever, take over the number that was set last
            threads(cores)

    def _means(self, block: Block) -> Any:
        torch, functional, file = self._torch, self._torch.nn.functional, self._file
        used, rows = np.unique(block.ids, return_inverse=True)
        words = torch.from_numpy(dequantised(self._words[used]))[torch.from_numpy(rows)]
        with torch.inference_mode():
            state = self._layer_norm(words + self._places[block.places], self._norm)
            # the filling attends to nothing and nothing attends to it
            attended = torch.zeros(state.shape, dtype=self._type)
            for layer in self._layers:
                mixed = functional.linear(state.to(self._type), *layer["qkv"])
                for start, count, size in block.runs:
                    stop = start + count * size
                    parts = mixed[start:stop].view(count, size, 3, file.heads, -1)
                    attended[start:stop] = (
                        functional.scaled_dot_product_attention(
                            *parts.permute(2, 0, 3, 1, 4),
                            scale=1 / math.sqrt(file.hidden // file.heads),
                        )
                        .transpose(1, 2)
                        .reshape(stop - start, file.hidden)
                    )
                state = self._layer_norm(
                    state + functional.linear(attended, *layer["out"]), layer["out_norm"]
                )
                wide = functional.gelu(functional.linear(state.to(self._type), *layer["wide"]))
                state = self._layer_norm(
                    state + functional.linear(wide, *layer["narrow"]), layer["norm"]
                )
            means = [
                state[start : start + count * size].view(count, size, -1).mean(dim=1)
                for start, count, size in block.runs
            ]
            return torch.cat(means).numpy()

    def _layer_norm(self, state: Any, norm: tuple[Any, Any]) -> Any:
        size = (self._file.hidden,)
        return self._torch.nn.functional.layer_norm(state, size, *norm, self._file.epsilon)


def has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 natively; elsewhere it would only be slower."""
    import torch

    cpu: Any = torch.cpu
    try:
        return bool(cpu._is_avx512_bf16_supported() or cpu._is_amx_tile_supported())
    except AttributeError:
        return False
