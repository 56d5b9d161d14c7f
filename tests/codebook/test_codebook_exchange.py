"""Codebooks to other tools and back: REFI-QDA, and the tables of MAXQDA and ATLAS.ti."""

from __future__ import annotations

import csv
import os
import shutil
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl import load_workbook

from themecoder.codebook import edits
from themecoder.codebook.checks import check
from themecoder.codebook.draft import Draft
from themecoder.codebook.exchange import export_to, import_from, read_incoming
from themecoder.codebook.files.document import read_document
from themecoder.codebook.files.qdc import NAMESPACE, guid, read_qdc, write_qdc
from themecoder.codebook.incoming import take_over
from themecoder.codebook.memo import memo, read_memo
from themecoder.codebook.model import Code, Codebook, Example, Group
from themecoder.errors import InputError
from themecoder.study import Study

ROOT = Path(__file__).parents[2]
FOREIGN = ROOT / "tests" / "data" / "codebooks" / "foreign"
SCHEMA = Path(os.environ.get("REFI_SCHEMAS", ROOT.parent / "shared" / "refi")) / "Codebook.xsd"
SHIPPED = read_document(ROOT / "codebooks" / "mind-genai" / "1.0.0.yaml").codebook

# tables are read as all exports are: in the composed form of Unicode
visible = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"]).filter(
    lambda sign: unicodedata.is_normalized("NFC", sign) and not unicodedata.combining(sign)
)
texts = st.lists(st.text(visible, max_size=12), max_size=3).map(lambda t: "\n".join(t).strip())
names = st.text(visible, min_size=1, max_size=10).map(lambda t: " ".join(t.split())).filter(bool)


@st.composite
def books(draw: st.DrawFn) -> Codebook:
    """Any codebook that a person could write; texts may hold what the formats use as signs."""
    labels = draw(st.lists(names, min_size=2, max_size=7, unique_by=str.casefold))
    n_groups = draw(st.integers(0, 2))
    groups = tuple(Group(f"g{i}", label) for i, label in enumerate(labels[:n_groups]))
    lines = st.one_of(
        texts, st.sampled_from(["Wel: niet", "a > b", "=1+1", "007", "N/A", "ja;nee"])
    )
    codes = tuple(
        Code(
            id=f"c{i}",
            label=label,
            group=draw(st.sampled_from(["", *[g.id for g in groups]])),
            definition=draw(lines),
            include=draw(lines),
            exclude=draw(lines),
            exclusive=draw(st.booleans()),
            retired=draw(st.booleans()),
            examples=tuple(
                Example(text, draw(st.booleans()))
                for text in draw(st.lists(lines.filter(bool), max_size=2))
            ),
            questions=draw(st.sampled_from([(), ("q1",), ("q1", "q2")])),
            color=draw(st.sampled_from(["", "#0a0b0c"])),
            hotkey=draw(st.sampled_from(["", "k"])),
            number=draw(st.sampled_from(["", str(i), "a 1"])),
            memo=draw(lines),
        )
        for i, label in enumerate(labels[n_groups:] or ["C"])
    )
    codes = in_a_tree(draw, codes) if draw(st.booleans()) else codes
    return Codebook("boek", "1.2.3", codes, groups, draw(names), "nl", "2026-01-31")


def in_a_tree(draw: st.DrawFn, codes: tuple[Code, ...]) -> tuple[Code, ...]:
    """The codes with some of them below others, in any order."""
    placed: list[Code] = []
    for code in codes:
        fit = [one for one in placed if code.retired or not one.retired]
        above = draw(st.sampled_from([None, *fit]))
        placed.append(replace(code, parent=above.id, group=above.group) if above else code)
    return tuple(draw(st.permutations(placed)))


@given(books())
def test_a_memo_reads_back_as_it_was_written(book: Codebook) -> None:
    for code in book.codes:
        for language in ("nl", "en"):
            fields, marks = read_memo(memo(code, language))
            place = {"color": code.color, "parent": code.parent}
            again = Code(code.id, code.label, code.group, **place, **fields)
            assert again == code
            assert marks["id"] == code.id


