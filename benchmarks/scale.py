"""Time and memory of mining from 1,000 to 1,000,000 answers, stage by stage, one process a size.

    python benchmarks/scale.py [--sizes 1000,10000,50000,100000,200000,1000000]

The answers are the shipped study's, repeated with variation: words dropped and neighbours swapped.
Their vectors are synthetic: each varied answer has its source's vector with noise (the cosine of a
varied answer to its source is about .8, as the encoders' own is), so that days of embedding are not
part of a run. The rate of embedding is measured on 200 of the varied answers. The vectors lie in a
file that is mapped into memory, as those of a study of this size do; ``own MB`` is the largest
memory beside it, sampled. ``processor s`` counts what all threads of the whole process took, making
the answers and their vectors included: on a machine that does other work too it is the steadier.

Below the table: by which power of the number of answers the time of each stage grows, a straight
line through the logarithms of all sizes (1 = linear).
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.embeddings.space import Space
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.settings.model import MiningSettings
from themecoder.themes import cluster as clustering
from themecoder.themes import many
from themecoder.themes.cluster import EmbeddedTexts
from themecoder.themes.describe import describe
from themecoder.themes.many import Bounds, cluster_many
from themecoder.themes.placing import Electors
from themecoder.themes.segments import cut
from themecoder.themes.speaking import speaking
from themecoder.themes.store import StoredThemes, write_themes

ROOT = Path(__file__).resolve().parent.parent
ENCODERS = ("e5-small-q4", "use-multilingual-v3")
QUESTIONS = ("q7", "q15", "q18", "q19")
SIZES = (1000, 10_000, 50_000, 100_000, 200_000, 1_000_000)
STAGES = {
    "prepare": (clustering, "_prepared"),
    "neighbours": (clustering, "neighbour_graph"),
    "consensus": (clustering, "themes_of"),
    "votes": (Electors, "votes"),
    "map": (clustering, "layout"),
    "others": (many, "_with_the_others"),
}
"""What is timed inside of the grouping, by the functions that do it; the others' votes in both."""
COLUMNS = ("cut", *STAGES, "grouping", "lemmas", "describe", "write")
_MORE = ("vectors MB", "recall", "placed alike")
_BLOCK = 50_000


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


def mapped(
    source: np.ndarray, rows: np.ndarray, folder: Path, name: str, random: np.random.Generator
) -> np.ndarray:
    """The noisy vectors of ``source[rows]`` in a file, mapped."""
    made = np.memmap(folder / name, np.float32, "w+", shape=(len(rows), source.shape[1]))
    for start in range(0, len(rows), _BLOCK):
        part = slice(start, start + _BLOCK)
        made[part] = noisy(source[rows[part]], random)
    made.flush()
    del made
    return np.memmap(folder / name, np.float32, "r", shape=(len(rows), source.shape[1]))


