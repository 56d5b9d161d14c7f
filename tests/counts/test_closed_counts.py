"""Closed questions: counted as plain pandas does, and hidden so that nothing can be computed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas
import pytest

from count_attacker import Attacker
from themecoder import Study
from themecoder.counts.count_rows import Count, count_rows
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.tables import closed_table
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.closed import tick_columns
from themecoder.survey.groups import Groups

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The shipped study with every count shown."""
    folder = tmp_path_factory.mktemp("study")
    for name in ("data", "codebooks", "annotations"):
        (folder / name).symlink_to(ROOT / name)
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    assert "smallest_cell = 5" in text
    text = text.replace("smallest_cell = 5", "smallest_cell = 0")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return Study.open(folder)


@pytest.fixture(scope="module")
def frame() -> pandas.DataFrame:
    found = pandas.read_csv(ROOT / "data" / "survey.csv", sep=";", dtype=str, keep_default_na=False)
    return found[found["q1"].isin(["a", "b"])]


def test_every_closed_question_of_the_study_is_that_of_pandas(
    study: Study, frame: pandas.DataFrame
) -> None:
    counts = study.counts([one.id for one in study.config.closed], by=["gender"])
    asked = {
        "q3=a": frame["q3"] == "a",
        "q3=b": frame["q3"] == "b",
        "q9=b": frame["q9"] == "b",
        "q9 in a,c": frame["q9"].isin(["a", "c"]),
        "q11=a": frame["q11"] == "a",
        "q20 in a,c": frame["q20"].isin(["a", "c"]),
        "all": frame["q1"] != "",
    }
    seen = 0
    for closed in study.config.closed:
        mine = frame[asked[str(closed.asked)]]
        parts = {"all": mine, **{f"gender={g}": part for g, part in mine.groupby("q24")}}
        if closed.id == "q24":
            del parts["gender=a"], parts["gender=b"], parts["gender=c"], parts["gender=d"]
        for subgroup, part in parts.items():
            expected: dict[str, int] = {}
            if closed.kind == "single":
                expected = part[closed.column].value_counts().to_dict()
                expected["any"] = int((part[closed.column] != "").sum())
            elif closed.kind == "multiple":
                ticked = part[list(closed.options)] == "1"
                expected = ticked.sum().to_dict() | {"any": int(ticked.any(axis=1).sum())}
            elif closed.kind == "matrix":
                for item in closed.items:
                    expected[item] = int((part[item] != "").sum())
                    for value, n in part[item].value_counts().items():
                        expected[f"{item}={value}"] = n
            for code, n in expected.items():
                row = counts.find(code, closed.id, subgroup)
                assert row is not None
                assert (row.n, row.base_n) == (n, len(part)), (closed.id, code, subgroup)
                assert row.percent == pytest.approx(100 * n / len(part))
                seen += 1
    assert seen > 700
    (ages,) = (row for row in counts.numbers if row.subgroup == "all")
    years = frame["q23"].astype(float)
    assert (ages.n, ages.mean, ages.median) == (771, pytest.approx(years.mean()), years.median())


def test_the_totals_of_the_study_are_shown_with_its_smallest_cell_of_five(study: Study) -> None:
    """But for one beside a small one of the same question: else that would follow."""
    everything = {(r.question, r.code): r.n for r in study.counts().rows if r.subgroup == "all"}
    hiding = Study.open(ROOT)
    assert hiding.config.report.smallest_cell == 5
    closed = {one.id: one for one in hiding.config.closed}
    found = hiding.counts()
    for row in found.rows:
        if row.subgroup != "all" or row.question not in closed:
            continue
        n = everything[row.question, row.code]
        if row.suppressed == "guard":
            item = row.code.partition("=")[0] if "=" in row.code else ""
            beside = [
                other
                for (question, code), other in everything.items()
                if question == row.question and code.startswith(item) and code != item
            ]
            assert min(one for one in beside if one is not None) < 5, (row.question, row.code)
        assert (row.n is None) == (row.suppressed is not None) == (n != row.n)
        assert row.suppressed != "small" or (n is not None and n < 5)
    assert all(row.n == 771 for row in found.numbers if row.subgroup == "all")


@dataclass
class Asked:
    """A random closed question, with up to two attributes whose groups are of all sizes."""

    table: CodeTable
    columns: Breakdown
    smallest: int

    def counts(self, smallest: int | None = None) -> list[Count]:
        size = self.smallest if smallest is None else smallest
        return count_rows([self.table], self.columns, smallest=size)