@given(books())
def test_a_qdc_reads_back_equal(tmp_path_factory: pytest.TempPathFactory, book: Codebook) -> None:
    file = tmp_path_factory.getbasetemp() / "heen.qdc"
    file.write_bytes(write_qdc(book))
    found = read_qdc(file)
    assert found.book == book
    assert found.notes == ()


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    if not SCHEMA.is_file():
        pytest.skip(
            "the REFI-QDA schema is not part of this project: put Codebook.xsd (REFI-QDA standard"
            " 1.5, section 5.2) into a folder and name it in REFI_SCHEMAS"
        )
    return etree.XMLSchema(etree.parse(SCHEMA))


def test_the_shipped_codebook_as_qdc_is_valid_and_reads_back(
    schema: etree.XMLSchema, tmp_path: Path
) -> None:
    data = write_qdc(SHIPPED)
    schema.assertValid(etree.fromstring(data))
    (tmp_path / "c.qdc").write_bytes(data)
    assert read_qdc(tmp_path / "c.qdc").book == SHIPPED


@given(book=books())
def test_any_codebook_as_qdc_is_valid(schema: etree.XMLSchema, book: Codebook) -> None:
    schema.assertValid(etree.fromstring(write_qdc(book)))


def test_a_foreign_tree_is_valid_but_for_what_it_adds(schema: etree.XMLSchema) -> None:
    """So that the test file is what other tools write, and not only what we think they do."""
    root = etree.parse(FOREIGN / "tree.qdc").getroot()
    for extra in root.xpath("//*[local-name()='NoteRef' or local-name()='Extra']"):
        extra.getparent().remove(extra)
    for code in root.iter(f"{{{NAMESPACE}}}Code"):
        code.attrib.pop("hasShortcut", None)
        if code.get("color") == "rood":
            del code.attrib["color"]
    schema.assertValid(root)


def test_qdc_has_groups_that_are_no_codes_and_the_same_guids_each_time() -> None:
    root = etree.fromstring(write_qdc(SHIPPED))
    top = root.findall(f"{{{NAMESPACE}}}Codes/{{{NAMESPACE}}}Code")
    assert [one.get("name") for one in top] == [group.label for group in SHIPPED.groups]
    assert {one.get("isCodable") for one in top} == {"false"}
    below = [code for one in top for code in one.findall(f"{{{NAMESPACE}}}Code")]
    assert len(below) == 31
    assert {one.get("isCodable") for one in below} == {"true"}
    privacy = next(one for one in below if one.get("guid") == guid("code", "privacy"))
    assert privacy.get("name") == next(c.label for c in SHIPPED.codes if c.id == "privacy")
    assert "version 1.0.0" in root.get("origin")
    assert root.find(f"{{{NAMESPACE}}}Sets") is None
    assert write_qdc(replace(SHIPPED, title="Anders")) != write_qdc(SHIPPED) == write_qdc(SHIPPED)


def test_an_empty_codebook_is_never_written() -> None:
    with pytest.raises(InputError):
        write_qdc(replace(SHIPPED, codes=()))


def told(file: Path) -> list[tuple[int | None, str]]:
    return [(note.row, note.key) for note in read_incoming(file).notes]


def test_another_tools_tree_comes_in_with_a_report() -> None:
    book = read_incoming(FOREIGN / "tree.qdc").book
    assert [(g.id, g.label) for g in book.groups] == [
        ("beperkingen", "Beperkingen"),
    ]
    assert [(c.label, c.group, c.parent, c.color) for c in book.codes] == [
        ("Klopt niet", "beperkingen", "", "#FF0000"),
        ("Verouderd", "beperkingen", "klopt_niet", ""),
        ("Te vlot", "beperkingen", "", "#00aa7f"),
        ("Gevoel", "", "", ""),
        ("Verouderd (Gevoel)", "", "gevoel", ""),
        ("Overig", "", "", ""),
    ]
    assert book.codes[0].definition == "Het antwoord is onjuist.\n\nOok: verzonnen bronnen."
    assert told(FOREIGN / "tree.qdc") == [
        (4, "group_memo"),
        (10, "color"),
        (12, "inner_group"),
        (16, "attribute"),
        (18, "same_label"),
        (19, "element"),
        (24, "set"),
        (29, "element"),
    ]


