"""Word documents: what was put in is read back, and the same is the same bytes."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import docx
import pytest

from themecoder.output.word import NOTE, QUOTE, SOURCE, Run, WordDocument, WordTables


def made() -> bytes:
    document = WordDocument("Titel", "nl")
    document.heading("Titel", 0)
    document.heading("Groep", 1)
    document.paragraph("voor ", Run("vet", bold=True), " na\x07", style=QUOTE, with_next=True)
    document.paragraph("iemand", style=SOURCE)
    document.paragraph("let op", style=NOTE)
    return document.data


def tables() -> bytes:
    document = WordTables("nl")
    # what Excel leaves in a cell, and worse
    document.table(
        "Vervoer\x0b (n = 9)",
        ["te\x0bvoet", "n\x00"],
        [["te\x0bvoet", "2\x1b"], ["=1+1", "5"]],
        strong={1},
        note="let\x07 op",
    )
    return document.data


def test_a_control_character_in_a_table_does_not_stop_it() -> None:
    document = docx.Document(io.BytesIO(tables()))
    (table,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [["tevoet", "n"], ["tevoet", "2"], ["=1+1", "5"]]
    bold = [row.cells[0].paragraphs[0].runs[0].bold for row in table.rows]
    assert bold == [True, False, True]
    assert [p.text for p in document.paragraphs] == ["Vervoer (n = 9)", "let op"]


def test_what_is_put_in_is_read_back() -> None:
    document = docx.Document(io.BytesIO(made()))
    found = [(p.style.name, p.text) for p in document.paragraphs if p.style is not None]
    assert found == [
        ("Title", "Titel"),
        ("Heading 1", "Groep"),
        (QUOTE, "voor vet na"),
        (SOURCE, "iemand"),
        (NOTE, "let op"),
    ]
    assert document.core_properties.title == "Titel"
    assert document.core_properties.author == ""


def test_the_same_is_the_same_bytes_and_in_the_language() -> None:
    assert made() == made()
    assert tables() == tables()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        styles = archive.read("word/styles.xml").decode()
        for name in archive.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(archive.read(name))
    assert 'w:val="nl-NL"' in styles
    assert 'w:val="en-US"' not in styles


@pytest.mark.parametrize("style", [QUOTE, SOURCE])
def test_borders_stand_where_word_wants_them(style: str) -> None:
    document = docx.Document(io.BytesIO(made()))
    names = [one.tag.rpartition("}")[2] for one in document.styles[style].element.pPr]
    order = ["keepNext", "keepLines", "pBdr", "spacing", "ind"]
    assert [name for name in order if name in names] == [name for name in names if name in order]
    assert "pBdr" in names
