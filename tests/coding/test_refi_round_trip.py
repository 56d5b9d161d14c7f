"""Our coding as a REFI-QDA project: valid, the same bytes each time, and read back equal."""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from lxml import etree
from random_outgoing import BOOK, outgoings, said, said_elsewhere

from themecoder.codebook.memo import read_memo
from themecoder.codebook.model import Code
from themecoder.coding.exchange.beside import Beside
from themecoder.coding.exchange.formats.refi_read import read_qdpx
from themecoder.coding.exchange.formats.refi_write import write_qdpx
from themecoder.coding.exchange.model import ForeignCoding, ForeignFile
from themecoder.coding.exchange.outgoing import Outgoing, OutgoingAnswer
from themecoder.coding.exchange.quote_places import QuotePlace, place_quote
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.model import Coding, Quote
from themecoder.errors import InputError
from themecoder.masking.model import MaskedText

ROOT = Path(__file__).parents[2]
SCHEMA = Path(os.environ.get("REFI_SCHEMAS", ROOT.parent / "shared" / "refi")) / "Project.xsd"
SPACE = "{urn:QDA-XML:project:1.0}"
MORE = ("shown", "created_at", "updated_at", "seconds")


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not SCHEMA.is_file():
        pytest.skip(
            "the REFI-QDA schema is not part of this project: put Project.xsd (REFI-QDA standard"
            " 1.5) into a folder and name it in REFI_SCHEMAS"
        )
    return etree.XMLSchema(etree.parse(SCHEMA))


def read_back(data: bytes) -> ForeignFile:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "heen.qdpx"
        file.write_bytes(data)
        return read_qdpx(file, ReadingOptions(), KnownNames())


