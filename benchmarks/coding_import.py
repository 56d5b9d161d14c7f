"""Time and memory of ``themecoder coding import`` from 1,000 to 100,000 codings, a process a size.

    python benchmarks/coding_import.py [--sizes 1000,10000,100000]

A fifth as many respondents as codings answer one question; five coders code all answers, each in a
column of one Excel sheet with the text of the answers beside it, or in a CSV with a row for each
coding and no id of the respondent: then answers are matched by their texts; or in a REFI-QDA
project with a text per answer and a selection of some of its words for each code. Measured is the
whole command with ``--apply``, and a second run, which finds everything there. Quotes are written
with the words of the masked answer: for the project the masks are worked out before, by
``themecoder mask``, whose seconds stand in the last column.
"""

from __future__ import annotations

import argparse
import atexit
import csv
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

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


def guid(*name: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, name))))


def write_project(file: Path, texts: list[str], random: np.random.Generator) -> None:
    users = "".join(f'<User guid="{guid(coder)}" name="{coder}"/>' for coder in CODERS)
    codes = "".join(
        f'<Code guid="{guid("code", n)}" name="Thema {n}" isCodable="true"/>' for n in range(CODES)
    )
    sources = []
    for who, text in enumerate(texts, start=1):
        inside = []
        for coder in CODERS:
            chosen = random.choice(CODES, size=int(random.integers(1, 4)), replace=False)
            for code in chosen:
                start = text.index(" ", int(random.integers(len(text) // 2))) + 1
                end = text.index(" ", start + 8)
                inside.append(
                    f'<PlainTextSelection guid="{guid(who, coder, code)}" name="{text[start:end]}"'
                    f' startPosition="{start}" endPosition="{end}" creatingUser="{guid(coder)}"'
                    f' creationDateTime="2026-03-02T10:00:00Z"><Coding'
                    f' guid="{guid(who, coder, code, "c")}" creatingUser="{guid(coder)}">'
                    f'<CodeRef targetGUID="{guid("code", code)}"/></Coding></PlainTextSelection>'
                )
        sources.append(
            f'<TextSource guid="{guid(who)}" name="{who}" plainTextPath="internal://{who}.txt">'
            f"{''.join(inside)}</TextSource>"
        )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        head = '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0"'
        book = f"<Users>{users}</Users><CodeBook><Codes>{codes}</Codes></CodeBook>"
        inner = f"{book}<Sources>{''.join(sources)}</Sources>"
        archive.writestr("project.qde", f'{head} origin="NVivo" name="Groot">{inner}</Project>')
        for who, text in enumerate(texts, start=1):
            archive.writestr(f"sources/{who}.txt", text)


def masked(study: Path) -> float:
    """The seconds in which the masks of a study are worked out."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "themecoder", "mask", "--study", str(study)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return time.perf_counter() - start


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


FILES = {
    "columns.xlsx": write_columns,
    "texts.csv": write_rows,
    "project.qdpx": write_project,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--files", default=",".join(FILES), help="which of the files")
    parser.add_argument("--smallest", action="store_true", help="only 500 codings")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(*options.one)
        return
    sizes = [500] if options.smallest else [int(size) for size in options.sizes.split(",")]
    print("| codings | file | seconds | CPU | MB | again | CPU | MB | masks |")
    print(f"|--:|---|{'--:|' * 7}")
    for size in sizes:
        for name in options.files.split(","):
            with tempfile.TemporaryDirectory() as folder:
                random = np.random.default_rng(size)
                study, file = Path(folder) / "study", Path(folder) / name
                texts = make_study(study, size // len(CODERS), random)
                FILES[name](file, texts, random)
                masks = masked(study) if name.endswith(".qdpx") else 0.0
                first, again = imported(study, file), imported(study, file)
            figures = [f"{one:.1f}" for one in (*first, *again, masks)]
            print(f"| {size:,} | {name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
