"""Quotes of a small study, and the files of them, read back."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import openpyxl
import pytest

from sample_quotes import CODINGS, PEOPLE, coding, make_study, write_coding
from themecoder.coding.model import Coding, Quote
from themecoder.coding.source import CodingSource
from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, render
from themecoder.quotes.formats.files import HEADER, quote_files
from themecoder.quotes.model import Quotes, QuoteSection, SelectedQuote
from themecoder.study import Study

AN = CodingSource("coder", "an")


@pytest.fixture(scope="module")
def masked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study with its masks kept: masking loads its lists once. It hides no counts: of seven
    respondents little else would be left."""
    folder = make_study(tmp_path_factory.mktemp("klein") / "klein")
    with_line(folder, "smallest_cell = 2", "smallest_cell = 1")
    Study.open(folder).masked_texts()
    return folder


@pytest.fixture
def folder(masked: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "klein"
    shutil.copytree(masked, copy)
    return copy


def found(folder: Path, **more: object) -> Quotes:
    return Study.open(folder).quotes(source=AN, **more)  # type: ignore[arg-type]


def said(quotes: Quotes, code: str = "hulp") -> list[tuple[str, str, str]]:
    return [(one.answer_id, one.quote, one.chosen_by) for one in quotes.of(code)]


def with_line(folder: Path, old: str, new: str) -> None:
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_favourites_first_and_nobody_without_consent(folder: Path) -> None:
    quotes = found(folder, per_code=10)
    assert said(quotes)[0] == ("r3:q1", "- het helpt soms", "coder")
    people = [one.answer_id.partition(":")[0] for one in quotes.of("hulp")]
    assert sorted(people) == ["r1", "r2", "r3", "r5", "r6", "r7"]
    assert quotes.consent
    assert quotes.left_out == {"consent": 1, "empty": 1}
    assert [one.code for one in quotes.sections] == ["hulp", "zorg"]
    whole = next(one for one in quotes.of("hulp") if one.answer_id == "r5:q1")
    assert not whole.marked
    assert quotes.of("hulp")[-1] == whole
    assert quotes.sections[0].respondents == 6


def test_what_is_not_told_of_few(folder: Path) -> None:
    told = {one.answer_id: one.attributes for one in found(folder, per_code=10).of("hulp")}
    assert told["r1:q1"] == "Leeftijd <25, Ede"
    assert told["r3:q1"] == "Leeftijd <25, Wijk"
    with_line(folder, "smallest_cell = 1", "smallest_cell = 5")
    assert {one.attributes for one in found(folder).of("hulp")} == {""}


def larger_study(folder: Path) -> None:
    """Each respondent ten times, with a word of their own before each answer; only the first three
    have the code zorg."""
    people, codings = [], []
    for n in range(10):
        for nr, (consent, age, town, *answers) in PEOPLE.items():
            people.append([f"{nr}{n}", consent, age, town, *(f"{n} {text}" for text in answers)])
        for one in CODINGS:
            nr, _, question = one.answer_id.partition(":")
            text = f"{n} {PEOPLE[nr][3 if question == 'q1' else 4]}"
            code = one.codes[0] if n < 3 else "hulp"
            marked = (Quote(0, len(text), code, text),)
            answer_id = f"{nr}{n}:{question}"
            codings.append(replace(one, answer_id=answer_id, codes=(code,), quotes=marked))
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["nr", "mag", "leeftijd", "plaats", "q1", "q2"], *people])
    write_coding(folder, codings)


def test_quotes_tell_no_count_that_is_not_shown(folder: Path) -> None:
    """Neither by what is told of who said it, nor by how many are quoted."""
    with_line(folder, "smallest_cell = 1", "smallest_cell = 5")
    larger_study(folder)
    quotes = found(folder, per_code=40)
    rows = Study.open(folder).counts(source=AN).rows
    hidden = {(row.question, row.code, row.subgroup) for row in rows if row.n is None}
    told = {
        (one.question, one.code, f"{attribute.attribute}={attribute.group}")
        for one in quotes.shown
        for attribute in one.told
    }
    assert told
    assert not told & hidden
    totals = {(question, code) for question, code, group in hidden if group == "all"}
    for section in quotes.sections:
        rare = {question for question, code in totals if code == section.code}
        assert (section.respondents is None) == bool(rare & {"q1", "q2"})
        for question in ("q1", "q2"):
            shown = [one for one in section.shown if one.question == question]
            assert len(shown) <= 1 or question not in rare
    assert {("q1", "zorg"), ("q2", "zorg")} <= totals


