"""Suggested codes for a question's answers, from the codebook and from themes that were adopted."""

from __future__ import annotations

import numpy as np

from themecoder.codebook.files.origins import read_origins
from themecoder.codebook.origins import DISCARDED
from themecoder.coding.suggestions.files import Suggested, write_suggestions
from themecoder.coding.suggestions.suggest import suggest
from themecoder.themes.corpus import build_corpus
from themecoder.themes.store import stored_themes
from themecoder.workspace.folder import StudyFolder


def suggest_codes(study: StudyFolder, question: str) -> Suggested:
    """Work out the suggestions for a question and write ``suggestions/<question>.csv``."""
    suggested = suggestions(study, question)
    write_suggestions(study.paths.suggestions(question), suggested)
    return suggested


def suggestions(study: StudyFolder, question: str) -> Suggested:
    """answer_id -> suggested codes, from the codebook and from the themes that were adopted."""
    corpus = study.once(build_corpus).question(question)
    answers = list(study.once(build_corpus).masked[question])
    suggested = suggest(
        np.asarray(corpus.vectors @ corpus.code_vectors.T),
        [int(owner) for owner in corpus.owners],
        corpus.code_ids,
        _adopted_segments(study, question),
        len(answers),
    )
    return {answer_id: codes for answer_id, codes in zip(answers, suggested, strict=True) if codes}


def _adopted_segments(study: StudyFolder, question: str) -> dict[int, tuple[str, float]]:
    """segment -> the code of its theme and its strength in it, for themes that were adopted."""
    stored = stored_themes(study, question)
    if stored is None:
        return {}
    codes: dict[int, set[str]] = {}
    for origin in read_origins(study.codebooks.folder):
        if origin.question == question and origin.decision != DISCARDED:
            codes.setdefault(origin.theme, set()).add(origin.code)
    corpus = study.once(build_corpus)
    masked = corpus.masked[question]
    # a theme that was adopted into several codes says nothing about which of them applies
    sure = {theme: next(iter(own)) for theme, own in codes.items() if len(own) == 1}
    places = {
        (segment.answer_id, *masked[segment.answer_id].to_original(segment.start, segment.end)): n
        for n, segment in enumerate(corpus.segments[question])
    }
    return {
        places[place]: (sure[assignment.theme], assignment.strength)
        for assignment in stored.themes.assignments
        if assignment.theme in sure
        and (place := (assignment.answer_id, assignment.start, assignment.end)) in places
    }
