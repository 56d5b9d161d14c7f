"""REFI-QDA projects of other programs come in, and what is wrong with one is told whole."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from refi_projects import (
    ANSWERS,
    TOOLS,
    Expected,
    archive,
    code,
    codebook,
    coding,
    guid,
    project,
    selection,
    users,
    windows,
)
from street_study import ANSWERS as STREET
from street_study import make_street

from commands import snapshot, themecoder
from themecoder.coding.exchange.formats import read_coding
from themecoder.coding.exchange.formats.refi_counting import (
    Counting,
    SourceText,
    Span,
    countings,
    named_otherwise,
)
from themecoder.coding.exchange.model import ForeignCoding, ForeignFile
from themecoder.coding.exchange.reading import KnownNames
from themecoder.coding.exchange.same_text import bare
from themecoder.errors import InputError
from themecoder.messages import message

STUDY = KnownNames(
    questions={"q1": "q1"},
    respondents=frozenset(ANSWERS),
    is_answer=lambda text: bare(text) in set(map(bare, ANSWERS.values())),
)


def found(coding: ForeignCoding) -> Expected:
    return Expected(
        coding.respondent,
        coding.coder,
        frozenset(coding.codes),
        frozenset((coding.text[q.start : q.end], q.code) for q in coding.quotes),
        coding.comment,
    )


def notes(read: ForeignFile) -> dict[str, dict[str, object]]:
    """The notes by their key; each has words in both languages."""
    for note in read.notes:
        for language in ("nl", "en"):
            message(f"exchange.note.{note.key}", language, **note.params)
    return {note.key.removeprefix("refi."): dict(note.params) for note in read.notes}


@pytest.mark.parametrize("known", [STUDY, KnownNames()], ids=["study", "no study"])
@pytest.mark.parametrize("tool", TOOLS)
def test_a_project_of_each_program_comes_in(tool: str, known: KnownNames, tmp_path: Path) -> None:
    file, expected = TOOLS[tool](tmp_path / "project.qdpx")
    read = read_coding(file, known=known)
    assert [found(one) for one in read.codings] == expected
    assert read.kind == "refi"
    assert notes(read)


def test_what_each_program_has_beside_its_coding_is_told(tmp_path: Path) -> None:
    read = {tool: read_coding(make(tmp_path / tool)[0]) for tool, make in TOOLS.items()}
    assert notes(read["QualCoder"]) == {"counting_points_1": {"n": 1, "tool": "QualCoder 3.8.2"}}
    assert set(notes(read["MAXQDA"])) == {"counting_points_2", "variables"}
    assert set(notes(read["ATLAS.ti"])) == {"counting_units_1"}
    assert set(notes(read["NVivo"])) == {"counting_points_2", "parts", "no_text"}
    assert notes(read["NVivo"])["no_text"] == {"kind": "Picture", "n": 1}
    codes = {tool: {one.name: one for one in file.codes} for tool, file in read.items()}
    assert set(codes["QualCoder"]) == {"werk", "rust", "dieren"}
    assert codes["QualCoder"]["werk"].color == "#F44336"
    assert codes["QualCoder"]["rust"].parent == "tuin"
    assert codes["ATLAS.ti"]["geld"].parent == "Zorgen"
    assert {"tuin", "tuin / rust", "overig / rust"} <= set(codes["NVivo"])
    assert "101" not in codes["NVivo"]


def one_source(
    text: bytes, inside: str, tool: str = "MAXQDA", more: str = ""
) -> tuple[str, dict[str, bytes]]:
    made = project(
        tool,
        users("Anna", "Bram"),
        codebook(code("rust"), code("werk")),
        f'<Sources><TextSource guid="{guid("bron")}" name="bron" plainTextPath="internal://b.txt">'
        f"{inside}</TextSource></Sources>",
        more,
    )
    return made, {"b.txt": text}


def coded(start: int, end: int, name: str = "rust", words: str = "", user: str = "Anna") -> str:
    return selection(
        f"{start}-{end}-{name}", start, end, coding(name, user, f"{start}"), words, user
    )


LINES = ("Vraag 1\n101:", ANSWERS["101"] + "\n102:", ANSWERS["102"] + "\n\n103\n")
DOCUMENT = " ".join(LINES) + ANSWERS["103"] + "\n\n104\n" + ANSWERS["104"]


def test_one_document_is_cut_into_the_answers_that_the_study_has(tmp_path: Path) -> None:
    """Behind the respondent's number or below it, an answer of two lines in one piece; a code on
    the heading is no coding of an answer, and a selection over two answers is of both."""
    both = DOCUMENT.index("rustig"), DOCUMENT.index("veel werk") + len("veel")
    place = DOCUMENT.index("duur")
    inside = coded(0, 5, "werk") + coded(*both) + coded(place, place + 4, "werk")
    file = archive(tmp_path / "d.qdpx", *one_source(DOCUMENT.encode(), inside))
    read = read_coding(file, known=STUDY)
    assert [found(one) for one in read.codings] == [
        Expected("101", "Anna", frozenset(("rust",)), frozenset(((ANSWERS["101"][8:], "rust"),))),
        Expected("102", "Anna", frozenset(("rust",)), frozenset((("Te veel", "rust"),))),
        Expected("103", "Anna", frozenset(("werk",)), frozenset((("duur", "werk"),))),
    ]
    assert [one.place.row for one in read.codings] == [2, 4, 7]
    assert {key: params["n"] for key, params in notes(read).items()} == {
        "parts": 4,
        "spanning": 1,
        "no_answer": 1,
        "counting_points_2": 1,
    }


def test_without_a_study_the_only_document_is_cut_by_its_paragraphs(tmp_path: Path) -> None:
    text = "r1: rustig hier\nr2: geen idee\nr3: mooi"
    start = text.index("geen")
    file = archive(tmp_path / "d.qdpx", *one_source(text.encode(), coded(start, start + 9)))
    assert [found(one) for one in read_coding(file).codings] == [
        Expected("r2", "Anna", frozenset(("rust",)), frozenset((("geen idee", "rust"),)))
    ]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "marked"])
@pytest.mark.parametrize("lines", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("tool", ["MAXQDA 24", "ATLAS.ti 23", "NVivo 14", "QualCoder", "Quirkos"])
@pytest.mark.parametrize("doubles", [1, 2])
@pytest.mark.parametrize("wide", [False, True])
def test_how_a_tool_counts_is_found_out_by_the_words(
    wide: bool, doubles: int, tool: str, lines: str, mark: bytes, tmp_path: Path
) -> None:
    """Whatever the tool's habit: positions in code points or UTF-16 units, line breaks of one or
    two, with or without a byte order mark."""
    text = "😀 een\n😀😀 twee woorden\ne\u0301\u0301n drie 😀 vier".replace("\n", lines)

    def length(part: str) -> int:
        part = part.replace("\r\n", "\n") if doubles == 1 else part
        return len(part.encode("utf-16-le")) // 2 if wide else len(part)

    inside = ""
    for words in ("twee woorden", "n drie 😀 vier"):
        start = length(text[: text.index(words)])
        inside += coded(start, start + length(words), words=words)
    file = archive(tmp_path / "t.qdpx", *one_source(mark + text.encode(), inside, tool))
    [read] = read_coding(file, known=STUDY).codings
    assert {read.text[q.start : q.end] for q in read.quotes} == {"twee woorden", "n drie 😀 vier"}


def test_without_words_selections_do_not_cut_words() -> None:
    text = "Een tuin.\r\nEn nog een.\r\nEn vogels daarin."
    start = len("Een tuin. En nog een. En ")
    source = SourceText(text, marked=False)
    [counted] = countings({"a": (source, [Span(start, start + 6)])}, "NVivo").values()
    assert counted == Counting(1)
    [counted] = countings({"a": (source, [Span(start + 2, start + 8)])}, "ATLAS.ti").values()
    assert counted == Counting(2)
    [by_habit] = countings({"a": (source, [])}, "ATLAS.ti").values()
    assert by_habit == Counting(1)


def test_a_title_that_somebody_gave_is_no_contradiction() -> None:
    text = "Ik vind het rustig, maar het is ook een hoop werk om bij te houden"
    assert not named_otherwise(text, "rustig", "over rust")
    assert not named_otherwise(text, "rustig", "werk")
    assert named_otherwise(text, "rustig", "een hoop werk")
    assert named_otherwise(text, "rustig", "over rust", always_words=True)
    assert not named_otherwise(text, "een hoop werk om bij", "een hoop werk…")


def faults(file: Path) -> list[str]:
    """What could not be read of a project; each has words in both languages."""
    read = read_coding(file, known=STUDY)
    for fault in read.faults:
        for language in ("nl", "en"):
            assert message(f"exchange.{fault.key}", language, **fault.params)
            assert message(f"exchange.{fault.key}.remedy", language)
    assert read.codings == ()
    return [fault.key for fault in read.faults]


def refusal(file: Path) -> list[str]:
    """The problems of a file; each has words in both languages."""
    with pytest.raises(InputError) as error:
        read_coding(file, known=STUDY)
    for problem in error.value.problems:
        for language in ("nl", "en"):
            assert message(problem.key, language, **problem.params)
            assert message(f"{problem.key}.remedy", language)
    return [problem.key for problem in error.value.problems]


def test_all_that_is_wrong_with_positions_and_codes_is_told_at_once(tmp_path: Path) -> None:
    inside = (
        coded(0, 4)
        + coded(5, 400)
        + coded(9, 3)
        + coded(-1, 3)
        + coded(0, 7, words="maar").replace('"7"', '"zeven"')
        + coded(0, 5, "weg")
        + coded(1, 5, "weg")
        + coded(0, 6, words="maar het is zo duur")
    )
    text = b"rustig, maar het is zo duur"
    file = archive(tmp_path / "p.qdpx", *one_source(text, inside, "QualCoder"))
    told = ["refi.position", *["refi.outside"] * 3, "refi.other_words", "refi.unknown_code"]
    assert faults(file) == told


@pytest.mark.parametrize(
    "bad",
    [
        coded(3, 400),
        coded(0, 5, "weg"),
        coded(0, 5, words="heel andere woorden dan daar", user="Anna"),
        coded(0, 5).replace('"5"', '"vijf"'),
        coding("weg", "Anna", "heel"),
    ],
    ids=["outside", "unknown code", "other words", "no position", "unknown code on all of it"],
)
def test_a_bad_selection_takes_away_the_coding_that_it_is_in_and_no_more(
    bad: str, tmp_path: Path
) -> None:
    """A part of what Anna found there would be another coding; Bram's of the same answer, and hers
    of another one, are whole."""
    text, other = ANSWERS["103"], ANSWERS["102"]
    good = coded(0, 4, user="Bram") + coded(6, 10, "werk")
    made, texts = one_source(text.encode(), good + bad, "QualCoder")
    second = (
        f'<TextSource guid="{guid("102")}" name="102" plainTextPath="internal://102.txt">'
        f"{coded(0, 2, 'werk')}</TextSource>"
    )
    made = made.replace("</Sources>", second + "</Sources>")
    read = read_coding(archive(tmp_path / "p.qdpx", made, texts | {"102.txt": other.encode()}))
    assert [(one.text, one.coder) for one in read.codings] == [(text, "Bram"), (other, "Anna")]
    assert len(read.faults) == 1
    assert notes(read)["unsound"] == {"n": 1}


def test_a_bad_selection_in_a_document_takes_away_that_answer_only(tmp_path: Path) -> None:
    place = DOCUMENT.index("duur")
    inside = (
        coded(place, place + 4, "werk")
        + coded(place, place + 4, "weg")
        + coded(DOCUMENT.index("veel"), DOCUMENT.index("veel") + 4)
        + coded(5, 4000)
    )
    read = read_coding(
        archive(tmp_path / "d.qdpx", *one_source(DOCUMENT.encode(), inside)), known=STUDY
    )
    assert [one.respondent for one in read.codings] == ["102"]
    assert sorted(one.key for one in read.faults) == ["refi.outside", "refi.unknown_code"]


def test_all_that_is_wrong_with_a_projects_parts_is_told_at_once(tmp_path: Path) -> None:
    made, texts = one_source(b"rustig", coded(0, 3))
    more = "".join(
        f'<TextSource guid="{guid(name)}" name="{name}" plainTextPath="{path}">{coded(0, 3)}'
        "</TextSource>"
        for name, path in (
            ("weg", "internal://weg.txt"),
            ("uit", "internal://../../etc/passwd"),
            ("buiten", "absolute:///home/x.txt"),
            ("wel", "internal://raar.txt"),
        )
    )
    made = made.replace("<Sources>", "<Sources>" + more)
    made = made.replace('startPosition="0"', 'startPosition="nul"', 1)
    made = made.replace("</Codes>", code("rust") + '<Code name="zonder" isCodable="true"/></Codes>')
    made = made.replace("</Users>", users("Anna")[7:])
    texts["raar.txt"] = "één".encode("cp1252")
    assert sorted(refusal(archive(tmp_path / "p.qdpx", made, texts))) == sorted(
        [f"refi.{key}" for key in ("path", "not_utf8", "no_guid")]
        + ["exchange.refi.position"]
        + ["refi.no_text", "refi.guid_twice"] * 2
    )


def test_an_archive_that_leads_elsewhere_or_is_damaged_is_refused(tmp_path: Path) -> None:
    made, texts = one_source(b"rustig", coded(0, 3))
    file = tmp_path / "slecht.qdpx"
    archive(file, made, texts)
    with zipfile.ZipFile(file, "a") as more:
        for name in ("../../weg.txt", "/abs.txt", "C:\\weg.txt", "sources/../../x.txt"):
            more.writestr(name, "weg")
        with pytest.warns(UserWarning, match="Duplicate"):
            more.writestr("sources/b.txt", "anders")
    assert refusal(file) == ["refi.path"] * 4 + ["refi.file_twice"]
    assert [one.name for one in tmp_path.iterdir()] == ["slecht.qdpx"]
    good = archive(file, made, texts).read_bytes()
    file.write_bytes(good[: len(good) // 2])
    assert refusal(file) == ["refi.damaged"]
    changed = bytearray(good)
    changed[60] ^= 255
    file.write_bytes(changed)
    assert refusal(file) == ["refi.damaged"]
    assert refusal(archive(file, made[:-40], texts)) == ["refi.not_xml"]
    assert refusal(archive(file, '<?xml version="1.0"?><CodeBook/>', {})) == ["refi.no_project"]
    entity = '<!DOCTYPE Project [<!ENTITY a "b">]>'
    assert refusal(archive(file, made.replace("?>\n", f"?>\n{entity}"), texts)) == ["refi.doctype"]
    with zipfile.ZipFile(file, "w") as empty:
        empty.writestr("sources/b.txt", "rustig")
    assert refusal(file) == ["refi.no_qde"]


def test_what_would_unpack_to_more_than_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    made, texts = one_source(b"rustig", coded(0, 3))
    file = archive(tmp_path / "bom.qdpx", made, texts | {"groot.txt": b"0" * (120 << 20)})
    assert file.stat().st_size < 1 << 20
    assert refusal(file) == ["refi.too_large"]


def test_the_command_refuses_and_writes_nothing(tmp_path: Path) -> None:
    folder = make_street(tmp_path / "straat")
    inside = coded(0, 4) + coded(5, 400) + coded(0, 4, "weg")
    file = archive(tmp_path / "p.qdpx", *one_source(b"rustig hier", inside))
    before = snapshot(folder)
    refused = themecoder(folder, "coding", "import", str(file), "--apply")
    assert refused.returncode == 2
    assert "5-400" in refused.stderr
    assert guid("weg").upper() in refused.stderr
    assert "Traceback" not in refused.stderr
    kept = {name: data for name, data in snapshot(folder).items() if ".themecoder" not in str(name)}
    assert kept == {name: data for name, data in before.items() if name in kept}


def test_a_document_elsewhere_that_nobody_coded_is_told_and_no_problem(tmp_path: Path) -> None:
    made, texts = one_source(b"rustig", coded(0, 6))
    away = f'<TextSource guid="{guid("x")}" name="x" plainTextPath="absolute:///C:/map/x.txt"/>'
    file = archive(tmp_path / "e.qdpx", made.replace("<Sources>", "<Sources>" + away), texts)
    read = read_coding(file, known=STUDY)
    assert len(read.codings) == 1
    assert notes(read) == {"text_missing": {"n": 1}}


def test_guids_in_braces_and_a_wide_encoding_are_read(tmp_path: Path) -> None:
    made, _ = one_source(b"", coded(0, 6) + coded(0, 6, "werk", user="Bram"))
    braces = made.replace(
        f'targetGUID="{guid("rust")}"', f'targetGUID="{{{guid("rust").upper()}}}"'
    )
    file = archive(tmp_path / "b.qdpx", braces, {"B.TXT": windows("rustig\nhier").encode("utf-16")})
    read = read_coding(file, known=STUDY)
    assert [found(one) for one in read.codings] == [
        Expected("", "Anna", frozenset(("rust",)), frozenset((("rustig", "rust"),))),
        Expected("", "Bram", frozenset(("werk",)), frozenset((("rustig", "werk"),))),
    ]


def test_the_rest_of_a_project_comes_in_where_that_is_asked(tmp_path: Path) -> None:
    folder = make_street(tmp_path / "straat")
    rows = STREET[0], STREET[1]
    good, bad = coded(0, 8, "Buren", rows[0][:8], "anna"), coded(5, 400, "Groen", user="anna")
    made = project(
        "MAXQDA",
        users("anna"),
        codebook(code("Buren"), code("Groen")),
        "<Sources>"
        + "".join(
            f'<TextSource guid="{guid(who)}" name="{who}" plainTextPath="internal://{who}.txt">'
            f"{inside}</TextSource>"
            for who, inside in (("R1", good), ("R2", bad))
        )
        + "</Sources>",
    )
    texts = {f"r{n}.txt": text.encode() for n, text in enumerate(rows, start=1)}
    file = str(archive(tmp_path / "p.qdpx", made, texts))
    words = ("coding", "import", file, "-q", "q1", "--apply", "--mapping", str(tmp_path / "m.csv"))
    (tmp_path / "m.csv").write_text("name,code\nGroen,groen\n", encoding="utf-8")
    assert themecoder(folder, *words).returncode == 2
    assert not list((folder / "annotations").glob("q*"))
    for again in (False, True):
        done = themecoder(folder, *words, "--partial")
        assert done.returncode == 0, again
        assert "5-400" in done.stderr
    [line] = (folder / "annotations" / "q1" / "anna.jsonl").read_text("utf-8").splitlines()
    assert '"R1:q1"' in line
