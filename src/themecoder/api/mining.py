"""The way from a question's answers to its candidate themes: each step is a stage or an edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from themecoder.errors import InputError, Problem
from themecoder.progress import Progress, running

if TYPE_CHECKING:
    from themecoder.api.study import Study
    from themecoder.codebook import Codebook
    from themecoder.edges.theme_store import StoredThemes
    from themecoder.embeddings import Encoder, Space, Vectors
    from themecoder.masking.model import MaskedText
    from themecoder.themes.describe import Previous
    from themecoder.themes.model import Assignment
    from themecoder.themes.segments import Segment


@dataclass(frozen=True)
class _Corpus:
    """The segments of a question with their vectors, in one space."""

    segments: list[Segment]
    owners: np.ndarray
    vectors: Vectors
    space: Space
    encoders: list[Encoder]


def mine_question(
    study: Study,
    question: str,
    themes: str | int | None,
    guided: bool | None,
    progress: Progress,
) -> None:
    """Find the themes of one question and write them to ``themes/<question>/``.

    Raises InputError where ``themes`` is none of auto, few, many or a number, where no answer has
    content, and where ``guided`` is asked for and the study has no codebook.
    """
    from themecoder.edges.theme_store import StoredThemes, write_themes
    from themecoder.themes.describe import Codes, describe

    granularity = _granularity(study.config.mining.themes if themes is None else themes)
    codebook = _guide(study, guided)
    answers = study.answers(question)
    with_content = [answer for answer in answers if not study.contentless(answer.text)]
    masked = {answer.answer_id: study.masked_texts()[answer.answer_id] for answer in with_content}
    if not masked:
        raise InputError(Problem("themes.no_content", {"question": question}))
    corpus = _corpus(study, question, masked, progress)
    known = study.codebook
    codes = _code_vectors(study, known, corpus, question, progress) if known else None
    with running(progress, "lemmas", question):
        lemmas = _lemmatiser(study)
        tokens = lemmas([segment.text for segment in corpus.segments])
        wording = study.config.question(question)
        asked = lemmas([f"{wording.text} {wording.label}"])[0]
    with running(progress, "cluster", question):
        clustering, names = _cluster(corpus, granularity, study.config.seed, codebook, codes)
    with running(progress, "describe", question):
        before = study.stored(question)
        described = describe(
            question,
            corpus.segments,
            clustering,
            corpus.vectors,
            tokens=tokens,
            texts={answer_id: text.masked for answer_id, text in masked.items()},
            language=study.config.language,
            asked=asked,
            codes=Codes(*codes) if codes else None,
            previous=_previous(before),
            names=names,
        )
    contentless = sorted({answer.answer_id for answer in answers} - set(masked))
    placed = replace(
        described.themes,
        assignments=_in_original(described.themes.assignments, masked),
    )
    made_with = {
        "encoders": [{"name": e.name, "revision": e.revision} for e in corpus.encoders],
        "lemmas": f"{lemmas.name} {lemmas.version}",
        "language": study.config.language,
        "seed": study.config.seed,
        "themes": granularity,
        "guided_by": f"{codebook.id} {codebook.version}" if codebook else None,
        "asked": len(study.survey.asked(question)),
        "answered": len(answers),
        "with_content": len(masked),
    }
    write_themes(
        study.paths.themes(question),
        StoredThemes(
            themes=placed,
            contentless=tuple(contentless),
            next_id=described.next_id,
            made_with=made_with,
            lineage=described.lineage,
            centroids=described.centroids,
        ),
    )


def topic_model(study: Study, question: str, progress: Progress) -> Any:
    """A BERTopic model of the themes of the last run, on whole answers."""
    from themecoder.edges.bertopic import topic_model as build

    stored = study.stored(question)
    if stored is None:
        raise InputError(
            Problem("themes.none", {"question": question}, file=study.paths.themes(question))
        )
    apart = set(stored.contentless)
    masked = {
        answer.answer_id: study.masked_texts()[answer.answer_id]
        for answer in study.answers(question)
        if answer.answer_id not in apart
    }
    texts = {answer_id: text.masked for answer_id, text in sorted(masked.items())}
    encoders = _encoders(study)
    vectors, _ = _vectors(study, list(texts.values()), encoders, question, progress)
    return build(stored.themes, texts, vectors, language=study.config.language)


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


def _guide(study: Study, guided: bool | None) -> Codebook | None:
    if guided is False or (guided is None and not study.config.mining.guided):
        return None
    codebook = study.codebook
    if guided and codebook is None:
        raise InputError(Problem("themes.no_codebook", file=study.paths.config))
    return codebook


def _corpus(
    study: Study, question: str, masked: Mapping[str, MaskedText], progress: Progress
) -> _Corpus:
    from themecoder.themes.segments import cut

    language = study.config.language
    segments = [
        segment
        for answer_id, text in sorted(masked.items())
        for segment in cut(answer_id, text.masked, language)
    ]
    place = {answer_id: index for index, answer_id in enumerate(sorted(masked))}
    owners = np.array([place[segment.answer_id] for segment in segments], dtype=np.int64)
    encoders = _encoders(study)
    vectors, space = _vectors(study, [s.text for s in segments], encoders, question, progress)
    return _Corpus(segments, owners, vectors, space, encoders)


def _encoders(study: Study) -> list[Encoder]:
    from themecoder.edges.encoders import open_encoder

    return [open_encoder(name) for name in study.config.mining.encoders]


def _vectors(
    study: Study, texts: Sequence[str], encoders: list[Encoder], detail: str, progress: Progress
) -> tuple[Vectors, Space]:
    from themecoder.embeddings import Space

    blocks = _blocks(study, texts, encoders, detail, progress)
    space = Space.of(blocks)
    return space.place(blocks), space


def _blocks(
    study: Study, texts: Sequence[str], encoders: list[Encoder], detail: str, progress: Progress
) -> list[Vectors]:
    from themecoder.edges.vectors import embed

    blocks = []
    for encoder in encoders:
        with running(progress, "embed", f"{detail} {encoder.name}"):
            blocks.append(
                embed(texts, encoder, study.paths.work / "vectors.sqlite", progress.advance)
            )
    return blocks


def _code_vectors(
    study: Study, codebook: Codebook, corpus: _Corpus, question: str, progress: Progress
) -> tuple[tuple[str, ...], Vectors] | None:
    """The pieces of text of the active codes, placed in the corpus' space, with their code ids."""
    pieces = [(code.id, text) for code in codebook.active for text in code.texts]
    if not pieces:
        return None
    texts = [text for _, text in pieces]
    blocks = _blocks(study, texts, corpus.encoders, question, progress)
    return tuple(code for code, _ in pieces), corpus.space.place(blocks)


