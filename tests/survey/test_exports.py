"""Exports that used to be counted wrong or refused: small, made up, counted by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pandas
import pyreadstat
import pytest
from typer.testing import CliRunner

from commands import called
from themecoder.cli import app
from themecoder.errors import InputError
from themecoder.study import Study
from themecoder.survey.init_study import init_study
from themecoder.survey.proposal.propose import StudyProposal

WHY = (
    "omdat ik het fijn vind als er altijd iemand naar mij luistert",
    "mijn gegevens moeten veilig zijn en daar twijfel ik toch aan",
    "een mens begrijpt mij beter dan een computer dat ooit kan",
    "het scheelt mij veel tijd want ik hoef nergens op te wachten",
    "er staan soms fouten in en dat maakt mij best onzeker",
    "ik kan op elk moment van de dag mijn verhaal even kwijt",
    "mijn behandelaar raadt het af en ik volg dat advies ook",
    "het geeft rust om alles op te schrijven voor het slapen gaan",
    "ik weet niet goed wat ik ervan moet vinden op dit moment",
    "soms praat ik liever met een vriend die mij goed kent",
)


class Read:
    """What a file became with nothing edited but that small counts are shown."""

    def __init__(self, file: Path, settings: Sequence[tuple[str, str]] = ()) -> None:
        root = file.parent / "studie"
        root.mkdir(exist_ok=True)
        self.proposal: StudyProposal = init_study(file, root, force=True).proposal
        text = (root / "study.toml").read_text(encoding="utf-8")
        for old, new in (("smallest_cell = 5", "smallest_cell = 0"), *settings):
            assert old in text, old
            text = text.replace(old, new)
        (root / "study.toml").write_text(text, encoding="utf-8")
        self.study = Study.open(root)

    def counts(self, question: str) -> dict[str, int | None]:
        rows = self.study.counts([question]).rows
        return {row.code: row.n for row in rows if row.subgroup == "all"}

    def base(self, question: str) -> int:
        return next(row.base_n for row in self.study.counts([question]).rows)

    def problems(self) -> list[str]:
        with pytest.raises(InputError) as refused:
            self.study.survey  # noqa: B018
        return [problem.key for problem in refused.value.problems]

    def warnings(self) -> list[str]:
        return [problem.key for problem in self.study.survey.warnings]


def table(folder: Path, rows: Sequence[str], name: str = "export.csv") -> Path:
    file = folder / name
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def with_why(head: str, cells: Sequence[str], separator: str = ",") -> list[str]:
    """Rows with a number before and an open answer behind the cells."""
    lines = [f"nr{separator}{head}{separator}Waarom?"]
    return lines + [
        f"{n}{separator}{row}{separator}{WHY[n % len(WHY)]}" for n, row in enumerate(cells, start=1)
    ]


OPTIONS = {
    "words and nothing": ("Arts", "Buur", "", ""),
    "1 and nothing": ("1", "1", "", ""),
    "1 and 0": ("1", "1", "0", "0"),
    "its own number": ("1", "2", "", ""),
    "words, and Not selected": ("Arts", "Buur", "Not selected", "Not selected"),
    "Ja and Nee": ("Ja", "Ja", "Nee", "Nee"),
    "x": ("x", "x", "", ""),
    "TRUE and FALSE": ("TRUE", "TRUE", "FALSE", "FALSE"),
}


@pytest.mark.parametrize("style", OPTIONS)
def test_what_says_that_an_option_was_chosen(style: str, tmp_path: Path) -> None:
    """Six chose the first, three the second, two none, one was silent where there is no word."""
    first, second, no_first, no_second = OPTIONS[style]
    chosen = ["10"] * 4 + ["11"] * 2 + ["01"] * 1 + ["00"] * 3
    cells = [
        f"{first if a == '1' else no_first},{second if b == '1' else no_second}" for a, b in chosen
    ]
    read = Read(table(tmp_path, with_why("hulp_1,hulp_2", cells)))
    counts = read.counts("hulp")
    assert (counts["hulp_1"], counts["hulp_2"], counts["any"]) == (6, 3, 7)
    assert read.base("hulp") == 10
    assert len(read.study.survey.members(read.study.survey.closed[0].asked)) == 10


def test_one_and_two_are_statements_and_no_options_till_somebody_says_so(tmp_path: Path) -> None:
    file = table(tmp_path, with_why("hulp_1,hulp_2", ["1,2"] * 5 + ["2,1"] * 3 + ["2,2"] * 2))
    read = Read(file)
    assert read.counts("hulp") == {
        "hulp_1": 10, "hulp_1=1": 5, "hulp_1=2": 5, "hulp_2": 10, "hulp_2=1": 3, "hulp_2=2": 7,
    }  # fmt: skip
    as_options = [('kind = "matrix"', 'kind = "multiple"'), ("[closed.items]", "[closed.options]")]
    values = ('[closed.values]\n1 = "1"\n2 = "2"\n', "")
    assert Read(file, [*as_options, values]).problems() == ["survey.ticks_unclear"]
    said = ('kind = "multiple"', 'kind = "multiple"\nticked = ["1"]')
    told = Read(file, [*as_options, values, said])
    assert told.counts("hulp") == {"any": 8, "hulp_1": 5, "hulp_2": 3}


def test_sets_of_an_spss_file_keep_what_they_count(tmp_path: Path) -> None:
    """A set that counts 1 of 1 and 2, and one of first and second mentions, in the file's own
    records: the reader of sets is tried with what pyreadstat can't write."""
    rows = [
        # hulp_1, hulp_2 (1 yes, 2 no); reden_1, reden_2 (1 Kosten, 2 Tijd, 3 Angst)
        (1, 2, 1, 3), (1, 1, 2, None), (2, 2, 1, 2), (2, 1, 3, 1), (1, 2, 2, 3), (2, 2, 1, None),
    ]  # fmt: skip
    frame = pandas.DataFrame(rows, columns=["HULP_1", "HULP_2", "REDEN_1", "REDEN_2"], dtype=float)
    frame.insert(0, "NR", range(1, len(rows) + 1))
    frame["WAAROM"] = WHY[: len(rows)]
    file = tmp_path / "sets.sav"
    reasons = {1.0: "Kosten", 2.0: "Tijd", 3.0: "Angst"}
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels=["", "Arts", "Buur", "Reden", "Tweede reden", "Waarom vind je dat?"],
        variable_value_labels={"REDEN_1": reasons, "REDEN_2": reasons},
    )
    add_sets(file, b"$hulp=D1 1 4 Hulp hulp_1 hulp_2\n$reden=C 6 Redens reden_1 reden_2\n")
    read = Read(file)
    assert read.counts("hulp") == {"any": 4, "HULP_1": 3, "HULP_2": 2}
    assert read.counts("reden") == {"any": 6, "1": 4, "2": 3, "3": 3}
    labels = read.study.counts(["reden"]).code_labels
    assert [labels["reden", code] for code in "123"] == ["Kosten", "Tijd", "Angst"]


