"""Push and pull of many answers, against one bare import with the SDK in the same run.

    python benchmarks/label_studio.py [--answers 10000] [--database postgresql] [--push-only]

Needs Label Studio (make server). Answers are made up, suggestions too: nothing of mining is timed.
Prints seconds, ratios and the peak memory of the commands as a user runs them.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "server"))

from postgres_cluster import SWITCH
from real_server import Server, make_study, running_server

from themecoder.coding.label_studio.config import label_config
from themecoder.coding.label_studio.tasks import prediction, task_data
from themecoder.coding.plan_file import read_plan
from themecoder.study import Study

THEMECODER = str(Path(sys.executable).with_name("themecoder"))
_TEXT = """het praat mee en geeft altijd antwoord ook in de nacht maar ik mis een mens die
doorvraagt
over mijn gegevens maak ik me zorgen de weg is druk en luid er is weinig groen in de straat"""
WORDS = _TEXT.split()


def timed(what: Callable[[], Any]) -> float:
    start = time.perf_counter()
    what()
    return time.perf_counter() - start


def command(study: Path, server: Server, *words: str) -> tuple[float, float]:
    """Seconds of a command in a process of its own, and its peak memory in MiB."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    seconds = timed(
        lambda: subprocess.run(
            [THEMECODER, *words, "--study", str(study), "--url", server.url],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return seconds, max(before, after) / 1024


def make(folder: Path, answers: int) -> Path:
    chance = random.Random(1)
    texts = [
        " ".join(chance.choices(WORDS, k=chance.randint(5, 40))) + f" {n}" for n in range(answers)
    ]
    study = make_study(folder, texts)
    rows = [f'R{n:02d};"{text}";' for n, text in enumerate(texts, start=1)]
    (study / "survey.csv").write_text("\n".join(["respondent;q1;q2", *rows, ""]), "utf-8")
    Study.open(study).masked_texts()
    Study.open(study).plan()
    planned = read_plan(study / "annotations" / "plan.csv")
    with (study / "suggestions" / "q1.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(("answer_id", "code", "score"))
        writer.writerows((row.answer_id, "geluid", "0.8000") for row in planned)
    return study


def bare_import(study: Path, server: Server) -> float:
    """One import of the same tasks with the SDK, as a user's script would do it."""
    from label_studio_sdk import LabelStudio

    opened = Study.open(study)
    texts = opened.masked_texts()
    tasks = []
    for row in read_plan(opened.paths.plan):
        if row.question == "q1":
            data = task_data(row, "Wat vindt u van uw buurt?", texts[row.answer_id].masked)
            more = {} if row.blind else {"predictions": [prediction([("geluid", 0.8)], "m")]}
            tasks.append({"data": data, **more})
    sdk = LabelStudio(base_url=server.url, api_key=server.token)
    config = label_config(opened.codebooks.read("1.0.0"))
    project = sdk.projects.create(title="bare", label_config=config)
    return timed(
        lambda: sdk.projects.import_tasks(
            id=project.id, request=tasks, request_options={"timeout_in_seconds": 600}
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=10_000)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    parser.add_argument("--push-only", action="store_true", help="one bare import and one push")
    options = parser.parse_args()
    if options.database:
        os.environ[SWITCH] = options.database
    if options.smallest:
        options.answers = 40
    with (
        tempfile.TemporaryDirectory() as name,
        running_server(Path(name) / "host") as server,
    ):
        os.environ["THEMECODER_TOKEN"] = server.token
        study = make(Path(name) / "study", options.answers)
        bare = bare_import(study, server)
        opened = Study.open(study)
        opened.masked_texts()
        tasks = sum(row.question == "q1" for row in read_plan(opened.paths.plan))
        database = options.database or os.environ.get(SWITCH) or "sqlite"
        print(f"{options.answers} answers, {tasks} tasks, suggestions but for a blind quarter")
        print(f"database: {database}", flush=True)
        push = timed(lambda: opened.push(["q1"], server.url, first=tasks))
        again = timed(lambda: Study.open(study).push(["q1"], server.url, first=tasks))
        if options.push_only:
            print(f"bare SDK import        {bare:6.1f} s   (one, before the push)")
            print(f"push                   {push:6.1f} s   {bare / push:.2f} times as fast")
            print(f"push, nothing to do    {again:6.1f} s   {again / push:.2f} of the push")
            return
        bare = (bare + bare_import(study, server)) / 2
        pull = timed(lambda: Study.open(study).pull(["q1"], server.url))
        pull_again = timed(lambda: Study.open(study).pull(["q1"], server.url))
        words = ("push", "-q", "q1", "--first", str(tasks))
        seconds, memory = command(study, server, *words)
        (study / ".themecoder" / "label_studio" / "push-q1.json").unlink()
        whole, memory_whole = command(study, server, *words)
        print(f"bare SDK import        {bare:6.1f} s   (mean of one before and one after the push)")
        print(f"push                   {push:6.1f} s   {bare / push:.2f} times as fast")
        print(f"push, nothing to do    {again:6.1f} s   {again / push:.2f} of the push")
        print(f"  as a command         {seconds:6.1f} s   {memory:.0f} MiB")
        print(f"  reading all tasks    {whole:6.1f} s   {memory_whole:.0f} MiB")
        print(f"pull                   {pull:6.1f} s")
        print(f"pull, nothing to do    {pull_again:6.1f} s   {pull_again / push:.2f} of the push")


if __name__ == "__main__":
    main()
