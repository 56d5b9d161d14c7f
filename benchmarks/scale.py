"""Time and memory of mining from 1,000 to 50,000 answers, one fresh process a size.

    python benchmarks/scale.py [--sizes 1000,5000,20000,50000]

The answers are the shipped study's, repeated with variation: words dropped and neighbours swapped.
Embedding grows with the number of texts and is measured as a rate on 200 of the varied answers;
for the clustering each varied answer has its source's vector with noise, so that hours of embedding
are not part of every run (the cosine of a varied answer to its source is about .8, as the encoders'
own is). ``graph + themes`` is all of ``cluster``: spelling, neighbours, consensus, segments, map.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from scores import peak_mb

from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Space
from themecoder.themes.cluster import EmbeddedTexts, cluster
from themecoder.themes.segments import cut

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = ("e5-small-q4", "use-multilingual-v3")
QUESTIONS = ("q7", "q15", "q18", "q19")
SIZES = (1000, 5000, 20000, 50000)


def answers() -> list[str]:
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return sorted({row[q] for row in rows for q in QUESTIONS if len(row[q].split()) > 3})


def varied(text: str, random: np.random.Generator) -> str:
    """The text with one word in ten dropped and one pair of neighbours swapped."""
    words = text.split()
    words = [w for w in words if random.random() > 0.1] or words
    if len(words) > 2:
        i = int(random.integers(len(words) - 1))
        words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def noisy(vectors: np.ndarray, random: np.random.Generator) -> np.ndarray:
    noise = random.standard_normal(vectors.shape, dtype=np.float32) * 0.75
    noise /= np.float32(np.sqrt(vectors.shape[1]))
    noise += vectors
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    return noise


def one(n: int, cache: Path) -> None:
    random = np.random.default_rng(n)
    source = answers()
    blocks = [embed(source, open_encoder(name), cache) for name in ENCODERS]
    base = Space.of(blocks).place(blocks)
    chosen = random.integers(len(source), size=n)
    start = time.perf_counter()
    texts = [varied(source[i], random) for i in chosen]
    found = [cut(str(i), text) or [] for i, text in enumerate(texts)]
    pieces = [segment.text for each in found for segment in each]
    owners = np.array([i for i, each in enumerate(found) for _ in each], dtype=np.int64)
    cutting = time.perf_counter() - start
    whole = noisy(base[chosen], random)
    parts = noisy(whole[owners], random)
    before = peak_mb()
    start = time.perf_counter()
    themes = cluster(parts, owners, texts=pieces, answers=EmbeddedTexts(whole, texts))
    seconds = time.perf_counter() - start
    peak = peak_mb()
    print(json.dumps([n, len(pieces), len(themes.stability), cutting, seconds, before, peak]))


def rate(cache: Path) -> None:
    random = np.random.default_rng(0)
    texts = [varied(text, random) for text in answers()[:200]]
    embed(answers()[:5], open_encoder(ENCODERS[0]), cache)
    for name in ENCODERS:
        encoder = open_encoder(name)
        encoder.encode(texts[:2])
        start = time.perf_counter()
        encoder.encode(texts)
        print(f"{name}: {len(texts) / (time.perf_counter() - start):.0f} answers a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    cache = ROOT / ".themecoder" / "benchmark.sqlite"
    cache.parent.mkdir(exist_ok=True)
    if options.one:
        one(options.one, cache)
        return
    if options.smallest:
        options.sizes = "300"
    rate(cache)
    print("\n| answers | segments | themes | cutting s | graph + themes s | MB before | peak MB |")
    print("|---" * 7 + "|")
    for n in map(int, options.sizes.split(",")):
        command = [sys.executable, __file__, "--one", str(n)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        r = json.loads(done.stdout.strip().splitlines()[-1])
        cells = [f"{r[0]:,}", f"{r[1]:,}", f"{r[2]}", f"{r[3]:.1f}", f"{r[4]:.1f}"]
        print("| " + " | ".join([*cells, f"{r[5]:.0f}", f"{r[6]:.0f}"]) + " |", flush=True)


if __name__ == "__main__":
    main()
