"""The names and places that a spaCy pipeline recognises, as a detector beside the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from themecoder.masking.model import Mask

if TYPE_CHECKING:
    from spacy.language import Language

#: The pipeline that is used where it is installed.
PIPELINE = "nl_core_news_lg"
# organisations are left out: in answers they are mostly products and public bodies
_KINDS = {"PERSON": "name", "PER": "name", "GPE": "place", "LOC": "place"}


def load_entity_pipeline(name: str = PIPELINE) -> Language:
    """An installed pipeline (or a folder) with what entities need and no more."""
    import spacy

    return spacy.load(name, exclude=["lemmatizer", "parser", "senter", "attribute_ruler"])


class SpacyDetector:
    """Marks the people and places among a pipeline's entities."""

    def __init__(self, pipeline: Language) -> None:
        self._pipeline = pipeline

    def __call__(self, text: str) -> list[Mask]:
        return [
            Mask(
                entity.start_char,
                entity.end_char,
                _KINDS[entity.label_],
                entity.text,
                "spacy.entity",
            )
            for entity in self._pipeline(text).ents
            if entity.label_ in _KINDS
        ]
