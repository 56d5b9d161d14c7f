"""Push, code, pull and a new codebook version while requests fail and processes are killed.

    python tests/server/fault_run.py --runs 200 --seed 1 --jobs 2

Each run draws its faults from its seed: requests that are dropped, cut after they were passed on,
delayed, answered 500, 401 or 429, and commands killed with SIGKILL, after so many of their requests
and a moment. Then one clean sync, and the account: no task twice, no annotation lost or changed,
all of it in the study's files. Each job has a server of its own, which is what a run waits for;
with ``--database postgresql`` that works with a PostgreSQL of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from fault_proxy import FAULTS, FaultProxy
from killed_command import run_killed
from postgres_cluster import SWITCH
from real_server import Server, make_study, opened, project_of, running_server, tasks_of

from themecoder.codebook import edits
from themecoder.coding.annotations import read_codings
from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.project import find_project
from themecoder.coding.label_studio.results import Result, Span, read_result, write_result
from themecoder.coding.label_studio.server_tasks import annotated_tasks
from themecoder.coding.label_studio.sync_state import project_key
from themecoder.coding.plan_file import read_plan
from themecoder.errors import ThemecoderError
from themecoder.study import Study

CODES = ("geluid", "lawaai", "groen", "buren")
MERGED = {"lawaai": "geluid"}
QUESTIONS = ("q1", "q2")


@dataclass
class Made:
    """An annotation that a coder made: of which task, and what it says."""

    answer_id: str
    coder: str
    round: int
    result: Result


@dataclass
class Run:
    """One run: the study, what its coders made by annotation id, and what went wrong on purpose."""

    study: Path
    server: Server
    proxy: FaultProxy
    random: random.Random
    made: dict[int, Made] = field(default_factory=dict)
    released: bool = False
    kills: int = 0
    gave_up: int = 0

    def act(self, command: str) -> None:
        """Push or pull through the proxy; it may fail, give up with a message, or be killed."""
        if self.random.random() < 0.3:
            self.kills += 1
            words = [command, "--study", str(self.study), "--url", self.proxy.url]
            last = len(self.proxy.seen) + self.random.randint(0, 30)
            late = self.random.uniform(0.0, 0.2)
            run_killed(words, self.server.token, lambda: len(self.proxy.seen) < last, late)
            return
        try:
            getattr(opened(self.study), command)(url=self.proxy.url)
        except ThemecoderError as error:
            self.gave_up += 1
            assert {p.key.split(".")[0] for p in error.problems} <= {"server", "pull", "plan"}

    def code(self, client: Client) -> None:
        """Coders code some of what is on the server; they reach it without the proxy."""
        texts = Study.open(self.study).masked_texts()
        done = {(m.answer_id, m.coder, m.round) for m in self.made.values()}
        codes = [code for code in CODES if not (self.released and code in MERGED)]
        for question in QUESTIONS:
            for key, tasks in _tasks(self.study, client, question).items():
                if key in done or self.random.random() < 0.5:
                    continue
                text = texts[key[0]].masked
                chosen = tuple(sorted(self.random.sample(codes, self.random.randint(0, 2))))
                spans = []
                for code in chosen[:1]:
                    start = self.random.randrange(len(text) - 3)
                    spans.append(Span(start, start + 3, code, text[start : start + 3]))
                result = Result(chosen, tuple(spans), self.random.random() < 0.2)
                task = self.random.choice(tasks)
                made = self.server.code(key[1], task, write_result(result))
                self.made[made] = Made(*key, result)

    def release(self) -> None:
        """A merge and a redefinition, as version 2.0.0."""
        folder = opened(self.study).codebooks
        document, draft = folder.draft()
        draft = edits.merge(draft, ["lawaai"], "geluid", "hetzelfde")
        draft = edits.redefine(draft, "groen", "ruimer", definition="Alles wat groeit.")
        folder.save(document, draft)
        folder.release("2026-02-01")
        self.released = True


def _tasks(study: Path, client: Client, question: str) -> dict[tuple[str, str, int], list[int]]:
    """All tasks by key, doubles too: a coder may meet either."""
    from themecoder.coding.label_studio.server_tasks import by_key, list_tasks

    mark = project_key(opened(study).paths.project_keys, question)
    project = find_project(client, mark) if mark else None
    if project is None:
        return {}
    found = by_key(list_tasks(client, project))
    return {key: [task.id for task in tasks] for key, tasks in found.items()}


def one_run(server: Server, proxy: FaultProxy, folder: Path, seed: int) -> Run:
    """A run with faults, then a clean sync. Raises AssertionError where anything was lost."""
    chance = random.Random(seed)
    run = Run(make_study(folder), server, proxy, chance)
    opened(run.study).plan(double=0.5)
    with Client(server.url, server.token) as client:
        start = len(proxy.seen)
        bad = {
            start + chance.randrange(1, 90): chance.choice(FAULTS)
            for _ in range(chance.randint(2, 5))
        }
        proxy.choose = lambda number, _method, _path: bad.get(number)
        release_at = chance.randrange(2, 6)
        for step in range(7):
            if step == release_at:
                run.release()
            run.act(chance.choice(("push", "push", "pull")))
            run.code(client)
        proxy.choose = lambda *_: None
        clean_sync(run)
        account(run, client)
        for question in QUESTIONS:
            # a server with the projects of 200 runs takes ever longer to find one
            client.projects.delete(id=project_of(run.study, client, question).id)
    return run


def clean_sync(run: Run) -> None:
    study = opened(run.study)
    study.push(url=run.proxy.url)
    opened(run.study).pull(url=run.proxy.url)
    opened(run.study).push(url=run.proxy.url)
    opened(run.study).pull(url=run.proxy.url)


def account(run: Run, client: Client) -> None:
    """Nothing is doubled, lost or changed; what is here is what was coded."""
    study = opened(run.study)
    plan = {row.key for row in read_plan(study.paths.plan)}
    onward = MERGED if run.released else {}
    known = set(CODES) | {"niets"}
    there: dict[int, Result] = {}
    for question in QUESTIONS:
        found = tasks_of(run.study, client, question)  # fails where one is there twice
        assert set(found) == {key for key in plan if key[0].endswith(f":{question}")}
        project = find_project(client, project_key(study.paths.project_keys, question) or "")
        assert project is not None and not project.next
        assert project.version == ("2.0.0" if run.released else "1.0.0")
        for task in annotated_tasks(client, project):
            for annotation in task["annotations"]:
                text = task["data"]["text"]
                there[annotation["id"]] = read_result(annotation["result"], text, known)
    assert set(there) == set(run.made), "annotations on the server"
    for number, made in run.made.items():
        assert there[number] == merged_result(made.result, onward), (number, made)
    here = {
        (coding.answer_id, coding.coder): coding
        for file in sorted((run.study / "annotations").glob("q*/*.jsonl"))
        for coding in read_codings(file)
    }
    last: dict[tuple[str, str], Made] = {}
    for made in sorted(run.made.values(), key=lambda one: one.round):
        last[made.answer_id, made.coder] = made
    assert set(here) == set(last), "codings here"
    texts = study.masked_texts()
    for key, made in last.items():
        coding = here[key]
        result = merged_result(made.result, onward)
        assert coding.codes == result.codes, key
        assert coding.round == made.round
        assert coding.codebook == ("2.0.0" if run.released else "1.0.0")
        spans = {(q.code, q.start, q.end) for q in coding.quotes}
        assert spans == {(s.code, *texts[key[0]].to_original(s.start, s.end)) for s in result.spans}
    _unread_is_empty(run.study)


def merged_result(result: Result, onward: dict[str, str]) -> Result:
    codes = tuple(sorted({onward.get(code, code) for code in result.codes}))
    spans = {Span(s.start, s.end, onward.get(s.code, s.code), s.text) for s in result.spans}
    return Result(codes, tuple(sorted(spans)), result.uncertain, result.remark)


def _unread_is_empty(study: Path) -> None:
    for file in (study / "annotations" / "history").glob("unread/*.jsonl"):
        assert [json.loads(line) for line in file.read_text("utf-8").splitlines()] == []


@contextlib.contextmanager
def _served() -> Iterator[tuple[Server, Path]]:
    with tempfile.TemporaryDirectory() as name, running_server(Path(name) / "host") as server:
        yield server, Path(name)


def run_seeds(seeds: Sequence[int]) -> tuple[Counter[str], list[tuple[int, str]]]:
    """The runs of these seeds against a server of their own: what happened, and what failed."""
    totals: Counter[str] = Counter()
    failed: list[tuple[int, str]] = []
    with _served() as (server, folder), FaultProxy(server.url) as proxy:
        for seed in seeds:
            begun = time.perf_counter()
            try:
                run = one_run(server, proxy, folder / f"run{seed}", seed)
            except Exception as error:  # told with its seed, so that it can be run again
                failed.append((seed, f"{type(error).__name__}: {error}"))
                print(f"seed {seed}: {failed[-1][1]}", flush=True)  # noqa: T201
                proxy.choose = lambda *_: None
                continue
            seconds = time.perf_counter() - begun
            print(f"seed {seed}: holds, {seconds:.0f} s", flush=True)  # noqa: T201
            totals.update(
                {"annotations": len(run.made), "kills": run.kills, "gave up": run.gave_up}
            )
        totals.update(proxy.faults)
        totals["requests"] = len(proxy.seen)
    return totals, failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    if options.database:
        os.environ[SWITCH] = options.database
    begun = time.perf_counter()
    totals: Counter[str] = Counter()
    failed: list[tuple[int, str]] = []
    seeds = range(options.seed, options.seed + options.runs)
    parts = [seeds[job :: options.jobs] for job in range(options.jobs)]
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, mp_context=spawn) as pool:
        for more, wrong in pool.map(run_seeds, parts):
            totals.update(more)
            failed += wrong
    print(f"{options.runs} runs in {time.perf_counter() - begun:.0f} s: {dict(totals)}")  # noqa: T201
    print(f"failed: {failed or 'none'}")  # noqa: T201
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