def add_sets(file: Path, definition: bytes) -> None:
    """Put an extension record with multiple-response sets before the end of the dictionary."""
    data = file.read_bytes()
    end = data.index((999).to_bytes(4, "little") + (0).to_bytes(4, "little"), 176)
    record = b"".join(n.to_bytes(4, "little") for n in (7, 7, 1, len(definition))) + definition
    file.write_bytes(data[:end] + record + data[end:])


NUMBERS = {
    "points are thousands": (["2.500", "1.800", "950", "3.100", "1.200"], ";", 1910.0),
    "a decimal comma beside": (["2.500", "12,5", "100", "1.000", "7,5"], ";", 724.0),
    "a decimal point beside": (["2,500", "12.5", "100", "1,000", "7.5"], ";", 724.0),
    "euros": (["€ 2.500,-", "€ 1.500,-", "€ 100,00", "€ 900,-", "€ 0,50"], ";", 1000.1),
    "spaces are thousands": (["2 500", "1 500", "100", "900", "1 000"], ";", 1200.0),
}


@pytest.mark.parametrize("style", NUMBERS)
def test_numbers_are_read_as_their_column_is_written(style: str, tmp_path: Path) -> None:
    cells, separator, mean = NUMBERS[style]
    words = [*(f'"{cell}"' for cell in cells), "n.v.t.", ""]
    read = Read(table(tmp_path, with_why("inkomen", words, separator)))
    (row,) = [one for one in read.study.counts(["inkomen"]).numbers if one.subgroup == "all"]
    assert (row.n, row.base_n) == (5, 7)
    assert row.mean == pytest.approx(mean)
    assert "survey.no_number" in read.warnings()