def test_sets_of_codes_without_a_tree_are_groups() -> None:
    book = read_incoming(FOREIGN / "sets.qdc").book
    assert [(c.label, c.group) for c in book.codes] == [
        ("altijd open", "redenen"),
        ("geen oordeel", "redenen"),
        ("kosten", ""),
    ]
    assert told(FOREIGN / "sets.qdc") == [(13, "set")]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "not_xml"),
        (b"<CodeBook", "not_xml"),
        (b"<Project xmlns='urn:QDA-XML:project:1.0'/>", "not_qdc"),
        (f"<CodeBook xmlns='{NAMESPACE}'><Codes/></CodeBook>".encode(), "empty"),
        (b"PK\x03\x04 a zip", "not_xml"),
    ],
)
def test_what_is_no_qdc_is_an_error(tmp_path: Path, content: bytes, key: str) -> None:
    file = tmp_path / "c.qdc"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_incoming(file)
    assert [problem.key for problem in caught.value.problems] == [f"codebook.{key}"]


def test_a_qdc_reads_nothing_but_itself(tmp_path: Path) -> None:
    (tmp_path / "geheim.txt").write_text("geheim", encoding="utf-8")
    file = tmp_path / "c.qdc"
    file.write_text(
        f'<!DOCTYPE c [<!ENTITY x SYSTEM "{(tmp_path / "geheim.txt").as_uri()}">]>'
        f'<CodeBook xmlns="{NAMESPACE}"><Codes><Code guid="a" name="A" isCodable="true">'
        "<Description>zie &x;</Description></Code></Codes></CodeBook>",
        encoding="utf-8",
    )
    assert "geheim" not in str(read_incoming(file).book)


def in_labels(book: Codebook) -> list[Code]:
    """The codes with the label of their group: the columns of ATLAS.ti have no id of a group."""
    labels = {group.id: group.label for group in book.groups}
    return [replace(code, group=labels.get(code.group, "")) for code in book.codes]


tables = st.sampled_from(
    [("maxqda", ".csv"), ("maxqda", ".xlsx"), ("atlas", ".csv"), ("atlas", ".xlsx")]
)


@settings(max_examples=40)
@given(books(), tables)
def test_tables_read_back_equal(
    tmp_path_factory: pytest.TempPathFactory, book: Codebook, table: tuple[str, str]
) -> None:
    tool, ending = table
    file = tmp_path_factory.getbasetemp() / f"tabel{ending}"
    export_to(book, file, tool, "nl")
    found = read_incoming(file).book
    # the columns of MAXQDA have no colour, and its > is a level
    expected = book.codes
    if tool == "maxqda":
        expected = tuple(replace(code, color="") for code in book.codes)
        assume(not any(set(one.label) & set(">\\") for one in (*book.codes, *book.groups)))
    else:
        assume(not any(";" in one.label for one in book.groups))
    assert in_labels(found) == in_labels(replace(book, codes=expected))
    used = {code.group for code in book.codes} if tool == "atlas" else {g.id for g in book.groups}
    assert [g.label for g in found.groups] == [g.label for g in book.groups if g.id in used]


def test_a_sign_for_levels_in_a_label_makes_no_levels(tmp_path: Path) -> None:
    book = replace(SHIPPED, codes=(replace(SHIPPED.codes[0], label="a > b"),))
    export_to(book, tmp_path / "m.csv", "maxqda", "nl")
    assert [code.label for code in read_incoming(tmp_path / "m.csv").book.codes] == ["a › b"]


