"""REFI-QDA projects as QualCoder, MAXQDA, ATLAS.ti and NVivo write them, each with its habits.

Written by hand for these tests, after what the programs' exports look like. Each has the same five
answers of a garden survey, coded by Anna and Bram.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

NAMESPACE = "urn:QDA-XML:project:1.0"
ANSWERS = {
    "101": "Ik word rustig 🌿 van mijn tuin.\nEn van de vogels.",
    "102": "Te veel werk & te weinig tijd",
    "103": "Mooi, maar duur: planten kosten een vermogen",
    "104": "één woord: rust",
    "105": "geen idee",
}


def guid(name: str) -> str:
    return str(uuid5(NAMESPACE_URL, name))


@dataclass(frozen=True)
class Expected:
    """A coding as a reader should find it; ``quotes`` are (words, code)."""

    respondent: str
    coder: str
    codes: frozenset[str]
    quotes: frozenset[tuple[str, str]]
    comment: str = ""


def archive(
    file: Path, project: str | bytes, texts: Mapping[str, bytes], folder: str = "sources"
) -> Path:
    """A .qdpx of the project's XML and its texts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", project)
        for name, data in texts.items():
            made.writestr(f"{folder}/{name}", data)
    file.write_bytes(stream.getvalue())
    return file


def project(origin: str, *parts: str) -> str:
    """A project of its parts in the order of the schema."""
    head = f'<Project xmlns="{NAMESPACE}" origin="{origin}" name="Tuin">'
    return '<?xml version="1.0" encoding="utf-8"?>\n' + head + "\n".join(parts) + "</Project>"


def users(*names: str) -> str:
    inside = "".join(f'<User guid="{guid(name)}" name="{name}"/>' for name in names)
    return f"<Users>{inside}</Users>"


def code(name: str, inside: str = "", codable: bool = True, more: str = "") -> str:
    can = "true" if codable else "false"
    return f'<Code guid="{guid(name)}" name="{name}" isCodable="{can}"{more}>{inside}</Code>'


def codebook(*codes: str) -> str:
    return f"<CodeBook><Codes>{''.join(codes)}</Codes></CodeBook>"


def coding(name: str, user: str, key: str) -> str:
    return (
        f'<Coding guid="{guid(f"{key}/{name}/{user}")}" creatingUser="{guid(user)}">'
        f'<CodeRef targetGUID="{guid(name)}"/></Coding>'
    )


def selection(key: str, start: int, end: int, inside: str, name: str, user: str = "") -> str:
    by = f' creatingUser="{guid(user)}" creationDateTime="2026-03-02T10:00:00Z"' if user else ""
    return (
        f'<PlainTextSelection guid="{guid(key)}" name="{name}" startPosition="{start}"'
        f' endPosition="{end}"{by}>{inside}</PlainTextSelection>'
    )


def places(text: str, words: str, length: Callable[[str], int] = len) -> tuple[int, int]:
    """The positions of ``words`` in a text whose characters a tool counts with ``length``; none
    where they are not in it."""
    if words not in text:
        return 0, 0
    before = length(text[: text.index(words)])
    return before, before + length(words)


def quote(key: str, text: str, words: str, name: str, user: str) -> str:
    """A selection with one coding, named after its words, counted in code points."""
    return selection(key, *places(text, words), coding(name, user, key), words, user)


def windows(text: str) -> str:
    return text.replace("\n", "\r\n")


def units(text: str) -> int:
    """UTF-16 units, with a line break as one."""
    return len(text.replace("\r\n", "\n").encode("utf-16-le")) // 2


