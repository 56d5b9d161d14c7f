"""Candidate themes against codes given by people, side by side with BERTopic.

    python benchmarks/mining.py [--shared ../shared] [--quick] [--only study,xsid_nl,times]
    python benchmarks/mining.py --smallest    that every part still runs, in a minute; no figures

Sets: the shipped study (four questions, mined apart; codes in study/gold.jsonl, which only this
reads) and the labelled public sets in bench/*.csv (text,label). What is absent is said and skipped.

AMI: adjusted mutual information over answers with one code. F1: pairs of answers that share a code
against pairs that share a theme. Both are over the answers that the method placed; "ours there" is
the plain row of themecoder on just those answers, and "all" is over every answer, one that is left
out counted as wrong. "BERTopic ..., placed" puts what BERTopic leaves out into its likeliest topic,
with BERTopic's own ``reduce_outliers(strategy="embeddings")``. EVoC and Toponymy are measured where
they are installed (``pip install evoc toponymy``; the project needs neither). Toponymy names its
clusters by a language model, which is left out here: what is measured are the clusters. Seeds,
resamples: mean pairwise adjusted Rand index over seeds, and over runs on 80 % of the answers on
what two runs share.
"in context" is what ``themecoder mine`` does with a survey: the other questions' answers are the
background; the plain row mines each question as if it were the only one. "with codebook" starts
from the study's codebook (all that it says; never the coding), as ``themecoder mine`` does where a
release of one is there, by constants that were fitted on the other questions; "BERTopic zero-shot"
gets the same codes.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import numpy as np
from scores import alone, mean_agreement, mutual_information, pairwise_f1, peak_mb
from suggestions import Set, constants_of

from themecoder.classifier import model as classified
from themecoder.classifier.evidence import evidence
from themecoder.classifier.features import known
from themecoder.classifier.model import CodebookTexts, Texts
from themecoder.classifier.words import WordSpace
from themecoder.codebook.files.document import read_document
from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import read_codings
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Encoder, Space
from themecoder.themes.cluster import EmbeddedTexts, background, cluster
from themecoder.themes.code_texts import code_texts
from themecoder.themes.granularity import Background, Context
from themecoder.themes.guided import cluster_guided
from themecoder.themes.model import Clustering
from themecoder.themes.segments import cut

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = {"e5": "e5-small-q4", "use": "use-multilingual-v3"}
OTHERS = {name: find_spec(name.lower()) is not None for name in ("EVoC", "Toponymy")}
FEW = 40  # answers of a question with --smallest
QUESTIONS = ("q7", "q15", "q18", "q19")
PUBLIC = ("sib200_nl", "xsid_nl", "anes_terror_en", "anes_party_en")


@cache
def _encoder(name: str) -> Encoder:
    """An encoder, its weights loaded once a process for every method alike."""
    return open_encoder(name)


@dataclass
class Answers:
    """One question or set: texts with their codes, pieces of the texts, and vectors of both."""

    name: str
    texts: list[str]
    codes: list[frozenset[str]]
    language: str

    def __post_init__(self) -> None:
        cuts = [cut(str(i), text, self.language) for i, text in enumerate(self.texts)]
        self.pieces = [piece.text for found in cuts for piece in found]
        self.owners = np.array([i for i, found in enumerate(cuts) for _ in found], dtype=np.int64)

    def encode(self, cache: Path | None) -> None:
        self.blocks = {
            name: embed(self.texts, _encoder(full), cache) for name, full in ENCODERS.items()
        }
        parts = [embed(self.pieces, _encoder(full), cache) for full in ENCODERS.values()]
        space = Space.of(list(self.blocks.values()))
        self.blocks["cat"] = space.place(list(self.blocks.values()))
        self.piece_vectors = space.place(parts)
        self.pieces_blocks, self.cache = parts, cache


Found = tuple[np.ndarray, list[frozenset[int]]]
"""Main theme of each answer (-1 none), and all its themes."""
Method = Callable[[Answers, np.ndarray, int], Found]


def ours(survey: list[Answers] | None = None) -> Method:
    """Our clustering; with ``survey`` its other questions are the background, as in the product."""
    kept: dict[bytes, Background | None] = {}

    def run(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        context = _context(answers, rows, survey, kept) if survey else None
        inside = np.isin(answers.owners, rows)
        owners = np.searchsorted(rows, answers.owners[inside])
        whole = EmbeddedTexts(answers.blocks["cat"][rows], [answers.texts[i] for i in rows])
        found = cluster(
            answers.piece_vectors[inside],
            owners,
            texts=[p for p, keep in zip(answers.pieces, inside, strict=True) if keep],
            answers=whole,
            context=context,
            seed=seed,
        )
        themes: list[set[int]] = [set() for _ in rows]
        for owner, label in zip(owners, found.labels, strict=True):
            if label >= 0:
                themes[owner].add(int(label))
        return found.main, [frozenset(held) for held in themes]

    return run


def _context(
    answers: Answers, rows: np.ndarray, survey: list[Answers], kept: dict[bytes, Background | None]
) -> Context | None:
    """The whole survey as background; a resample leaves as much of the other questions out."""
    share = len(rows) / len(answers.texts)
    parts, start = [], 0
    own = np.zeros(0, dtype=np.int64)
    for other in survey:
        random = np.random.default_rng([len(other.texts), len(rows), int(rows.sum())])
        part = np.sort(random.permutation(len(other.texts))[: round(share * len(other.texts))])
        if other is answers:
            part, own = rows, start + np.arange(len(rows))
        parts.append((other, part))
        start += len(part)
    key = b"".join(part.tobytes() for _, part in parts)
    if key not in kept:
        raw = [np.vstack([o.blocks[name][part] for o, part in parts]) for name in ENCODERS]
        texts = [o.texts[i] for o, part in parts for i in part]
        kept[key] = background(EmbeddedTexts(Space.of(raw).place(raw), texts))
    found = kept[key]
    return Context(found, own) if found is not None else None


def guided(book: Codebook, survey: list[Answers]) -> Method:
    """Our themes that start from a codebook."""
    data = coded_survey(book, survey)
    questions = np.arange(len(survey))
    ids = tuple(code.id for code in book.active)
    starts = np.cumsum([0, *(len(answers.texts) for answers in survey)])
    names = [answers.name for answers in survey]
    # never those that were fitted on the answers that are scored
    constants = [constants_of(data, questions[questions != place]) for place in questions]

    def run(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        place = names.index(answers.name)
        inside = np.flatnonzero(np.isin(answers.owners, rows))
        vectors, pieces = answers.piece_vectors[inside], [answers.pieces[i] for i in inside]
        owners = np.searchsorted(rows, answers.owners[inside])

        def apart(some: np.ndarray) -> Clustering:
            own = np.flatnonzero(np.isin(owners, some))
            whole = EmbeddedTexts(
                answers.blocks["cat"][rows[some]], [answers.texts[i] for i in rows[some]]
            )
            texts = [pieces[i] for i in own]
            own_answers = np.searchsorted(some, owners[own])
            return cluster(
                vectors[own],
                own_answers,
                texts=texts,
                answers=whole,
                granularity="few",
                seed=seed,
            )

        said = evidence(data.known, starts[place] + rows, constants[place])
        found = cluster_guided(
            vectors, said, ids, answers=answers.blocks["cat"][rows], apart=apart, seed=seed
        )
        # themes are numbered by size: codes have the same number in all runs
        numbers = {code: number for number, code in enumerate(ids)}
        number = np.array(
            [numbers[c] if c else len(ids) + theme for theme, c in enumerate(found.codes)]
        )
        themes: list[set[int]] = [set() for _ in rows]
        labels = found.clustering.labels
        for owner, label in zip(owners[found.segments], number[labels], strict=True):
            themes[owner].add(int(label))
        return number[found.clustering.main], [frozenset(held) for held in themes]

    return run


def coded_survey(book: Codebook, survey: list[Answers]) -> Set:
    """The answers to all questions and the codebook, as the classifier takes them."""
    said = code_texts(book)
    ids = [code.id for code in book.active]
    texts = [text for answers in survey for text in answers.texts]
    pieces = [piece for answers in survey for piece in answers.pieces]
    cache = survey[0].cache
    whole = [np.vstack([a.blocks[name] for a in survey]) for name in ENCODERS]
    parts = [np.vstack([a.pieces_blocks[i] for a in survey]) for i in range(len(ENCODERS))]
    of_codes = [embed([c.text for c in said], _encoder(full), cache) for full in ENCODERS.values()]
    space, words = Space.of(whole), WordSpace([*texts, *(c.text for c in said)])
    starts = np.cumsum([0, *(len(answers.texts) for answers in survey)])[:-1]
    ready = known(
        classified.Answers(
            Texts(space.place(whole), words.of(texts)),
            Texts(space.place(parts), words.of(pieces)),
            np.concatenate([s + a.owners for s, a in zip(starts, survey, strict=True)]),
            np.array([len(piece) for piece in pieces], dtype=float),
            np.repeat(np.arange(len(survey)), [len(answers.texts) for answers in survey]),
            np.arange(len(texts)),
        ),
        CodebookTexts(
            Texts(space.place(of_codes), words.of([c.text for c in said])),
            np.array([ids.index(c.code) for c in said]),
            np.array([c.kind for c in said]),
            np.array([ids.index(c.instead) if c.instead else -1 for c in said]),
            np.array(
                [[not c.questions or a.name in c.questions for a in survey] for c in book.active]
            ),
        ),
    )
    held = [codes for answers in survey for codes in answers.codes]
    right = np.array([[code in codes for code in ids] for codes in held], dtype=float)
    return Set("study", ready, right, right[ready.answers.owners], [])


def bertopic(encoder: str, book: Codebook | None = None) -> tuple[Method, Method]:
    """BERTopic with its defaults (UMAP 15 neighbours, 5 dimensions; HDBSCAN from 10): as it is, and
    with what it leaves out placed by its own ``reduce_outliers``. One fit serves both.

    With a codebook its zero-shot topics are the codes' labels and definitions, at its default
    similarity of .7.
    """
    extra: dict[str, object] = {}
    if book is not None:
        from bertopic.backend import BaseEmbedder

        class Embedder(BaseEmbedder):  # type: ignore[misc]
            def embed(self, documents: list[str], verbose: bool = False) -> np.ndarray:
                return _encoder(ENCODERS[encoder]).encode(list(documents))

        extra = {
            "zeroshot_topic_list": [f"{code.label}. {code.definition}" for code in book.active],
            "embedding_model": Embedder(),
        }
    kept: dict[tuple[str, bytes, int], tuple[np.ndarray, np.ndarray]] = {}

    def fitted(answers: Answers, rows: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
        key = (answers.name, rows.tobytes(), seed)
        if key not in kept:
            texts = [answers.texts[i] for i in rows]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                kept[key] = _topics(texts, answers.blocks[encoder][rows], seed, extra)
        return kept[key]

    def run(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        return _found(fitted(answers, rows, seed)[0])

    def placed(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        return _found(fitted(answers, rows, seed)[1])

    return run, placed


def evoc() -> Method:
    """EVoC with its defaults, on the vectors that ours are found in. It is no dependency: measured
    where it is installed."""
    from evoc import EVoC

    def run(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        vectors = np.ascontiguousarray(answers.blocks["cat"][rows], dtype=np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _found(np.asarray(EVoC(random_state=seed).fit_predict(vectors)))

    return run


def toponymy() -> Method:
    """Toponymy's clusterer with its defaults, its finest layer, on the two dimensions of UMAP that
    its documentation begins with. It is no dependency: measured where it is installed."""
    from toponymy import ToponymyClusterer
    from umap import UMAP

    def run(answers: Answers, rows: np.ndarray, seed: int) -> Found:
        vectors = np.ascontiguousarray(answers.blocks["cat"][rows], dtype=np.float32)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flat = UMAP(metric="cosine", random_state=seed).fit_transform(vectors)
            try:
                layers, _ = ToponymyClusterer(verbose=False).fit_predict(flat, vectors)
            except (IndexError, ValueError):  # fails where it finds no cluster
                return _found(np.full(len(rows), -1))
        return _found(np.asarray(layers[0].cluster_labels))

    return run


def _topics(
    texts: list[str], vectors: np.ndarray, seed: int, extra: dict[str, object]
) -> tuple[np.ndarray, np.ndarray]:
    """BERTopic's topics, as found and with outliers reduced; -1 is none."""
    from bertopic import BERTopic
    from umap import UMAP

    reduce = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    model = BERTopic(umap_model=reduce, **extra)
    try:
        topics, _ = model.fit_transform(texts, vectors)
    except (TypeError, ValueError):  # fails on few answers
        nothing = np.full(len(texts), -1)
        return nothing, nothing
    if min(topics) >= 0 or max(topics) < 0:  # none to place, or no topic to place them in
        return np.array(topics), np.array(topics)
    reduced = model.reduce_outliers(texts, topics, strategy="embeddings", embeddings=vectors)
    return np.array(topics), np.array(reduced)


