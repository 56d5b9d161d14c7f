"""What turns a study's texts into vectors on this machine, and the vectors."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder, usable_encoders
from themecoder.embeddings.encoders.lexical import LEXICAL
from themecoder.embeddings.space import Encoder, Vectors
from themecoder.embeddings.text_vectors import TextVectors
from themecoder.progress import running
from themecoder.workspace.folder import StudyFolder


def encoders_here(study: StudyFolder) -> tuple[list[str], list[str]]:
    """The encoders that are used of those of study.toml, and those that are missing, which is said.

    To be called with ``study.once``, so that it is said once.
    """
    used, missing = usable_encoders(study.config.mining.encoders)
    for name in missing:
        study.notice(f"encoders.without.{name}")
    if LEXICAL in used:
        study.notice("encoders.lexical")
    return used, missing


def embed_texts(
    study: StudyFolder, texts: Sequence[str], corpus: Sequence[str] | None = None
) -> tuple[list[Encoder], list[Vectors]]:
    """The study's encoders, and of each its vectors of ``texts``, from the cache where it can.

    ``corpus``: what an encoder without weights of its own is fitted on; all ``texts`` by default.
    """
    names, _ = study.once(encoders_here)
    encoders = [open_encoder(name, texts if corpus is None else corpus) for name in names]
    blocks = []
    for encoder in encoders:
        with running(study.progress, "embed", encoder.name):
            store = study.paths.vectors_cache
            # the lexical one is fitted on all texts: where they are, it is quick
            workers = None if encoder.name == LEXICAL else study.workers
            progress = study.progress
            blocks.append(embed(texts, encoder, store, progress.advance, study.notice, workers))
    return encoders, blocks


def text_vectors(
    study: StudyFolder, texts: Sequence[str], blocks: Sequence[Vectors]
) -> TextVectors:
    """``texts``, each of them once, with their vectors ``blocks``."""
    places = {text: row for row, text in enumerate(texts)}
    return TextVectors(places, blocks, study.paths.vectors_cache.parent)