def test_the_choice_for_a_code_does_not_depend_on_what_is_asked(folder: Path) -> None:
    everything = found(folder)
    for code in ("hulp", "zorg"):
        assert found(folder, codes=[code]).sections == tuple(
            one for one in everything.sections if one.code == code
        )
    with pytest.raises(KeyError):
        found(folder, codes=["zorg"]).of("hulp")


def test_without_a_word_on_consent_that_is_said(folder: Path) -> None:
    with_line(folder, 'consent = "mag=ja"\n', "")
    quotes = found(folder, per_code=10)
    assert not quotes.consent
    assert "r4:q1" in {one.answer_id for one in quotes.shown}
    for language, word in (("nl", "toestemming"), ("en", "consent")):
        assert word in str(quote_files(quotes, language)["quotes.md"])


def test_coding_that_is_not_to_be_used(folder: Path) -> None:
    stale = {
        "carried": {
            "from": "0.9.0",
            "stale": [{"code": "hulp", "was": "hulp", "since": "1.0.0", "reason": "redefine"}],
        }
    }
    changed = {
        "r1:q1": {"state": "skipped", "codes": (), "quotes": ()},
        "r2:q1": {"source": stale},
        "r3:q1": {"codebook": "0.9.0"},
        "r6:q1": {"codes": ("oud",), "quotes": ()},
    }
    rows = [replace(one, **changed.get(one.answer_id, {})) for one in CODINGS]  # type: ignore[arg-type]
    rows = [
        replace(one, quotes=tuple(replace(q, text=q.text.upper()) for q in one.quotes))
        if one.answer_id == "r7:q2"
        else one
        for one in rows
    ]
    write_coding(folder, rows)
    quotes = found(folder, per_code=10)
    assert {one.answer_id for one in quotes.of("hulp")} == {"r2:q2", "r5:q1"}
    assert quotes.left_out == {"changed": 1, "consent": 1, "empty": 1, "waiting": 2}


def test_a_choice_is_kept_and_a_second_time_changes_nothing(folder: Path) -> None:
    study, file = Study.open(folder), folder / "quotes.yaml"
    assert study.choose_quotes([("hulp", "r6:q1")], [("hulp", "r3:q1")], source=AN)
    text = file.read_text(encoding="utf-8")
    assert not study.choose_quotes([("hulp", "r6:q1")], [("hulp", "r3:q1")], source=AN)
    assert file.read_text(encoding="utf-8") == text
    quotes = found(folder, per_code=10)
    assert said(quotes)[0] == ("r6:q1", "+1: hulp is hulp", "person")
    assert "r3:q1" not in {o.answer_id for one in quotes.sections for o in one.shown + one.rest}
    assert study.choose_quotes([("hulp", "r2:q1@0-11")], source=AN)
    assert [o[1] for o in said(found(folder))[:2]] == ["+1: hulp is hulp", "ik vind het"]
    assert study.choose_quotes(never=[("hulp", "r2:q1")], source=AN)
    assert study.choose_quotes(
        forget=[("hulp", "r6:q1"), ("hulp", "r2:q1"), ("hulp", "r3:q1")], source=AN
    )
    assert all(line.startswith("#") for line in file.read_text(encoding="utf-8").splitlines())