def test_a_number_that_can_be_two_is_refused_till_somebody_says_which(tmp_path: Path) -> None:
    cells = ['"1.250"', '"2.500"', '"3.125"', '"4.750"', '"1.375"']
    file = table(tmp_path, with_why("bedrag", cells))
    assert Read(file).problems() == ["survey.number_unclear"]
    for mark, mean in ((",", 2600.0), (".", 2.6)):
        read = Read(file, [('include = "all"', f'include = "all"\ndecimal = "{mark}"')])
        (row,) = read.study.counts(["bedrag"]).numbers
        assert row.mean == pytest.approx(mean)


def test_a_code_for_no_answer_among_numbers(tmp_path: Path) -> None:
    """-99 is none; 999 may be an amount, so it counts and is asked about."""
    cells = ["23", "41", "-99", "35", "999", "52", "64"]
    file = table(tmp_path, with_why("uren", cells))
    read = Read(file)
    assert read.study.counts(["uren"]).numbers[0].n == 6
    assert read.warnings() == ["survey.no_number", "survey.number_suspected"]
    told = Read(file, [('kind = "number"', 'kind = "number"\nmissing = ["999"]')])
    assert told.study.counts(["uren"]).numbers[0].mean == pytest.approx(
        (23 + 41 + 35 + 52 + 64) / 5
    )


def test_a_multiple_question_that_writes_its_zeros_has_those_as_base_who_saw_it(
    tmp_path: Path,
) -> None:
    file = table(tmp_path, with_why("a_1,a_2", ["1,0"] * 4 + ["0,1"] * 2 + ["0,0"] + [","] * 3))
    text = '[survey]\nfile = "export.csv"\nid = "nr"\n[[questions]]\nid = "q"\ncolumn = "Waarom?"\n'
    root = tmp_path / "eigen"
    root.mkdir()
    multiple = '[[multiple]]\nid = "a"\ncolumns = ["a_1", "a_2"]\n'
    settings = 'id = "s"\ntitle = "S"\n' + text + multiple + "[report]\nsmallest_cell = 0\n"
    (root / "study.toml").write_text(settings, encoding="utf-8")
    file.rename(root / "export.csv")
    rows = Study.open(root).counts(["a"]).rows
    assert [(row.code, row.n, row.base_n) for row in rows] == [
        ("any", 6, 7), ("a_1", 4, 7), ("a_2", 2, 7),
    ]  # fmt: skip


JOINED = {
    "commas": (", ", ["Werk, Studie", "Werk", "Werk, Studie, Hulp", "Hulp", "Studie, Hulp"]),
    "semicolons": (";", ["Werk;Studie;", "Werk;", "Werk;Studie;Hulp;", "Hulp;", "Studie;Hulp;"]),
    "names": (" ", ["werk_a studie_b", "werk_a", "werk_a studie_b hulp_c", "hulp_c",
                    "studie_b hulp_c"]),
    "numbers": (" ", ["1 2", "1", "1 2 3", "3", "2 3"]),
}  # fmt: skip