def _lemmatiser(study: Study) -> Any:
    from themecoder.edges.spacy_pipeline import load_pipeline

    return load_pipeline(study.config.language, cache=study.paths.work / "lemmas.sqlite")


def _cluster(
    corpus: _Corpus,
    granularity: str | int,
    seed: int,
    codebook: Codebook | None,
    codes: tuple[tuple[str, ...], Vectors] | None,
) -> tuple[Any, dict[int, str] | None]:
    """The clustering and, where codes guided it, the labels of the themes that are codes."""
    from themecoder.themes.cluster import cluster
    from themecoder.themes.guided import Guide, cluster_guided

    if codebook is None or codes is None:
        found = cluster(corpus.vectors, corpus.owners, granularity=granularity, seed=seed)
        return found, None
    ids, vectors = codes
    order = {code: index for index, code in enumerate(dict.fromkeys(ids))}
    guide = Guide(tuple(order), vectors, np.array([order[code] for code in ids]))
    lengths = np.array([len(segment.text) for segment in corpus.segments])
    result = cluster_guided(
        corpus.vectors, corpus.owners, lengths, guide, granularity=granularity, seed=seed
    )
    labels = {code.id: code.label for code in codebook.codes}
    names = {theme: labels[code] for theme, code in enumerate(result.codes) if code is not None}
    return result.clustering, names


def _previous(stored: StoredThemes | None) -> Previous | None:
    from themecoder.themes.describe import Previous

    if stored is None:
        return None
    return Previous(stored.themes, stored.next_id, stored.lineage, stored.centroids)


def _in_original(
    assignments: Sequence[Assignment], masked: Mapping[str, MaskedText]
) -> tuple[Assignment, ...]:
    """Offsets of the masked text as offsets of the text as imported, as the contract has them."""
    placed = []
    for assignment in assignments:
        start, end = masked[assignment.answer_id].to_original(assignment.start, assignment.end)
        placed.append(replace(assignment, start=start, end=end))
    return tuple(placed)
