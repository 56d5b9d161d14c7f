"""The file of the tagger: its signs as text, its weights as small whole numbers, compressed."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from importlib import resources

import numpy as np

from themecoder.masking.tagger.model import LABELS, WINDOW, Tagger

#: The file that comes with the package.
SHIPPED = "tagger.gz"


def packed(tagger: Tagger) -> bytes:
    """The tagger as the bytes of its file: the same for the same weights."""
    signs = sorted(tagger.rows)
    rows = [tagger.rows[sign] for sign in signs]
    bias = [round(float(b), 4) for b in tagger.bias]
    head = {"labels": LABELS, "bias": bias, "step": tagger.step}
    text = "\n".join([json.dumps(head), *signs]) + "\0"
    return gzip.compress(text.encode("utf-8") + tagger.weights[rows].tobytes(), mtime=0)


def unpacked(data: bytes) -> Tagger:
    """The tagger of a file. Raises ValueError where its labels are others than these."""
    text, _, numbers = gzip.decompress(data).partition(b"\0")
    first, *signs = text.decode("utf-8").split("\n")
    head = json.loads(first)
    if tuple(head["labels"]) != LABELS:
        raise ValueError(f"a tagger for other labels: {head['labels']}")
    weights = np.frombuffer(numbers, dtype=np.int8).reshape(len(signs), WINDOW, len(LABELS))
    rows = {sign: row for row, sign in enumerate(signs)}
    return Tagger(rows, weights, np.array(head["bias"], dtype=np.float32), head["step"])


@lru_cache(maxsize=1)
def load_tagger() -> Tagger:
    """The tagger that comes with the package."""
    return unpacked((resources.files("themecoder.masking") / "data" / SHIPPED).read_bytes())
