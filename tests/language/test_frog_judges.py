"""Dutch lemmas without a trained pipeline, judged by Frog, a tagger of other people's.

``tests/data/language/frog_lemmas.tsv`` holds what Frog 0.20 (``frog -t FILE --skip=mcpan``) makes
of the nouns, verbs and adjectives in the shipped study's answers, one answer a paragraph; forms
that it reads in two ways judge nothing and are left out.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from shipped import ROOT
from themecoder.language import words
from themecoder.language.lemma_votes import with_one_lemma
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.language.tokens import Token

pytestmark = pytest.mark.slow

QUESTIONS = ("q7", "q15", "q18", "q19")
KEPT = Path(__file__).parents[1] / "data" / "language" / "frog_lemmas.tsv"


@cache
def judged() -> list[tuple[Token, str]]:
    """The tokens that Frog judges, with its lemma."""
    with KEPT.open(encoding="utf-8", newline="") as file:
        frog = {row["form"]: row["lemma"] for row in csv.DictReader(file, delimiter="\t")}
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as file:
        respondents = list(csv.DictReader(file, delimiter=";"))
    answers = [r[question] for r in respondents for question in QUESTIONS if r[question]]
    lists = words.load("nl")
    texts = with_one_lemma(load_pipeline("nl")(answers), lists)
    fixed = lists.stop | lists.light
    return [
        (token, frog[token.lower])
        for text in texts
        for token in text
        if token.is_word and token.lower in frog and token.lower not in fixed
    ]


def test_most_lemmas_are_frogs() -> None:
    tokens = judged()
    assert len(tokens) > 3000
    right = sum(token.lemma == lemma for token, lemma in tokens)
    assert right / len(tokens) >= 0.93


@pytest.mark.parametrize("adjective", ["snel", "hoog", "gek", "druk"])
def test_an_adjective_is_not_taken_for_a_verb(adjective: str) -> None:
    found = {token.lemma for token, _ in judged() if token.lower == adjective}
    assert found == {adjective}
