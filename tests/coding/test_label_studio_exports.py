"""Exports of Label Studio projects that themecoder did not make, in each form and many shapes."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from themecoder.coding.exchange.formats import read_coding
from themecoder.coding.exchange.model import ForeignCode, ForeignCoding, ForeignFile
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.errors import InputError

TEXT = "Fijn 🙂👩🏽‍⚕️ maar het praat altijd mee, x\u0301 en al"
KNOWN = KnownNames(
    codes=frozenset(("privacy", "Echo", "echo")),
    questions={"q1": "q1", "Wat vindt u ervan?": "q1"},
    respondent="resp",
    columns=frozenset(("resp", "q1", "leeftijd")),
)


def part(control: str, kind: str, value: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "a1", "from_name": control, "to_name": "t", "type": kind, "value": value, **more}


def task(
    number: int, results: Sequence[Any], data: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    annotations = [
        {
            "id": 10 * number + place,
            "completed_by": place,
            "result": result,
            "was_cancelled": False,
            "created_at": "2026-01-01T10:00:00.000Z",
            "updated_at": "2026-01-01T10:01:00.000Z",
            "lead_time": 3.5,
        }
        for place, result in enumerate(results, start=1)
    ]
    own = data or {"resp": f"R{number}", "q1": TEXT, "leeftijd": "25"}
    return {"id": number, "data": own, "annotations": annotations, **more}


def read(folder: Path, content: object, known: KnownNames = KNOWN, **columns: str) -> ForeignFile:
    file = folder / "export"
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return read_coding(file, ReadingOptions(columns=columns), known)


def one(found: ForeignFile) -> ForeignCoding:
    (coding,) = found.codings
    return coding


def test_choices_labels_and_what_is_typed(tmp_path: Path) -> None:
    words = "praat altijd mee"
    start = TEXT.index(words)
    result = [
        part("thema", "choices", {"choices": ["Privacy", "Echo"]}),
        part("stuk", "labels", {"start": start, "end": start + 16, "text": words, "labels": ["E"]}),
        part("nog", "textarea", {"text": ["navragen", " zie boven "]}),
        part("ster", "rating", {"rating": 4}),
        {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"},
    ]
    found = read(tmp_path, [task(1, [result])])
    coding = one(found)
    assert (coding.respondent, coding.question, coding.text) == ("R1", "q1", TEXT)
    assert (coding.coder, coding.codes) == ("1", ("Privacy", "Echo", "E"))
    assert [(q.start, q.end, q.code, q.text) for q in coding.quotes] == [
        (start, start + 16, "E", words)
    ]
    assert coding.comment == "navragen\nzie boven"
    assert (coding.created_at, coding.seconds) == ("2026-01-01T10:00:00.000Z", 3.5)
    assert dict(coding.ids) == {"task": "1", "annotation": "11"}
    told = {(note.key, note.params.get("control")) for note in found.notes}
    assert {("ls_control", "ster"), ("ls_control", "relation")} <= told


@pytest.mark.parametrize("counted", ["code points", "utf-16", "html", "words only"])
def test_places_of_marked_parts(tmp_path: Path, counted: str) -> None:
    words = "praat altijd mee"
    start = TEXT.index(words)
    units = len(TEXT[:start].encode("utf-16-le")) // 2
    value: dict[str, Any] = {
        "code points": {"start": start, "end": start + 16, "text": words},
        "utf-16": {"start": units, "end": units + 16, "text": words},
        "html": {
            "start": "/div[1]/text()[1]",
            "end": "/div[1]/text()[1]",
            "startOffset": 3,
            "globalOffsets": {"start": start, "end": start + 16},
            "text": words,
        },
        "words only": {"start": "/p[1]/text()[1]", "end": "/p[1]/text()[1]", "text": words},
    }[counted]
    result = [part("stuk", "hypertextlabels", {**value, "hypertextlabels": ["Echo"]})]
    (quote,) = one(read(tmp_path, [task(1, [result])])).quotes
    assert (quote.start, quote.end, quote.text) == (start, start + 16, words)


def test_a_marked_part_that_is_nowhere_is_kept_to_be_told(tmp_path: Path) -> None:
    value = {"start": 400, "end": 410, "text": "staat er niet", "labels": ["Echo"]}
    coding = one(read(tmp_path, [task(1, [[part("stuk", "labels", value)]])]))
    assert [(q.start, q.end, q.text) for q in coding.quotes] == [(400, 410, "staat er niet")]
    assert coding.codes == ("Echo",)


def test_a_taxonomy_and_choices_of_a_part(tmp_path: Path) -> None:
    result = [
        part("boom", "taxonomy", {"taxonomy": [["Risico", "Privacy"], ["Risico", "Echo", "Mee"]]}),
        part("per", "choices", {"start": 0, "end": 4, "text": "Fijn", "choices": ["Goed"]}),
    ]
    found = read(tmp_path, [task(1, [result])])
    coding = one(found)
    assert coding.codes == ("Risico > Privacy", "Risico > Echo > Mee", "Goed")
    assert [(q.start, q.end, q.code) for q in coding.quotes] == [(0, 4, "Goed")]
    assert [(code.name, code.label, code.parent) for code in found.codes] == [
        ("Risico", "Risico", ""),
        ("Risico > Echo", "Echo", "Risico"),
        ("Risico > Echo > Mee", "Mee", "Risico > Echo"),
        ("Risico > Privacy", "Privacy", "Risico"),
    ]


def test_annotators_skips_drafts_and_what_was_shown(tmp_path: Path) -> None:
    choice = [part("thema", "choices", {"choices": ["Echo"]})]
    made = task(1, [choice, [], choice])
    made["annotations"][0]["completed_by"] = {"id": 7, "email": "anna@example.org"}
    made["annotations"][0]["parent_prediction"] = 5
    made["annotations"][2]["was_cancelled"] = True
    made["drafts"] = [{"id": 1}]
    made["predictions"] = [
        {"id": 5, "result": [part("thema", "choices", {"choices": ["Privacy"]})]}
    ]
    found = read(tmp_path, [made])
    assert [(c.coder, c.codes, c.skipped, c.shown) for c in found.codings] == [
        ("anna@example.org", ("Echo",), False, ("Privacy",)),
        ("2", (), False, None),
        ("3", (), True, None),
    ]
    assert [note.params for note in found.notes if note.key == "ls_drafts"] == [{"n": 1}]


def test_of_a_task_of_ours_it_is_known_what_was_shown_and_what_was_rejected(
    tmp_path: Path,
) -> None:
    def suggested(code: str) -> list[Any]:
        marked = {"start": 0, "end": 4, "text": TEXT[:4], "labels": [code]}
        ticks = part("codes", "choices", {"choices": [code]}, origin="prediction")
        return [ticks, part("quotes", "labels", marked, origin="prediction")]

    data = {"answer_id": "R1:q1", "coder": "anna", "round": 1, "text": TEXT}
    made = task(1, [suggested("privacy"), suggested("Echo")[1:]], data)
    made["annotations"][1]["parent_prediction"] = 7
    made["predictions"] = [
        {"id": number, "created_at": f"2026-01-01T{hour}:00:00Z", "result": suggested(code)}
        for number, hour, code in ((6, "09", "echo"), (7, "08", "Echo"), (8, "11", "privacy"))
    ]
    found = read(tmp_path, [made])
    kept, rejected = found.codings
    assert (kept.codes, kept.shown, len(kept.quotes)) == (("privacy",), ("echo",), 1)
    assert (rejected.codes, rejected.shown, rejected.quotes) == ((), ("Echo",), ())


def test_a_page_tells_codes_and_the_field(tmp_path: Path) -> None:
    page = """<View><Header value="$vraag"/><Text name="t" value="$antwoord"/>
      <Choices name="thema" toName="t"><Choice value="Privacy" alias="p" hint="wie leest mee"/>
      <Choice value="Echo"><Choice value="Meepraten" alias="m"/></Choice></Choices>
      <Labels name="stuk" toName="t"><Label value="Kern" background="#112233"/></Labels></View>"""
    data = {
        "vraag": "Een lange vraag, veel langer dan het antwoord zelf",
        "antwoord": "kort",
        "w": 1,
    }
    result = [part("thema", "choices", {"choices": ["p", "m"]})]
    content = {"label_config": page, "tasks": [task(1, [result], data)], "drafts": 2}
    found = read(tmp_path, content, KnownNames())
    assert one(found).text == "kort"
    assert found.codes == (
        ForeignCode("p", "Privacy", memo="wie leest mee"),
        ForeignCode("Echo", "Echo"),
        ForeignCode("m", "Meepraten", parent="Echo"),
        ForeignCode("Kern", "Kern", color="#112233"),
    )
    assert [note.params for note in found.notes if note.key == "ls_drafts"] == [{"n": 2}]


def test_which_field_is_the_answer(tmp_path: Path) -> None:
    """By what somebody says, by what is marked, by its name, by its length; else it is asked."""
    choice = [part("thema", "choices", {"choices": ["Echo"]})]
    data = {"a": "kort", "b": "een veel langer antwoord"}
    assert one(read(tmp_path, [task(1, [choice], data)])).text == data["b"]
    assert one(read(tmp_path, [task(1, [choice], data)], a="text")).text == "kort"
    marked = [part("stuk", "labels", {"start": 0, "end": 4, "text": "kort", "labels": ["E"]})]
    assert one(read(tmp_path, [task(1, [marked], data)])).text == "kort"
    known = KnownNames(questions={"q1": "q1", "q2": "q2"})
    two = {"q1": "dit", "q2": "dat", "resp": "R1"}
    with pytest.raises(InputError) as error:
        read(tmp_path, [task(1, [choice], two)], known)
    assert [problem.key for problem in error.value.problems] == ["exchange.ls_which_text"]
    coding = one(read(tmp_path, [task(1, [choice], two)], known, q1="ignore"))
    assert (coding.question, coding.text) == ("q2", "dat")


RECORD = {
    "resp": "R1",
    "q1": TEXT,
    "leeftijd": "25",
    "id": 1,
    "thema": "Echo",
    "meer": {"choices": ["Privacy", "Echo"]},
    "stuk": [{"start": 0, "end": 4, "text": "Fijn", "labels": ["Goed"]}],
    "boom": [{"taxonomy": [["Risico", "Privacy"]]}],
    "annotator": 3,
    "annotation_id": 9,
    "created_at": "2026-01-01T10:00:00.000Z",
    "updated_at": "2026-01-01T10:01:00.000Z",
    "lead_time": 3.5,
}


@pytest.mark.parametrize("form", ["json-min", "csv", "semicolons"])
def test_the_short_forms(tmp_path: Path, form: str) -> None:
    none = {"resp": "R2", "q1": "niemand", "leeftijd": "30", "id": 2, "annotation_id": None}
    if form == "json-min":
        found = read(tmp_path, [RECORD, none])
    else:
        # as the server writes it: keys in alphabetical order, what has parts as JSON
        file = tmp_path / "project-1.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            names = sorted(RECORD)
            delimiter = ";" if form == "semicolons" else ","
            writer = csv.DictWriter(handle, names, delimiter=delimiter)
            writer.writeheader()
            for record in (RECORD, none):
                writer.writerow(
                    {
                        name: json.dumps(value) if isinstance(value, (dict, list)) else value
                        for name, value in record.items()
                    }
                )
        found = read_coding(file, ReadingOptions(), KNOWN)
    coding = one(found)
    assert (coding.respondent, coding.question, coding.text) == ("R1", "q1", TEXT)
    assert set(coding.codes) == {"Echo", "Privacy", "Goed", "Risico > Privacy"}
    assert [(q.start, q.end, q.code) for q in coding.quotes] == [(0, 4, "Goed")]
    assert (coding.coder, coding.seconds, coding.ids) == ("3", 3.5, {"annotation": "9"})
    told = {(note.key, note.place.column) for note in found.notes}
    assert {("ls_no_skips", ""), ("ls_unused", "leeftijd")} <= told


def test_a_text_of_the_short_forms_that_may_be_a_choice(tmp_path: Path) -> None:
    """A single choice is a text, as a field of the task is: taken where something tells."""
    records = [
        {**RECORD, "stemming": "Iets", "annotation_id": 9},
        {**RECORD, "stemming": "Iets", "annotation_id": 10, "annotator": 4},
    ]
    found = read(tmp_path, records)
    assert all("Iets" not in coding.codes for coding in found.codings)
    assert ("ls_unused", "stemming") in {(note.key, note.place.column) for note in found.notes}
    said = read(tmp_path, records, stemming="codes")
    assert all("Iets" in coding.codes for coding in said.codings)
    records[1]["stemming"] = "Anders"
    first, second = read(tmp_path, records).codings
    assert "Iets" in first.codes
    assert "Anders" in second.codes


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ('[{"data": {"text": "a"}, "annotations": []}]', "ls_nothing"),
        ('[{"data": {"text": "a"}, "annotations": [', "ls_json"),
        ('{"tasks": 3, "annotations": 1}', "ls_shape"),
        ('[3, {"annotations": []}]', "ls_shape"),
        ('[{"data": 3, "annotations": [{"result": 4}]}]', "ls_task"),
        ('[{"data": {"n": 1}, "annotations": [{"id": 1, "result": []}]}]', "ls_no_text"),
    ],
)
def test_bad_exports(tmp_path: Path, content: str, key: str) -> None:
    file = tmp_path / "export.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_coding(file, ReadingOptions(), KnownNames())
    assert {problem.key for problem in error.value.problems} == {f"exchange.{key}"}


def test_all_tasks_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    bad = {"data": {"text": "a"}, "annotations": [{"result": ["x"]}]}
    file.write_text(json.dumps([task(1, [[]]), bad, bad]), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_coding(file, ReadingOptions(), KnownNames())
    assert [problem.params["task"] for problem in error.value.problems] == [2, 3]
