"""Time and memory of each command on an export of 10,000 to 1,000,000 respondents.

    python benchmarks/tables.py [--sizes 10000,100000,1000000] [--format csv,parquet]

The export has an id, two times, 12 closed columns and two open questions. A respondent's closed
answers are those of a random row of the shipped study; the open answers are the study's, varied as
in ``benchmarks/scale.py``, given by 95 and by 80 % of them. Two coders coded 20,000 answers, as
the study's coders coded the texts that they were made of. Each command runs in a process of its
own: ``s`` is time on the clock, ``CPU s`` of computing, ``MB`` its largest resident memory and
``own`` the largest of what is no mapped file, sampled.

What is masked in the answers is in the cache before (nothing, here): what is measured is the
reading, not the rules.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scale import ROOT, varied

from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Quote
from themecoder.masking.store import masking_fingerprint
from themecoder.storage.sqlite_cache import SqliteCache, cache_key

SIZES = (10_000, 100_000, 1_000_000)
CODED = 20_000
CLOSED = ("q1", "q2", "q3", "q5", "q6_a", "q6_b", "q6_c", "q9", "q20", "q23", "q24", "q25")
OPEN = {"q7": 0.95, "q18": 0.8}
CODERS = ("coder_a", "coder_b")
COMMANDS = {
    "import": ("import",),
    "mask": ("mask",),
    "plan": ("plan", "--by", "random", "--next", "500"),
    "status": ("status",),
    "next": ("next",),
    "agreement": ("agreement",),
    "counts": ("counts",),
    "quotes": ("quotes",),
    "coding export": ("coding", "export", "coding.csv"),
}
STUDY = """\
id = "consultation"
title = "Consultation"
language = "nl"
[survey]
file = "data/{file}"
id = "respondent_id"
include = "q1 in a,b,c"
[[questions]]
id = "q7"
text = "Kunt u uw antwoord toelichten?"
asked = "q1 in a,b"
[[questions]]
id = "q18"
text = "Wilt u verder nog iets kwijt?"
[[attributes]]
id = "leeftijd"
column = "q23"
label = "Leeftijd"
bands = [18, 25, 35, 50, 65]
[[attributes]]
id = "gender"
column = "q24"
label = "Gender"
[[closed]]
id = "q2"
kind = "single"
text = "Krijgt u zorg?"
values = {{ a = "Ja", b = "Wachtlijst", c = "Eerder", d = "Nooit" }}
[[closed]]
id = "q6"
kind = "multiple"
text = "Waarom?"
asked = "q3=a"
options = {{ q6_a = "Gratis", q6_b = "Luisterend oor", q6_c = "Laagdrempelig" }}
[[closed]]
id = "q23"
kind = "number"
text = "Wat is uw leeftijd?"
[codebook]
id = "mind-genai"
[coding]
coders = ["coder_a", "coder_b"]
[counts]
source = "coder:coder_a"
accept_partial = true
[quotes]
attributes = ["gender", "leeftijd"]
"""


def respondents(
    n: int, random: np.random.Generator
) -> Iterator[tuple[list[str], dict[str, str | None]]]:
    """A row of the export, and per question whose answer its text was made of."""
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    sources = {
        question: [row for row in rows if len(row[question].split()) > 3] for question in OPEN
    }
    for number in range(n):
        row = rows[int(random.integers(len(rows)))]
        cells, made_of = [f"r{number:08d}", row["start"], row["eind"]], {}
        cells += [row[name] for name in CLOSED]
        for question, share in OPEN.items():
            if (question == "q7" and row["q1"] == "c") or random.random() > share:
                cells.append("")
                continue
            source = sources[question][int(random.integers(len(sources[question])))]
            cells.append(varied(source[question], random))
            made_of[question] = source["respondent_id"]
        yield cells, made_of


def make(folder: Path, n: int, kinds: list[str]) -> dict[str, float]:
    """A study of ``n`` respondents in ``folder``; the MB of its export in each format."""
    random = np.random.default_rng(n)
    (folder / "data").mkdir(parents=True)
    shutil.copytree(ROOT / "codebooks", folder / "codebooks")
    header = ["respondent_id", "start", "eind", *CLOSED, *OPEN]
    coded = {
        (question, coder): {
            coding.answer_id.partition(":")[0]: coding
            for coding in read_codings(ROOT / "annotations" / question / f"{coder}.jsonl")
        }
        for question in OPEN
        for coder in CODERS
    }
    every = max(1, int(n * sum(OPEN.values()) * 0.9 / CODED))
    made: dict[tuple[str, str], list] = {key: [] for key in coded}
    base = masking_fingerprint("nl", [], {})
    masks, cache = {}, SqliteCache(folder / ".themecoder" / "masks.sqlite")
    seen = 0
    with (folder / "data" / "survey.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        for cells, made_of in respondents(n, random):
            writer.writerow(cells)
            for question, source in made_of.items():
                text = cells[header.index(question)]
                masks[cache_key(base, text)] = b"[]"
                seen += 1
                if seen % every:
                    continue
                for coder in CODERS:
                    coding = coded[question, coder].get(source)
                    if coding is not None:
                        quotes = [Quote(0, len(text), code, text) for code in coding.codes]
                        answer = f"{cells[0]}:{question}"
                        own = replace(coding, answer_id=answer, quotes=tuple(quotes))
                        made[question, coder].append(own)
            if len(masks) > 100_000:
                cache.put(masks)
                masks = {}
    cache.put(masks)
    for (question, coder), codings in made.items():
        write_codings(folder / "annotations" / question / f"{coder}.jsonl", codings)
    if "parquet" in kinds:
        import pyarrow.csv
        import pyarrow.parquet

        text = dict.fromkeys(header, pyarrow.string())
        table = pyarrow.csv.read_csv(
            folder / "data" / "survey.csv",
            parse_options=pyarrow.csv.ParseOptions(delimiter=";"),
            convert_options=pyarrow.csv.ConvertOptions(column_types=text),
        )
        pyarrow.parquet.write_table(table, folder / "data" / "survey.parquet")
    return {kind: (folder / "data" / f"survey.{kind}").stat().st_size / 2**20 for kind in kinds}


def measured(folder: Path, command: tuple[str, ...]) -> tuple[float, float, float, float, int]:
    """Seconds on the clock and of computing, the largest resident memory and what is no mapped file
    of it (MB), exit code."""
    start = time.perf_counter()
    line = [sys.executable, "-m", "themecoder", *command, "--study", str(folder)]
    own = 0
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=errors)
        status = Path(f"/proc/{process.pid}/status")
        while True:
            ended, code, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            for entry in status.read_text().splitlines():
                if entry.startswith("RssAnon"):
                    own = max(own, int(entry.split()[1]))
            time.sleep(0.05)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(code)
        if process.returncode:
            errors.seek(0)
            print(f"{' '.join(command)}: {errors.read()[-2000:]}", file=sys.stderr)
    computed = used.ru_utime + used.ru_stime
    return took, computed, used.ru_maxrss / 1024, own / 1024, process.returncode


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--format", default="csv", help="csv, parquet or both: csv,parquet")
    parser.add_argument("--commands", default=",".join(COMMANDS))
    parser.add_argument("--keep", type=Path, help="a folder to make the studies in, and to find")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    if options.smallest:
        options.sizes, options.format, options.commands = "300", "csv,parquet", "import"
    kinds = options.format.split(",")
    print("| respondents | export | MB | command | s | CPU s | MB | own MB |")
    print("|---" * 8 + "|")
    with tempfile.TemporaryDirectory() as temporary:
        for n in map(int, options.sizes.split(",")):
            folder = (options.keep or Path(temporary)) / str(n)
            about = folder / "sizes.json"
            if not about.is_file():
                about.write_text(json.dumps(make(folder, n, kinds)))
            sizes = json.loads(about.read_text())
            for kind in kinds:
                (folder / "study.toml").write_text(STUDY.format(file=f"survey.{kind}"), "utf-8")
                for name in options.commands.split(","):
                    *seconds, peak, own, code = measured(folder, COMMANDS[name])
                    cells = [f"{n:,}", kind, f"{sizes[kind]:.1f}", name]
                    cells += [f"{one:.1f}" for one in seconds] + [f"{peak:.0f}", f"{own:.0f}"]
                    print("| " + " | ".join(cells) + " |", flush=True)
                    if code:
                        sys.exit(1)


if __name__ == "__main__":
    main()