def test_every_choice_that_cannot_be_is_told_and_nothing_is_written(folder: Path) -> None:
    study = Study.open(folder)
    with pytest.raises(InputError) as caught:
        study.choose_quotes(
            [
                ("help", "r1:q1"),
                ("hulp", "r4:q1"),
                ("zorg", "r2:q1"),
                ("hulp", "r1:q1@1-2"),
                ("oud", "r1:q1"),
                ("hulp", "r5:q2"),
            ],
            [("hulp", "r9:q1")],
            [("hulp", "r1:q1")],
            source=AN,
        )
    keys = [problem.key.removeprefix("quotes.") for problem in caught.value.problems]
    assert keys == [
        "no_code",
        "lost.consent",
        "lost.no_code",
        "lost.moved",
        "lost.retired",
        "lost.empty",
        "lost.gone",
        "not_there",
    ]
    assert all(render(p, language) for p in caught.value.problems for language in LANGUAGES)
    assert not (folder / "quotes.yaml").exists()
    study.choose_quotes([("hulp", "r2:q1")], source=AN)
    with pytest.raises(InputError):
        study.choose_quotes([("hulp", "r2:q2")], source=AN)  # the same person


def test_a_choice_that_is_lost_is_told_with_its_line(folder: Path) -> None:
    lines = (
        "hulp:\n  choose:\n  - r9:q1\n  - r4:q1\n  - r7:q1\n  - r1:q1\noud:\n  choose: [r2:q1]\n"
    )
    (folder / "quotes.yaml").write_text(lines, encoding="utf-8")
    quotes = found(folder)
    assert [(p.key, p.row) for p in quotes.lost] == [
        ("quotes.lost.gone", 3),
        ("quotes.lost.consent", 4),
        ("quotes.lost.no_code", 5),
        ("quotes.lost.retired", 8),
    ]
    assert said(quotes)[0][0] == "r1:q1"
    # of another question than was asked for: no word about it
    assert [p.row for p in found(folder, questions=["q2"]).lost] == []


def suggested(folder: Path, q1: str = "") -> None:
    """Suggestions as they were written, for q1 only: what is not there is worked out."""
    for question in Study.open(folder).questions:
        file = folder / "suggestions" / f"{question}.csv"
        file.parent.mkdir(exist_ok=True)
        rows = q1 if question == "q1" else ""
        file.write_text(f"answer_id,code,score\n{rows}", encoding="utf-8")


def test_bad_arguments(folder: Path) -> None:
    for more in ({"codes": ["hlp", "oud"]}, {"per_code": 0}, {"questions": ["q9"]}):
        with pytest.raises(InputError) as caught:
            found(folder, **more)
        assert all(render(p, language) for p in caught.value.problems for language in LANGUAGES)
    suggested(folder)
    nothing = Study.open(folder).quotes(source=CodingSource("suggestions"))
    assert nothing.shown == nothing.of("hulp") == ()
    with_line(folder, '"plaats"]', '"plaatsen"]')
    with pytest.raises(InputError) as caught:
        Study.open(folder)
    assert [p.key for p in caught.value.problems] == ["study.no_attribute"]


# the files


def test_the_table_is_safe_to_open_and_reads_back(folder: Path) -> None:
    quotes = found(folder, per_code=10)
    text = quote_files(quotes, "nl", ["csv"])["quotes.csv"]
    assert isinstance(text, str)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == (*HEADER, "attribute_leeftijd", "attribute_plaats")
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    by_answer = {row["answer_id"]: row for row in rows}
    assert by_answer["r1:q1"]["quote"] == "'=2+3 het helpt mij elke dag"
    assert by_answer["r3:q1"] | {"context_after": ""} == {
        "code": "hulp",
        "rank": "1",
        "answer_id": "r3:q1",
        "question": "q1",
        "start": "0",
        "end": "16",
        "quote": "'- het helpt soms",
        "context_before": "",
        "context_after": "",
        "chosen_by": "coder",
        "marked": "yes",
        "source": "coder:an",
        "confirmed": "yes",
        "attribute_leeftijd": "<25",
        "attribute_plaats": "Wijk",
    }


def test_the_workbook_holds_text_and_numbers(folder: Path) -> None:
    data = quote_files(found(folder, per_code=10), "nl", ["xlsx"])["quotes.xlsx"]
    assert isinstance(data, bytes)
    sheet, notes = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    cells = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row}
    assert cells["=2+3 het helpt mij elke dag"] == cells["+1: hulp is hulp"] == "s"
    assert "f" not in cells.values()
    assert isinstance(sheet.cell(2, 2).value, int)
    assert sheet.auto_filter.ref
    assert notes.max_row >= 4


