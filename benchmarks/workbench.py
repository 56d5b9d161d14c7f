"""What somebody waits for in the workbench: searching, coding, scrolling, the map, the first page.

    python benchmarks/workbench.py [--answers 50000] [--on-page 5000]

Answers are made of words of the language's list. Prints the median of five searches of each kind
in ``--answers``; and of a study with ``--on-page`` answers, served as the command does, how long a
desk takes to open and a coding to be written, a search from the page, the frames while chromium
scrolls, and the memory that it took. Then the map of ``--answers`` points in chromium: until it is
drawn, a frame of moving it, and what is found below the pointer. The page of masks of a study with
``--on-page`` answers, one in ten of them with a name in it. Last the first page of the shipped
study, once the command has printed its address and has read ahead.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from urllib.parse import urljoin

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from scores import peak_mb

from bench_client import Client
from benches import a_bench, a_workbench
from chromium import a_chromium
from coding_study import make_study
from shipped import copy_shipped
from themecoder.answers_search.answers import Answers, Coded, same_texts
from themecoder.answers_search.find import Query, find, likeness_to
from themecoder.answers_search.words import word_index
from themecoder.coding.desk.desk import Said
from themecoder.coding.desk.study_desk import code_answers, open_desk
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.language.tokens import Token
from themecoder.language.words import load
from themecoder.masking.model import KINDS
from themecoder.settings.paths import StudyPaths
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import answers_to_check

_DIMENSIONS = 896
"""Of the vectors of the encoders that are used by default, side by side."""
_MISSED = ("Qwibbel", "Xylotron", "Vlixtor", "Brammezoe", "Dwirfel")
"""Words that no rule knows: a person masks each of them once."""
_READ_AHEAD = 5.0
"""Seconds in which a person's browser starts."""
_SCROLL = """async () => {
  const grid = document.getElementById("grid"), times = [];
  let last = performance.now();
  for (let n = 0; n < 240; n++) {
    grid.scrollTop += 180;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b);
}"""