def _found(labels: np.ndarray) -> Found:
    return labels, [frozenset([int(x)]) if x >= 0 else frozenset() for x in labels]


@dataclass
class Row:
    """The scores of one method on one set."""

    n: int
    ami: float
    ami_there: float
    ami_all: float
    f1: float
    f1_there: float
    f1_all: float
    left_out: float
    themes: float
    seeds: float
    resamples: float


def measure(
    method: Method, answers: Answers, seeds: int, reference: list[Found]
) -> tuple[Row, list[Found]]:
    """The scores of a method over seeds and resamples, and its runs.

    ``reference``: the runs that are scored on just the answers that this method placed.
    """
    everyone, codes = np.arange(len(answers.texts)), answers.codes
    runs = [method(answers, everyone, seed) for seed in range(seeds)]
    random = np.random.default_rng(80)
    samples = [
        np.sort(random.permutation(len(everyone))[: round(0.8 * len(everyone))])
        for _ in range(seeds)
    ]
    again = [(rows, method(answers, rows, 0)[0]) for rows in samples]
    everything = [each_alone(themes) for _, themes in runs]
    placed = [np.flatnonzero(labels >= 0) for labels, _ in runs]
    there = list(zip(placed, reference, strict=False))
    row = Row(
        n=len(everyone),
        ami=_mean([mutual_information(codes, labels) for labels, _ in runs]),
        ami_there=_mean([_on(mutual_information, codes, mine[0], p) for p, mine in there]),
        ami_all=_mean([mutual_information(codes, alone(labels)) for labels, _ in runs]),
        f1=_mean(
            [
                _on(pairwise_f1, codes, themes, p)
                for p, (_, themes) in zip(placed, runs, strict=True)
            ]
        ),
        f1_there=_mean([_on(pairwise_f1, codes, mine[1], p) for p, mine in there]),
        f1_all=_mean([pairwise_f1(codes, themes) for themes in everything]),
        left_out=_mean([float((labels < 0).mean()) for labels, _ in runs]),
        themes=_mean([len(set(labels[labels >= 0])) for labels, _ in runs]),
        seeds=mean_agreement([(everyone, labels) for labels, _ in runs]),
        resamples=mean_agreement(again),
    )
    return row, runs