def inside(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def project_in(data: bytes) -> etree._Element:
    return etree.fromstring(inside(data)["project.qde"])


def repacked(data: bytes, project: etree._Element) -> bytes:
    """The archive with a project that somebody changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, content in inside(data).items():
            new.writestr(name, etree.tostring(project) if name == "project.qde" else content)
    return stream.getvalue()


def in_the_answer(made: Outgoing, coding: ForeignCoding) -> ForeignCoding:
    """What was read with its quotes in the text as we have it, whose line breaks may be two
    characters; white space at the ends of a quote is set aside there."""
    text = made.texts()[f"{coding.respondent}:{coding.question}"]
    quotes = []
    for quote in coding.quotes:
        place = place_quote(quote, coding.text, text, lambda: MaskedText(text))
        assert isinstance(place, QuotePlace)
        start, end = trimmed(text, place.start, place.end)
        quotes.append(replace(quote, start=start, end=end, text=text[start:end]))
    return replace(coding, text=text, quotes=tuple(quotes))


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    words = text[start:end]
    if "\r" not in text:
        return start, end
    start += len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def without_edges(made: Outgoing, coding: Coding) -> Coding:
    text = made.texts()[coding.answer_id]
    quotes = []
    for quote in coding.quotes:
        start, end = trimmed(text, quote.start, quote.end)
        quotes.append(replace(quote, start=start, end=end))
    return replace(coding, quotes=tuple(quotes))


@settings(max_examples=150)
@given(outgoings())
def test_any_coding_reads_back_equal(made: Outgoing) -> None:
    data = write_qdpx(made)
    read = read_back(data)
    assert [said_elsewhere(in_the_answer(made, one), *MORE) for one in read.codings] == [
        said(without_edges(made, one), *MORE) for one in made.codings
    ]
    assert {one.name for one in read.codes} == {code.id for code in BOOK.codes}
    assert write_qdpx(made) == data


@settings(max_examples=60)
@given(outgoings())
def test_any_coding_is_a_valid_project(schema: etree.XMLSchema, made: Outgoing) -> None:
    schema.assertValid(project_in(write_qdpx(made)))


TEXT = "Ik mis [NAAM] 🌿 en de tu\u0301in\r\nvan vroeger."


def garden(*codings: Coding) -> Outgoing:
    answers = (
        OutgoingAnswer("r/1:q1", "r/1", "q1", TEXT),
        OutgoingAnswer("r-1:q1", "r-1", "q1", "rust"),
        OutgoingAnswer("r-1:q2", "r-1", "q2", "geen"),
    )
    told = Beside("leeftijd", "Leeftijd in jaren", {"r/1": "18-24"})
    wordings = {"q1": "Wat groeit er?", "q2": "Wat niet?"}
    return Outgoing("tuin", "De tuin", "nl", BOOK, wordings, answers, codings, (told,))


def coded(start: int, end: int, code: str, **more: object) -> Coding:
    made = Coding(
        "r/1:q1", "anna", "1.1.0", "coded", (code,), (Quote(start, end, code, TEXT[start:end]),)
    )
    return replace(made, **more)  # type: ignore[arg-type]


def test_a_quote_is_a_selection_in_code_points_with_line_breaks_of_one() -> None:
    start = TEXT.index("van")
    data = write_qdpx(garden(coded(start, start + 3, "echo")))
    [selection] = project_in(data).iter(f"{SPACE}PlainTextSelection")
    text = TEXT.replace("\r\n", "\n")
    place = text.index("van")
    assert (selection.get("startPosition"), selection.get("endPosition")) == (
        str(place),
        str(place + 3),
    )
    assert selection.get("name") == "van"
    names = [source.get("name") for source in project_in(data).iter(f"{SPACE}TextSource")]
    assert names == ["r-1 q1", "r-1 q1 (2)", "r-1 q2"]


def test_what_is_known_of_respondents_is_in_cases_and_the_question_with_each_answer() -> None:
    project = project_in(write_qdpx(garden(coded(0, 2, "echo"))))
    names = {one.get("guid"): one.get("name") for one in project.iter(f"{SPACE}Variable")}

    def values(element: etree._Element) -> list[tuple[str, str]]:
        return [
            (names[one[0].get("targetGUID")], str(one[1].text))
            for one in element.iterchildren(f"{SPACE}VariableValue")
        ]

    cases = {one.get("name"): one for one in project.iter(f"{SPACE}Case")}
    assert {name: values(case) for name, case in cases.items()} == {
        "r/1": [("leeftijd", "18-24")],
        "r-1": [],
    }
    assert len(list(cases["r-1"].iterchildren(f"{SPACE}SourceRef"))) == 2
    sources = list(project.iter(f"{SPACE}TextSource"))
    assert [values(source) for source in sources] == [
        [("vraag", "q1")],
        [("vraag", "q1")],
        [("vraag", "q2")],
    ]


def test_only_what_is_masked_leaves() -> None:
    """Nothing of a project is made of anything but the masked texts."""
    files = inside(write_qdpx(garden(coded(7, 13, "privacy"))))
    texts = [data.decode() for name, data in files.items() if name != "project.qde"]
    assert sorted(texts) == sorted((TEXT.replace("\r\n", "\n"), "rust", "geen"))
    assert 'name="[NAAM]"' in files["project.qde"].decode()


def test_changes_made_elsewhere_count_and_the_memo_does_not_overrule_them() -> None:
    """A colleague makes a code on all of the text a quote, and gives the other code to somebody who
    skipped the answer; that it is on all of the text says that it is a quote now."""
    skipped = Coding("r-1:q1", "bram", "1.1.0", "skipped", uncertain=True)
    whole = Coding("r-1:q1", "anna", "1.1.0", "coded", ("echo", "privacy"), seconds=3.0)
    data = write_qdpx(garden(whole, skipped))
    project = project_in(data)
    [echo, privacy] = project.iter(f"{SPACE}PlainTextSelection")
    users = {one.get("name"): one.get("guid") for one in project.iter(f"{SPACE}User")}
    echo[0].set("creatingUser", users["bram"])
    privacy.set("endPosition", "2")
    privacy.set("name", "ru")
    changed = repacked(data, project)
    first, all_of_it = Quote(0, 2, "privacy", "ru"), Quote(0, 4, "echo", "rust")
    assert [said_elsewhere(one, "seconds") for one in read_back(changed).codings] == [
        said(replace(whole, codes=("privacy",), quotes=(first,)), "seconds"),
        said(replace(skipped, state="coded", codes=("echo",), quotes=(all_of_it,)), "seconds"),
    ]


def test_a_code_that_is_not_in_the_codebook_is_refused() -> None:
    with pytest.raises(InputError) as error:
        write_qdpx(garden(coded(0, 2, "weg")))
    assert [(p.key, p.params) for p in error.value.problems] == [
        ("refi.not_in_codebook", {"codes": "weg"})
    ]


def test_codes_of_one_label_are_told_apart() -> None:
    labels = [one.get("name") for one in project_in(write_qdpx(garden())).iter(f"{SPACE}Code")]
    assert "Echo (echo)" in labels
    assert "Echo (oud)" in labels
    assert len(set(labels)) == len(labels) == len(BOOK.codes)


def test_codes_below_codes_stand_so_in_the_project_and_are_told_when_they_come_back() -> None:
    codes = (*BOOK.codes, Code("straat", "De straat", parent="echo"))
    read = read_back(write_qdpx(replace(garden(), book=replace(BOOK, codes=codes))))
    parents = {code.name: code.parent for code in read.codes}
    assert parents["straat"] == "echo"
    assert parents["echo"] == ""


def test_memos_of_codes_and_of_the_project_go_along(schema: etree.XMLSchema) -> None:
    codes = (replace(BOOK.codes[0], memo="Te ruim?\nBespreken."), *BOOK.codes[1:])
    book = replace(BOOK, codes=codes, memo="Wie leest dit?\nDe raad & <wij>.")
    answer = OutgoingAnswer("1:q1", "1", "q1", "Ja")
    coding = Coding("1:q1", "anna", "1.1.0", "coded", ("privacy",))
    made = Outgoing("tuin", "Tuin", "nl", book, {"q1": "Waarom?"}, (answer,), (coding,))
    data = write_qdpx(made)
    schema.assertValid(project_in(data))
    back = read_back(data)
    assert back.memo == book.memo
    assert [note.key for note in back.notes if "memo" in note.key] == ["refi.project_memo"]
    (privacy,) = (code for code in back.codes if code.name == "privacy")
    assert read_memo(privacy.memo)[0]["memo"] == codes[0].memo