@pytest.mark.parametrize(("label", "read"), [("a;b", "a, b"), ("a ; b; c", "a, b, c"), (";", ",")])
def test_a_sign_between_groups_in_a_label_makes_no_groups(
    tmp_path: Path, label: str, read: str
) -> None:
    group = replace(SHIPPED.groups[0], label=label)
    code = replace(SHIPPED.codes[0], group=group.id)
    book = replace(SHIPPED, groups=(group,), codes=(code,))
    for ending in (".csv", ".xlsx"):
        export_to(book, tmp_path / f"a{ending}", "atlas", "nl")
        incoming = read_incoming(tmp_path / f"a{ending}")
        assert [one.label for one in incoming.book.groups] == [read]
        assert [one.group for one in incoming.book.codes] == [incoming.book.groups[0].id]
        assert incoming.notes == ()


def test_the_columns_are_those_that_the_tools_read(tmp_path: Path) -> None:
    export_to(SHIPPED, tmp_path / "m.csv", "maxqda", "nl")
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    assert rows[0] == ["Code", "Memo"]
    assert rows[1][0] == "Redenen en opbrengsten van gebruik"
    assert rows[2][0] == (
        "Redenen en opbrengsten van gebruik > Altijd beschikbaar, altijd bereikbaar"
    )
    assert len(rows) == 1 + 5 + 31
    export_to(SHIPPED, tmp_path / "a.xlsx", "atlas", "nl")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["Name", "Description", "Groups", "Color"]
    assert sheet.max_row == 1 + 31


def test_a_table_that_a_person_made_comes_in(tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text(
        "Naam;Omschrijving;Codegroep;Datum\n"
        "Privacy;Wat er met gegevens gebeurt;Zorgen;1-1\n"
        "Kosten;;Zorgen;\n"
        ";leeg;;\n"
        "Gemak;Het is makkelijk;;\n",
        encoding="utf-8",
    )
    found = read_incoming(file)
    assert [(c.id, c.label, c.definition, c.group) for c in found.book.codes] == [
        ("privacy", "Privacy", "Wat er met gegevens gebeurt", "zorgen"),
        ("kosten", "Kosten", "", "zorgen"),
        ("gemak", "Gemak", "Het is makkelijk", ""),
    ]
    assert [(note.row, note.key) for note in found.notes] == [(1, "column"), (4, "no_name")]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (
            # a backslash or > between levels; every level is a code, as MAXQDA has it
            "Code;Memo\nGevoel;Wat het oproept\nGevoel\\Steun;Er zijn\n"
            "Gevoel > Steun > 's Nachts;Als niemand wakker is\nZorgen > Geld > Duur;Te duur\n",
            [
                ("Gevoel", "", ""),
                ("Steun", "", "Gevoel"),
                ("'s Nachts", "", "Steun"),
                ("Geld", "Zorgen", ""),
                ("Duur", "Zorgen", "Geld"),
            ],
        ),
        (
            # a code below another has its name before its own in ATLAS.ti
            "Name;Description;Groups\nGevoel: Steun;Er zijn;\nGevoel;Wat het oproept;Binnen\n"
            "Let op: duur;Geld;\nGevoel: Steun: Nacht;;\n",
            [
                ("Gevoel", "Binnen", ""),
                ("Steun", "Binnen", "Gevoel"),
                ("Nacht", "Binnen", "Steun"),
                ("Let op: duur", "", ""),
            ],
        ),
        (
            # a group and a code with others below it have ids of their own
            "Code;Groep;Parent code;Memo\nDuur;Geld;;\nGeld;;;Kosten\nRente;;Geld;\n",
            [("Duur", "Geld", ""), ("Geld", "", ""), ("Rente", "", "Geld")],
        ),
        (
            "Code;Parent code\nNacht;Steun\nSteun;Gevoel\nGevoel;\nDuur;Zorgen\nRing;Kring\n"
            "Kring;Ring\n",
            [
                ("Steun", "Gevoel", ""),
                ("Nacht", "Gevoel", "Steun"),
                ("Duur", "Zorgen", ""),
                ("Ring", "", ""),
                ("Kring", "", ""),
            ],
        ),
    ],
)
def test_the_levels_of_a_table_are_a_tree(
    tmp_path: Path, table: str, expected: list[tuple[str, str, str]]
) -> None:
    file = tmp_path / "codes.csv"
    file.write_text(table, encoding="utf-8")
    book = read_incoming(file).book
    labels = {one.id: one.label for one in (*book.codes, *book.groups)}
    found = [(c.label, labels.get(c.group, ""), labels.get(c.parent, "")) for c in book.codes]
    assert sorted(found) == sorted(expected)
    assert {finding.key for finding in check(book)} <= {"no_definition"}


