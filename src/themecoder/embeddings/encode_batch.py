"""A batch of texts to vectors: what an encoder is for whoever computes, here or elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Encoder, Vectors
from themecoder.storage.atomic import sha256

_SAMPLE = (
    "Ik gebruik het voor mijn werk, en om dingen op te zoeken.",
    "nee",
    "Het scheelt tijd. Wel controleer ik altijd wat eruit komt, want het klopt lang niet altijd en "
    "dan sta je voor gek; bij mijn vorige baan is dat een collega overkomen.",
)
"""Short and long: another processor rounds at one of them, if it does so at all."""


class EncodeBatch:
    """Texts to vectors. It travels by the encoder's name; where it arrives, the weights that are on
    that machine are loaded, once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def __reduce__(self) -> tuple[Callable[..., _Arrived], tuple[str, Mapping[str, str]]]:
        return _arrived, (self._encoder.name, self.made_with)

    @cached_property
    def made_with(self) -> Mapping[str, str]:
        """The revision of the encoder, and how the processor rounds: with another one, the vectors
        of some answers would be other than those of the rest."""
        bits = self(_SAMPLE).tobytes()
        return {"revision": self._encoder.revision, "rounding": sha256(bits)[:16]}

    def made_with_here(self) -> Mapping[str, str]:
        return self.made_with

    def __call__(self, batch: Sequence[str]) -> Vectors:
        return np.ascontiguousarray(self._encoder.encode(list(batch)), dtype="<f4")


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What was asked for elsewhere (``made_with``), by the encoder that is ``here``."""

    here: EncodeBatch
    made_with: Mapping[str, str]

    def made_with_here(self) -> Mapping[str, str]:
        return self.here.made_with

    def __call__(self, batch: Sequence[str]) -> Vectors:
        return self.here(batch)


def _arrived(name: str, made_with: Mapping[str, str]) -> _Arrived:
    return _Arrived(_kept(name), made_with)


@lru_cache(maxsize=4)
def _kept(name: str) -> EncodeBatch:
    return EncodeBatch(open_encoder(name))