def each_alone(themes: list[frozenset[int]]) -> list[frozenset[int]]:
    """The themes with each answer that has none in a theme of its own, shared with nobody."""
    return [held or frozenset([-1 - i]) for i, held in enumerate(themes)]


def _on(
    score: Callable[..., float], codes: list[frozenset[str]], found: Sequence, places: np.ndarray
) -> float:
    """The score on the answers at ``places`` only; nan without any."""
    if not len(places):
        return float("nan")
    kept = [found[i] for i in places]
    return score(
        [codes[i] for i in places], np.array(kept) if score is mutual_information else kept
    )


def _mean(values: list[float]) -> float:
    values = [v for v in values if not np.isnan(v)]
    return float(np.mean(values)) if values else float("nan")


def weighted(rows: list[Row]) -> Row:
    """The questions of a study in one row, weighted by their number of answers."""
    total = {"n": sum(row.n for row in rows)}
    for name in (field.name for field in fields(Row) if field.name != "n"):
        pairs = [(getattr(r, name), r.n) for r in rows if not np.isnan(getattr(r, name))]
        weight = sum(n for _, n in pairs)
        total[name] = sum(v * n for v, n in pairs) / weight if weight else float("nan")
    return Row(**total)  # type: ignore[arg-type]


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "set",
    "method",
    "left out",
    "AMI",
    "ours there",
    "all",
    "F1",
    "ours there",
    "all",
    "themes",
    "seeds",
    "resamples",
)


