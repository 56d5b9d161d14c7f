"""Which answers are found: by words in any form, by what is known of them, by meaning."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from coding_study import ANSWERS, make_study
from themecoder.answers_search.answers import UNSEEN, Answers, Coded, Machine, same_texts
from themecoder.answers_search.find import Query, find, likeness_to
from themecoder.answers_search.study_search import coded_at, search_desk, search_study
from themecoder.answers_search.words import parts_of, word_index
from themecoder.coding.desk.desk import Said
from themecoder.coding.desk.study_desk import code_answers, open_desk
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.suggestions.doubt import machine_doubt
from themecoder.errors import InputError
from themecoder.language.tokens import Token
from themecoder.workspace.folder import StudyFolder

TEXTS = ("Ik slaap slecht", "Slapen is fijn", "weet niet", "Café op de hoek", "WEET  niet")
TOKENS = [
    [Token("Ik", "ik"), Token("slaap", "slapen"), Token("slecht", "slecht")],
    [Token("Slapen", "slapen"), Token("is", "zijn"), Token("fijn", "fijn")],
    [Token("weet", "weten"), Token("niet", "niet")],
    [Token("Café", "café"), Token("op", "op"), Token("de", "de"), Token("hoek", "hoek")],
    [Token("WEET", "weten"), Token("niet", "niet")],
]


def answers() -> Answers:
    return Answers(
        [f"r{n}:q1" for n in range(5)],
        np.array(["q1"] * 5),
        TEXTS,
        word_index(TEXTS, TOKENS),
        same_texts(TEXTS),
        np.array([4, 3, 2, 1, 0]),
        {"leeftijd": np.array(["jong", "oud", "jong", "oud", ""])},
    )


def coded() -> Coded:
    return Coded(
        np.array(["coded", "no_code", UNSEEN, "coded", UNSEEN]),
        {"slaap": np.array([True, False, False, False, False])},
        np.array([False, False, False, True, False]),
    )


def found(**asked: object) -> list[tuple[int, ...]]:
    return list(find(answers(), coded(), Query(**asked)).rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("slaap", [1, 0]),
        ("slapen", [1, 0]),
        ("SLA", [1, 0]),
        ('"slaap"', [0]),
        ('"slaap slecht"', [0]),
        ("cafe", [3]),
        ("ho caf", [3]),
        ("slaap -fijn", [0]),
        ("-niet", [3, 1, 0]),
        ("aap", []),
    ],
)
def test_words_are_found_in_any_form(words: str, places: list[int]) -> None:
    assert found(words=words) == [(place,) for place in places]


def test_forms_are_only_found_where_they_are_asked_for() -> None:
    assert found(words="slaap", any_form=False) == [(0,)]


def test_filters_go_together_and_orders_are_kept() -> None:
    assert found(attributes={"leeftijd": "jong"}) == [(2,), (0,)]
    assert found(attributes={"leeftijd": "jong"}, state="open") == [(2,)]
    assert found(codes=("slaap",)) == [(0,)]
    assert found(without=("slaap",), state="coded") == [(3,)]
    assert found(doubt=True) == [(3,)]
    assert found(sort="text") == [(3,), (0,), (1,), (4,), (2,)]
    assert found(sort="short") == [(2,), (4,), (1,), (3,), (0,)]


def test_what_the_machine_doubts_most_is_first_and_what_is_not_told_last() -> None:
    nan = float("nan")
    machine = Machine(
        np.array([0.2, nan, 0.9, nan, 0.5]), np.array([False, False, True, False, True])
    )

    def rows(**asked: object) -> list[tuple[int, ...]]:
        return list(find(answers(), coded(), Query(**asked), machine=machine).rows)  # type: ignore[arg-type]

    assert rows(sort="machine") == [(2,), (4,), (0,), (3,), (1,)]
    assert rows(unsure=True) == [(4,), (2,)]
    assert rows(sort="doubt")[0] == (3,)
    assert rows(unsure=True, doubt=True) == []


def test_who_codes_blind_is_not_told_what_the_machine_doubts(tmp_path: Path) -> None:
    study = StudyFolder.open(make_study(tmp_path / "study"))
    rows = [
        *(Planned("q1", f"{n}:q1", "anna", blind=n < 103, place=n) for n in (101, 102, 103, 105)),
        *(Planned("q1", f"{n}:q1", "bram", blind=True, place=n) for n in (101, 102)),
    ]
    write_plan(study.paths.plan, rows)
    asked = Query(sort="machine"), Query(unsure=True)
    anna = search_desk(study, open_desk(study, "anna"))
    doubts = study.once(machine_doubt)
    assert {one.answer_id for one in rows} <= doubts.keys()
    ids = [anna.answers.ids[row[0]] for row in anna.find(asked[0]).rows]
    told = sorted(("103:q1", "105:q1"), key=lambda one: -doubts[one].much)
    assert ids == [*told, "101:q1", "102:q1"], "those without suggestions as the plan has them"
    unsure = {anna.answers.ids[row[0]] for row in anna.find(asked[1]).rows}
    assert unsure == {one for one in told if doubts[one].unsure}
    bram = search_desk(study, open_desk(study, "bram"))
    for query in asked:
        with pytest.raises(InputError, match="machine"):
            bram.find(query)
    everything = search_study(study)
    (first, *_) = everything.find(asked[0]).rows
    assert everything.answers.ids[first[0]] == max(doubts, key=lambda one: doubts[one].much)


def test_identical_answers_are_one_row() -> None:
    assert found(identical=True) == [(4, 2), (3,), (1,), (0,)]
    assert found(identical=True, words="niet", sort="often") == [(4, 2)]
    assert find(answers(), coded(), Query(identical=True)).answers == 5


def test_all_that_is_not_known_is_told() -> None:
    with pytest.raises(InputError) as error:
        found(codes=("x",), attributes={"woonplaats": "A"}, sort="y", coder="anna")
    keys = [problem.key for problem in error.value.problems]
    assert keys == ["search.sort", "search.code", "search.attribute", "search.coder"]
    for words in ('"ik slaap', "-- !"):
        with pytest.raises(InputError):
            parts_of(words)


def test_likeness_leaves_out_what_has_no_vector() -> None:
    vectors = np.array([[1, 0], [0.6, 0.8]], dtype=np.float32)
    rows = np.array([0, 1, -1, 0])
    assert likeness_to(vectors, rows, 0).tolist() == pytest.approx([1, 0.6, -1, 1])
    assert likeness_to(vectors, rows, 2).tolist() == [-1, -1, 1, -1]


def test_a_desk_tells_no_more_than_its_coder_may_know(tmp_path: Path) -> None:
    root = make_study(tmp_path / "study")
    attribute = '\n[[attributes]]\nid = "leeftijd"\ncolumn = "leeftijd"\nbands = [35]\n'
    config = root / "study.toml"
    config.write_text(config.read_text(encoding="utf-8") + attribute, encoding="utf-8")
    study = StudyFolder.open(root)
    rows = [Planned("q1", f"{n}:q1", coder, blind=True, place=n) for n, coder in _PLAN]
    write_plan(study.paths.plan, rows)
    desk = open_desk(study, "anna")
    said = [Said(desk.rows[0].row.answer_id, desk.rows[0].seen, "coded", ("privacy",))]
    code_answers(study, "anna", said)
    bram = search_desk(study, open_desk(study, "bram"))
    assert (list(bram.answers.ids), bram.answers.attributes) == (["101:q1", "103:q1"], {})
    assert bram.find(Query(codes=("privacy",))).answers == 0, "that is Anna's"
    assert bram.coded.coders == {}
    own = search_desk(study, desk)
    own.coded = coded_at(open_desk(study, "anna"))
    assert own.find(Query(codes=("privacy",))).rows == ((0,),)
    everything = search_study(study)
    assert len(everything.answers.ids) == sum(map(len, ANSWERS.values()))
    assert everything.find(Query(coder="anna", codes=("privacy",))).answers == 1
    assert everything.find(Query(words="vertrouwen", question="q1")).answers == 1, "vertrouw"
    (younger, _) = sorted(set(everything.answers.attributes["leeftijd"].tolist()))
    assert 0 < everything.find(Query(attributes={"leeftijd": younger})).answers < 12
    like = everything.find(Query(like="105:q1"))
    assert everything.answers.ids[like.rows[0][0]] == "105:q1"


_PLAN = [(101, "anna"), (102, "anna"), (101, "bram"), (103, "bram")]
