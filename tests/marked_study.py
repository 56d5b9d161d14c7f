"""A study whose answers are full of identifying details, coded and worked out to the end; and the
search for details in all bytes of a file, inside documents, tables and databases too."""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pyreadstat

from commands import done
from themecoder.coding.annotations import write_codings
from themecoder.coding.label_studio.desired_project import desired_project
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan
from themecoder.coding.quote_texts import quote_of
from themecoder.storage.atomic import write_text, write_together
from themecoder.study import Study

PEOPLE = (
    "Fatima Yildiz",
    "Joost Hoekstra",
    "Sjoukje Terpstra",
    "Mehmet Karadag",
    "Willemijn Boersma",
    "Roderik Slotboom",
)
PLACES = ("Zwolle", "Appingedam", "Oosterhout", "Winterswijk")
STREETS = ("Kerkstraat 12", "Lindenlaan 45")
PRIVATE = (
    "Mijn psycholoog {name} luistert beter dan een computer.",
    "Ik vertel het liever aan {name}, mijn begeleider in {place}.",
    "Mijn behandelaar heet {name} en is bereikbaar op 06-48{number:06d}.",
    "Mail mij via zorg{number}@voorbeeldpost.nl, dan leg ik het uit. Het helpt mij.",
    "Ik woon op de {street} in {place} en wacht al een jaar op hulp.",
    "Sinds ik bij GGZ Drenthe ben, heb ik het niet meer nodig.",
    "Mijn huisarts dokter {surname} zei dat het gevaarlijk is.",
)
SAID = {
    "verhaal": "Het was fijn dat ik altijd mijn verhaal kwijt kon.",
    "gegevens": "Ik ben bang voor mijn gegevens en wie er meeleest.",
    "mens": "Geef mij maar een echt mens, geen machine.",
    "wachtlijst": "De wachtlijst is te lang en dit hielp mij erdoor.",
}
DETAILS = (
    *PEOPLE,
    *(part for name in PEOPLE for part in name.split()),
    *PLACES,
    *STREETS,
    "Kerkstraat",
    "Lindenlaan",
    "GGZ Drenthe",
    "Drenthe",
    "voorbeeldpost",
    "06-48",
)
CODERS = ("coder_a", "coder_b", "coder_c")
QUESTIONS = ("q1", "q2")


