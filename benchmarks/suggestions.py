"""Suggested codes against codes given by people, beside what one would use instead.

    python benchmarks/suggestions.py [--shared ../shared] [--only study,sib200_nl] [--quick]
    python benchmarks/suggestions.py --encoder DIR   also ours with a sentence-transformers model
    python benchmarks/suggestions.py --constants   fit what the features are worth without coding
    python benchmarks/suggestions.py --smallest    that every part runs; no figures

Sets: the shipped study (codes in study/gold.jsonl where --shared has it, else those of the
simulated coder_a; 29 codes with definitions), and public sets in bench/*.csv (text,label) with
nothing but the label as codebook. What is absent is said and skipped.

For 0, 1, 2, 4, 8, 16 and all examples a code, answers are taken in a random order until every code
has as many. Five parts by respondent: each is scored by what is learned from the other four, and
all measures are of all answers together; means over three seeds (one with --quick). Without coding,
and as the start with it, ``ours`` has the constants of the other questions of the study, never
those fitted on the answers that are scored.

micro, macro F1: sets of codes; of ours from the cut-off that its probabilities expect to be best,
of the others from the one that is best on what was coded. AP: mean average precision over codes.
first, three: the first suggestion, one of the first three, is right (answers with a code). off:
calibration error of the first three, in ten bins.

Ticked: what a coder is shown as ticked boxes from a probability of .3, .4, .5 on, at most three.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from scores import calibration_error, code_measures

from themecoder.classifier.calibration import (
    Calibration,
    chance,
    fitted,
    standardised,
)
from themecoder.classifier.features import FEATURES, Known, features, known
from themecoder.classifier.learn import learn, respondent_parts
from themecoder.classifier.model import EXCLUDES, SAYS, Answers, CodebookTexts, Coded, Texts
from themecoder.classifier.rivals import ADDED, with_rivals
from themecoder.classifier.words import WordSpace
from themecoder.coding.annotations import read_codings
from themecoder.coding.suggestions.shown import SHOWN
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Space
from themecoder.study import Study
from themecoder.themes.known import known_study
from themecoder.themes.segments import cut

ROOT = Path(__file__).resolve().parent.parent
PUBLIC = ("sib200_nl", "xsid_nl")
POINTS = (0, 1, 2, 4, 8, 16, None)
ENCODERS = ("e5-small-q4", "use-multilingual-v3")
FEW, PARTS = 80, 5
TICKED = (0.3, 0.4, 0.5)
NOTHING = np.zeros(0, dtype=np.int64)
ZERO = Calibration(np.zeros(len(FEATURES) + len(ADDED)), 0.0)


@dataclass
class Set:
    """Answers with the codes that people gave them. ``right`` (n, C), ``right_segments`` (m, C)."""

    name: str
    known: Known
    right: np.ndarray
    right_segments: np.ndarray
    constants: list[Calibration | None]
    """Per question: what is known of the features from the others; None: what is shipped."""

    def coded(self, rows: np.ndarray) -> Coded:
        rows = np.sort(rows)
        segments = np.flatnonzero(np.isin(self.known.answers.owners, rows))
        return Coded(
            rows,
            self.right[rows],
            np.ones(len(rows)),
            segments,
            self.right_segments[segments],
            np.full(len(segments), 0.5),
        )


Method = Callable[[Set, np.ndarray], tuple[np.ndarray, np.ndarray]]
"""A set and the rows that are coded -> (n, C) probabilities or scores, and (n,) cut-offs."""


def ours(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found, cut_offs = np.zeros(data.right.shape), np.zeros(len(data.right))
    for question, constants in enumerate(data.constants):
        learned = learn(data.known, data.coded(rows), constants=constants)
        own = data.known.answers.questions == question
        found[own], cut_offs[own] = learned.probabilities[own], learned.cut_off
    return found, cut_offs


def likeness(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A logistic of the best segment's cosine to the codebook's nearest text: version 0.13."""
    del rows
    return chance((_cosine(data, EXCLUDES) - 0.573) / 0.129), np.full(len(data.right), 0.5)