@pytest.mark.parametrize("style", JOINED)
def test_several_answers_in_one_cell(style: str, tmp_path: Path) -> None:
    separator, cells = JOINED[style]
    quoted = [f'"{cell}"' for cell in cells * 3]
    read = Read(table(tmp_path, with_why("waarvoor", quoted)))
    (question,) = read.study.survey.closed
    assert (question.kind, question.separator) == ("multiple", separator)
    assert sorted(n for n in read.counts("waarvoor").values() if n) == [9, 9, 9, 15]
    column = read.study.survey.ticks["waarvoor"][next(iter(question.options))]
    assert sum(cell == "1" for cell in read.study.survey.frame[column]) == 9


def test_an_option_with_a_comma_and_typed_texts(tmp_path: Path) -> None:
    cells = ["Werk", "Hulp bij klachten, zoals stress", "Werk, Hulp bij klachten, zoals stress",
             "Werk, Vermaak", "Vermaak", "Vermaak, voor mijn kat", "Werk, om te oefenen",
             "Hulp bij klachten, zoals stress, Vermaak", "Werk", "Vermaak"]  # fmt: skip
    file = table(tmp_path, with_why("waarvoor", [f'"{cell}"' for cell in cells]))
    read = Read(file)
    assert read.counts("waarvoor") == {
        "any": 10, "Werk": 5, "Hulp bij klachten, zoals stress": 3, "Vermaak": 5, "other": 2,
    }  # fmt: skip
    refused = Read(file, [('other = "Anders, namelijk"\n', "")])
    assert refused.problems() == ["survey.no_option"]


@pytest.mark.parametrize("names", [
    ("Welke hulp? - Arts", "Welke hulp? - Fysiotherapeut", "Welke hulp? - Eigen netwerk"),
    ("hulp/arts", "hulp/fysiotherapeut", "hulp/eigen_netwerk"),
    ("hulp___1", "hulp___2", "hulp___3"),
    ("Welke hulp? [Arts]", "Welke hulp? [Fysio]", "Welke hulp? [Netwerk]"),
])  # fmt: skip
def test_options_that_share_the_first_part_of_their_heading(
    names: tuple[str, ...], tmp_path: Path
) -> None:
    head = ",".join(f'"{name}"' for name in names)
    read = Read(table(tmp_path, with_why(head, ["1,0,0", "0,1,0", "1,1,0", "0,0,0"] * 3)))
    (question,) = read.study.survey.closed
    assert question.columns == names
    assert [read.counts(question.id)[name] for name in names] == [6, 6, 0]


def test_two_questions_of_boxes_stay_two(tmp_path: Path) -> None:
    head = "nu___1,nu___2,ooit___1,ooit___2"
    read = Read(table(tmp_path, with_why(head, ["1,0,1,0", "0,1,1,1", "0,0,0,0", "1,1,0,1"] * 3)))
    assert {q.id: q.columns for q in read.study.survey.closed} == {
        "nu": ("nu___1", "nu___2"),
        "ooit": ("ooit___1", "ooit___2"),
    }


def test_headings_that_several_columns_share_or_none_has(tmp_path: Path) -> None:
    lines = ["nr,Gebruik je AI?,Licht toe,,Licht toe"]
    lines += [f"{n},{'Ja' if n % 2 else 'Nee'},{WHY[n]},{n % 3},{WHY[9 - n]}" for n in range(10)]
    read = Read(table(tmp_path, lines))
    names = [column.name for column in read.study.survey.export.columns]
    assert names == ["nr", "Gebruik je AI?", "Licht toe [3]", "[4]", "Licht toe [5]"]
    texts = [(q.column, q.text) for q in read.study.config.questions]
    assert texts == [("Licht toe [3]", "Licht toe"), ("Licht toe [5]", "Licht toe")]
    second = {answer.respondent_id: answer.text for answer in read.study.answers("licht-toe-5")}
    assert second["3"] == WHY[6]


