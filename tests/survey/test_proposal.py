"""A study.toml proposed from an export alone: the shipped survey, exports in other styles."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.expressions import Expression, nodes
from themecoder.messages import LANGUAGES
from themecoder.settings.load import parse_study
from themecoder.study import Study
from themecoder.survey.export import Column, Export, ResponseSet
from themecoder.survey.model import build_survey
from themecoder.survey.proposal.propose import StudyProposal, propose
from themecoder.survey.proposal.routing import RoutingCandidate, candidate, explain
from themecoder.survey.proposal.write import write_study_toml

ROOT = Path(__file__).parents[2]
Row = dict[str, str | None]

TEXT = """omdat het mij helpt rust geeft soms niet altijd want de huisarts had geen tijd en dan
praat ik liever met iemand die luistert of schrijf ik alles van me af in een schrift naast mijn bed
"""
WORDS = TEXT.split()


def sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(5, 15)))


def export(
    rows: list[Row],
    columns: list[Column] | None = None,
    sets: tuple[ResponseSet, ...] = (),
) -> Export:
    frame = pandas.DataFrame(rows, dtype=object)
    columns = columns or [Column(str(name)) for name in frame]
    numbers = tuple(range(2, len(frame) + 2))
    return Export(tuple(columns), frame, numbers, "mijn export.csv", "csv", {}, sets)


def rows_of(
    make: Callable[[int, random.Random], Row], count: int = 200, seed: int = 1
) -> list[Row]:
    chance = random.Random(seed)
    return [make(number, chance) for number in range(count)]


def asked(proposal: StudyProposal) -> dict[str, str]:
    return {question.column: str(question.asked) for question in proposal.questions}


@pytest.fixture(scope="module")
def shipped() -> Export:
    with (ROOT / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter=";"))
    return export([{k: v or None for k, v in row.items()} for row in rows])


def test_the_shipped_survey_gets_its_id_target_group_questions_and_bases(shipped: Export) -> None:
    proposal = propose(shipped)
    assert proposal.id == "respondent_id"
    assert str(proposal.include) == "q1 in a,b"
    assert asked(proposal) == {"q7": "q3=a", "q15": "q3=a", "q18": "q3=b", "q19": "q3=b"}
    assert [(q.n_asked, q.n_answered) for q in proposal.questions] == [
        (294, 234),
        (294, 131),
        (477, 372),
        (477, 156),
    ]


def test_the_shipped_survey_gets_attributes_age_bands_and_option_sets(shipped: Export) -> None:
    proposal = propose(shipped)
    assert {"q2", "q23", "q24", "q25"} <= {attribute.column for attribute in proposal.attributes}
    assert [a.column for a in proposal.attributes if a.bands] == ["q23"]
    sets = {multiple.id: len(multiple.columns) for multiple in proposal.multiple}
    assert sets == {
        "q4": 21,
        "q6": 14,
        "q8": 8,
        "q10": 12,
        "q12": 11,
        "q13": 11,
        "q16": 13,
        "q21": 7,
        "q22": 7,
    }
    assert {name for name, kind in proposal.kinds.items() if kind == "item"} == {
        f"q14_{number}" for number in range(1, 13)
    }
    assert all(k == "other" for name, k in proposal.kinds.items() if name.endswith("_anders"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_proposal_for_the_shipped_survey_is_a_study_that_fits(
    shipped: Export, language: str
) -> None:
    text = write_study_toml(propose(shipped), language, file="survey.csv")
    survey = build_survey(shipped, parse_study(text, ROOT / "data" / "study.toml"))
    assert survey.warnings == ()
    assert sum(len(survey.answers(q.id)) for q in survey.config.questions) == 893


def test_questions_are_told_from_other_texts_without_help_of_their_names(shipped: Export) -> None:
    names = {column.name: f"k{number:03}" for number, column in enumerate(shipped.columns)}
    frame = shipped.frame.rename(columns=names)
    columns = tuple(Column(name) for name in names.values())
    plain = Export(columns, frame, shipped.row_numbers, "x.csv", "csv", {})
    users, others = f"{names['q3']}=a", f"{names['q3']}=b"
    expected = {"q7": users, "q15": users, "q18": others, "q19": others}
    assert asked(propose(plain)) == {names[name]: base for name, base in expected.items()}


def limesurvey(number: int, chance: random.Random) -> Row:
    use = chance.choice(["Ja", "Nee", "Nee"])
    uses = use == "Ja"
    other = chance.random() < 0.2 if uses else None
    return {
        "id": str(number + 5),
        "submitdate": "2025-09-03 12:00:00",
        "lastpage": "7",
        "startlanguage": "nl",
        "gebruik": use,
        "waarom[SQ001]": (chance.choice(["Ja", "Nee"])) if uses else None,
        "waarom[SQ002]": (chance.choice(["Ja", "Nee"])) if uses else None,
        "waarom[other]": ("via een vriend" if other else None) if uses else None,
        "toelichting": sentence(chance) if uses and chance.random() < 0.7 else None,
        "eens[SQ1]": chance.choice(["Eens", "Neutraal", "Oneens"]),
        "eens[SQ2]": chance.choice(["Eens", "Neutraal", "Oneens"]),
        "woonplaats": f"Dorp{chance.randint(1, 150)}",
        "geslacht": chance.choice(["Man", "Vrouw"]),
        "leeftijd": str(chance.randint(16, 88)),
    }


def test_an_export_with_full_answers_and_bracketed_names() -> None:
    proposal = propose(export(rows_of(limesurvey)))
    assert proposal.id == "id"
    assert asked(proposal) == {"toelichting": "gebruik=Ja"}
    kinds = proposal.kinds
    assert (kinds["submitdate"], kinds["lastpage"], kinds["startlanguage"]) == (
        "technical",
        "status",
        "technical",
    )
    assert kinds["waarom[SQ001]"] == kinds["waarom[SQ002]"] == "option"
    assert kinds["waarom[other]"] in ("other", "single", "option")
    assert kinds["eens[SQ1]"] == "item"
    assert kinds["woonplaats"] == "short"
    assert {a.column: bool(a.bands) for a in proposal.attributes} == {
        "gebruik": False,
        "geslacht": False,
        "leeftijd": True,
    }


def qualtrics(number: int, chance: random.Random) -> Row:
    done = number % 10 != 0
    why = chance.choice(["1", "2", "3"])
    return {
        "StartDate": "2025-09-03 12:00:00",
        "IPAddress": f"10.0.0.{number % 250}",
        "Finished": "1" if done else "0",
        "ResponseId": f"R_{number:05}x",
        "Q1": why if done else None,
        "Q2": sentence(chance) if done and why == "3" and chance.random() < 0.8 else None,
        "Q3_1": "Gratis" if done and chance.random() < 0.5 else None,
        "Q3_2": "Snel" if done and chance.random() < 0.5 else None,
        "Q3_2_TEXT": None,
        "Q4": str(chance.randint(1, 5)) if done else None,
        "Q5": chance.choice(["x", "y"]) if done else None,
    }


def test_an_export_that_leaves_options_empty_and_says_who_finished() -> None:
    proposal = propose(export(rows_of(qualtrics)))
    assert proposal.id == "ResponseId"
    assert str(proposal.include) == "Finished=1"
    assert asked(proposal) == {"Q2": "Q1=3"}
    assert [multiple.columns for multiple in proposal.multiple] == [("Q3_1", "Q3_2")]


def test_headers_that_are_whole_questions_and_options_joined_in_a_cell() -> None:
    def form(number: int, chance: random.Random) -> Row:
        tools = [
            t for t in ("ChatGPT gratis", "Google Gemini", "Iets anders") if chance.random() < 0.6
        ]
        return {
            "ID": str(number + 1),
            "Begintijd": "3-9-2025 07:25:00",
            "E-mail": "anonymous",
            "Welke tools gebruik je?": ";".join(tools) + ";" if tools else None,
            "Wat vind je ervan? Licht toe.": sentence(chance),
            "Wat is je leeftijd?": str(chance.randint(18, 80)),
        }

    proposal = propose(export(rows_of(form)))
    assert proposal.id == "ID"
    (question,) = proposal.questions
    assert (question.id, str(question.asked)) == ("v5", "all")
    assert question.column == question.text == "Wat vind je ervan? Licht toe."
    assert proposal.kinds["Welke tools gebruik je?"] == "joined"
    assert [a.column for a in proposal.attributes if a.bands] == ["Wat is je leeftijd?"]


def test_labels_of_the_file_become_texts_and_labels() -> None:
    def coded(number: int, chance: random.Random) -> Row:
        return {"nr": str(number), "g": chance.choice("12"), "o": sentence(chance)}

    columns = [
        Column("nr"),
        Column("g", "Gender", {"1": "Man", "2": "Vrouw"}),
        Column("o", "Waarom?"),
    ]
    proposal = propose(export(rows_of(coded), columns))
    (attribute,) = proposal.attributes
    assert (attribute.label, attribute.values) == ("Gender", {"1": "Man", "2": "Vrouw"})
    assert proposal.questions[0].text == "Waarom?"


def test_a_declared_set_of_options_coded_one_and_two_routes_by_its_value() -> None:
    def coded(number: int, chance: random.Random) -> Row:
        first = chance.choice("12")
        why = sentence(chance) if first == "1" and chance.random() < 0.7 else None
        return {"nr": str(number), "m1": first, "m2": chance.choice("12"), "why": why}

    columns = [Column("nr"), Column("m1"), Column("m2"), Column("why")]
    sets = (ResponseSet("m", ("m1", "m2"), counted="1"),)
    proposal = propose(export(rows_of(coded), columns, sets))
    assert [(m.columns, m.ticked) for m in proposal.multiple] == [(("m1", "m2"), ("1",))]
    assert asked(proposal) == {"why": "m1=1"}


def test_routing_by_a_number_by_two_columns_and_without_a_neighbour() -> None:
    def routed(number: int, chance: random.Random) -> Row:
        age, a, b = chance.randint(16, 80), chance.choice("xyz"), chance.choice("pq")
        both = a == "x" and b == "p"
        return {
            "nr": str(number),
            "age": str(age),
            "a": a,
            "b": b,
            "old": chance.choice("jn") if age >= 65 else None,
            "open_old": sentence(chance) if age >= 65 and chance.random() < 0.6 else None,
            "both": chance.choice("jn") if both else None,
            "open_both": sentence(chance) if both and chance.random() < 0.6 else None,
            "all1": chance.choice("jn"),
            "open_z": sentence(chance) if a == "z" and chance.random() < 0.6 else None,
        }

    assert asked(propose(export(rows_of(routed, 400)))) == {
        "open_old": "age>=65",
        "open_both": "a=x and b=p",
        "open_z": "a=z",
    }


def test_a_stray_answer_does_not_hide_who_was_asked() -> None:
    codes = [None, "x", "y"] * 150
    mask = np.array([code == "x" for code in codes])
    mask[2] = True  # one of those with y
    found = explain(mask, np.ones(450, dtype=bool), [candidate("a", codes, ("x", "y"))])
    assert str(found) == "a=x"


def test_short_texts_that_go_with_one_answer_are_its_other_text_and_reasons_are_not() -> None:
    def choosing(number: int, chance: random.Random) -> Row:
        a, b = chance.choice("pqz"), chance.choice("pqz")
        return {
            "nr": str(number),
            "a": a,
            "a2": f"iets {number}" if a == "z" else None,
            "b": b,
            "b2": sentence(chance) if b == "z" else None,
        }

    kinds = propose(export(rows_of(choosing))).kinds
    assert (kinds["a2"], kinds["b2"]) == ("other", "open")


def test_open_answers_that_are_mostly_no_are_still_open_answers() -> None:
    def terse(number: int, chance: random.Random) -> Row:
        text = "nee" if chance.random() < 0.7 else sentence(chance)
        return {"nr": str(number), "a": chance.choice("xy"), "kwijt": text}

    assert asked(propose(export(rows_of(terse)))) == {"kwijt": "all"}


def test_who_stopped_half_way_does_not_hide_the_routing() -> None:
    def stopping(number: int, chance: random.Random) -> Row:
        whole: Row = {"nr": str(number), "a": chance.choice("xy")}
        uses = whole["a"] == "x"
        rest: Row = {
            "b": chance.choice("pq") if uses else None,
            "open": sentence(chance) if uses and chance.random() < 0.5 else None,
            "c": chance.choice("pq"),
            "d": chance.choice("123"),
        }
        stopped = chance.random() < 0.1
        return whole | {name: None if stopped else cell for name, cell in rest.items()}

    proposal = propose(export(rows_of(stopping, 300)))
    assert asked(proposal) == {"open": "a=x"}
    assert str(proposal.include) == "all"


def test_an_export_without_id_or_open_questions_gives_a_study_to_fill_in(tmp_path: Path) -> None:
    rows: list[Row] = [{"a": "x", "b": "1"}, {"a": "x", "b": "2"}, {"a": "y", "b": "2"}]
    source = export(rows)
    (tmp_path / source.source).touch()
    text = write_study_toml(propose(source), "nl", sha256="0" * 64)
    config = parse_study(text, tmp_path / "study.toml")
    assert (config.survey.id, config.survey.sha256) == ("@row", "0" * 64)
    survey = build_survey(source, config)
    assert survey.respondents == ("2", "3", "4")
    assert [question.id for question in survey.closed] == ["a", "b"]


def test_an_export_without_rows_or_with_empty_columns_is_no_crash() -> None:
    empty = Export((Column("a"),), pandas.DataFrame({"a": []}, dtype=object), (), "x", "csv", {})
    assert propose(empty).questions == ()
    assert propose(export([{"a": None, "b": None}])).kinds == {"a": "empty", "b": "empty"}


CELL = st.one_of(
    st.none(), st.text(max_size=30), st.sampled_from(["a", "1", "een hele lange zin hier"])
)


@given(st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5, unique=True), st.data())
def test_any_export_gives_a_study_that_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], data: st.DataObject
) -> None:
    rows = data.draw(
        st.lists(st.fixed_dictionaries(dict.fromkeys(names, CELL)), min_size=1, max_size=6)
    )
    folder = tmp_path_factory.getbasetemp()
    (folder / "x.csv").touch()
    text = write_study_toml(propose(export(rows)), "en", file="x.csv")
    assert parse_study(text, folder / "study.toml").survey.file == "x.csv"


COLUMNS = st.lists(st.sampled_from([-1, 0, 1, 2]), min_size=30, max_size=30)


@given(
    COLUMNS, COLUMNS, st.integers(0, 2), st.integers(0, 2), st.sampled_from(["one", "and", "or"])
)
def test_an_explanation_holds_for_just_the_asked(
    first: list[int], second: list[int], x: int, y: int, rule: str
) -> None:
    cells = [[None if code < 0 else str(code) for code in codes] for codes in (first, second)]
    candidates: list[RoutingCandidate] = [
        candidate(name, column, ("0", "1", "2")) for name, column in zip("ab", cells, strict=True)
    ]
    a, b = np.array(first) == x, np.array(second) == y
    mask = {"one": a, "and": a & b, "or": a | b}[rule]
    within = np.ones(30, dtype=bool)
    found = explain(mask, within, candidates)
    if found is None:
        # one value of a column that has others is always found
        assert not mask.any() or rule != "one" or set(first) <= {-1, x}
    elif not isinstance(found, nodes.All):
        frame = pandas.DataFrame({"a": cells[0], "b": cells[1]}, dtype=object)
        assert np.array_equal(Expression(found).evaluate(frame), mask)


def test_every_closed_question_of_the_shipped_survey_is_proposed_with_its_base(
    shipped: Export,
) -> None:
    """Against the study.toml that people wrote for it: kind, columns, and how many were asked."""
    study = Study.open(ROOT)
    proposed = {
        question.id: (question.kind, set(question.columns), question.n_asked)
        for question in propose(shipped).closed
    }
    written = {
        question.id: (
            question.kind,
            set(question.columns),
            len(study.survey.members(question.asked)),
        )
        for question in study.survey.closed
    }
    assert proposed == written
