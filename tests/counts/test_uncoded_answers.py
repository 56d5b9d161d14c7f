"""Answers that nobody coded, that coders differ on, or that a source leaves out."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest

from commands import done, themecoder
from shipped import copy_shipped
from themecoder import Study
from themecoder.codebook.model import Code, Codebook
from themecoder.coding.annotations import write_codings
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.model import Coding
from themecoder.counts.count_rows import count_rows
from themecoder.counts.estimate import EstimatedShares, interval
from themecoder.counts.intervals import wilson
from themecoder.counts.layout import Breakdown
from themecoder.counts.tables import open_table

BOOK = Codebook("b", "1.0.0", (Code("a", "A"), Code("leeg", "Leeg", exclusive=True)))
PEOPLE = 240


def question(name: str, content: int, silent: int, codes: Mapping[int, str]) -> CodedQuestion:
    """``content`` respondents said something, the next ``silent`` nothing with content."""
    people = tuple(f"r{n}" for n in range(content + silent))
    own = {f"r{n}": frozenset(text.split()) for n, text in codes.items()}
    return CodedQuestion(name, people, frozenset(people[:content]), own)


def row(part: CodedQuestion, code: str, base: str = "asked"):  # type: ignore[no-untyped-def]
    rows, _ = count_rows([open_table(part, BOOK)], Breakdown({}, ()), base=base, smallest=0)
    return next(one for one in rows if one.code == code)


def test_a_share_rests_on_coded_answers() -> None:
    """Of 80 with content 20 are coded, 10 of them with the code; 20 said nothing."""
    part = question("q", 80, 20, {n: "a" if n < 10 else "" for n in range(20)})
    found = row(part, "a")
    assert (found.n, found.base_n, found.coded_n, found.uncoded_n) == (10, 100, 20, 60)
    assert found.percent == pytest.approx(100 * 0.8 * 0.5)
    assert found.ci_low < 30
    assert found.ci_high > 50
    of_content = row(part, "a", "content")
    assert of_content.percent == pytest.approx(50)
    bounds = tuple(100 * bound for bound in wilson(10, 20))
    assert (of_content.ci_low, of_content.ci_high) == pytest.approx(bounds)


def test_codes_of_answers_without_content_are_known() -> None:
    codes = dict.fromkeys(range(20), "a") | dict.fromkeys(range(80, 100), "leeg")
    found = row(question("q", 80, 20, codes), "leeg")
    assert (found.n, found.percent) == (20, pytest.approx(20))


def test_where_nobody_is_coded_there_is_no_share() -> None:
    found = row(question("q", 80, 20, {90: "leeg"}), "a")
    assert (found.n, found.percent, found.ci_low, found.ci_high) == (0, None, None, None)


def test_weights_of_one_change_nothing() -> None:
    """Without weights nothing is added up one by one: the same numbers to the last bit."""
    random = Random(3)
    names = [f"r{n}" for n in range(PEOPLE)]
    parts = [
        question(
            name,
            random.randrange(100, PEOPLE),
            0,
            {n: random.choice(["a", "", "leeg"]) for n in random.sample(range(100), 40)},
        )
        for name in ("p", "q")
    ]
    for part in (*parts, pool(parts, "all")):
        base = frozenset(part.asked[::2])
        plain = EstimatedShares.of(part, base)
        ones = EstimatedShares.of(part, base, dict.fromkeys(names, 1.0))
        assert plain is not None
        assert ones is not None
        for code in ("a", "leeg"):
            having = part.having([code]) & base
            assert plain.share(having, 0.95) == ones.share(having, 0.95)


def test_together_those_who_answered_the_same_stand_for_each_other() -> None:
    """All of the first question are coded, half of the second; who answered both has the code."""
    first = question("p", 100, 0, dict.fromkeys(range(100), ""))
    second = question("q", 50, 50, dict.fromkeys(range(25), "a"))
    found = row(pool([first, second], "all"), "a")
    assert (found.n, found.coded_n, found.uncoded_n) == (25, 75, 25)
    assert found.percent == pytest.approx(50)  # and not 25 of 75


def test_the_interval_covers() -> None:
    """At random shares of 100 to 500 respondents, of whom .2 to .9 are coded."""
    random = np.random.default_rng(7)
    covered = drawn = 0
    for base in (100, 500):
        for coded in (0.2, 0.5, 0.9):
            for c, s, a in ((0.75, 0.3, 0.0), (0.5, 0.05, 0.1), (0.95, 0.7, 0.0), (0.75, 0.1, 0.1)):
                within = 0
                numbers = random.multinomial(base, [c, a, 1 - c - a], 400)
                for content, silent, _ in numbers:
                    known = random.binomial(content, coded)
                    having = random.binomial(known, s)
                    low, high = interval(
                        silent / base, content / base, having / known, base, known, 0.95
                    )
                    within += low <= a + c * s <= high
                assert within >= 0.91 * 400, (base, coded, c, s, a)  # .93 less three sd's of chance
                covered, drawn = covered + within, drawn + 400
    assert covered >= 0.94 * drawn


@pytest.mark.parametrize(("a", "c", "s"), [(0, 0.8, 0.5), (0, 1.0, 0.2), (0.1, 0.6, 0.7)])
def test_the_interval_is_nearly_wilson_s_where_all_are_coded(a: float, c: float, s: float) -> None:
    base = 10_000
    found = interval(a, c, s, base, c * base, 0.95)
    assert found == pytest.approx(wilson((a + c * s) * base, base), abs=2e-4)


def test_a_coder_who_saw_a_part_is_no_no_of_the_rest(tmp_path: Path) -> None:
    """coder_c of the shipped study saw 97 of the 348 answers with content to q18; by coder_a, who
    saw nearly all, 73 % named a theme. Of everyone asked coder_c has 20.8 %."""
    study = copy_shipped(tmp_path)
    settings = (study / "study.toml").read_text(encoding="utf-8")
    settings = settings.replace("smallest_cell = 5", "smallest_cell = 0")
    (study / "study.toml").write_text(settings, encoding="utf-8")
    text = done(study, "counts", "--source", "coder:coder_c", "--question", "q18")
    assert "251 (72,1%)" in text and "268 die alleen anderen codeerden" in text
    with (study / "reports" / "counts.csv").open(encoding="utf-8") as file:
        rows = {line["code"]: line for line in csv.DictReader(file) if line["subgroup"] == "all"}
    found = rows["any"]
    assert (found["n"], found["base_n"], found["coded_n"], found["uncoded_n"]) == (
        *("99", "477"),
        *("97", "251"),
    )
    assert float(found["ci_low"]) < 72.5 < float(found["ci_high"])
    # by hand: 2 without content have a theme, all 97 coded with content too; 348 have content
    assert float(found["percent"]) == pytest.approx(100 * (2 + 348 * 97 / 97) / 477, abs=5e-5)


# A study of which 30 % is coded twice, through the commands.


def doubly_coded(folder: Path, seed: int) -> Path:
    random = Random(seed)
    (folder / "codebooks" / "b").mkdir(parents=True)
    people = [f"R{n:03d}" for n in range(PEOPLE)]
    (folder / "survey.csv").write_text(
        "respondent,q1\n" + "".join(f"{who},Het helpt mij 's nachts.\n" for who in people)
    )
    (folder / "study.toml").write_text(
        'id = "b"\ntitle = "Proef"\n[survey]\nfile = "survey.csv"\nid = "respondent"\n'
        '[codebook]\nid = "b"\n[report]\nsmallest_cell = 0\n[[questions]]\nid = "q1"\n'
    )
    book = "id: b\nversion: 1.0.0\nlanguage: nl\ntitle: B\nreleased: 2026-01-01\ncodes:\n"
    for code in ("a", "b"):
        book += f"- {{id: {code}, label: Code {code}, definition: Gaat om {code}.}}\n"
    (folder / "codebooks" / "b" / "1.0.0.yaml").write_text(book)
    coders: dict[str, list[Coding]] = {"an": [], "bo": [], "cas": []}
    for place, who in enumerate(people):
        truth = {code for code, share in (("a", 0.6), ("b", 0.2)) if random.random() < share}
        names = random.sample(sorted(coders), 3 if place % 30 == 0 else 2 if place % 10 < 3 else 1)
        for name in names:
            codes = tuple(c for c in ("a", "b") if (c in truth) != (random.random() < 0.1))
            state = "coded" if codes else "no_code"
            made = Coding(f"{who}:q1", name, "1.0.0", state, codes, source={"kind": "test"})
            coders[name].append(made)
    for name, rows in coders.items():
        write_codings(folder / "annotations" / "q1" / f"{name}.jsonl", rows)
    return folder


def found_by(study: Path, *words: str) -> dict[str, object]:
    """What counts says, without how it was settled and which files it wrote."""
    made = json.loads(done(study, "counts", "--json", *words))
    return {name: made[name] for name in ("rows", "left_out", "pairs")}


def n_of(found: dict[str, object], code: str) -> int:
    rows = found["rows"]
    assert isinstance(rows, list)
    return next(int(one["n"]) for one in rows if (one["code"], one["question"]) == (code, "q1"))


@pytest.mark.parametrize("seed", [1, 2])
def test_deciding_throws_no_coding_away(tmp_path: Path, seed: int) -> None:
    study = doubly_coded(tmp_path / "s", seed)
    before = found_by(study)
    truth = n_of(found_by(study, "--source", "union"), "a")
    assert before["rows"] and n_of(before, "a") > 0.75 * truth
    done(study, "disagreements", "--accept", "unanimous", "--accept", "majority")
    assert found_by(study) == before
    done(study, "disagreements", "--accept", "single")
    assert found_by(study) == before
    listed = tmp_path / "list.csv"
    done(study, "disagreements", "--csv", str(listed))
    with listed.open(encoding="utf-8-sig") as file:
        (first, *rest) = rows = list(csv.DictReader(file))
    first |= {"decision": "a", "why": "staat er"}
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        writer.writerows(rows)
    done(study, "disagreements", "--read", str(listed), "--by", "eva")
    after = found_by(study)
    assert n_of(after, "a") == n_of(before, "a") + 1
    assert n_of(after, "b") == n_of(before, "b")
    assert before["left_out"] == {"q1": len(rest) + 1}
    assert after["left_out"] == {"q1": len(rest)}
    (basis,) = Study.open(study).counts().bases
    assert basis.settled.by_person == 1 and basis.settled.open == len(rest)


def test_run_and_report_stop_where_coded_answers_are_left_out(tmp_path: Path) -> None:
    study = doubly_coded(tmp_path / "s", 3)
    n = found_by(study)["left_out"]["q1"]  # type: ignore[index]
    assert n
    for words in (("run", "--resamples", "100"), ("report", "--resamples", "100")):
        found = themecoder(study, *words)
        assert found.returncode == 2
        assert f"tellen er {n} niet mee" in found.stderr and "--accept-partial" in found.stderr
        assert not (study / "reports" / "report.html").exists()
    assert (study / "reports" / "agreement.csv").exists()  # run had done what comes before
    assert not themecoder(study, "report", "--resamples", "100", "--source", "union").returncode
    assert not themecoder(study, "report", "--resamples", "100", "--accept-partial").returncode
    page = (study / "reports" / "report.html").read_text(encoding="utf-8")
    assert f"{n} waar codeurs over verschillen" in page
    settings = study / "study.toml"
    settings.write_text(settings.read_text() + "[counts]\naccept_partial = true\n")
    assert not themecoder(study, "report", "--resamples", "100").returncode