class Memory:
    """The largest memory of this process that is not a mapped file, looked at all the time."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._ended.wait(0.05):
            for line in Path("/proc/self/status").read_text().splitlines():
                if line.startswith("RssAnon"):
                    self.peak = max(self.peak, int(line.split()[1]) / 1024)

    def end(self) -> float:
        self._ended.set()
        self._thread.join()
        return self.peak


class Stages:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*values: Any, **named: Any) -> Any:
            start = time.perf_counter()
            try:
                return function(*values, **named)
            finally:
                self.seconds[stage] += time.perf_counter() - start

        return run


def one(n: int, cache: Path, bounds: Bounds, folder: Path) -> dict[str, Any]:
    """What ``n`` answers take: seconds of the stages, memory, and what was found."""
    random = np.random.default_rng(n)
    source = answers()
    blocks = [embed(source, open_encoder(name), cache) for name in ENCODERS]
    base = Space.of(blocks).place(blocks)
    chosen = random.integers(len(source), size=n)
    texts = [varied(source[i], random) for i in chosen]
    ids = [f"{i:07d}:q" for i in range(n)]
    stages = Stages()
    for stage, (owner, name) in STAGES.items():
        setattr(owner, name, stages.timed(stage, getattr(owner, name)))
    cutting = stages.timed("cut", lambda: [cut(*pair) for pair in zip(ids, texts, strict=True)])
    found = cutting()
    segments = [segment for each in found for segment in each]
    owners = np.array([i for i, each in enumerate(found) for _ in each], dtype=np.int64)
    del found
    whole = mapped(base, chosen, folder, "answers", random)
    parts = mapped(base, chosen[owners], folder, "segments", random)
    memory = Memory()
    grouped, shortcuts = stages.timed("grouping", cluster_many)(
        parts,
        owners,
        texts=[segment.text for segment in segments],
        answers=EmbeddedTexts(whole, texts),
        bounds=bounds,
    )
    heard = speaking(grouped.labels, owners, bounds.sample)
    read = np.arange(len(segments)) if heard is None else heard
    lemmas = load_pipeline("nl")
    tokens = stages.timed("lemmas", lemmas)([segments[place].text for place in read])
    described = stages.timed("describe", describe)(
        "q",
        segments,
        grouped,
        parts[read],
        tokens=tokens,
        texts=dict(zip(ids, texts, strict=True)),
        speaking=heard,
    )
    stored = StoredThemes(
        described.themes, (), described.next_id, shortcuts.record(), centroids=described.centroids
    )
    stages.timed("write", write_themes)(folder / "themes", stored)
    return {
        "answers": n,
        "segments": len(segments),
        "themes": len(grouped.stability),
        "seconds": dict(stages.seconds),
        "processor": time.process_time(),
        "own": memory.end(),
        "vectors": (whole.nbytes + parts.nbytes) / 2**20,
        **shortcuts.record(),
    }


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


def slopes(results: list[dict[str, Any]]) -> None:
    """By which power of the number of answers the seconds of each stage grow."""
    for stage in COLUMNS:
        took = [(r["answers"], r["seconds"].get(stage, 0)) for r in results]
        points = np.log([pair for pair in took if pair[1] > 0.05])
        if len(points) > 1:
            print(f"{stage}: {np.polyfit(points[:, 0], points[:, 1], 1)[0]:.2f}")


def main() -> None:
    default = MiningSettings()
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--exact-up-to", type=int, default=default.exact_up_to)
    parser.add_argument("--sample", type=int, default=default.sample)
    parser.add_argument("--no-rate", action="store_true", help="leave out the rate of embedding")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    cache = ROOT / ".themecoder" / "benchmark.sqlite"
    cache.parent.mkdir(exist_ok=True)
    if options.one:
        bounds = Bounds(options.exact_up_to, options.sample)
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(one(options.one, cache, bounds, Path(folder))))
        return
    if options.smallest:
        options.sizes, options.exact_up_to, options.sample = "150,300", 150, 200
    if not options.no_rate:
        rate(cache)
    head = ["answers", "segments", "themes", *(f"{stage} s" for stage in COLUMNS)]
    print("\n| " + " | ".join([*head, "processor s", "own MB", *_MORE]) + " |")
    print("|---" * (len(head) + 5) + "|")
    results = []
    for n in map(int, options.sizes.split(",")):
        bounds = ["--exact-up-to", str(options.exact_up_to), "--sample", str(options.sample)]
        command = [sys.executable, __file__, "--one", str(n), *bounds]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        r = json.loads(done.stdout.strip().splitlines()[-1])
        results.append(r)
        cells = [f"{r['answers']:,}", f"{r['segments']:,}", f"{r['themes']}"]
        cells += [f"{r['seconds'].get(stage, 0):.1f}" for stage in COLUMNS]
        cells += [f"{r['processor']:.0f}", f"{r['own']:.0f}", f"{r['vectors']:.0f}"]
        cells += [str(r.get("neighbours", {}).get("recall", ""))]
        cells += [str(r.get("sample", {}).get("placed_alike", ""))]
        print("| " + " | ".join(cells) + " |", flush=True)
    print()
    slopes(results)


if __name__ == "__main__":
    main()
