"""Any sentence-transformers model that the user has: a folder, or a name in the local cache."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from themecoder.embeddings.shipped import encoders_folder
from themecoder.embeddings.space import Vectors, normalised
from themecoder.errors import InputError, Problem
from themecoder.extras import of_extra
from themecoder.storage.atomic import sha256

PREFIX = "sentence-transformers:"
_ENDS = 65536


def added_models() -> Path:
    """The folder with the models that the user added by hand."""
    return encoders_folder() / "sentence-transformers"


class SentenceTransformersEncoder:
    """A model by its folder, the name that it was added by, or its name on the hub.

    The hub is never asked: what is not on this machine is an InputError that says so.
    """

    def __init__(self, model: str) -> None:
        self._model_name = model

    @property
    def name(self) -> str:
        return PREFIX + self._model_name

    @cached_property
    def _model(self) -> Any:
        # set before the first import: the library reads it once
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.environ["TRANSFORMERS_OFFLINE"] = "1"
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            with of_extra("topics"):
                import transformers
                from sentence_transformers import SentenceTransformer

            logging: Any = transformers.utils.logging
            logging.set_verbosity_error()
            logging.disable_progress_bar()
            return SentenceTransformer(str(self._folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, ImportError) as error:
            reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            raise InputError(
                Problem("encoders.not_found", {"found": self._model_name, "reason": reason})
            ) from error

    @cached_property
    def dimensions(self) -> int:
        model = self._model
        # renamed in sentence-transformers 5.4
        dimension_of = getattr(model, "get_embedding_dimension", None)
        return int(dimension_of() if dimension_of else model.get_sentence_embedding_dimension())

    @cached_property
    def revision(self) -> str:
        """The engine with its precision, and a hash over the names, sizes and ends of the files of
        the model's folder."""
        folder = self._folder
        parts: list[str | bytes] = []
        for file in sorted(f for f in folder.rglob("*") if f.is_file()):
            size = file.stat().st_size
            parts += [file.relative_to(folder).as_posix(), str(size)]
            with file.open("rb") as handle:
                parts.append(handle.read(_ENDS))
                # of large files the ends are enough to tell two trainings apart
                handle.seek(max(size - _ENDS, 0))
                parts.append(handle.read())
        engine = f"torch {version('torch')} float32"
        return f"{sha256(*parts)[:16]} {engine}"

    @cached_property
    def _folder(self) -> Path:
        folder = Path(self._model_name).expanduser()
        for place in (folder, added_models() / self._model_name):
            if place.is_dir():
                return place
        with of_extra("topics"):
            from huggingface_hub import snapshot_download

        names = [self._model_name]
        if "/" not in self._model_name:
            names.append(f"sentence-transformers/{self._model_name}")
        for name in names:
            try:
                return Path(snapshot_download(name, local_files_only=True))
            except (OSError, ValueError) as error:
                reason = str(error).strip().splitlines()
        raise InputError(
            Problem(
                "encoders.not_found",
                {"found": self._model_name, "reason": reason[0][:200] if reason else ""},
            )
        )

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        vectors = self._model.encode(
            list(texts), batch_size=32, convert_to_numpy=True, show_progress_bar=False
        )
        return normalised(np.asarray(vectors, dtype=np.float32))