def qualcoder(file: Path) -> tuple[Path, list[Expected]]:
    """QualCoder: a byte order mark before each text, a selection per coding named after its words
    (a line break in the name is a blank to XML), categories that can't be coded with, annotations
    whose signs are not escaped."""
    sources, texts = [], {}
    for who, text in ANSWERS.items():
        inside = {
            "101": selection("a1", *places(text, text), coding("rust", "Anna", "a1"), text, "Anna")
            + selection(
                "a2",
                *places(text, "vogels"),
                "<Description>ook merels?</Description>" + coding("dieren", "Anna", "a2"),
                "vogels",
                "Anna",
            )
            + selection(
                "a3", *places(text, "rustig"), coding("rust", "Bram", "a3"), "rustig", "Bram"
            ),
            "102": selection(
                "a4",
                *places(text, "Te veel werk"),
                coding("werk", "Bram", "a4"),
                "Te veel werk",
                "Bram",
            )
            + f'<NoteRef targetGUID="{guid("note")}"/>',
        }.get(who, "")
        texts[f"{who}.txt"] = b"\xef\xbb\xbf" + text.encode()
        sources.append(
            f'<TextSource plainTextPath="internal://{who}.txt" creatingUser="{guid("Anna")}"'
            f' guid="{guid(who)}" name="{who}">{inside}</TextSource>'
        )
    note = (
        f'<Note guid="{guid("note")}" creatingUser="{guid("Bram")}" creationDateTime="2026-03-02'
        'T10:00:00Z"><PlainTextContent>tijd & geld < rust</PlainTextContent>'
        f'<PlainTextSelection guid="{guid("p")}" startPosition="0" endPosition="4"/></Note>'
    )
    made = project(
        "QualCoder 3.8.2",
        users("Anna", "Bram"),
        codebook(
            code("werk", more=' color="#F44336"'),
            code("tuin", code("rust") + code("dieren"), codable=False),
        ),
        f"<Sources>{''.join(sources)}</Sources>",
        f"<Notes>{note}</Notes>",
    )
    whole = ANSWERS["101"]
    return archive(file, made, texts), [
        Expected(
            "101",
            "Anna",
            frozenset(("rust", "dieren")),
            frozenset(((whole, "rust"), ("vogels", "dieren"))),
            "dieren: ook merels?",
        ),
        Expected("101", "Bram", frozenset(("rust",)), frozenset((("rustig", "rust"),))),
        Expected(
            "102",
            "Bram",
            frozenset(("werk",)),
            frozenset((("Te veel werk", "werk"),)),
            "tijd & geld < rust",
        ),
    ]


def maxqda(file: Path) -> tuple[Path, list[Expected]]:
    """MAXQDA: a document per respondent with Windows line breaks, both characters counted;
    selections named after their positions, several codings on one; memos on parts of a text without
    a code; cases without a name that hold variables; codes above others are codes too."""
    sources, texts, cases = [], {}, []
    for who, answer in ANSWERS.items():
        text = windows(answer)
        birds = places(text, "vogels")
        work = places(text, "Te veel werk")
        inside = {
            "101": selection(
                "m1",
                *birds,
                coding("rust", "Anna", "m1") + coding("dieren", "Bram", "m1"),
                f"{birds[0]},{birds[1]}",
                "Anna",
            ),
            "102": selection(
                "m2", *work, "<Description>herkenbaar</Description>", f"{work[0]},{work[1]}", "Anna"
            )
            + coding("last", "Anna", "m3"),
        }.get(who, "")
        texts[f"{guid(who).upper()}.txt"] = text.encode()
        sources.append(
            f'<TextSource guid="{guid(who).upper()}" name="{who}"'
            f' plainTextPath="internal://{guid(who).upper()}.txt"'
            f' creatingUser="{guid("Anna").upper()}">{inside}</TextSource>'
        )
        cases.append(
            f'<Case guid="{guid(f"case {who}")}"><VariableValue><VariableRef'
            f' targetGUID="{guid("leeftijd")}"/><IntegerValue>40</IntegerValue></VariableValue>'
            f'<SourceRef targetGUID="{guid(who)}"/></Case>'
        )
    made = project(
        "MAXQDA 24 (Release 24.7.0)",
        users("Anna", "Bram"),
        codebook(
            code("tuin", code("rust") + code("dieren")), code("last", more=' color="#ef8256"')
        ),
        f'<Variables><Variable guid="{guid("leeftijd")}" name="leeftijd"'
        ' typeOfVariable="Integer"/></Variables>',
        f"<Cases>{''.join(cases)}</Cases>",
        f"<Sources>{''.join(sources)}</Sources>",
        f'<Sets><Set guid="{guid("set")}" name="Golf 1">'
        f'<MemberSource targetGUID="{guid("101")}"/></Set></Sets>',
    )
    bird = frozenset((("vogels", "rust"),))
    return archive(file, made, texts), [
        Expected("101", "Anna", frozenset(("rust",)), bird),
        Expected("101", "Bram", frozenset(("dieren",)), frozenset((("vogels", "dieren"),))),
        Expected("102", "Anna", frozenset(("last",)), frozenset(), "herkenbaar"),
    ]