def show(name: str, method: str, row: Row) -> None:
    scores = [row.ami, row.ami_there, row.ami_all, row.f1, row.f1_there, row.f1_all]
    cells = [name, method, f"{row.left_out:.0%}"]
    cells += [f"{score:.3f}" if not np.isnan(score) else "" for score in scores]
    cells += [f"{row.themes:.0f}", f"{row.seeds:.2f}", f"{row.resamples:.2f}"]
    print(line(cells), flush=True)


def few_answers() -> list[Answers]:
    """The first answers of two questions of the shipped study, with the codes of one coder."""
    found = []
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as file:
        respondents = list(csv.DictReader(file, delimiter=";"))
    for question in QUESTIONS[:2]:
        texts = {f"{r['respondent_id']}:{question}": r[question] for r in respondents}
        coded = read_codings(ROOT / "annotations" / question / "coder_a.jsonl")
        kept = [one for one in coded if one.codes and texts.get(one.answer_id)][:FEW]
        codes = [frozenset(one.codes) for one in kept]
        found.append(Answers(question, [texts[one.answer_id] for one in kept], codes, "nl"))
    return found


def study(shared: Path) -> list[Answers]:
    """The shipped study's answers with content, with the codes that their writers meant."""
    gold = {}
    with (shared / "study" / "gold.jsonl").open(encoding="utf-8") as lines:
        for each in map(json.loads, lines):
            gold[each["answer_id"]] = frozenset(each["codes"])
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as file:
        respondents = list(csv.DictReader(file, delimiter=";"))
    found = []
    for question in QUESTIONS:
        pairs = sorted(
            (f"{r['respondent_id']}:{question}", r[question]) for r in respondents if r[question]
        )
        kept = [(text, gold[i]) for i, text in pairs if i in gold and "geen_inhoud" not in gold[i]]
        found.append(Answers(question, [t for t, _ in kept], [c for _, c in kept], "nl"))
    return found


