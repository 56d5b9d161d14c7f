"""Masks and vectors by one process, and by two local workers of dask: the time, and whether they
are the same.

    python benchmarks/cluster.py [--answers 2000] [--workers 2]

The answers are the shipped study's, repeated with variation (words dropped and neighbours swapped).
Each row is a process of its own, so that lists and models are loaded in each; what workers load,
and their start and end, is part of the time.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import time
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np
from encoders import texts_of_the_study
from scale import varied

from themecoder.cluster.address import Cluster
from themecoder.cluster.dask_workers import DaskWorkers
from themecoder.embeddings.cache import embed
from themecoder.embeddings.encoders import open_encoder
from themecoder.masking.store import mask_all

ENCODERS = ("e5-small-q4", "use-multilingual-v3")


@dataclass(frozen=True)
class Answer:
    answer_id: str
    text: str


def answers(n: int) -> list[Answer]:
    random = np.random.default_rng(0)
    source = texts_of_the_study(n)
    chosen = random.integers(len(source), size=n)
    return [Answer(str(i), varied(source[one], random)) for i, one in enumerate(chosen)]


def one(n: int, workers: int) -> dict[str, float | str]:
    """Seconds of each part, and a hash of what was made; by this process where ``workers`` is 0."""
    given = answers(n)
    made = hashlib.sha256()
    began = time.perf_counter()
    with DaskWorkers(Cluster(None, workers=workers)) if workers else nullcontext() as computing:
        masked = mask_all(given, workers=computing)
        made.update(repr([(name, text.masks) for name, text in masked.items()]).encode())
        seconds = {"masks": time.perf_counter() - began}
        texts = [text.masked for text in masked.values()]
        for name in ENCODERS:
            started = time.perf_counter()
            made.update(embed(texts, open_encoder(name), workers=computing).tobytes())
            seconds[name] = time.perf_counter() - started
    return {**seconds, "all": time.perf_counter() - began, "made": made.hexdigest()}


def apart(n: int, workers: int) -> dict[str, float | str]:
    command = [sys.executable, __file__, "--answers", str(n), "--workers", str(workers), "--one"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    n = 40 if options.smallest else options.answers
    if options.one:
        print(json.dumps(one(n, options.workers)))
        return
    print(f"{n} answers; {os.cpu_count()} cores; load {os.getloadavg()[0]:.1f} before\n")
    rows = {"one process": 0, f"{options.workers} local workers": options.workers}
    parts = ("masks", *ENCODERS, "all")
    print(f"| seconds | {' | '.join(parts)} |\n|---|{'---:|' * len(parts)}")
    made = set()
    for name, workers in rows.items():
        found = apart(n, workers)
        made.add(found["made"])
        print(f"| {name} | {' | '.join(f'{found[part]:.1f}' for part in parts)} |", flush=True)
    if len(made) > 1:
        raise SystemExit("\nother bytes")
    print("\nthe same bytes")


if __name__ == "__main__":
    main()