def asked(seed: int) -> Asked:
    chance = Random(seed)
    people = [f"R{n}" for n in range(chance.randrange(8, 80))]
    values = "abcde"[: chance.randrange(2, 6)]
    often = [chance.choice([0.02, 0.1, 0.3, 1]) for _ in values]
    unanswered = chance.choice([0, 0, 0.1])
    if chance.random() < 0.5:
        cells = [
            None if chance.random() < unanswered else chance.choices(values, often)[0]
            for _ in people
        ]
        frame = pandas.DataFrame({"q": cells}, index=people)
        config = ClosedSettings(id="q", kind="single", values={v: v for v in values})
    else:
        ticks = {
            f"q_{v}": [str(int(chance.random() < p * 0.8)) for _ in people]
            for v, p in zip(values, often, strict=True)
        }
        frame = pandas.DataFrame(ticks, index=people)
        config = ClosedSettings(id="q", kind="multiple", options={name: name for name in ticks})
    groups = []
    for name in ("s", "t")[: chance.randrange(1, 3)]:
        kinds = "xyzw"[: chance.randrange(1, 5)]
        sizes = [chance.choice([0.05, 0.2, 1]) for _ in kinds]
        of = {who: chance.choices(kinds, sizes)[0] for who in people if chance.random() > 0.05}
        groups.append(Groups(name, name, {one: one for one in sorted(set(of.values()))}, of))
    table = closed_table(config, {}, frame, people, tick_columns(config))
    return Asked(table, Breakdown.of(groups, people), chance.choice([3, 5]))


def pinned(question: Asked) -> list[tuple[object, ...]]:
    """The small counts that subtraction gives who sees the shown ones and the bases."""
    counts, table = question.counts(), question.table
    truth = {(one.code, one.subgroup): one.n for one in question.counts(0)}
    attacker, hidden = Attacker(), []
    for one in counts:
        key = (one.code, one.subgroup)
        if one.n is not None:
            attacker.knows(key, one.n, one.n)
            continue
        hidden.append(key)
        attacker.knows(key, 0, one.base_n)
    there = {subgroup for _, subgroup in truth}
    for relation in table.relations:
        for subgroup in there:
            parts = [(row, subgroup) for group in relation.groups for row in group]
            add = attacker.total if table.additive else attacker.union
            add((relation.whole, subgroup), parts)
    for row in table.rows:
        for attribute in question.columns.attributes:
            attacker.total((row, "all"), [(row, name) for name in attribute if name in there])
    found = attacker.pinned({k: n for k, n in truth.items() if n is not None}, hidden)
    return [key for key in found if 0 < (truth[key] or 0) < question.smallest]


def test_no_small_count_of_a_closed_question_can_be_subtracted() -> None:
    assert [seed for seed in range(400) if pinned(asked(seed))] == []


def test_groups_are_hidden_before_totals() -> None:
    """A total of the smallest or more is hidden where another of its question is small. Else in one
    of fifty studies at most: where all of a large group gave an answer, all less that group tells
    of the others."""
    needless = []
    for seed in range(400):
        question = asked(seed)
        truth = {one.code: one.n for one in question.counts(0) if one.subgroup == "all"}
        rows = [code for code in truth if code not in question.table.open]
        if all((truth[code] or 0) >= question.smallest for code in rows):
            hidden = [one for one in question.counts() if one.subgroup == "all" and one.suppressed]
            needless += [seed] if hidden else []
    assert len(needless) <= 8


def test_who_answered_is_shown_however_few_and_guards_nobody() -> None:
    people = [f"R{n}" for n in range(40)]
    of = {who: "few" if n < 2 else "many" if n < 20 else "rest" for n, who in enumerate(people)}
    frame = pandas.DataFrame({"q": ["ja" if n % 2 else "nee" for n in range(40)]}, index=people)
    config = ClosedSettings(id="q", kind="single", values={"ja": "Ja", "nee": "Nee"})
    table = closed_table(config, {}, frame, people, tick_columns(config))
    columns = Breakdown.of(
        [Groups("g", "G", {one: one for one in ("few", "many", "rest")}, of)], people
    )
    found = {(one.code, one.subgroup): one.n for one in count_rows([table], columns, smallest=5)}
    assert [found["any", name] for name in ("all", "g=few", "g=many", "g=rest")] == [40, 2, 18, 20]
    assert [found[code, "all"] for code in ("ja", "nee")] == [20, 20]
    assert [found["ja", name] for name in ("g=few", "g=many", "g=rest")] == [None, None, 10]
    assert [found["nee", name] for name in ("g=few", "g=many", "g=rest")] == [None, None, 10]