_SEARCH = """async () => {
  const times = [];
  for (const word of ["niet", "heel", "veel", "goed", "altijd"]) {
    const start = performance.now();
    await (await fetch("/answers/find?coder=anna&words=" + word)).json();
    times.push(performance.now() - start);
  }
  return times;
}"""
_MAP = """async (n) => {
  const { PointMap } = await import("/static/map.js");
  const canvas = document.createElement("canvas");
  document.querySelector("main").append(canvas);
  canvas.width = 800; canvas.height = 600;
  let state = 7;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const points = { x: [], y: [], group: [] };
  for (let i = 0; i < n; i++) {
    const group = i % 40, angle = group / 40 * 6.28;
    points.x.push(Math.cos(angle) + (random() + random() - 1) * .3);
    points.y.push(Math.sin(angle) + (random() + random() - 1) * .3);
    points.group.push(group);
  }
  const start = performance.now();
  const map = new PointMap(canvas, points, { onPoint() {}, onLasso() {} });
  map.paint();
  const drawn = performance.now() - start;
  const frames = performance.now();
  for (let i = 0; i < 60; i++) { map.view.x += .002; map.paint(); }
  const frame = (performance.now() - frames) / 60;
  const pointing = performance.now();
  for (let i = 0; i < 1000; i++) map.nearest(100 + i % 200, 140);
  return [drawn, frame, (performance.now() - pointing) / 1000];
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=50_000)
    parser.add_argument("--on-page", type=int, default=5_000)
    parser.add_argument("--smallest", action="store_true")
    chosen = parser.parse_args()
    many, few = (300, 30) if chosen.smallest else (chosen.answers, chosen.on_page)
    print(f"| {many} answers | ms |\n|---|---|")
    for name, times in searches(many):
        print(f"| {name} | {median(times) * 1000:.0f} |")
    print(f"\n| {few} answers on the page | |\n|---|---|")
    for name, shown in page(few):
        print(f"| {name} | {shown} |")
    print(f"\n| map of {many} points | ms |\n|---|---|")
    for name, ms in map_of(many):
        print(f"| {name} | {ms:.2f} |")
    print(f"\n| masks of {few} answers | median ms |\n|---|---|")
    for name, times in masks_of(few):
        print(f"| {name} | {median(times) * 1000:.0f} |")
    print(f"\n| the shipped study | |\n|---|---|\n| first page, ms | {first_page() * 1000:.0f} |")
    print("done")


def texts_of(n: int, seed: int = 1) -> list[str]:
    lists = load("nl")
    words = sorted(word for word in lists.stop | lists.light if word.isalpha())
    draw = random.Random(seed)
    return [" ".join(draw.choices(words, k=draw.randint(2, 25))) for _ in range(n)]


def searches(n: int) -> list[tuple[str, list[float]]]:
    texts, draw = texts_of(n), np.random.default_rng(1)
    tokens = [tuple(Token(word, word) for word in text.split()) for text in texts]
    answers = Answers(
        [f"r{number}:q1" for number in range(n)],
        np.array(["q1"] * n),
        texts,
        word_index(texts, tokens),
        same_texts(texts),
        np.arange(n),
        {"group": draw.choice(np.array(["a", "b", "c"]), n)},
    )
    coded = Coded(
        draw.choice(np.array(["", "coded", "no_code"]), n),
        {f"code{number}": draw.random(n) < 0.1 for number in range(20)},
        draw.random(n) < 0.1,
    )
    vectors = draw.standard_normal((n, _DIMENSIONS), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.arange(n)
    asked = {
        "a word": Query(words="niet"),
        "two words, alphabetical": Query(words="ik niet", sort="text"),
        "a code in a group": Query(codes=("code1",), attributes={"group": "a"}),
        "all, identical as one": Query(identical=True, sort="often"),
        "all, long first": Query(sort="long"),
        "the like of one": Query(like="r5:q1", sort="like"),
    }
    found = []
    for name, query in asked.items():
        times = []
        for _ in range(5):
            start = time.perf_counter()
            find(answers, coded, query, likeness_to(vectors, rows, 5) if query.like else None)
            times.append(time.perf_counter() - start)
        found.append((name, times))
    return found


def page(n: int) -> list[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        root = make_study(Path(folder) / "study")
        texts = texts_of(n)
        lines = ["respid;V1;V2"] + [f'{1000 + k};"{text}";' for k, text in enumerate(texts)]
        (root / "data" / "enquete.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        rows = [Planned("q1", f"{1000 + k}:q1", "anna", blind=True, place=k + 1) for k in range(n)]
        write_plan(StudyPaths(root).plan, rows)
        study = StudyFolder.open(root)
        study.masked_texts()
        opened = took(lambda: open_desk(study, "anna"))
        first = open_desk(study, "anna").rows[0]
        said = [Said(first.row.answer_id, first.seen, "coded", ("tijd",))]
        coded = took(lambda: code_answers(study, "anna", said))
        with a_bench(root) as url, a_chromium() as browser:
            shown = browser.new_page(viewport={"width": 1280, "height": 800})
            shown.set_default_timeout(300_000)
            shown.goto(url)
            shown.goto(urljoin(url, "/answers?coder=anna"))
            shown.locator("#grid .row").first.wait_for()
            shown.evaluate(_SEARCH)  # the first one is told by the desk's opening
            searched = shown.evaluate(_SEARCH)
            frames = shown.evaluate(_SCROLL)
        return [
            ("searching a word from the page, median ms", f"{median(searched):.0f}"),
            ("memory of this process at most, MB", f"{peak_mb():.0f}"),
            ("opening a coder's desk, ms", f"{opened * 1000:.0f}"),
            ("writing one coding, ms", f"{coded * 1000:.0f}"),
            ("frame while scrolling, median ms", f"{median(frames):.1f}"),
            ("frame while scrolling, 95th of 100, ms", f"{frames[int(len(frames) * 0.95)]:.1f}"),
        ]


def map_of(n: int) -> list[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        root = make_study(Path(folder) / "study")
        with a_bench(root) as url, a_chromium() as browser:
            shown = browser.new_page()
            shown.goto(url)
            names = ("until it is drawn", "a frame of moving it", "what is below the pointer")
            return list(zip(names, shown.evaluate(_MAP, n), strict=True))


def masks_of(n: int) -> list[tuple[str, list[float]]]:
    """Looking through masks and deciding on them, once they are found."""
    with tempfile.TemporaryDirectory() as folder:
        root = make_study(Path(folder) / "study")
        draw = random.Random(2)
        names = ("mevrouw Jansen", "Zutphen", *_MISSED)
        texts = [t if draw.random() > 0.1 else f"{t} {draw.choice(names)} was" for t in texts_of(n)]
        texts[: len(_MISSED)] = [f"{one} was" for one in _MISSED]
        lines = ["respid;V1;V2"] + [f'{1000 + k};"{text}";' for k, text in enumerate(texts)]
        (root / "data" / "enquete.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        with a_workbench(root) as bench:
            client = Client(bench)
            client.page("/masks")
            while bench.busy:
                time.sleep(0.1)
            shown = [one.answer_id for one in answers_to_check(bench.site.study())[:50]]
            asked: dict[str, Callable[[int], object]] = {
                "a page": lambda k: client.page(f"/masks?page={k + 1}"),
                "a search": lambda _: client.page("/masks?show=all&words=niet"),
                "saying that an answer is right": lambda k: client.post(
                    "/masks/accept", answer=shown[k], shown="\n".join(shown)
                ),
                "the page after that": lambda _: client.page("/masks"),
                "masking a word wherever it stands": lambda k: client.post(
                    "/masks/words", words=_MISSED[k], kind=KINDS[k]
                ),
            }
            return [
                (name, [took(partial(ask, k)) for k in range(5)]) for name, ask in asked.items()
            ]


def first_page() -> float:
    with tempfile.TemporaryDirectory() as folder:
        root = copy_shipped(Path(folder) / "study")
        with a_bench(root) as url, a_chromium() as browser:
            shown = browser.new_page()
            time.sleep(_READ_AHEAD)
            return took(lambda: shown.goto(url, wait_until="domcontentloaded"))


def took(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