def public(path: Path) -> Answers:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    language = path.stem.rpartition("_")[2]
    codes = [frozenset([row["label"]]) for row in rows]
    return Answers(path.stem, [row["text"] for row in rows], codes, language)


def child(mode: str, shared: Path | None) -> None:
    """A fresh process that embeds and mines the study once, and prints seconds and MB."""
    start = time.perf_counter()
    questions = study(shared) if shared else few_answers()
    encoders = list(ENCODERS) if mode in ("ours", "cat") else [mode]
    for answers in questions:
        if mode == "ours":
            answers.encode(None)
        else:
            raw = [embed(answers.texts, _encoder(ENCODERS[e]), None) for e in encoders]
            answers.blocks = {mode: Space.of(raw).place(raw) if len(raw) > 1 else raw[0]}
    embedded = time.perf_counter()
    method = ours(questions) if mode == "ours" else bertopic(mode)[0]
    for answers in questions:
        method(answers, np.arange(len(answers.texts)), 0)
    end = time.perf_counter()
    peak = peak_mb()
    print(json.dumps([end - start, embedded - start, end - embedded, peak]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--quick", action="store_true", help="3 seeds and resamples instead of 10")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--only", default="", help="study, times and/or sets, comma between")
    parser.add_argument("--ours", action="store_true", help="without BERTopic")
    parser.add_argument("--methods", default="", help="what their names begin with, comma between")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child, None if options.smallest else options.shared)
        return
    only = set(filter(None, options.only.split(",")))
    named = tuple(filter(None, options.methods.split(",")))
    seeds = 3 if options.quick else 10
    cache = ROOT / ".themecoder" / "benchmark.sqlite"
    cache.parent.mkdir(exist_ok=True)
    print(line(list(HEAD)))
    print(line(["---"] * len(HEAD)))
    if options.smallest:
        questions = few_answers()
        for answers in questions:
            answers.encode(None)
        compare("few answers", questions, 2)
        show_times(["--smallest"], ("ours", "cat"))
        return
    absent = []
    has_study = (shared := options.shared) / "study" / "gold.jsonl"
    timed = has_study.exists() and (not only or bool(only & {"study", "times"}))
    if timed and only != {"times"}:
        questions = study(shared)
        for answers in questions:
            answers.encode(cache)
        compare("study", questions, seeds, options.ours, named)
    elif not has_study.exists():
        absent.append("study/gold.jsonl")
    for name in (name for name in PUBLIC if not only or name in only):
        path = shared / "bench" / f"{name}.csv"
        if not path.exists():
            absent.append(f"bench/{name}.csv")
        else:
            answers = public(path)
            answers.encode(cache)
            compare(name, [answers], seeds, options.ours, named)
    for name in () if options.ours else (name for name, here in OTHERS.items() if not here):
        print(f"\nNot installed, so left out: {name} (pip install {name.lower()}).")
    for name in absent:
        print(f"\nNot there, so left out: {name} (give the folder with --shared).")
    if timed:
        show_times(["--shared", str(shared)], ("ours", "e5", "use", "cat"))


