"""Random small studies: their counts by plain pandas, by the engine, and as folders on disk."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

import pandas as pd
from hypothesis import strategies as st

from themecoder.codebook.model import Code, Codebook, Group
from themecoder.coding.annotations import write_codings
from themecoder.coding.coded import CodedQuestion, from_codings, pool
from themecoder.coding.model import Coding
from themecoder.counts.count_rows import Count, count_rows
from themecoder.counts.layout import Breakdown
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import open_table
from themecoder.survey.groups import Groups

CONTENT, NONE = "Het helpt mij 's nachts.", "-"
ROUTES = {"q7": ("a",), "q15": ("a",), "q18": ("b",), "q19": ("a", "b", "c")}
ATTRIBUTES = ("sex", "age")


@dataclass(frozen=True)
class RandomStudy:
    """``people``: respondent, route, attributes ("" is missing), weight. ``answers``: question,
    respondent, text, state, codes (space between), version of those who typed something."""

    people: pd.DataFrame
    answers: pd.DataFrame
    book: Codebook
    questions: tuple[str, ...]
    base: str
    smallest: int
    weighted: bool


@st.composite
def random_studies(draw: st.DrawFn) -> RandomStudy:
    """Six to forty respondents, one to four questions, two to six codes in up to two groups."""
    chance = Random(draw(st.integers(0, 2**32)))
    size = draw(st.integers(6, 40))
    kinds = draw(st.integers(2, 6))
    questions = tuple(sorted(draw(st.sets(st.sampled_from(sorted(ROUTES)), min_size=1))))
    codes = [
        Code(
            f"c{n}",
            f"Code {n}",
            chance.choice(["", "g0", "g1"]),
            f"Gaat om {n}.",
            exclusive=n == 0 and kinds > 2,
            retired=n == kinds,
        )
        for n in range(kinds + 1)
    ]
    book = Codebook(
        "b",
        "1.0.0",
        tuple(codes),
        (Group("g0", "Een"), Group("g1", "Twee")),
        "Boek",
        released="2026-01-01",
    )
    people = pd.DataFrame(
        {
            "respondent": f"R{n:03d}",
            # study.toml may name no value that the export has not
            "route": "abc"[n] if n < 3 else chance.choice("aabbc"),
            "sex": chance.choice(["m", "v", "v", ""]),
            "age": chance.choice(["jong", "midden", "oud"]),
            "weight": chance.choice(["0", "0.5", "1", "1.25", "3"]),
        }
        for n in range(size)
    )
    often = [chance.choice([0.03, 0.15, 0.4, 0.8]) for _ in codes]
    rows = []
    for one in people.itertuples():
        for question in questions:
            if one.route not in ROUTES[question] or chance.random() < 0.15:
                continue
            text = NONE if chance.random() < 0.15 else CONTENT
            given = [
                code.id for code, p in zip(codes[1:], often, strict=False) if chance.random() < p
            ]
            if text == NONE or (not given and chance.random() < 0.3):
                given = ["c0"]
            state = "coded" if given else "no_code"
            lot = chance.random()
            if lot < 0.05:
                state, given = "skipped", []
            elif lot < 0.1:
                state, given = "not_seen", []
            rows.append((question, one.respondent, text, state, " ".join(given)))
    answers = pd.DataFrame(rows, columns=["question", "respondent", "text", "state", "codes"])
    return RandomStudy(
        people,
        answers,
        book,
        questions,
        draw(st.sampled_from(["asked", "content"])),
        draw(st.integers(0, 5)),
        draw(st.booleans()),
    )


def members(study: RandomStudy) -> pd.DataFrame:
    """A row per respondent and subgroup that it is in."""
    people = study.people
    parts = [people[["respondent"]].assign(subgroup="all")]
    for name in ATTRIBUTES:
        parts.append(people[["respondent"]].assign(subgroup=name + "=" + people[name]))
    return pd.concat(parts)


def by_pandas(study: RandomStudy) -> pd.DataFrame:
    """question, code, subgroup -> n, base_n, percent, weighted, parts_sum: merge and groupby only.

    Nothing is hidden in it. ``mentions``: how often the row's codes were given in all.
    """
    people, answers = study.people, study.answers
    asked = pd.concat(
        people.loc[people["route"].isin(ROUTES[q]), ["respondent"]].assign(question=q)
        for q in study.questions
    )
    base = asked
    if study.base == "content":
        typed = answers[answers["text"] == CONTENT]
        base = asked.merge(typed[["question", "respondent"]])
    coded = answers[answers["state"].isin(["coded", "no_code"])]
    given = coded.assign(code=coded["codes"].str.split()).explode("code")
    given = given.dropna(subset="code")[["question", "respondent", "code"]]
    usable = [c for c in study.book.codes if not c.retired]
    nets = [(c.id, c.id) for c in usable] + [(c.id, "any") for c in usable if not c.exclusive]
    nets += [(c.id, f"net:{c.group}") for c in usable if c.group]
    given = given.merge(pd.DataFrame(nets, columns=["code", "row"]), on="code")
    given = given.merge(base, on=["question", "respondent"])
    if len(study.questions) > 1:
        base = pd.concat([base, base.assign(question=ALL_QUESTIONS)])
        given = pd.concat([given, given.assign(question=ALL_QUESTIONS)])
    base = (
        base.drop_duplicates()
        .merge(members(study))
        .merge(people[["respondent", "weight"]].astype({"weight": float}))
    )
    keys = ["question", "subgroup"]
    sizes = base.groupby(keys).agg(base_n=("respondent", "nunique"), mass=("weight", "sum"))
    inside = given.merge(base, on=["question", "respondent"])
    cells = ["question", "row", "subgroup"]
    mentions = inside.groupby(cells)["code"].count().rename("mentions")
    once = inside.drop_duplicates([*cells, "respondent"]).groupby(cells)
    found = once.agg(n=("respondent", "nunique"), heavy=("weight", "sum")).join(mentions)
    rows = pd.DataFrame({"row": sorted({row for _, row in nets} | {"any"})})
    frame = sizes.reset_index().merge(rows, how="cross").set_index(cells)
    frame = frame.join(found).fillna({"n": 0, "heavy": 0.0, "mentions": 0})
    frame["percent"] = 100 * frame["n"] / frame["base_n"]
    frame["weighted"] = 100 * frame["heavy"] / frame["mass"]
    return frame


def codings(study: RandomStudy, question: str) -> list[Coding]:
    mine = study.answers[
        (study.answers["question"] == question) & (study.answers["state"] != "not_seen")
    ]
    return [
        Coding(
            f"{row.respondent}:{question}",
            "anna",
            "1.0.0",
            row.state,
            tuple(sorted(row.codes.split())),
            source={"kind": "test"},
        )
        for row in mine.itertuples()
    ]


def by_engine(study: RandomStudy) -> tuple[list[Count], list[CodedQuestion], Breakdown]:
    """The counts by the stages that a study's counts are made of."""
    people, answers = study.people, study.answers
    usable = [code.id for code in study.book.usable]
    parts = []
    for question in study.questions:
        asked = people.loc[people["route"].isin(ROUTES[question]), "respondent"]
        typed = answers[(answers["question"] == question) & (answers["text"] == CONTENT)]
        parts.append(
            from_codings(
                question,
                list(asked),
                typed["respondent"],
                codings(study, question),
                usable,
                "1.0.0",
            )
        )
    groups = []
    for name in ATTRIBUTES:
        of = {r: v for r, v in zip(people["respondent"], people[name], strict=True) if v}
        groups.append(Groups(name, name, {v: v for v in sorted(set(of.values()))}, of))
    columns = Breakdown.of(groups, people["respondent"])
    whole = pool(parts, ALL_QUESTIONS, of_content=study.base == "content")
    pooled = whole if len(parts) > 1 else None
    weights = dict(zip(people["respondent"], people["weight"].astype(float), strict=True))
    counts = count_rows(
        [open_table(part, study.book) for part in parts],
        columns,
        base=study.base,
        smallest=study.smallest,
        weights=weights if study.weighted else None,
        pooled=open_table(pooled, study.book) if pooled else None,
    )
    return counts, [*parts, *([pooled] if pooled else ())], columns


