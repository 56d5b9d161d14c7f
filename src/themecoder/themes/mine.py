"""From a question's answers to its candidate themes: corpus, clustering, description, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from themecoder.classifier.evidence import evidence
from themecoder.codebook.model import Codebook
from themecoder.errors import InputError, Problem
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.masking.model import MaskedText
from themecoder.progress import running
from themecoder.themes.bertopic import topic_model
from themecoder.themes.cluster import EmbeddedTexts
from themecoder.themes.corpus import QuestionCorpus, build_corpus
from themecoder.themes.describe import Codes, Previous, describe
from themecoder.themes.guided import cluster_guided
from themecoder.themes.guided_many import with_the_others
from themecoder.themes.known import known_study
from themecoder.themes.lineage import became
from themecoder.themes.many import Bounds, cluster_many, sample_of
from themecoder.themes.model import AnswerPart, Assignment, Clustering, IntArray
from themecoder.themes.shortcuts import Shortcuts
from themecoder.themes.speaking import speaking
from themecoder.themes.steps.journal import highest_number
from themecoder.themes.steps.study_file import kept_steps
from themecoder.themes.store import StoredThemes, required_themes, stored_themes, write_themes
from themecoder.themes.tables import ThemeTables, theme_tables
from themecoder.workspace.folder import StudyFolder

_Part = TypeVar("_Part", Assignment, AnswerPart)


def mine_question(
    study: StudyFolder,
    question: str,
    themes: str | int | None = None,
    guided: bool | None = None,
) -> ThemeTables:
    """Find the candidate themes of a question and keep them in ``themes/<question>/``.

    ``themes``: auto, few, many or a number; study.toml's by default. ``guided``: start from the
    codebook's codes; by default where the study has a codebook. Themes that are the same as in
    the run before keep their ids and labels.

    Raises InputError where ``themes`` is none of auto, few, many or a number, where no answer has
    content, and where ``guided`` is asked for and the study has no codebook.
    """
    study.question(question)
    with study.locked():
        _mine(study, question, themes, guided)
    return theme_tables(study, question)


def _mine(study: StudyFolder, question: str, themes: str | int | None, guided: bool | None) -> None:
    progress = study.progress
    granularity = _granularity(study.config.mining.themes if themes is None else themes)
    guide = _guide(study, guided)
    answers = study.answers(question)
    whole_corpus = study.once(build_corpus)
    masked = whole_corpus.masked[question]
    if not masked:
        raise InputError(Problem("themes.no_content", {"question": question}))
    with running(progress, "cluster", question):
        corpus = whole_corpus.question(question)
        found = _guided(study, question, guide, granularity) if guide else None
        found = found or _unguided(study, corpus, granularity)
    places = np.array(found.segments, dtype=np.int64)
    heard = speaking(found.clustering.labels, corpus.owners[places], study.config.mining.sample)
    read = places if heard is None else places[heard]
    with running(progress, "lemmas", question):
        lemmas = _lemmatiser(study, question)
        tokens = lemmas([corpus.segments[place].text for place in read])
        wording = study.config.question(question)
        asked = lemmas([f"{study.config.title} {wording.text} {wording.label}"])[0]
    with running(progress, "describe", question):
        before = stored_themes(study, question)
        described = describe(
            question,
            [corpus.segments[place] for place in found.segments],
            found.clustering,
            corpus.vectors[read],
            tokens=tokens,
            texts={answer_id: text.masked for answer_id, text in masked.items()},
            language=study.config.language_of(question),
            asked=asked,
            codes=Codes(corpus.code_ids, corpus.code_vectors) if corpus.code_ids else None,
            previous=_previous(study, question, before),
            names=found.names,
            uncovered=found.uncovered,
            speaking=heard,
        )
    contentless = sorted({answer.answer_id for answer in answers} - set(masked))
    made_with = {
        "encoders": [{"name": e.name, "revision": e.revision} for e in whole_corpus.encoders],
        # only where there are any: without, a study's files are as they were
        **({"encoders_missing": list(missing)} if (missing := whole_corpus.missing) else {}),
        "lemmas": f"{lemmas.name} {lemmas.version}",
        "language": study.config.language_of(question),
        "seed": study.config.seed,
        "themes": granularity,
        "guided_by": f"{guide.id} {guide.version}" if guide else None,
        "asked": len(study.survey.asked(question)),
        "answered": len(answers),
        "with_content": len(masked),
        # only where there are any: without, a study's files are as they were
        **found.shortcuts.record(),
    }
    write_themes(
        study.paths.themes(question),
        StoredThemes(
            themes=replace(
                described.themes,
                themes=tuple(
                    replace(theme, segments=_in_original(theme.segments, masked))
                    for theme in described.themes.themes
                ),
                assignments=_in_original(described.themes.assignments, masked),
            ),
            contentless=tuple(contentless),
            next_id=described.next_id,
            made_with=made_with,
            lineage=described.lineage,
            centroids=described.centroids,
            became=became(before.became if before else {}, described.lineage),
        ),
    )


def study_topic_model(study: StudyFolder, question: str) -> Any:
    """A BERTopic model of the themes of the last run, on whole answers."""
    stored = required_themes(study, question)
    corpus = study.once(build_corpus)
    texts = {answer_id: text.masked for answer_id, text in corpus.masked[question].items()}
    vectors = corpus.question(question).answers.vectors
    return topic_model(stored.themes, texts, vectors, language=study.config.language)


def _granularity(themes: str | int) -> str | int:
    if themes in ("auto", "few", "many"):
        return themes
    try:
        number = int(themes)
    except ValueError:
        number = 0
    if number < 1 or str(number) != str(themes).strip():
        raise InputError(Problem("cli.mine.granularity", {"found": themes}))
    return number


def _guide(study: StudyFolder, guided: bool | None) -> Codebook | None:
    """The release that guides. A draft never does: while a person works through the themes of a
    run, what was adopted would change all the others."""
    if guided is False or (guided is None and not study.config.mining.guided):
        return None
    if study.config.codebook is not None:
        version = study.config.codebook.version or study.codebooks.newest
        if version in study.codebooks.versions:
            return study.codebook
    if guided:
        key = "themes.no_codebook" if study.codebook is None else "themes.only_draft"
        raise InputError(Problem(key, file=study.paths.config))
    return None


def _lemmatiser(study: StudyFolder, question: str) -> Any:
    language = study.config.language_of(question)
    return load_pipeline(language, cache=study.paths.lemmas_cache, notice=study.notice)


@dataclass(frozen=True, slots=True)
class _Found:
    """A clustering of ``segments`` (of the question), the labels of the themes that are codes, and
    the themes that no code explains, where codes guided it; and what was not done with all."""

    clustering: Clustering
    segments: Sequence[int]
    names: Mapping[int, str]
    uncovered: frozenset[int]
    shortcuts: Shortcuts


def _bounds(study: StudyFolder) -> Bounds:
    mining = study.config.mining
    return Bounds(mining.exact_up_to, mining.sample)


def _unguided(study: StudyFolder, corpus: QuestionCorpus, granularity: str | int) -> _Found:
    found, shortcuts = cluster_many(
        corpus.vectors,
        corpus.owners,
        texts=corpus.texts,
        answers=corpus.answers,
        context=corpus.context,
        granularity=granularity,
        seed=study.config.seed,
        bounds=_bounds(study),
    )
    return _Found(found, range(len(corpus.segments)), {}, frozenset(), shortcuts)


def _guided(
    study: StudyFolder, question: str, guide: Codebook, granularity: str | int
) -> _Found | None:
    """None where no code of the codebook is meant for the question."""
    known = study.once(known_study)
    corpus = study.once(build_corpus).question(question)
    if known is None:
        return None
    rows = np.array([known.places[answer] for answer in corpus.answer_ids], dtype=np.int64)
    seed, bounds = study.config.seed, _bounds(study)
    sample = None
    if len(rows) > bounds.sample:
        sample = sample_of(
            corpus.vectors, corpus.owners, corpus.texts, corpus.answers, bounds.sample, seed
        )
        rows = rows[sample.chosen]
    said = evidence(known.known, rows)
    if not said.possible.any():
        return None
    answers, pieces = corpus.answers, EmbeddedTexts(corpus.vectors, corpus.texts)
    owners = corpus.owners
    if sample is not None:
        answers, pieces, owners = sample.answers, sample.pieces, sample.owners

    shortcuts = Shortcuts()

    def apart(some: IntArray) -> Clustering:
        nonlocal shortcuts
        inside = np.flatnonzero(np.isin(owners, some))
        found, shortcuts = cluster_many(
            pieces.vectors[inside],
            np.searchsorted(some, owners[inside]),
            texts=[pieces.texts[place] for place in inside],
            answers=EmbeddedTexts(answers.vectors[some], [answers.texts[place] for place in some]),
            granularity="few",
            seed=seed,
            bounds=bounds,
        )
        return found

    result = cluster_guided(
        pieces.vectors,
        said,
        known.codes,
        answers=answers.vectors,
        apart=apart,
        granularity=granularity,
        seed=seed,
        exact_up_to=bounds.exact_up_to,
    )
    # the answers that no code explains are fewer than all: what was found of their neighbours is
    # not what is told
    shortcuts = replace(shortcuts, recall=result.recall)
    if sample is not None:
        result, alike = with_the_others(
            result, sample, corpus.vectors, corpus.owners, corpus.texts, corpus.answers
        )
        shortcuts = Shortcuts(result.recall, bounds.sample, alike)
    labels = {code.id: code.label for code in guide.codes}
    names = {theme: labels[code] for theme, code in enumerate(result.codes) if code is not None}
    uncovered = frozenset(theme for theme, code in enumerate(result.codes) if code is None)
    return _Found(result.clustering, result.segments.tolist(), names, uncovered, shortcuts)


def _previous(study: StudyFolder, question: str, stored: StoredThemes | None) -> Previous | None:
    if stored is None:
        return None
    # a number that a person's split gave to a theme is no other theme's
    next_id = max(stored.next_id, highest_number(kept_steps(study, question)) + 1)
    return Previous(stored.themes, next_id, stored.lineage, stored.centroids)


def _in_original(parts: Sequence[_Part], masked: Mapping[str, MaskedText]) -> tuple[_Part, ...]:
    """The parts with offsets in the text as imported, which the contract of files asks for,
    instead of in the masked text."""
    placed = []
    for part in parts:
        start, end = masked[part.answer_id].to_original(part.start, part.end)
        placed.append(replace(part, start=start, end=end))
    return tuple(placed)