def test_an_import_moves_codes_in_the_tree_and_never_into_a_ring() -> None:
    a, b, c = (Code(one, one.upper(), definition=one) for one in "abc")
    codes = (a, replace(b, parent="a"), c)
    base = Codebook("boek", "1.0.0", codes, title="Boek", released="2026-01-31")
    draft = Draft(base, replace(base, version="1.0.1", released=""))
    new = Code("d", "D", definition="d", parent="b")
    turned = replace(base, codes=(b, replace(a, parent="b"), replace(c, parent="a"), new))
    made, notes = take_over(draft, turned, "omdat")
    assert {code.id: code.parent for code in made.book.codes} == {
        "a": "b",
        "b": "",
        "c": "a",
        "d": "b",
    }
    assert [change.kind for change in made.book.changes] == ["move", "move", "add", "move"]
    assert notes == ()
    assert check(made.book, [base]) == []
    # somebody put down another move in the draft, which stays
    moved = edits.move(draft, "c", "", "eerder", parent="b")
    turned = replace(base, codes=(replace(a, parent="c"), replace(b, parent="a"), c))
    made, notes = take_over(moved, turned, "omdat")
    assert [note.key for note in notes] == ["pending", "stays_above"]
    assert check(made.book, [base]) == []


@pytest.fixture
def study(tmp_path: Path) -> Study:
    folder = tmp_path / "studie"
    folder.mkdir()
    for name in ("study.toml", "codebooks", "data"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copy(source, folder)
    return Study.open(folder)


def test_import_is_typed_and_undoes_nothing(study: Study, tmp_path: Path) -> None:
    renamed = [
        replace(code, label="Privacy (nieuw)") if code.id == "privacy" else code
        for code in SHIPPED.codes[:-1]
    ]
    new = Code("nieuw", "Nieuwe code", "rest", "Iets nieuws.")
    edited = replace(SHIPPED, codes=(*renamed, new))
    file = tmp_path / "terug.qdc"
    file.write_bytes(write_qdc(edited))
    found = import_from(study.codebooks, file, study.config.language)
    draft = study.codebooks.read("draft")
    assert [change.kind for change in draft.changes] == ["rename", "add"]
    assert draft.find(SHIPPED.codes[-1].id) == SHIPPED.codes[-1]
    assert len(found.changes) == 2
    assert any(SHIPPED.codes[-1].id in note for note in found.notes), "what stays is told"
    before = study.codebooks.file("draft").read_bytes()
    assert import_from(study.codebooks, file, study.config.language).changes == ()
    assert study.codebooks.file("draft").read_bytes() == before


@given(books())
def test_taking_over_ones_own_codebook_changes_nothing(book: Codebook) -> None:
    usable = tuple(code for code in book.codes if not code.retired)
    draft = Draft(book, replace(book, released="", changes=()))
    made, notes = take_over(draft, replace(book, codes=usable), "omdat")
    assert made.book.codes == book.codes
    assert made.book.changes == ()
    assert notes == ()
