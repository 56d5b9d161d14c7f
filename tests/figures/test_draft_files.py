"""Drafts as files: Word with tables, boxes, notes and tracked changes; markdown; plain text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from themecoder.errors import InputError
from themecoder.figures.drafts.files import read_draft
from themecoder.figures.drafts.model import Block, Place
from themecoder.messages import render

W = nsdecls("w")
FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"


def texts(blocks: list[Block]) -> list[str]:
    return [block.text for block in blocks]


def saved(document: Any, tmp_path: Path) -> Path:
    file = tmp_path / "concept.docx"
    document.save(str(file))
    return file


def test_word_paragraphs_headings_and_tables_have_places(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("Resultaten", 1)
    document.add_paragraph("Van de 294 gebruikers vindt 46,3% AI een luisterend oor.")
    document.add_paragraph("")
    document.add_paragraph("Een derde heeft geen behoefte.")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(
        [cell for row in table.rows for cell in row.cells],
        ["Reden", "n", "%", "Luisterend oor", "136", "46,3"],
        strict=True,
    ):
        cell.text = text
    document.add_heading("Conclusie", 2)
    document.add_paragraph("Ruim een derde.")
    assert read_draft(saved(document, tmp_path)) == [
        Block(Place("heading", 1, "Resultaten"), "Resultaten"),
        Block(
            Place("paragraph", 1, "Resultaten"),
            "Van de 294 gebruikers vindt 46,3% AI een luisterend oor.",
        ),
        Block(Place("paragraph", 2, "Resultaten"), "Een derde heeft geen behoefte."),
        Block(Place("row", 1, "Resultaten", 1), "Reden | n | %"),
        Block(Place("row", 2, "Resultaten", 1), "Luisterend oor | 136 | 46,3%"),
        Block(Place("heading", 1, "Conclusie"), "Conclusie"),
        Block(Place("paragraph", 1, "Conclusie"), "Ruim een derde."),
    ]


def test_what_was_deleted_is_gone_and_what_was_put_in_is_there(tmp_path: Path) -> None:
    document = Document()
    paragraph = document.add_paragraph("Van de gebruikers zegt ")
    for xml in (
        f'<w:del {W} w:id="1" w:author="x"><w:r><w:delText>37,1%</w:delText></w:r></w:del>',
        f'<w:ins {W} w:id="2" w:author="x"><w:r><w:t>38,1%</w:t></w:r></w:ins>',
        f'<w:moveFrom {W} w:id="3" w:author="x"><w:r><w:t> en 12%</w:t></w:r></w:moveFrom>',
        f"<w:r {W}><w:rPr><w:vanish/></w:rPr><w:t> 99%</w:t></w:r>",
        f'<w:hyperlink {W}><w:r><w:t xml:space="preserve"> ja</w:t></w:r></w:hyperlink>',
        f'<w:r {W}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>3</w:t></w:r>',
        f"<w:r {W}><w:t>.</w:t></w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    table = document.add_table(rows=2, cols=1)
    table.cell(0, 0).text, table.cell(1, 0).text = "weg 5%", "blijft 6%"
    table.rows[0]._tr.insert(0, parse_xml(f'<w:trPr {W}><w:del w:id="9" w:author="x"/></w:trPr>'))
    assert texts(read_draft(saved(document, tmp_path))) == [
        "Van de gebruikers zegt 38,1% ja.",
        "blijft 6%",
    ]


BOX = """<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent>
<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx><w:txbxContent><w:p><w:r>
<w:t>In het kader: 12%.</w:t></w:r></w:p></w:txbxContent></wps:txbx></wps:wsp></w:drawing>
</mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r>
<w:t>In het kader: 12%.</w:t></w:r></w:p></w:txbxContent></v:textbox></w:pict>
</mc:Fallback></mc:AlternateContent></w:r>"""


def test_a_text_box_is_read_once_and_content_controls_are_read(tmp_path: Path) -> None:
    document = Document()
    document.add_paragraph("Voor het kader.")._p.append(parse_xml(BOX.replace("{W}", W)))
    document.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {W}><w:sdtContent><w:p><w:r><w:t>In een besturingselement.</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        ),
    )
    blocks = read_draft(saved(document, tmp_path))
    assert [(block.place.kind, block.text) for block in blocks] == [
        ("paragraph", "Voor het kader."),
        ("box", "In het kader: 12%."),
        ("paragraph", "In een besturingselement."),
    ]


def test_footnotes_are_read_in_the_order_of_their_marks(tmp_path: Path) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    for name in ("7", "3"):
        document.add_paragraph("Zie de noot.")._p.append(
            parse_xml(f'<w:r {W}><w:footnoteReference w:id="{name}"/></w:r>')
        )
    notes = "".join(
        f'<w:footnote w:id="{name}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for name, text in (("0", "streep"), ("3", "Tweede: 5%."), ("7", "Eerste: 4%."))
    )
    part = Part(
        PackURI("/word/footnotes.xml"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml",
        f"<w:footnotes {W}>{notes}</w:footnotes>".encode(),
        document.part.package,
    )
    document.part.relate_to(part, FOOTNOTES)
    blocks = read_draft(saved(document, tmp_path))
    assert [(b.place, b.text) for b in blocks if b.place.kind == "footnote"] == [
        (Place("footnote", 1), "Eerste: 4%."),
        (Place("footnote", 2), "Tweede: 5%."),
    ]


def test_a_style_based_on_a_heading_is_one_and_contents_are_left_out(tmp_path: Path) -> None:
    document = Document()
    for name, base in (("Hoofdstuk MIND", "Heading 1"), ("toc 1", "Normal")):
        style = document.styles.add_style(name, 1)
        style.base_style = document.styles[base]
    document.add_paragraph("Hoofdstuk 1 ........ 12", style="toc 1")
    document.add_paragraph("Eigen kop", style="Hoofdstuk MIND")
    document.add_paragraph("Tekst.")
    assert [(b.place.kind, b.place.heading) for b in read_draft(saved(document, tmp_path))] == [
        ("heading", "Eigen kop"),
        ("paragraph", "Eigen kop"),
    ]


MARKDOWN = """---
title: 12% van alles
---