def on_disk(study: RandomStudy, folder: Path) -> Path:
    """The study as a folder."""
    (folder / "codebooks" / "b").mkdir(parents=True)
    table = study.people.copy()
    for question in study.questions:
        mine = study.answers[study.answers["question"] == question]
        table[question] = table["respondent"].map(
            dict(zip(mine["respondent"], mine["text"], strict=True))
        )
        write_codings(folder / "annotations" / question / "anna.jsonl", codings(study, question))
    table.to_csv(folder / "survey.csv", index=False)
    lines = [
        'id = "b"',
        'title = "Proef"',
        "[survey]",
        'file = "survey.csv"',
        'id = "respondent"',
        *(['weight = "weight"'] if study.weighted else ()),
        "[codebook]",
        'id = "b"',
        "[counts]",
        f'base = "{study.base}"',
        "[report]",
        f"smallest_cell = {study.smallest}",
    ]
    for question in study.questions:
        route = ",".join(ROUTES[question])
        lines += ["[[questions]]", f'id = "{question}"', f'asked = "route in {route}"']
    for name in ATTRIBUTES:
        lines += ["[[attributes]]", f'id = "{name}"']
    (folder / "study.toml").write_text("\n".join([*lines, ""]), encoding="utf-8")
    book = ["id: b", "version: 1.0.0", "language: nl", "title: Boek", "released: 2026-01-01"]
    book += ["groups:", *(f"- {{id: {g.id}, label: {g.label}}}" for g in study.book.groups)]
    book.append("codes:")
    for code in study.book.codes:
        book += [
            f"- {{id: {code.id}, label: {code.label}, group: {code.group or 'null'}, "
            f"definition: {code.definition}, exclusive: {str(code.exclusive).lower()}, "
            f"retired: {str(code.retired).lower()}}}"
        ]
    (folder / "codebooks" / "b" / "1.0.0.yaml").write_text("\n".join(book) + "\n", encoding="utf-8")
    return folder