def show_times(options: list[str], modes: tuple[str, ...]) -> None:
    """Print how long every method takes in a fresh process of its own."""
    print("\nThe study in a fresh process, nothing cached:\n")
    print(line(["method", "seconds", "of which embedding", "of which themes", "peak MB"]))
    print(line(["---"] * 5))
    for mode in modes:
        command = [sys.executable, __file__, "--child", mode, *options]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        numbers = json.loads(done.stdout.strip().splitlines()[-1])
        name = "themecoder" if mode == "ours" else f"BERTopic {mode}"
        print(line([name, *(f"{v:.1f}" for v in numbers[:3]), f"{numbers[3]:.0f}"]), flush=True)


def compare(
    name: str,
    parts: list[Answers],
    seeds: int,
    only_ours: bool = False,
    named: tuple[str, ...] = (),
) -> None:
    """Print the rows of one set: ours (a survey also in context, with its codebook), BERTopic's.

    ``named``: with the first of ours only those whose names begin so.
    """
    methods: dict[str, Method] = {"themecoder": ours()}
    if len(parts) > 1:
        book = read_document(ROOT / "codebooks" / "mind-genai" / "draft.yaml").codebook
        methods["themecoder in context"] = ours(parts)
        methods["themecoder with codebook"] = guided(book, parts)
    for encoder in () if only_ours else ("e5", "use", "cat"):
        as_found, placed = bertopic(encoder)
        methods |= {f"BERTopic {encoder}": as_found, f"BERTopic {encoder}, placed": placed}
    for other, made in (("EVoC", evoc), ("Toponymy", toponymy)):
        if OTHERS[other] and not only_ours:
            methods[other] = made()
    if len(parts) > 1 and not only_ours:
        methods["BERTopic zero-shot e5"] = bertopic("e5", book)[0]
    plain: dict[str, list[Found]] = {}
    for method, run in methods.items():
        if named and plain and not method.startswith(named):
            continue
        rows = []
        for answers in parts:
            row, runs = measure(run, answers, seeds, plain.get(answers.name, []))
            rows.append(row)
            plain.setdefault(answers.name, runs)  # the first method is ours
        show(name, method, weighted(rows))
        if len(parts) > 1 and method.startswith("themecoder"):
            for answers, row in zip(parts, rows, strict=True):
                show(f"{name} {answers.name}", method, row)


if __name__ == "__main__":
    main()