def test_options_below_their_question(tmp_path: Path) -> None:
    lines = ["Nummer,Waarvoor gebruik je AI?,,,Waarom?", ",Werk,Studie,Hulp,Open-Ended Response"]
    lines += [
        f"{n},{'Werk' if n % 2 else ''},{'Studie' if n % 5 == 0 else ''},,{WHY[n]}"
        for n in range(10)
    ]
    read = Read(table(tmp_path, lines))
    assert len(read.study.survey.respondents) == 10
    assert [(r.number, r.reason) for r in read.study.survey.export.left_out] == [(2, "heading")]
    (question,) = read.study.survey.closed
    assert list(question.options.values()) == ["Werk", "Studie", "Hulp"]
    assert list(read.counts(question.id).values()) == [6, 5, 2, 0]


def test_a_title_above_and_totals_below(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Enquête 2025"], [], ["nr", "cijfer", "Waarom?"]):
        book.active.append(row)
    for n in range(10):
        book.active.append([n + 1, n % 5 + 4, WHY[n]])
    book.active.append(["Totaal", 60, None])
    book.save(tmp_path / "export.xlsx")
    read = Read(tmp_path / "export.xlsx")
    assert read.study.survey.respondents == tuple(str(n) for n in range(1, 11))
    assert [(r.number, r.reason) for r in read.study.survey.export.left_out] == [
        (1, "title"),
        (14, "totals"),
    ]
    assert {told.reason: told.n for told in read.proposal.rows_told} == {"title": 1, "totals": 1}


def test_an_opendocument_sheet_and_a_stata_file_say_the_same_as_a_csv(tmp_path: Path) -> None:
    frame = pandas.DataFrame(
        {
            "nr": range(1, 11),
            "keuze": ["a", "b"] * 5,
            "Waarom": WHY,
            "uren": [1.5 * n for n in range(10)],
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_stata(tmp_path / "b.dta", write_index=False, version=118)
    write_ods(tmp_path / "c.ods", frame)
    found = []
    for name in ("a.csv", "b.dta", "c.ods"):
        read = Read(tmp_path / name)
        number = read.study.counts(["uren"]).numbers[0]
        found.append((read.counts("keuze"), number.n, number.mean, read.study.answers("waarom")))
    assert found[0] == found[1] == found[2]
    assert found[0][0] == {"any": 10, "a": 5, "b": 5}


def write_ods(file: Path, frame: pandas.DataFrame) -> None:
    """The smallest OpenDocument spreadsheet that holds a table."""
    import zipfile
    from xml.sax.saxutils import escape

    def cell(value: object) -> str:
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'

    rows = [list(frame.columns), *frame.to_numpy(dtype=object).tolist()]
    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Blad1">{body}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = (
        '<?xml version="1.0"?><manifest:manifest'
        ' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f"{entry}</manifest:manifest>"
    )
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)


def test_respondents_without_an_id_are_rows_of_this_very_file(tmp_path: Path) -> None:
    lines = ["Tijdstempel,Keuze,Waarom?"]
    lines += [f"3-1-2025 10:{n:02}:00,{'ab'[n % 2]},{WHY[n]}" for n in range(10)]
    file = table(tmp_path, lines)
    read = Read(file)
    assert read.study.survey.respondents[:2] == ("2", "3")
    kept = tmp_path / "studie" / "data" / file.name
    kept.write_text(kept.read_text(encoding="utf-8") + f"3-1-2025 11:00:00,a,{WHY[0]}\n", "utf-8")
    with pytest.raises(InputError) as refused:
        Study.open(tmp_path / "studie").survey  # noqa: B018
    assert [problem.key for problem in refused.value.problems] == ["survey.rows_moved"]


def test_previews_are_left_out_and_who_stopped_is_told(tmp_path: Path) -> None:
    head = ["Status,Finished,ResponseId,Q1,Q2", "Type,Klaar,Id,Gebruik je AI?,Waarom?"]
    head.append(",".join(['"{""ImportId"":""x""}"'] * 5))
    rows = [
        f"{'Survey Preview' if n < 2 else 'IP Address'},{'False' if n > 7 else 'True'},"
        f"R_{n:015d},{'Ja' if n % 2 else 'Nee'},{WHY[n]}"
        for n in range(10)
    ]
    read = Read(table(tmp_path, [*head, *rows]))
    assert len(read.study.survey.respondents) == 8
    told = {one.reason: one.n for one in read.proposal.rows_told}
    assert told == {"heading": 2, "preview": 2, "unfinished": 2}
    assert read.counts("q1") == {"any": 8, "Ja": 4, "Nee": 4}


def test_a_vv_file_of_limesurvey(tmp_path: Path) -> None:
    lines = ["Nr\tIngestuurd\tLaatste\tTaal\tZaad\tKeuze\tWaarom?"]
    lines.append("id\tsubmitdate\tlastpage\tstartlanguage\tseed\tq1\tq2")
    for n in range(10):
        text = "{question_not_shown}" if n % 2 else WHY[n].replace(" en ", "{newline}en {lbrace}")
        lines.append(f"{n + 1}\t2025-01-01\t3\tnl\t7\t{'AB'[n % 2]}\t{text}")
    read = Read(table(tmp_path, lines))
    answers = read.study.answers("q2")
    assert len(read.study.survey.respondents) == 10
    assert sorted(int(answer.respondent_id) for answer in answers) == [1, 3, 5, 7, 9]
    assert read.study.config.question("q2").asked.columns == {"q1"} or read.base("q1") == 10
    assert any("\nen {" in answer.text for answer in answers) == any(
        " en " in WHY[n] for n in (0, 2, 4, 6, 8)
    )


def test_events_of_a_record_are_one_respondent(tmp_path: Path) -> None:
    lines = ["record_id,redcap_event_name,keuze,waarom,start_complete"]
    for n in range(10):
        lines.append(f"{n},start_arm_1,{n % 2 + 1},{WHY[n]},2")
        lines += [f"{n},later_arm_1,,,0"] if n % 3 else []
    read = Read(table(tmp_path, lines))
    assert read.study.survey.respondents == tuple("0123456789")
    assert {told.reason: told.n for told in read.proposal.rows_told} == {"event": 6}
    assert read.counts("keuze") == {"any": 10, "1": 5, "2": 5}


def test_a_redcap_dictionary_and_an_xlsform_name_questions_and_options(tmp_path: Path) -> None:
    cells = ["1,1,0", "2,1,1", "1,0,0"] * 3
    export = table(tmp_path, with_why("soort,hulp___1,hulp___2", cells))
    choices = '"Choices, Calculations, OR Slider Labels"'
    head = f'"Variable / Field Name","Field Type","Field Label",{choices}'
    lines = [head, 'soort,radio,Welke soort?,"1, Licht | 2, Zwaar"']
    lines.append('hulp,checkbox,<b>Welke hulp?</b>,"1, Arts | 2, Buur"')
    named = [labels_of(export, table(tmp_path, lines, "dictionary.csv"), tmp_path / "a")]
    book = openpyxl.Workbook()
    survey, lists = book.active, book.create_sheet("choices")
    survey.title = "survey"
    for row in (
        ["type", "name", "label::Nederlands (nl)"],
        ["select_one soorten", "soort", "Welke soort?"],
        ["select_multiple hulpen", "hulp", "Welke hulp?"],
    ):
        survey.append(row)
    for row in (
        ["list_name", "name", "label::Nederlands (nl)"],
        ["soorten", 1, "Licht"], ["soorten", 2, "Zwaar"],
        ["hulpen", 1, "Arts"], ["hulpen", 2, "Buur"],
    ):  # fmt: skip
        lists.append(row)
    book.save(tmp_path / "form.xlsx")
    named.append(labels_of(export, tmp_path / "form.xlsx", tmp_path / "b"))
    assert named[0] == named[1] == (
        "Welke soort?", ["Licht", "Zwaar"], "Welke hulp?", ["Arts", "Buur"],
    )  # fmt: skip


def labels_of(export: Path, questionnaire: Path, root: Path) -> tuple[object, ...]:
    root.mkdir()
    init_study(export, root, questionnaire=questionnaire)
    kind, several = Study.open(root).survey.closed
    return kind.text, list(kind.values.values()), several.text, list(several.options.values())


def test_signs_of_a_web_page_are_no_part_of_an_answer(tmp_path: Path) -> None:
    lines = ["nr,Waarom?"]
    lines += [f'{n},"<p>{WHY[n]} &amp; dat <3</p>"' for n in range(10)]
    read = Read(table(tmp_path, lines))
    assert read.proposal.markup == 10
    assert read.study.answers("waarom")[0].text == f"{WHY[0]} & dat <3"


def test_what_programs_write_for_no_answer_is_none(tmp_path: Path) -> None:
    """NA and #N/A are; "Niet van toepassing" may be an answer to choose, so it is counted."""
    cells = [
        "Ja",
        "Nee",
        "NA",
        "#N/A",
        "Ja",
        "Niet van toepassing",
        "Nee",
        "Ja",
        "Niet van toepassing",
    ]
    read = Read(table(tmp_path, with_why("mee", cells)))
    assert read.counts("mee") == {"any": 7, "Ja": 3, "Nee": 2, "Niet van toepassing": 2}


def test_a_scale_with_labels_at_its_ends_is_shown_by_size(tmp_path: Path) -> None:
    frame = pandas.DataFrame({"nr": range(1, 16), "cijfer": [float(n % 5 + 1) for n in range(15)]})
    file = tmp_path / "schaal.sav"
    labels = {"cijfer": {1.0: "Heel slecht", 5.0: "Heel goed"}}
    pyreadstat.write_sav(frame, str(file), variable_value_labels=labels)
    assert list(Read(file).counts("cijfer")) == ["any", "1", "2", "3", "4", "5"]


def test_every_column_of_the_export_is_in_the_table_of_init(tmp_path: Path) -> None:
    file = table(tmp_path, with_why("hulp_1,hulp_2,leeg,uren", ["1,0,,7", "0,1,,12"] * 5))
    done = called("init", str(file), "--study", str(tmp_path / "s"))
    shown = [line.split()[1] for line in done.stdout.splitlines() if line.split()[:1] != []
             and line.split()[0].isdigit()]  # fmt: skip
    assert shown == ["nr", "hulp_1", "hulp_2", "leeg", "uren", "Waarom?"]


def test_import_shows_the_counts_beside_the_cells(tmp_path: Path) -> None:
    file = table(tmp_path, with_why("hulp_1,hulp_2", ["Arts,"] * 6 + [",Buur"] * 4))
    called("init", str(file), "--study", str(tmp_path / "s"))
    done = called("import", "--study", str(tmp_path / "s"))
    assert "Arts ×6" in done.stdout and "Buur ×4" in done.stdout
    rows = json.loads(called("import", "--study", str(tmp_path / "s"), "--json").stdout)["closed"]
    assert [(row["code"], row["n"], row["base_n"]) for row in rows] == [
        ("any", 10, 10), ("hulp_1", 6, 10), ("hulp_2", 4, 10),
    ]  # fmt: skip


@pytest.mark.slow
def test_a_study_in_german_runs(tmp_path: Path) -> None:
    """Answers in German: themes are found, messages and pages are English."""
    texts = (
        "Ich habe Angst, dass meine Daten nicht sicher sind",
        "Meine Daten gehören mir und nicht einer Firma",
        "Ein Mensch versteht mich besser als eine Maschine",
        "Ich spreche lieber mit einem Menschen, der mich kennt",
        "Es spart mir viel Zeit, weil ich nicht warten muss",
        "Ich muss nicht lange warten und das spart Zeit",
    )
    rows = [f'{n},{"mw"[n % 2]},"{texts[n % 6]}, sage ich ({n})"' for n in range(48)]
    file = table(tmp_path, ["nr,geschlecht,Warum?", *rows])
    root = tmp_path / "studie"
    init_study(file, root)
    study = Study.open(root)
    assert (study.config.language, study.config.interface_language) == ("de", "en")
    done = called("run", "--study", str(root))
    assert done.returncode == 0, done.stderr
    themes = (root / "reports" / "themes.html").read_text(encoding="utf-8")
    assert "Candidate themes" in themes and "Daten" in themes


def test_the_language_of_the_answers_is_found(tmp_path: Path) -> None:
    texts = {
        "en": "I worry about what happens with my data and who can see it",
        "de": "Ich habe Angst, dass meine Daten nicht sicher sind und wer sie sieht",
        "fr": "Je ne sais pas ce que deviennent mes données et qui peut les voir",
        "nl": "Ik weet niet wat er met mijn gegevens gebeurt en wie ze kan zien",
    }
    for language, text in texts.items():
        rows = ["id,keuze,why", *(f'{n},{"ab"[n % 2]},"{text} {n}"' for n in range(10))]
        folder = tmp_path / language
        folder.mkdir()
        assert Read(table(folder, rows)).study.config.language == language


def test_a_person_corrects_what_a_column_is(tmp_path: Path) -> None:
    file = table(tmp_path, with_why("code,soort", [f"{n + 500},{n % 3}" for n in range(10)]))
    answers = tmp_path / "antwoorden.toml"
    answers.write_text('id = "code"\n[columns]\nsoort = "technical"\n', encoding="utf-8")
    given = ("init", str(file), "--study", str(tmp_path / "a"), "--answer-file", str(answers))
    assert called(*given).returncode == 0
    study = Study.open(tmp_path / "a")
    assert (study.config.survey.id, study.survey.closed) == ("code", ())
    answers.write_text('idd = 1\n[columns]\nsoort = "boom"\n', encoding="utf-8")
    refused = called(*given, "--force")
    assert refused.returncode == 2
    assert "idd" in refused.stderr and "boom" in refused.stderr


def test_a_person_is_asked_what_to_correct(tmp_path: Path) -> None:
    file = table(tmp_path, with_why("code,soort", [f"{n + 500},{n % 3}" for n in range(10)]))
    words = ["init", str(file), "--study", str(tmp_path / "s"), "--ask"]
    done = CliRunner().invoke(app, words, input="3=technical\nwat?\nid=2\n\n")
    assert done.exit_code == 0, done.output
    assert "Niet begrepen: wat?" in done.output
    study = Study.open(tmp_path / "s")
    assert (study.config.survey.id, study.survey.closed) == ("code", ())


def test_a_study_without_open_questions_is_counted(tmp_path: Path) -> None:
    file = table(tmp_path, ["nr,keuze,soort", *(f"{n},{'ab'[n % 2]},{n % 3}" for n in range(20))])
    given = ("--study", str(tmp_path / "s"))
    called("init", str(file), *given)
    assert called("counts", *given).returncode == 0
    refused = called("mine", *given)
    assert refused.returncode == 2 and "geen open vragen" in refused.stderr
    assert called("run", *given).returncode == 0


def test_options_that_are_their_own_heading_are_one_question(tmp_path: Path) -> None:
    """Typeform's shape: the heading of a column is the option, and so is its cell."""
    cells = [f"{'Arts' if n % 2 else ''},{'Buur' if n % 3 else ''}" for n in range(12)]
    read = Read(table(tmp_path, with_why("Arts,Buur", cells)))
    (question,) = read.study.survey.closed
    assert (question.kind, question.columns) == ("multiple", ("Arts", "Buur"))
    assert [read.counts(question.id)[name] for name in ("Arts", "Buur")] == [6, 8]


def test_names_below_titles_of_sections(tmp_path: Path) -> None:
    lines = [",Achtergrond,,Vragen", "nr,leeftijd,regio,Waarom?"]
    lines += [f"{n},{20 + 3 * n},{'NO'[n % 2]},{WHY[n]}" for n in range(10)]
    read = Read(table(tmp_path, lines))
    assert read.study.survey.respondents == tuple("0123456789")
    assert [column.name for column in read.study.survey.export.columns[:3]] == [
        "nr", "Achtergrond - leeftijd", "Achtergrond - regio",
    ]  # fmt: skip