def cosine(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine of the answer to the code's label; the best cut-off of all is given away."""
    del rows
    first = [int(np.flatnonzero(data.known.book.codes == code)[0]) for code in range(_codes(data))]
    found = data.known.answers.whole.vectors @ data.known.book.texts.vectors[first].T
    return found, np.full(len(found), _cut(found, data.right))


def logistic(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.linear_model import LogisticRegression

    def fit(x: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        model = LogisticRegression(C=10, max_iter=300).fit(x, y)
        return lambda other: model.predict_proba(other)[:, 1]

    return _per_code(data, rows, np.asarray(data.known.answers.whole.vectors, float), fit)


def support_vectors(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.svm import LinearSVC

    def fit(x: np.ndarray, y: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
        model = LinearSVC(C=1).fit(x, y)
        return lambda other: chance(2 * model.decision_function(other))

    return _per_code(data, rows, data.known.answers.whole.words, fit)


def zero_shot(data: Set, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """BERTopic's zero-shot topics: the nearest label with a cosine of .7 or more, one an answer."""
    found, _ = cosine(data, rows)
    best = found.max(axis=1, keepdims=True)
    return np.where((found == best) & (found >= 0.7), found, found / 10), np.full(len(found), 0.7)


def _codes(data: Set) -> int:
    return data.right.shape[1]


def _cosine(data: Set, without: int) -> np.ndarray:
    book, answers = data.known.book, data.known.answers
    table = answers.segments.vectors @ book.texts.vectors.T
    found = np.full((len(answers.whole), _codes(data)), -1.0)
    for column in np.flatnonzero((book.kinds != without) & (book.kinds == SAYS)):
        np.maximum.at(found[:, book.codes[column]], answers.owners, table[:, column])
    return found


def _per_code(data, rows, x, fit):  # type: ignore[no-untyped-def]
    """One model a code, cut off where it is best on rows that it did not learn from."""
    found = np.zeros(data.right.shape)
    if not len(rows):
        return found, np.ones(len(found))
    parts = respondent_parts(data.known, 0)[rows]
    apart = np.zeros((len(rows), _codes(data)))
    for part in range(PARTS):
        inside = parts == part
        if inside.any() and not inside.all():
            apart[inside] = _predicted(data, rows[~inside], x, fit)[rows[inside]]
    found = _predicted(data, rows, x, fit)
    return found, np.full(len(found), _cut(apart, data.right[rows]))


def _predicted(data, rows, x, fit):  # type: ignore[no-untyped-def]
    found = np.zeros(data.right.shape)
    for code in range(_codes(data)):
        given = data.right[rows, code]
        found[:, code] = given.mean() if given.min() == given.max() else fit(x[rows], given)(x)
    return found


def _cut(found: np.ndarray, right: np.ndarray) -> float:
    """The best cut-off of scores of any scale."""
    order = np.unique(np.quantile(found, np.linspace(0.5, 0.999, 120)))
    taken = [found >= cut for cut in order]
    f1 = [2 * (t & (right > 0)).sum() / max(t.sum() + right.sum(), 1) for t in taken]
    return float(order[int(np.argmax(f1))])


METHODS: dict[str, Method] = {
    "ours": ours,
    "likeness (0.13)": likeness,
    "cosine to label": cosine,
    "BERTopic zero-shot": zero_shot,
    "logistic regression": logistic,
    "tf-idf + SVM": support_vectors,
}
WITHOUT_CODING = ("ours", "likeness (0.13)", "cosine to label", "BERTopic zero-shot")
WITH_CODING = ("ours", "logistic regression", "tf-idf + SVM")


def measure(data: Set, seeds: Sequence[int], only_ours: bool = False) -> None:
    print(f"\n{data.name}: {len(data.right)} answers, {_codes(data)} codes")
    print("| examples a code | answers coded | method | micro | macro | AP | first | three | off |")
    print("|---|--:|---|--:|--:|--:|--:|--:|--:|")
    ticked = []
    for point in POINTS:
        label = "all" if point is None else str(point)
        for name in WITHOUT_CODING if point == 0 else WITH_CODING:
            if only_ours and name != "ours":
                continue
            # without coding there is nothing random in it
            runs = [_run(data, name, point, seed) for seed in (seeds[:1] if point == 0 else seeds)]
            scores = [
                (*code_measures(found, cuts, data.right), calibration_error(found, data.right))
                for found, cuts, _ in runs
            ]
            told = " | ".join(f"{value:.3f}" for value in np.mean(scores, axis=0))
            coded = np.mean([n for _, _, n in runs])
            print(f"| {label} | {coded:.0f} | {name} | {told} |", flush=True)
            if name == "ours":
                ticked += [
                    (label, least, *np.mean([ticks(f, data.right, least) for f, _, _ in runs], 0))
                    for least in TICKED
                ]
    print("\n| examples a code | ticked from | ticks right | codes ticked | answers with a tick |")
    print("|---|--:|--:|--:|--:|")
    for label, least, *shares in ticked:
        print(f"| {label} | {least} | " + " | ".join(f"{share:.0%}" for share in shares) + " |")


def _run(
    data: Set, name: str, point: int | None, seed: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """(n, C) scores, (n,) cut-offs, and how many answers were coded."""
    n = len(data.right)
    parts = respondent_parts(data.known, seed)
    found, cut_offs = np.zeros(data.right.shape), np.zeros(n)
    coded = []
    for part in range(PARTS) if point != 0 else (None,):
        own = parts == part if part is not None else np.ones(n, dtype=bool)
        rows = examples(data, np.flatnonzero(~own), point, seed + (part or 0))
        some, cuts = METHODS[name](data, rows)
        found[own], cut_offs[own] = some[own], cuts[own]
        coded.append(len(rows))
    return found, cut_offs, float(np.mean(coded))


def ticks(found: np.ndarray, right: np.ndarray, least: float) -> tuple[float, float, float]:
    """Of boxes ticked from ``least`` on, at most ``SHOWN`` an answer: the share that is right, the
    share of all codes that is among them, and the share of answers with any."""
    order = np.argsort(-found, axis=1, kind="stable")[:, :SHOWN]
    ticked = np.zeros(found.shape, dtype=bool)
    np.put_along_axis(ticked, order, True, axis=1)
    ticked &= found >= least
    hits = (ticked & (right > 0)).sum()
    return hits / max(ticked.sum(), 1), hits / right.sum(), ticked.any(axis=1).mean()


def examples(data: Set, pool: np.ndarray, point: int | None, seed: int) -> np.ndarray:
    """Answers of the pool in a random order until every code has ``point`` of them."""
    if point is None or point == 0:
        return pool if point is None else NOTHING
    wanted = np.full(_codes(data), point)
    taken = []
    for row in np.random.default_rng(seed).permutation(pool):
        codes = np.flatnonzero(data.right[row])
        if (wanted[codes] > 0).any():
            taken.append(row)
            wanted[codes] -= 1
    return np.sort(np.array(taken, dtype=np.int64))


def constants_of(data: Set, questions: np.ndarray) -> Calibration:
    """What the features are worth without coding, by the answers to some questions."""
    everything = np.zeros(len(data.right), dtype=np.int64)
    possible = data.known.book.expected.T[data.known.answers.questions]
    alone = standardised(features(data.known, data.coded(NOTHING), everything))
    found = with_rivals(alone, possible)
    rows = np.flatnonzero(np.isin(data.known.answers.questions, questions))
    return fitted(found[rows], data.right[rows], possible[rows] * 1.0, ZERO, trust=1.0)


def shipped_study(root: Path, shared: Path, encoder: str = "") -> Set:
    study = Study.open(root)
    if encoder:
        mining = study.config.mining
        mining = mining.model_copy(update={"encoders": [*mining.encoders, encoder]})
        study.config = study.config.model_copy(update={"mining": mining})
    whole = known_study(study)
    assert whole is not None
    file = shared / "study" / "gold.jsonl"
    if file.is_file():
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        given = {
            one["answer_id"]: (
                one["codes"],
                [(q["code"], q["start"], q["end"]) for q in one["quotes"]],
            )
            for one in lines
        }
    else:
        print(f"{file} is not there: scored on the simulated coder_a")
        rows = [c for q in study.questions for c in read_codings(study.paths.coding(q, "coder_a"))]
        given = {c.answer_id: (c.codes, [(q.code, q.start, q.end) for q in c.quotes]) for c in rows}
    masked = study.masked_texts()
    column = {code: place for place, code in enumerate(whole.codes)}
    right = np.zeros((len(whole.answers), len(column)))
    right_segments = np.zeros((len(whole.segments), len(column)))
    for row, answer in enumerate(whole.answers):
        right[row, [column[code] for code in given.get(answer, ((), ()))[0] if code in column]] = 1
    for row, segment in enumerate(whole.segments):
        for code, start, end in given.get(segment.answer_id, ((), ()))[1]:
            first, last = masked[segment.answer_id].to_masked(start, end)
            shared_part = min(last, segment.end) - max(first, segment.start)
            if code in column and 2 * shared_part > last - first:
                right_segments[row, column[code]] = 1
    data = Set("study", whole.known, right, right_segments, [])
    questions = np.unique(whole.known.answers.questions)
    return replace(
        data, constants=[constants_of(data, questions[questions != q]) for q in questions]
    )


def public_set(file: Path, few: bool, cached: Path | None, encoder: str = "") -> Set:
    with file.open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))[: FEW if few else None]
    texts = [row["text"] for row in rows]
    names = sorted({row["label"] for row in rows})
    labels = [" ".join(re.findall(r"[A-Z]?[a-z]+", name)).lower() for name in names]
    language = "nl" if file.stem.endswith("_nl") else "en"
    pieces = [(i, s) for i, text in enumerate(texts) for s in cut(str(i), text, language)]
    said = [segment.text for _, segment in pieces]
    names_of_encoders = [*ENCODERS, *([encoder] if encoder else [])]
    blocks = {
        kind: [embed(some, open_encoder(name), cached) for name in names_of_encoders]
        for kind, some in (("whole", texts), ("segments", said), ("labels", labels))
    }
    space, words = Space.of(blocks["whole"]), WordSpace([*texts, *labels])
    of = {
        kind: Texts(space.place(blocks[kind]), words.of(some))
        for kind, some in (("whole", texts), ("segments", said), ("labels", labels))
    }
    n = len(texts)
    ready = known(
        Answers(
            of["whole"],
            of["segments"],
            np.array([i for i, _ in pieces]),
            np.array([len(s.text) for _, s in pieces], dtype=float),
            np.zeros(n, dtype=np.int64),
            np.arange(n),
        ),
        CodebookTexts(
            of["labels"],
            np.arange(len(names)),
            np.full(len(names), SAYS),
            np.full(len(names), -1),
            np.ones((len(names), 1), dtype=bool),
        ),
    )
    right = np.array([[row["label"] == name for name in names] for row in rows], dtype=float)
    return Set(file.stem, ready, right, right[ready.answers.owners], [None])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true", help="one seed instead of three")
    parser.add_argument("--encoder", default="", help="a folder, also beside the shipped encoders")
    parser.add_argument("--constants", action="store_true")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    only = set(filter(None, options.only.split(",")))
    cached = ROOT / ".themecoder" / "benchmark.sqlite"
    root = small_study() if options.smallest else ROOT
    if options.constants:
        study = shipped_study(root, options.shared)
        told = constants_of(study, np.unique(study.known.answers.questions))
        print([round(float(weight), 2) for weight in told.weights], round(told.bias, 2))
        return
    sets: dict[str, Callable[[str], Set]] = {}
    if not only or "study" in only:
        sets["study"] = partial(shipped_study, root, options.shared)
    for name in PUBLIC:
        file = options.shared / "bench" / f"{name}.csv"
        if only and name not in only:
            continue
        if not file.is_file():
            print(f"{file} is not there: skipped")
            continue
        sets[name] = partial(public_set, file, options.smallest, cached)
    seeds = (0,) if options.quick or options.smallest else (0, 1, 2)
    for make in sets.values():
        data = make("")
        measure(data, seeds)
        if options.encoder:
            folder = f"sentence-transformers:{Path(options.encoder).resolve()}"
            more = make(folder)
            measure(replace(more, name=f"{more.name} with {options.encoder}"), seeds, True)
        every = np.arange(len(data.right))
        learn(data.known, data.coded(every))
        start = time.perf_counter()
        learn(data.known, data.coded(every))
        print(f"\nrefit with {len(every)} answers coded: {time.perf_counter() - start:.2f} s")


def small_study() -> Path:
    folder = Path(tempfile.mkdtemp())
    for part in ("annotations", "codebooks", "data"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "study.toml", folder)
    survey = folder / "data" / "survey.csv"
    rows = survey.read_text(encoding="utf-8").splitlines(keepends=True)
    survey.write_text("".join(rows[: FEW + 1]), encoding="utf-8")
    return folder


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
