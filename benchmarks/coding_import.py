"""Time and memory of ``themecoder coding import`` from 1,000 to 100,000 codings, a process a size.

    python benchmarks/coding_import.py [--sizes 1000,10000,100000]

A fifth as many respondents as codings answer one question; five coders code all answers, each in a
column of one Excel sheet with the text of the answers beside it, or in a CSV with a row for each
coding and no id of the respondent: then answers are matched by their texts. Measured is the whole
command with ``--apply``, and a second run, which finds everything there.
"""

from __future__ import annotations

import argparse
import atexit
import csv
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import openpyxl
from scores import peak_mb

from themecoder.cli import app

CODERS = tuple(f"codeur{n}" for n in range(1, 6))
CODES = 30
WORDS = [
    "data",
    "arts",
    "wachttijd",
    "vertrouwen",
    "privacy",
    "gesprek",
    "mens",
    "gemak",
    "kosten",
    "app",
    "thuis",
    "nacht",
]
SIZES = (1000, 10_000, 100_000)


def make_study(folder: Path, respondents: int, random: np.random.Generator) -> list[str]:
    """A study with that many answers; returns their texts."""
    config = [
        'id = "groot"\ntitle = "Groot"\n\n[survey]\nfile = "data/enquete.csv"\nid = "nr"\n',
        '[[questions]]\nid = "q1"\ntext = "Wat vindt u?"\n\n[codebook]\nid = "groot"\n',
        f"[coding]\ncoders = [{', '.join(f'{chr(34)}{coder}{chr(34)}' for coder in CODERS)}]\n",
    ]
    (folder / "data").mkdir(parents=True)
    (folder / "study.toml").write_text("\n".join(config), encoding="utf-8")
    book = "id: groot\nversion: 1.0.0\nlanguage: nl\ntitle: Groot\nreleased: '2026-01-01'\n"
    book += "groups: []\ncodes:\n"
    book += "".join(f"- id: c{n}\n  label: Thema {n}\n  definition: '-'\n" for n in range(CODES))
    (folder / "codebooks" / "groot").mkdir(parents=True)
    (folder / "codebooks" / "groot" / "1.0.0.yaml").write_text(book + "changes: []\n")
    texts = [
        f"{' '.join(random.choice(WORDS, size=12))} en dat is nummer {n}"
        for n in range(respondents)
    ]
    with (folder / "data" / "enquete.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("nr", "q1"), *enumerate(texts, start=1)])
    return texts


def cell(random: np.random.Generator) -> str:
    numbers = random.choice(CODES, size=int(random.integers(1, 4)), replace=False)
    return "; ".join(f"Thema {n}" for n in numbers)


def write_columns(file: Path, texts: list[str], random: np.random.Generator) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Codering")
    sheet.append(["nr", "antwoord", *(f"codes {coder}" for coder in CODERS)])
    for n, text in enumerate(texts, start=1):
        sheet.append([n, text, *(cell(random) for _ in CODERS)])
    book.save(file)


def write_rows(file: Path, texts: list[str], random: np.random.Generator) -> None:
    with file.open("w", encoding="utf-8", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow(("antwoord", "codeur", "codes"))
        for coder in CODERS:
            rows.writerows((text, coder, cell(random)) for text in texts)


def imported(study: Path, file: Path) -> tuple[float, float, float]:
    """Seconds of one command with its start, those that the processor worked, and the peak of its
    memory in MB."""
    command = [sys.executable, __file__, "--one", str(study), str(file)]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    worked, memory = map(float, done.stderr.split()[-2:])
    return time.perf_counter() - start, worked, memory


def one(study: str, file: str) -> None:
    """The command in this process, which says at its end how much memory it had."""
    sys.argv = ["themecoder", "coding", "import", file, "--apply", "--study", study]
    atexit.register(lambda: print(time.process_time(), peak_mb(), file=sys.stderr))
    app()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--smallest", action="store_true", help="only 500 codings")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    sizes = [500] if options.smallest else [int(size) for size in options.sizes.split(",")]
    print("| codings | file | seconds | CPU | MB | again | CPU | MB |")
    print(f"|--:|---|{'--:|' * 6}")
    for size in sizes:
        for name, write in (("columns.xlsx", write_columns), ("texts.csv", write_rows)):
            with tempfile.TemporaryDirectory() as folder:
                random = np.random.default_rng(size)
                study, file = Path(folder) / "study", Path(folder) / name
                texts = make_study(study, size // len(CODERS), random)
                write(file, texts, random)
                first, again = imported(study, file), imported(study, file)
            figures = [f"{one:.1f}" for one in (*first, *again)]
            print(f"| {size:,} | {name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