def test_word_and_markdown_tell_no_respondent(folder: Path) -> None:
    quotes = found(folder, per_code=10)
    files = quote_files(quotes, "nl")
    text, data = files["quotes.md"], files["quotes.docx"]
    assert isinstance(text, str)
    assert isinstance(data, bytes)
    document = docx.Document(io.BytesIO(data))
    read = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for nr in ("r1", "r2", "r3", "r4", "r5", "r6", "r7"):
        assert nr not in text
        assert nr not in read
    assert "> “**- het helpt soms**, maar niet altijd even goed”" in text
    assert "wel **hulp gehad \\*echt\\* \\<b\\>**" in text
    assert "heel antwoord, niet gemarkeerd" in text
    bold = [run.text for p in document.paragraphs for run in p.runs if run.bold]
    assert "- het helpt soms" in bold
    styles = [p.style.name for p in document.paragraphs if p.style is not None]
    assert styles[0] == "Title"
    assert styles.count("Heading 2") == 2
    assert document.core_properties.language == "nl-NL"


def test_the_same_quotes_give_the_same_bytes(folder: Path) -> None:
    first = quote_files(found(folder), "nl", everything=True)
    assert quote_files(found(folder), "nl", everything=True) == first


def test_all_lists_every_quote(folder: Path) -> None:
    text = quote_files(found(folder), "nl", ["csv"], everything=True)["quotes.csv"]
    assert isinstance(text, str)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 10
    assert [row["rank"] for row in rows if row["code"] == "hulp"] == ["1", "2", "3", *[""] * 5]


def test_suggestions_are_marked_in_every_file(folder: Path) -> None:
    suggested(folder, "r1:q1,hulp,0.9\nr2:q1,hulp,0.2\n")
    quotes = Study.open(folder).quotes(source=CodingSource("suggestions"))
    assert [(one.answer_id, one.marked) for one in quotes.shown] == [("r1:q1", False)]
    files = quote_files(quotes, "nl")
    assert sorted(files) == [f"quotes_unconfirmed.{x}" for x in ("csv", "docx", "md", "xlsx")]
    assert "NIET BEVESTIGD" in str(files["quotes_unconfirmed.md"])
    assert ",suggestions,no," in str(files["quotes_unconfirmed.csv"])
    data = files["quotes_unconfirmed.docx"]
    assert isinstance(data, bytes)
    document = docx.Document(io.BytesIO(data))
    assert document.paragraphs[0].text == "Citaten, niet bevestigd"
    data = files["quotes_unconfirmed.xlsx"]
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames[0] == "Citaten, niet bevestigd"


@pytest.mark.parametrize(
    ("before", "quote", "after", "expected"),
    [
        ("", "ja", " en nee", "“**ja** en nee”"),
        ("want ", "ja!", "maar", "“want <strong>ja!</strong>maar”"),
        ("on", "zin", "nig", "“on**zin**nig”"),
        ("… ", "[NAAM] zei", "", "“… **\\[NAAM\\] zei**”"),
        ("", "heel", "", "“heel”"),
    ],
)
def test_bold_in_markdown_is_read_as_bold(
    before: str, quote: str, after: str, expected: str
) -> None:
    one = SelectedQuote("a", "r:q", "q", 0, 4, before, quote, after, True, 1, "rule")
    quotes = Quotes(
        "T", "majority", True, "1", True, 5, (QuoteSection("a", "A", "", (one,), (), 1),)
    )
    assert expected in str(quote_files(quotes, "nl", ["md"])["quotes.md"])


def test_favourites_of_any_coder_count_for_every_source(folder: Path) -> None:
    other = replace(coding("r6:q1", "hulp", comment="#CITAAT"), coder="bo")
    rows: list[Coding] = [other]
    from themecoder.coding.annotations import write_codings

    write_codings(folder / "annotations" / "q1" / "bo.jsonl", rows)
    who = {one.answer_id: one.chosen_by for one in found(folder).of("hulp")}
    assert who["r6:q1"] == who["r3:q1"] == "coder"
