"""Time and memory of the suggestions for 5,000 to 100,000 answers, one fresh process a size.

    python benchmarks/suggestions_scale.py [--sizes 5000,20000,100000]

The answers are the shipped study's, repeated with variation, and their vectors are their source's
with noise, as in ``benchmarks/scale.py``: hours of embedding are not part of it. The codebook is
the study's. ``suggestions`` is all from texts and vectors to the probability of each code in each
answer, with nothing coded; ``refit`` is what learning costs when 5,000 answers are coded, ``again``
once more, as it is while people code.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time

import numpy as np
from scale import ENCODERS, ROOT, answers, noisy, varied
from scores import peak_mb

from themecoder.classifier.features import known
from themecoder.classifier.learn import learn
from themecoder.classifier.model import Answers, CodebookTexts, Coded, Texts
from themecoder.classifier.words import WordSpace
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Space
from themecoder.study import Study
from themecoder.themes.corpus import build_corpus
from themecoder.themes.segments import cut

SIZES = (5000, 20_000, 100_000)
CODED = 5000


def one(n: int) -> None:
    random = np.random.default_rng(n)
    source, cache = answers(), ROOT / ".themecoder" / "benchmark.sqlite"
    corpus = build_corpus(Study.open(ROOT))
    pieces = [piece.text for piece in corpus.code_texts]
    blocks = [embed(source, open_encoder(name), cache) for name in ENCODERS]
    space = Space.of(blocks)
    of_pieces = space.place([embed(pieces, open_encoder(name), cache) for name in ENCODERS])
    base = space.place(blocks)
    chosen = random.integers(len(source), size=n)
    texts = [varied(source[i], random) for i in chosen]
    found = [cut(str(i), text) or [] for i, text in enumerate(texts)]
    segments = [segment.text for each in found for segment in each]
    owners = np.array([i for i, each in enumerate(found) for _ in each], dtype=np.int64)
    whole = noisy(base[chosen], random)
    parts = noisy(whole[owners], random)
    codes = list(dict.fromkeys(piece.code for piece in corpus.code_texts))
    before = peak_mb()

    start = time.perf_counter(), time.process_time()
    words = WordSpace([*texts, *pieces])
    study = known(
        Answers(
            Texts(whole, words.of(texts)),
            Texts(parts, words.of(segments)),
            owners,
            np.array([len(segment) for segment in segments], dtype=np.float64),
            np.zeros(n, dtype=np.int64),
            np.arange(n),
        ),
        CodebookTexts(
            Texts(of_pieces, words.of(pieces)),
            np.array([codes.index(piece.code) for piece in corpus.code_texts]),
            np.array([piece.kind for piece in corpus.code_texts]),
            np.full(len(pieces), -1),
            np.ones((len(codes), 1), dtype=bool),
        ),
    )
    learned = learn(study, nothing(len(codes)))
    took = time.perf_counter() - start[0], time.process_time() - start[1]

    # people give the likeliest code: what is measured is the time, whatever they give
    some = np.sort(random.permutation(n)[: min(CODED, n)])
    given = np.eye(len(codes))[learned.probabilities[some].argmax(axis=1)]
    coded = Coded(
        some, given, np.ones(len(some)), *(getattr(nothing(len(codes)), f) for f in SEGMENTS)
    )
    times = []
    for _ in range(2):
        start = time.perf_counter(), time.process_time()
        learn(study, coded)
        times += [time.perf_counter() - start[0], time.process_time() - start[1]]
    print(json.dumps([n, len(segments), *took, *times, before, peak_mb()]))


SEGMENTS = ("segments", "segment_codes", "segment_weights")


def nothing(codes: int) -> Coded:
    none = np.zeros(0, dtype=np.int64)
    return Coded(none, np.zeros((0, codes)), np.zeros(0), none, np.zeros((0, codes)), np.zeros(0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    (ROOT / ".themecoder").mkdir(exist_ok=True)
    if options.one:
        one(options.one)
        return
    if options.smallest:
        options.sizes = "300"
    print(
        "| answers | segments | suggestions s | CPU | refit s | CPU | again | CPU | MB | peak MB |"
    )
    print("|---" * 10 + "|")
    for n in map(int, options.sizes.split(",")):
        command = [sys.executable, __file__, "--one", str(n)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(done.stderr)
        counts = json.loads(done.stdout.strip().splitlines()[-1])
        cells = [f"{r:,}" for r in counts[:2]] + [f"{r:.1f}" for r in counts[2:8]]
        print("| " + " | ".join([*cells, *(f"{r:.0f}" for r in counts[8:])]) + " |", flush=True)


if __name__ == "__main__":
    main()