def make_marked(folder: Path) -> None:
    """The study as a researcher makes it: init, the questions named, a codebook released."""
    (folder / "data").mkdir(parents=True)
    with (folder / "data" / "survey.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, delimiter=";")
        writer.writerow(["nr", "gebruikt", "leeftijd", "q1", "q2"])
        writer.writerows(_row(n) for n in range(96))
    done(folder, "init", str(folder / "data" / "survey.csv"))
    settings = folder / "study.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("coders = []", f"coders = {json.dumps(CODERS)}"), "utf-8")
    for code, words in SAID.items():
        add = (
            "codebook",
            "add",
            code,
            "--label",
            code.title(),
            "--group",
            "alles",
            "--group-label",
            "Alles",
        )
        done(folder, *add, "--definition", words, "--why", "komt voor")
    done(folder, "codebook", "release")


def _row(n: int) -> list[object]:
    said = list(SAID.values())
    first = f"{_private(n, n)} {said[n % 4]}"
    second = f"{said[n // 2 % 4]} {_private(n + 3, n + 1)}"
    return [f"r{n:03}", "ja" if n % 3 else "nee", 20 + n % 50, first, second]


def _private(kind: int, n: int) -> str:
    name = PEOPLE[n % len(PEOPLE)]
    return PRIVATE[kind % len(PRIVATE)].format(
        name=name,
        surname=name.split()[1],
        place=PLACES[n % len(PLACES)],
        street=STREETS[n % len(STREETS)],
        number=n * 137,
    )


def code_as_planned(folder: Path) -> None:
    """What coders would make of their tasks: they mark in the masked text, details too. Each in her
    own way, so that they differ."""
    study = Study.open(folder)
    texts = study.masked_texts()
    version = study.codebooks.versions[-1]
    rows: dict[tuple[str, str], list[Coding]] = {}
    for place, row in enumerate(read_plan(study.paths.plan)):
        answer = texts[row.answer_id]
        codes = tuple(sorted(code for code, words in SAID.items() if words in answer.original))
        if place % 7 == 0:
            codes = tuple(sorted({*codes, "mens"}))
        end = len(answer.masked) - place % 5
        quote = quote_of(answer, *answer.to_original(place % 3, end), codes[0])
        coding = Coding(row.answer_id, row.coder, version, "coded", codes, (quote,))
        rows.setdefault((row.question, row.coder), []).append(coding)
    for (question, coder), codings in rows.items():
        write_codings(study.paths.coding(question, coder), codings)


def as_format_1(folder: Path) -> None:
    """The coding as an earlier version kept it: with the answers' own words."""
    texts = Study.open(folder).masked_texts()
    for file in (folder / "annotations").glob("q*/*.jsonl"):
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for line in lines:
            del line["format"]
            for quote in line["quotes"]:
                original = texts[line["answer_id"]].original
                quote["text"] = original[quote["start"] : quote["end"]]
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.write_text(text, encoding="utf-8")


def quote_figures(folder: Path) -> None:
    """A figure that a report would quote, and a draft that has it."""
    rows = "id,text,expr,base_expr,decimals,printed\nf1,Gebruikt,gebruikt=ja,all,0,67%\n"
    write_text(folder / "reports" / "quoted_figures.csv", rows)
    write_text(folder / "concept.md", "Van de 96 deelnemers gebruikt 67% het.\n")


def work_out(folder: Path) -> None:
    """Every command that writes something, but for the server's and for ``hand_over``."""
    done(folder, "import")
    done(folder, "mask", "--csv", str(folder / "afgeschermd.csv"))
    done(folder, "mine", "--unguided")
    done(folder, "codebook", "show", "--html")
    done(folder, "plan", "--double", "60%")
    code_as_planned(folder)
    as_format_1(folder)
    done(folder, "migrate", "--apply")
    done(folder, "agreement", "--resamples", "100")
    done(folder, "disagreements", "--accept", "unanimous")
    done(folder, "disagreements", "--csv", str(folder / "oneens.csv"))
    done(folder, "disagreements", "--html", str(folder / "oneens.html"))
    done(folder, "disagreements", "--accept", "majority", "--accept", "single")
    formats = [f"--format={one}" for one in ("csv", "xlsx", "docx", "tex", "matrix", "sav")]
    done(folder, "counts", *formats)
    done(folder, "quotes", "--all")
    for kind in ("qdc", "xlsx", "csv"):
        done(folder, "codebook", "export", str(folder / f"codeboek.{kind}"))
    quote_figures(folder)
    done(folder, "check")
    done(folder, "check", str(folder / "concept.md"))
    done(folder, "run", "--accept-partial", "--resamples", "100")


def hand_over(folder: Path) -> None:
    """The coding in every format, into the folder for it and elsewhere, with all that is known of
    respondents; a sheet to code in; and coding from elsewhere, with the answers as they are and
    quotes that begin and end within details."""
    done(folder, "suggestions")
    exports = ("xlsx", "csv", "json", "qdpx", "sav")
    for words in (*((f"coding.{end}",) for end in exports), ("matrix.csv", "--as", "matrix")):
        done(folder, "coding", "export", *words, "--with", "all")
        elsewhere = str(folder / "overdracht" / words[0])
        done(folder, "coding", "export", elsewhere, *words[1:], "--with", "all")
    done(folder, "coding", "sheet", "--with", "leeftijd")
    done(folder, "coding", "sheet", "--ticks", "--to", str(folder / "bladen"))
    file = folder / "data" / "elders.xlsx"
    _coded_elsewhere(folder, file)
    done(folder, "coding", "import", str(file), "--write-mapping", "--new-codes")
    write_text(folder / "toewijzing.csv", "name,code\nMensen,mens\n")
    mapping = ("--mapping", str(folder / "toewijzing.csv"))
    done(folder, "coding", "import", str(file), *mapping, "--apply")
    for form in exports[:4]:
        file = folder / "overdracht" / f"coding.{form}"
        done(folder, "coding", "import", str(file), "--apply")


def _coded_elsewhere(folder: Path, file: Path) -> None:
    """A workbook in which coder_c coded what she has not coded here."""
    study = Study.open(folder)
    coded = {line["answer_id"] for line in _lines(study.paths.coding("q1", "coder_c"))}
    book = openpyxl.Workbook()
    book.active.append(["nr", "q1", "codes coder_c", "citaten"])
    for answer in study.answers("q1"):
        if answer.answer_id not in coded:
            cut = answer.text[answer.text.index(" ") + 3 : -3]
            row = [answer.respondent_id, answer.text, "Mensen; Verhaal", f'Mensen: "{cut}"']
            book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    write_together(file.parent, {file.name: stream.getvalue()})


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def sent_to_the_server(folder: Path) -> str:
    """All that ``push`` would send, as JSON."""
    study = Study.open(folder)
    projects = [desired_project(study, question) for question in QUESTIONS]
    tasks = [project.task(key) for project in projects for key in project.rows]
    pages = [(project.title, project.page, project.instruction) for project in projects]
    return json.dumps([tasks, pages], ensure_ascii=False)


KEPT_IN = ("data", ".themecoder", "server", "backups")


def outside(folder: Path) -> list[Path]:
    """The files of a study that may leave it: not those that ``.gitignore`` keeps in."""
    return [
        file
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.relative_to(folder).parts[0] not in KEPT_IN
    ]


def details_in(data: bytes, details: Iterable[str]) -> set[str]:
    """The details in the bytes of a file, or in what is packed in it."""
    found: set[str] = set()
    wanted = {detail: re.compile(rf"(?<!\w){re.escape(detail)}") for detail in details}
    for text in _texts(data):
        found |= {one for one in wanted if one in text and wanted[one].search(text)}
    return found


def _texts(data: bytes, depth: int = 0) -> Iterator[str]:
    """Every text that a reader of these bytes may come by."""
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name
                yield from _texts(packed.read(name), depth + 1)
        return
    if data.startswith(b"SQLite format 3"):
        yield from _rows_of_database(data)
        return
    for encoding in ("utf-8", "utf-16-le", "cp1252"):
        text = data.decode(encoding, "ignore")
        yield text
        if encoding == "utf-8":
            plain = html.unescape(text)
            yield plain
            yield re.sub(r"<[^>]*>", "", plain)
            yield re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), plain)
            if depth < 3:
                for packed_text in re.findall(r"[A-Za-z0-9+/]{60,}={0,2}", text):
                    yield from _unpacked(packed_text, depth)


def _unpacked(text: str, depth: int) -> Iterator[str]:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return
    for bits in (15, 31, -15):
        try:
            yield from _texts(zlib.decompress(data, bits), depth + 1)
        except zlib.error:
            continue
    yield data.decode("utf-8", "ignore")


def _rows_of_database(data: bytes) -> Iterator[str]:
    with sqlite3.connect(":memory:") as store:
        store.deserialize(data)
        for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'"):
            for row in store.execute(f'SELECT * FROM "{name}"'):
                for cell in row:
                    yield from _texts(cell if isinstance(cell, bytes) else str(cell).encode())


def details_in_file(file: Path, details: Iterable[str]) -> set[str]:
    details = list(details)
    found = details_in(file.read_bytes(), details)
    if file.suffix == ".sav":  # its texts may be packed in its own way
        frame, meta = pyreadstat.read_sav(str(file))
        told = f"{frame.to_csv()}\n{meta.column_names_to_labels}\n{meta.variable_value_labels}"
        found |= details_in(told.encode(), details)
    return found | details_in(file.name.encode(), details)