def atlas(file: Path) -> tuple[Path, list[Expected]]:
    """ATLAS.ti: Windows line breaks of which only one character is counted, UTF-16 units, so that
    an emoji is two; selections named after the beginning of their words; groups of codes as sets;
    a comment on a selection; a rich text beside the plain one."""
    sources, texts = [], {}
    for who, answer in ANSWERS.items():
        text = windows(answer)
        inside = {
            "101": selection(
                "t1",
                *places(text, "vogels", units),
                coding("dieren", "Anna", "t1"),
                "vogels",
                "Anna",
            ),
            "103": selection(
                "t2",
                *places(text, "duur: planten kosten een vermogen", units),
                "<Description>prijs</Description>" + coding("geld", "Bram", "t2"),
                "duur: planten kosten…",
                "Bram",
            ),
        }.get(who, "")
        texts[f"{guid(who).upper()}.txt"] = text.encode()
        texts[f"{guid(who).upper()}.docx"] = b"no text"
        path = f"internal://{guid(who).upper()}"
        sources.append(
            f'<TextSource plainTextPath="{path}.txt" richTextPath="{path}.docx"'
            f' guid="{guid(who).upper()}" name="{who}.docx">{inside}</TextSource>'
        )
    sets = (
        f'<Sets><Set guid="{guid("groep")}" name="Zorgen">'
        f'<MemberCode targetGUID="{guid("geld")}"/></Set></Sets>'
    )
    made = project(
        "ATLAS.ti Win 23.4.0",
        users("Anna", "Bram", "ATLAS.ti"),
        codebook(code("dieren"), code("geld", more=' color="#46AA00"')),
        f"<Sources>{''.join(sources)}</Sources>",
        sets,
    )
    price = "duur: planten kosten een vermogen"
    return archive(file, made, texts), [
        Expected("101", "Anna", frozenset(("dieren",)), frozenset((("vogels", "dieren"),))),
        Expected("103", "Bram", frozenset(("geld",)), frozenset(((price, "geld"),)), "geld: prijs"),
    ]


def nvivo(file: Path) -> tuple[Path, list[Expected]]:
    """NVivo: one document with an answer a paragraph, whose cases are codes as well, with the same
    guids; the folder called Sources; no names of selections; a note that a link leads from; several
    codes of one name in the tree; a picture."""
    text = "\r\n".join(answer.replace("\n", " ") for answer in ANSWERS.values())
    inside = ""
    for who, answer in ANSWERS.items():
        part = answer.replace("\n", " ")
        inside += selection(
            f"c{who}", *places(text, part), coding(who, "Anna", f"c{who}"), "", "Anna"
        )
    inside += selection("n1", *places(text, "vogels"), coding("dieren", "Anna", "n1"), "", "Anna")
    inside += selection("n2", *places(text, "rust", len), coding("rust", "Bram", "n2"), "", "Bram")
    last = text.index("één woord: rust") + len("één woord: ")
    inside += selection("n3", last, last + 4, coding("rust", "Bram", "n3"), "", "Bram")
    cases = "".join(f'<Case guid="{guid(who)}" name="{who}"/>' for who in ANSWERS)
    name = guid("document")
    note = (
        f'<Note guid="{guid("nota")}" name="" plainTextPath="internal://nota.txt"'
        f' creatingUser="{guid("Anna")}"/>'
    )
    made = project(
        "NVivo for Mac 15.0.0",
        users("Anna", "Bram"),
        codebook(
            code("tuin", code("dieren") + code("rust")),
            code("overig", code("x").replace(guid("x"), guid("x2")).replace('"x"', '"rust"')),
            code("Cases", "".join(code(who) for who in ANSWERS)),
        ),
        f"<Cases>{cases}</Cases>",
        f'<Sources><TextSource guid="{name}" name="Antwoorden" richTextPath="internal://{name}.docx"'
        f' plainTextPath="internal://{name}.txt">{inside}</TextSource>'
        f'<PictureSource guid="{guid("foto")}" name="foto" path="internal://foto.jpg"/></Sources>',
        f"<Notes>{note}</Notes>",
        f'<Links><Link guid="{guid("link")}" originGUID="{guid("nota")}"'
        f' targetGUID="{guid("n1")}"/></Links>',
    )
    texts = {f"{name}.txt": text.encode(), "nota.txt": b"leuk"}
    rest = frozenset(("tuin / rust",)), frozenset((("rust", "tuin / rust"),))
    bird = frozenset((("vogels", "dieren"),))
    return archive(file, made, texts, "Sources"), [
        Expected("101", "Anna", frozenset(("dieren",)), bird, "dieren: leuk"),
        Expected("101", "Bram", *rest),
        Expected("104", "Bram", *rest),
    ]


TOOLS = {"QualCoder": qualcoder, "MAXQDA": maxqda, "ATLAS.ti": atlas, "NVivo": nvivo}
