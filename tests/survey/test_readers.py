"""Survey exports as people have them: every format, dialect and way to be broken."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from themecoder.errors import InputError, Problem
from themecoder.survey.export import Export
from themecoder.survey.readers import ExportOptions, read_export

SURVEY = Path(__file__).parents[2] / "data" / "survey.csv"
HEADER = ["id", "q1", "q2"]
ROWS = [["r1", "a", "Eén ding; en toen"], ["r2", "b", 'zei "nee",\nen ging'], ["r3", "a", ""]]


def table(export: Export) -> list[list[str | None]]:
    cells = [export.frame[column.name].tolist() for column in export.columns]
    return [list(row) for row in zip(*cells, strict=True)]


def expected(rows: Sequence[Sequence[str]]) -> list[list[str | None]]:
    return [[cell or None for cell in row] for row in rows]


def write(
    file: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", **dialect: object
) -> Path:
    text = io.StringIO()
    csv.writer(text, **{"delimiter": ";", **dialect}).writerows([HEADER, *rows])  # type: ignore[arg-type]
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def problems(file: Path, options: ExportOptions | None = None) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_export(file, options)
    return caught.value.problems


def test_the_shipped_export() -> None:
    export = read_export(SURVEY)
    assert (len(export.frame), export.format) == (804, "csv")
    assert export.details == {"encoding": "utf-8-sig", "delimiter": ";"}
    assert export.row_numbers[:2] == (2, 3)
    answers = export.frame[["q7", "q15", "q18", "q19"]].notna().sum().sum()
    assert answers == 893


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
@pytest.mark.parametrize("lines", ["\r\n", "\n"])
def test_delimiter_encoding_and_line_ends_are_found_out(
    tmp_path: Path, delimiter: str, encoding: str, lines: str
) -> None:
    file = write(tmp_path / "e.csv", ROWS, encoding, delimiter=delimiter, lineterminator=lines)
    assert table(read_export(file)) == expected(ROWS)


cells = st.text(
    st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\ufeff"), max_size=20
).filter(lambda t: t == t.strip() and not t.endswith("\r"))


@settings(max_examples=150)
@given(
    rows=st.lists(
        st.lists(cells, min_size=3, max_size=3).filter(lambda r: r[0] != ""), min_size=1, max_size=8
    ),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_reads_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    delimiter: str,
    encoding: str,
    quoting: int,
) -> None:
    import unicodedata

    file = tmp_path_factory.mktemp("csv") / "export.csv"
    write(file, rows, encoding, delimiter=delimiter, quoting=quoting)
    found = read_export(file, ExportOptions(delimiter=delimiter))
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    assert table(found) == [
        [unicodedata.normalize("NFC", cell) or None for cell in row] for row in kept
    ]


def test_an_answer_that_looks_like_an_import_id_is_an_answer(tmp_path: Path) -> None:
    rows = [['{"ImportId"', "a", "b"], ["1", '{"ImportId":"x"}', "c"]]
    file = write(tmp_path / "e.csv", rows)
    assert table(read_export(file)) == expected(rows)


def test_text_is_kept_as_typed_but_for_nfc(tmp_path: Path) -> None:
    file = write(tmp_path / "e.csv", [["1", "a", "  twee  spaties, e\u0301e\u0301n 👍🏽\u00a0 "]])
    assert table(read_export(file))[0][2] == "  twee  spaties, één 👍🏽\u00a0 "


def test_windows_and_macintosh_letters_are_told_apart(tmp_path: Path) -> None:
    rows = [["1", "a", "’s nachts één café – ‘ja’ €"]]
    for encoding in ("cp1252", "mac_roman"):
        assert table(read_export(write(tmp_path / "e.csv", rows, encoding))) == expected(rows)


def test_a_delimiter_behind_every_row_is_no_column(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id;q1;\n1;a;\n2;b;\n", encoding="utf-8")
    assert table(read_export(tmp_path / "e.csv")) == [["1", "a"], ["2", "b"]]


def test_blank_lines_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text("id;q1\n1;a\n\n2;b\n", encoding="utf-8")
    assert read_export(tmp_path / "e.csv").row_numbers == (2, 4)


def test_an_answer_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    rows = [["1", "a", "=1+1"], ["2", "b", "-"]]
    assert table(read_export(write(tmp_path / "e.csv", rows))) == expected(rows)


# broken text files


@pytest.mark.parametrize(
    ("content", "key", "row"),
    [
        (b"", "readers.empty", None),
        (b"\xef\xbb\xbf\r\n", "readers.empty", None),
        (b"id;q1\n", "readers.no_rows", None),
        (b"id\n1\n2\n", "readers.one_column", 1),
        (b'id;q1\n1;a\n2;"b\n3;c\n', "tables.open_quote", 3),
        (b"id;q1\n1;a\n2;b\x00b\n", "tables.zero_byte", 3),
        ("id;q1\n1;één\n2;ünd\n3;".encode() + b"\xe9\xe9n\n", "tables.broken_utf8", 4),
        (b"%PDF-1.7 x", "readers.other.pdf", None),
        (b"\x89PNG\r\n\x1a\n0000", "readers.other.picture", None),
        (gzip.compress(b"id;q1\n1;a\n", mtime=0), "readers.other.gzip", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "readers.other.old_excel", None),
        (b"<!DOCTYPE html><html></html>", "readers.other.html", None),
        (b"PAR1" + b"0" * 50, "readers.truncated", None),
        (b"PK\x03\x04" + b"0" * 50, "readers.truncated", None),
        (b"$FL2@(#) SPSS" + b"0" * 50, "readers.truncated", None),
    ],
)
def test_broken_and_other_files_are_named(
    tmp_path: Path, content: bytes, key: str, row: int | None
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    found = problems(file)
    assert [(p.key, p.row) for p in found] == [(key, row)]
    assert found[0].file == file


def test_ragged_rows_are_listed_ten_and_the_rest_counted(tmp_path: Path) -> None:
    lines = ["id;q1;q2", *(f"{i};a;b;c" if i % 2 else f"{i};a;b" for i in range(40))]
    (tmp_path / "e.csv").write_text("\n".join(lines), encoding="utf-8")
    found = problems(tmp_path / "e.csv")
    assert [p.key for p in found] == ["readers.ragged"] * 10 + ["readers.ragged_more"]
    assert [p.row for p in found[:3]] == [3, 5, 7]
    assert found[-1].params["n"] == 10
    assert found[0].params == {"found": 4, "expected": 3}


@pytest.mark.parametrize(
    ("options", "key"),
    [
        (ExportOptions(delimiter="|"), "readers.one_column"),
        (ExportOptions(encoding="ascii"), "tables.wrong_encoding"),
        (ExportOptions(encoding="klingon"), "tables.no_encoding"),
        (ExportOptions(format="xlsx"), "readers.other_format"),
        (ExportOptions(format="qualtrics"), "readers.no_qualtrics"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, options: ExportOptions, key: str) -> None:
    assert [p.key for p in problems(write(tmp_path / "e.csv", ROWS), options)] == [key]


def test_no_file_and_a_folder_are_named(tmp_path: Path) -> None:
    assert problems(tmp_path / "none.csv")[0].key == "readers.missing"
    assert problems(tmp_path)[0].key == "readers.folder"


def test_a_zip_named_csv_says_what_is_in_it(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.csv", "w") as archive:
        archive.writestr("survey.csv", "id;q1\n1;a\n")
    found = problems(tmp_path / "e.csv")
    assert (found[0].key, found[0].params["inside"]) == ("readers.other.zip", "survey.csv")


@pytest.mark.slow
@pytest.mark.parametrize("quoted", [True, False])
def test_a_cell_of_a_gigabyte_is_refused_with_little_memory(tmp_path: Path, quoted: bool) -> None:
    file = tmp_path / "huge.csv"
    with file.open("wb") as handle:
        handle.write(b'id;q1\n1;a\n2;"' if quoted else b"id;q1\n1;a\n2;")
        for _ in range(1024):
            handle.write(b"x" * (1 << 20))
    script = (
        "import re, sys\nfrom pathlib import Path\n"
        "from themecoder.survey.readers import read_export\n"
        "from themecoder.errors import InputError\n"
        "try:\n    read_export(Path(sys.argv[1]))\n"
        "except InputError as error:\n    print(error.problems[0].key, error.problems[0].row)\n"
        "peak = re.search('VmHWM:\\\\s+(\\\\d+)', Path('/proc/self/status').read_text())\n"
        "print(int(peak[1]) // 1024)\n"
    )
    command = [sys.executable, "-c", script, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    said, memory = done.stdout.splitlines()
    assert said == "tables.cell_too_large 3"
    assert int(memory) < 400


def test_many_rows_are_read_whole(tmp_path: Path) -> None:
    rows = [[str(i), "a", f'antwoord {i}; met "quotes"'] for i in range(20_000)]
    assert len(read_export(write(tmp_path / "e.csv", rows)).frame) == 20_000


# tables with types


def test_excel_cells_become_text(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["id", "leeftijd", "datum", "tijd", "ja", "tekst"])
    sheet.append([1, 44.0, date(2025, 9, 3), datetime(2025, 9, 3, 7, 25), True, " x\ny "])
    sheet.append([2, 3.5, None, None, False, None])
    book.create_sheet("leeg")
    for name in ("export.xlsx", "export.csv"):
        book.save(tmp_path / name)
        export = read_export(tmp_path / name)
        assert export.format == "xlsx"
        assert table(export) == [
            ["1", "44", "2025-09-03", "2025-09-03 07:25:00", "1", " x\ny "],
            ["2", "3.5", None, None, "0", None],
        ]
    assert [p.key for p in problems(tmp_path / "export.xlsx", ExportOptions(sheet="x"))] == [
        "readers.no_sheet"
    ]


def test_a_damaged_workbook_is_named(tmp_path: Path) -> None:
    import openpyxl

    openpyxl.Workbook().save(tmp_path / "e.xlsx")
    whole = (tmp_path / "e.xlsx").read_bytes()
    (tmp_path / "e.xlsx").write_bytes(whole[: len(whole) // 2])
    assert problems(tmp_path / "e.xlsx")[0].key == "readers.truncated"


def test_error_cells_of_excel_are_listed(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "q1"], ["1", "a"], ["2", "#REF!"], ["3", "#N/A"]):
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    found = problems(tmp_path / "e.xlsx")
    assert [(p.key, p.row, p.column) for p in found] == [
        ("readers.cell_error", 3, "q1"),
        ("readers.cell_error", 4, "q1"),
    ]


def test_parquet_cells_become_text(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"id": [1, 2], "q": ["ja", None], "n": [1.0, 2.5], "d": [date(2025, 1, 2), None]}
    pq.write_table(pa.table({**columns, "m": [["a", "b"], []]}), tmp_path / "e.parquet")
    assert table(read_export(tmp_path / "e.parquet")) == [
        ["1", "ja", "1", "2025-01-02", "a; b"],
        ["2", None, "2.5", None, None],
    ]


def test_parquet_of_several_row_groups_reads_as_its_csv(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = ["ja", None, "ja", "één", "e\u0301e\u0301n", "nee", None, "x" * 50, "ja"]
    columns = {
        "id": [f"r{n}" for n in range(9)],
        "q": texts,
        "n": [1.0, 2.5, 1.0, None, float("nan"), 0.1, 2.5, 1e6, -3.0],
        "k": [1, 2, 2, None, 1, 10**12, 1, 2, 2],
    }
    table_ = pa.table({**columns, "w": pa.array(texts).dictionary_encode()})
    pq.write_table(table_, tmp_path / "e.parquet", row_group_size=4)
    (tmp_path / "e.csv").write_text(
        "id,q,n,k,w\n"
        + "".join(
            f"r{n},{text or ''},{number},{whole},{text or ''}\n"
            for n, (text, number, whole) in enumerate(
                zip(
                    texts,
                    ["1", "2.5", "1", "", "", "0.1", "2.5", "1000000", "-3"],
                    ["1", "2", "2", "", "1", "1000000000000", "1", "2", "2"],
                    strict=True,
                )
            )
        ),
        encoding="utf-8",
    )
    ours, theirs = read_export(tmp_path / "e.parquet"), read_export(tmp_path / "e.csv")
    assert table(ours) == table(theirs)
    assert ours.row_numbers == theirs.row_numbers


def test_spss_keeps_codes_labels_and_wordings(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame(
        {"id": ["r1", "r2"], "q1": [1.0, 2.0], "q2_a": [1.0, 0.0], "tekst": ["één", ""]}
    )
    pyreadstat.write_sav(
        frame,
        str(tmp_path / "e.sav"),
        column_labels=["", "Krijg je hulp?", "Gratis", ""],
        variable_value_labels={"q1": {1.0: "Ja", 2.0: "Nee"}},
    )
    export = read_export(tmp_path / "e.sav")
    assert table(export) == [["r1", "1", "1", "één"], ["r2", "2", "0", None]]
    assert export.columns[1].label == "Krijg je hulp?"
    assert export.columns[1].values == {"1": "Ja", "2": "Nee"}


def test_multiple_response_sets_of_spss_are_groups(tmp_path: Path) -> None:
    """pyreadstat reads sets but does not write them: the set's record is put into a real file."""
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({"ID": ["r1"], "Q2_A": [1.0], "Q2_B": [0.0]})
    pyreadstat.write_sav(frame, str(tmp_path / "plain.sav"))
    data = (tmp_path / "plain.sav").read_bytes()
    record = b"$Q2=D1 1 7 Waarom? Q2_A Q2_B\n"
    extension = b"".join(value.to_bytes(4, "little") for value in (7, 7, 1, len(record))) + record
    end = data.rindex((999).to_bytes(4, "little") + bytes(4))
    (tmp_path / "e.sav").write_bytes(data[:end] + extension + data[end:])
    export = read_export(tmp_path / "e.sav")
    assert [column.group for column in export.columns] == [None, "Q2", "Q2"]


