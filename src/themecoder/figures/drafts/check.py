"""A draft held against the known figures and claims, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from themecoder.figures.drafts.candidates import numbers_in_draft
from themecoder.figures.drafts.claims import Claims
from themecoder.figures.drafts.evidence import Evidence
from themecoder.figures.drafts.match import Sentence
from themecoder.figures.drafts.model import Block, KnownClaim, KnownFigure, MatchedNumber
from themecoder.figures.drafts.sentences import sentences


def check_draft(
    blocks: Sequence[Block],
    figures: Iterable[KnownFigure],
    claims: Iterable[KnownClaim] = (),
    language: str = "nl",
    quantifiers: Iterable[str] = (),
) -> list[MatchedNumber]:
    """Every amount and word of quantity of a draft, in the order of the text, with its verdict.

    ``quantifiers`` are the words of the study's scale; ``claims`` what is known to be said with
    them. Ids are those of the figures (claims) given.
    """
    known = numbers_in_draft(figures, language)
    evidence = Evidence(known, language)
    known_claims = Claims(claims, quantifiers, language)
    matched: list[MatchedNumber] = []
    for block in blocks:
        whole = block.place.kind == "row"
        cuts = [(0, len(block.text))] if whole else sentences(block.text)
        before, tied_here = "", set[tuple[str, ...]]()
        for start, end in cuts:
            sentence = Sentence(block, block.text[start:end], before, known, evidence, language)
            amounts = sentence.tied(tied_here)
            taken_places = [(number.start, number.end) for number in amounts]
            words = known_claims.in_sentence(block.place, sentence.text, taken_places)
            matched += sorted([*amounts, *words], key=lambda number: number.start)
            before = sentence.text
    return matched