# Resultaten van *het* onderzoek

Van de **294** gebruikers vindt [46,3%](https://x.nl/5)
dat zo.[^1] <!-- 99% -->

| Reden | n | aandeel (%) |
|---|--:|--:|
| Luisterend oor | 136 | 46,3 |

- een derde

```r
x <- 12
```

Slot `r 1+1`.

[^1]: In een noot 5%.
"""


def test_markdown_without_its_marks_and_with_its_lines(tmp_path: Path) -> None:
    file = tmp_path / "concept.md"
    file.write_text(MARKDOWN, encoding="utf-8")
    blocks = read_draft(file)
    assert [(block.place.number, block.text) for block in blocks] == [
        (5, "Resultaten van het onderzoek"),
        (7, "Van de 294 gebruikers vindt 46,3% dat zo."),
        (10, "Reden | n | aandeel (%)"),
        (12, "Luisterend oor | 136 | 46,3%"),
        (14, "een derde"),
        (20, "Slot  ."),
        (22, "In een noot 5%."),
    ]
    assert {block.place.heading for block in blocks} == {"Resultaten van het onderzoek"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_plain_text_in_any_encoding_with_broken_lines_joined(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "concept.txt"
    text = (
        "Resultaten\r\n\r\nEén op de tien deelnemers heeft AI wel eens gebruikt en de\r\n"
        "helft niet.\r\nNog een regel – kort.\r\n"
    )
    file.write_bytes(text.encode(encoding))
    assert [(block.place.number, block.text) for block in read_draft(file)] == [
        (1, "Resultaten"),
        (3, "Eén op de tien deelnemers heeft AI wel eens gebruikt en de helft niet."),
        (5, "Nog een regel – kort."),
    ]


def cut_short(file: Path) -> None:
    document = Document()
    document.add_paragraph("tekst " * 500)
    document.save(str(file))
    file.write_bytes(file.read_bytes()[:-2000])


def broken_xml(file: Path) -> None:
    whole = file.with_suffix(".heel")
    Document().save(str(whole))
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[: len(data) // 2] if name == "word/document.xml" else data)


def no_content_types(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as new:
        new.writestr("word/document.xml", "<x/>")


def workbook(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as new:
        new.writestr("xl/workbook.xml", "<x/>")


def written(data: bytes) -> Callable[[Path], None]:
    return lambda file: file.write_bytes(data) and None


@pytest.mark.parametrize(
    ("name", "make", "key"),
    [
        ("a.docx", cut_short, "damaged"),
        ("a.docx", broken_xml, "damaged"),
        ("a.docx", no_content_types, "damaged"),
        ("a.docx", workbook, "other"),
        ("a.docx", lambda file: Document().save(str(file)), "no_text"),
        ("a.docx", written(b"gewone tekst"), "not_docx"),
        ("a.doc", written(b"\xd0\xcf\x11\xe0" + b"x" * 600), "old_word"),
        ("a.docx", written(b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le")), "locked"),
        ("a.pdf", written(b"%PDF-1.7 ..."), "other"),
        ("a.txt", written(b"%PDF-1.7 ..."), "other"),
        ("a.rtf", written(b"{\\rtf1 ...}"), "other"),
        ("a.html", written(b"<!doctype html><p>12%"), "other"),
        ("a.csv", written(b"a;b"), "other"),
        ("a.txt", written(b""), "empty"),
        ("a.md", written(b"\xef\xbb\xbf \r\n"), "empty"),
        ("a.md", written(b"```\n12%\n```\n"), "no_text"),
        ("a.txt", written("goed\nÉén met één é\nslecht ".encode() + b"\xff\xe9 einde"), "encoding"),
        ("a.txt", written(b"goed\nnul\x00byte"), "encoding"),
        ("a.txt", lambda file: file.mkdir(), "folder"),
        ("a.txt", lambda file: None, "missing"),
    ],
)
def test_what_is_no_draft_is_told_in_both_languages(
    name: str, make: Callable[[Path], None], key: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    make(file)
    with pytest.raises(InputError) as raised:
        read_draft(file)
    (problem,) = raised.value.problems
    assert problem.key == f"drafts.{key}"
    for language in ("nl", "en"):
        told = render(problem, language)
        assert str(file) in told
        assert "→" in told