# survey tools


LIMESURVEY = """\
"id","submitdate","lastpage","startlanguage","q1","q6[SQ001]","q6[SQ002]","q6[other]","q7"
"1","2025-09-03 07:25:00","5","nl","A1","Y","","","Het helpt"
"2","","2","nl","A2","","Y","iets anders","N/A"
"""
QUALTRICS = """StartDate,Finished,ResponseId,Q1,Q6_1,Q6_2,Q7
Start Date,Finished,Response ID,Hoe oud ben je?,Waarom? - Gratis,Waarom? - Snel,"Licht toe,
graag"
"{""ImportId"":""startDate""}","{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID6_1""}","{""ImportId"":""QID6_2""}","{""ImportId"":""QID7_TEXT""}"
2025-09-03 07:25:00,True,R_1abc,44,Gratis,,"Het helpt, echt"
2025-09-03 08:25:00,True,R_2abc,31,,Snel,
"""


def test_limesurvey_headers_and_ticks(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text(LIMESURVEY, encoding="utf-8")
    export = read_export(tmp_path / "e.csv")
    assert export.format == "limesurvey"
    groups = {column.name: column.group for column in export.columns}
    assert (groups["q6[SQ001]"], groups["q6[SQ002]"], groups["q1"]) == ("q6", "q6", None)
    # not shown is an empty cell
    assert export.frame["q7"].tolist() == ["Het helpt", None]


def test_limesurvey_headers_with_wordings(tmp_path: Path) -> None:
    text = LIMESURVEY.replace('"q7"', '"q7. Kun je dat toelichten?"')
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    last = read_export(tmp_path / "e.csv").columns[-1]
    assert (last.name, last.label) == ("q7", "Kun je dat toelichten?")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_qualtrics_has_three_header_rows(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "e.csv").write_text(QUALTRICS, encoding=encoding, newline="")
    export = read_export(tmp_path / "e.csv")
    assert export.format == "qualtrics"
    assert len(export.frame) == 2
    assert export.row_numbers == (4, 5)
    assert export.frame["Q7"].tolist() == ["Het helpt, echt", None]
    labels = {column.name: column.label for column in export.columns}
    assert labels["Q7"] == "Licht toe, graag"
    assert {column.name: column.group for column in export.columns}["Q6_1"] == "Q6"


def test_decimal_commas_are_read_as_numbers_where_told(tmp_path: Path) -> None:
    rows = [["1", "3,5", "nou, ja"], ["2", "-1,25", "1,2,3"]]
    found = read_export(write(tmp_path / "e.csv", rows), ExportOptions(decimal=","))
    assert table(found) == [["1", "3.5", "nou, ja"], ["2", "-1.25", "1,2,3"]]


def test_decimal_commas_with_thousands_and_only_in_columns_of_numbers(tmp_path: Path) -> None:
    rows = [["1", "1.234,5", "1,5"], ["2", "12", "of 2,5"]]
    found = read_export(write(tmp_path / "e.csv", rows), ExportOptions(decimal=","))
    assert table(found) == [["1", "1234.5", "1,5"], ["2", "12", "of 2,5"]]


def test_names_of_columns_are_nfc_and_on_one_line(tmp_path: Path) -> None:
    (tmp_path / "e.csv").write_text('id,"Hoe\nidee\u0308el?"\n1,a\n', encoding="utf-8")
    assert read_export(tmp_path / "e.csv").columns[1].name == "Hoe ideëel?"


def test_what_a_respondent_of_limesurvey_typed_is_kept(tmp_path: Path) -> None:
    """N/A is LimeSurvey's in a yes/no column that has no empty cell, else someone's own words."""
    text = (
        '"id","lastpage","startlanguage","q2","q7"\n'
        '"1","5","nl","N/A","N/A"\n"2","5","nl","Y",""\n"3","5","nl","N","\'=1+1"\n'
    )
    (tmp_path / "e.csv").write_text(text, encoding="utf-8")
    frame = read_export(tmp_path / "e.csv", ExportOptions(format="limesurvey")).frame
    assert frame["q2"].tolist() == [None, "Y", "N"]
    assert frame["q7"].tolist() == ["N/A", None, "=1+1"]


def test_a_workbook_of_qualtrics_has_two_header_rows(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["StartDate", "ResponseId", "Q7"],
        ["Start Date", "Response ID", "Licht toe"],
        [datetime(2025, 9, 3, 7, 25), "R_1abc", "Het helpt"],
    ):
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    export = read_export(tmp_path / "e.xlsx")
    assert (export.format, export.row_numbers) == ("qualtrics", (3,))
    assert export.columns[2].label == "Licht toe"


def test_rows_below_a_sheet_s_stated_size_are_read(tmp_path: Path) -> None:
    """Some programs write a wrong size into the sheet; openpyxl would stop there."""
    import re
    import zipfile

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "q1"], ["1", "a"], ["2", "b"]):
        sheet.append(row)
    book.save(tmp_path / "right.xlsx")
    with (
        zipfile.ZipFile(tmp_path / "right.xlsx") as right,
        zipfile.ZipFile(tmp_path / "e.xlsx", "w") as wrong,
    ):
        for name in right.namelist():
            data = right.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data, n = re.subn(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', data)
                assert n == 1
            wrong.writestr(name, data)
    assert table(read_export(tmp_path / "e.xlsx")) == [["1", "a"], ["2", "b"]]


def test_a_workbook_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    import zipfile

    with (
        zipfile.ZipFile(tmp_path / "e.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/sharedStrings.xml", "w") as part,
    ):
        for _ in range(128):
            part.write(bytes(1 << 20))
    assert problems(tmp_path / "e.xlsx")[0].key == "readers.too_large"
