"""The coding on disk: read strictly, written the same each time."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook_histories import codings, releases
from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import (
    QUEUE,
    coding_files,
    codings_text,
    read_codings,
    write_codings,
    write_queue,
)
from themecoder.coding.migration import migrate
from themecoder.coding.model import FORMAT, Coding
from themecoder.coding.quote_texts import still_there
from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, message

ROOT = Path(__file__).parents[2]
LINE = {
    "answer_id": "R001:q7",
    "coder": "coder_a",
    "codebook": "1.0.0",
    "state": "coded",
    "codes": ["privacy"],
    "quotes": [{"code": "privacy", "start": 0, "end": 2, "text": "ik"}],
    "uncertain": False,
    "comment": "",
    "shown": None,
    "round": 1,
    "created_at": None,
    "updated_at": None,
    "seconds": None,
    "source": {"kind": "simulated"},
}


@given(
    releases(least=2).flatmap(lambda books: st.tuples(st.just(books), codings(books))),
    st.randoms(use_true_random=False),
)
def test_coding_reads_back_equal_and_has_one_form(
    tmp_path_factory: pytest.TempPathFactory,
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
    random: object,
) -> None:
    books, before = case
    for coding in (*before, *migrate(before, books, books[-1].version).codings):
        folder = tmp_path_factory.getbasetemp() / coding.question
        name = coding.coder
        if name == "adjudicated":
            folder, name = folder.parent / "adjudicated", coding.question
        folder.mkdir(exist_ok=True)
        file = folder / f"{name}.jsonl"
        write_codings(file, [coding])
        assert read_codings(file) == (coding,)
    shuffled = list(before)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    by_answer = {coding.answer_id: coding for coding in before}
    one_each = [coding for coding in shuffled if by_answer[coding.answer_id] is coding]
    assert codings_text(one_each) == codings_text(sorted(one_each, key=lambda c: c.answer_id))


def line(**changed: object) -> str:
    return json.dumps({**LINE, **changed}, ensure_ascii=False)


def without(key: str) -> str:
    return json.dumps({name: value for name, value in LINE.items() if name != key})


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("{", "not_json"),
        ("[]", "not_an_object"),
        (without("round"), "missing"),
        (line(more=1), "unknown"),
        (line(answer_id=7), "kind"),
        (line(codes="privacy"), "kind"),
        (line(codes=[1]), "kind"),
        (line(quotes={}), "kind"),
        (line(source=None), "kind"),
        (line(uncertain="nee"), "kind"),
        (line(round="1"), "kind"),
        (line(round=0), "kind"),
        (line(seconds="kort"), "kind"),
        (line(created_at=5), "kind"),
        (line(state="klaar"), "state"),
        (line(quotes=[{"code": "privacy", "start": 2, "end": 2, "text": ""}]), "quote"),
        (line(quotes=[{"code": "privacy", "start": 0, "end": 3, "text": "ik"}]), "quote"),
        (line(quotes=[{"code": "privacy", "start": 0}]), "quote"),
        (line(quotes=["ik"]), "quote"),
        (line(format=2, quotes=[{"code": "privacy", "start": 0, "end": 3, "text": ""}]), "quote"),
        (line(format=4), "kind"),
        (line(format=2, values={"privacy": "voor"}), "kind"),
        (line(format=3, values={"privacy": 1}), "kind"),
        (line(format=3, values={"angst": "voor"}), "value_code"),
        (line(format="2"), "kind"),
        (line(quotes=[{"code": "angst", "start": 0, "end": 2, "text": "ik"}]), "quote_code"),
        (line(state="no_code"), "state_codes"),
        (line(codes=[], quotes=[]), "state_codes"),
        (line(codes=["privacy", "privacy"]), "kind"),
        (line(coder="coder_b"), "other_coder"),
        (line(answer_id="R001:q15"), "other_question"),
        (line(source={"carried": {"stale": []}}), "kind"),
        (line(source={"carried": {"from": "1.0.0", "stale": [{"code": "x"}]}}), "kind"),
    ],
)
def test_a_line_that_is_not_as_it_should_be_is_named(tmp_path: Path, text: str, key: str) -> None:
    file = tmp_path / "q7" / "coder_a.jsonl"
    file.parent.mkdir()
    file.write_text(f"{line(answer_id='R0:q7')}\n\n{text}\n{line(answer_id='R0:q7')}\n", "utf-8")
    with pytest.raises(InputError) as caught:
        read_codings(file)
    assert [(p.key, p.row, p.file) for p in caught.value.problems] == [
        (f"annotations.{key}", 3, file),
        ("annotations.double", 4, file),
    ]
    for problem in caught.value.problems:
        for language in LANGUAGES:
            assert message(problem.key, language, **problem.params)
            assert message(f"{problem.key}.remedy", language, **problem.params)


def test_a_file_of_another_encoding_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "q7" / "coder_a.jsonl"
    file.parent.mkdir()
    file.write_bytes(line().encode() + b"\n" + line(comment="x").encode("utf-16") + b"\n")
    with pytest.raises(InputError) as caught:
        read_codings(file)
    assert [(p.key, p.row) for p in caught.value.problems] == [("annotations.not_utf8", 2)]


def test_the_queue_is_a_table_and_stays_when_it_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "queue.csv"
    write_queue(file, ())
    assert not file.exists()
    file.write_text("oud", encoding="utf-8")
    write_queue(file, ())
    with file.open(encoding="utf-8-sig", newline="") as handle:
        assert list(csv.reader(handle)) == [list(QUEUE)]


def test_the_shipped_coding_is_that_of_three_coders_and_fits_the_survey() -> None:
    """Every quote is a part of the answer that it is of, in code points, but for its masks."""
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = {row["respondent_id"]: row for row in csv.DictReader(handle, delimiter=";")}
    found = {file: read_codings(file) for file in coding_files(ROOT / "annotations")}
    assert {file.stem for file in found} == {"coder_a", "coder_b", "coder_c"}
    assert {file.parent.name for file in found} == {"q7", "q15", "q18", "q19"}
    n_quotes = 0
    for codes in found.values():
        for coding in codes:
            respondent = coding.answer_id.partition(":")[0]
            answer = rows[respondent][coding.question]
            assert coding.source["kind"] == "simulated"
            assert coding.format == FORMAT
            for quote in coding.quotes:
                assert still_there(quote, answer)
                n_quotes += 1
    assert n_quotes > 1000
    for file, codes in found.items():
        assert file.read_text(encoding="utf-8") == codings_text(codes)
