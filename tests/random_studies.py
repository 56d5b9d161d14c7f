"""Random small studies: their counts by plain pandas, by the engine, and as folders on disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import pandas as pd
from hypothesis import strategies as st

from themecoder.codebook.model import Code, Codebook, Group, Value
from themecoder.coding.annotations import write_codings
from themecoder.coding.coded import CodedQuestion, from_codings, pool
from themecoder.coding.model import Coding
from themecoder.counts.count_rows import Count, base_members, count_rows
from themecoder.counts.layout import Breakdown
from themecoder.counts.pairs import Pair, pairs
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.sampling import SamplingDesign
from themecoder.counts.tables import open_table
from themecoder.survey.groups import Groups

CONTENT, NONE = "Het helpt mij 's nachts.", "-"
ROUTES = {"q7": ("a",), "q15": ("a",), "q18": ("b",), "q19": ("a", "b", "c")}
ATTRIBUTES = ("sex", "age")
VALUES = (Value("for", "Voor"), Value("2", "Er tussenin"), Value("against", "Tegen"))


@dataclass(frozen=True)
class RandomStudy:
    """``people``: respondent, route, attributes ("" is missing), weight. ``answers``: question,
    respondent, text, state, codes and values (``code=value``; space between), version of those who
    typed something."""

    people: pd.DataFrame
    answers: pd.DataFrame
    book: Codebook
    questions: tuple[str, ...]
    base: str
    smallest: int
    weighted: bool


@st.composite
def random_studies(
    draw: st.DrawFn, least: int = 2, most: int = 6, largest: int = 40, values: bool | None = None
) -> RandomStudy:
    """Six to ``largest`` respondents, one to four questions, ``least`` to ``most`` codes in up to
    two groups; in a third of them some codes stand below others, in another third (or as ``values``
    says) some have values."""
    chance = Random(draw(st.integers(0, 2**32)))
    size = draw(st.integers(6, largest))
    kinds = draw(st.integers(least, most))
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
    for n in range(1, len(codes)) if draw(st.integers(0, 2)) == 0 else ():
        above = chance.choice([None, *codes[:n]])
        if above:
            codes[n] = replace(codes[n], parent=above.id, group=above.group)
    lot_of_values = Random(chance.random())
    if draw(st.integers(0, 2)) == 0 if values is None else values:
        # also of the exclusive code, and of one that is retired
        codes = [
            replace(code, values=VALUES[: lot_of_values.randint(2, 3)], scale="ordinal")
            if lot_of_values.random() < 0.6
            else code
            for code in codes
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
            values = [
                f"{code.id}={code.values[int(len(code.values) * lot_of_values.random() ** 2)].id}"
                for code in codes
                if code.id in given and code.values and lot_of_values.random() < 0.8
            ]
            rows.append((question, one.respondent, text, state, " ".join(given), " ".join(values)))
    columns = ["question", "respondent", "text", "state", "codes", "values"]
    answers = pd.DataFrame(rows, columns=columns)
    return RandomStudy(
        people,
        answers,
        book,
        questions,
        draw(st.sampled_from(["asked", "content"])),
        draw(st.integers(0, 5)),
        draw(st.booleans()),
    )


def families(book: Codebook) -> dict[str, list[str]]:
    """The row of each code that others in use stand below -> it and all of them."""
    usable = [code for code in book.codes if not code.retired]
    found = {code.id: [code.id] for code in usable}
    for code in usable:
        above = code.parent
        while above:
            found[above].append(code.id)
            above = next(one.parent for one in usable if one.id == above)
    return {f"net:{code}": family for code, family in found.items() if len(family) > 1}


def values_of(code: Code) -> list[str]:
    """The values of a code and, as "", that none is said."""
    return [*(value.id for value in code.values), ""]


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
    said = coded.assign(row=coded["values"].str.split()).explode("row").dropna(subset="row")
    said = said[["question", "respondent", "row"]].assign(code=said["row"].str.split("=").str[0])
    given = coded.assign(code=coded["codes"].str.split()).explode("code")
    given = given.dropna(subset="code")[["question", "respondent", "code"]]
    usable = [c for c in study.book.codes if not c.retired]
    nets = [(c.id, c.id) for c in usable] + [(c.id, "any") for c in usable if not c.exclusive]
    nets += [(c.id, f"net:{c.group}") for c in usable if c.group]
    nets += [(code, row) for row, family in families(study.book).items() for code in family]
    valued = [code for code in usable if code.values]
    of_values = given[given["code"].isin([code.id for code in valued])].merge(
        said, how="left", on=["question", "respondent", "code"]
    )
    of_values["row"] = of_values["row"].fillna(of_values["code"] + "=")
    given = given.merge(pd.DataFrame(nets, columns=["code", "row"]), on="code")
    given = pd.concat([given, of_values])
    given = given.merge(base, on=["question", "respondent"])
    if len(study.questions) > 1:
        base = pd.concat([base, base.assign(question=ALL_QUESTIONS)])
        no_values = given[~given["row"].str.contains("=")]
        given = pd.concat([given, no_values.assign(question=ALL_QUESTIONS)])
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
    names = {row for _, row in nets} | {"any"}
    names |= {f"{code.id}={value}" for code in valued for value in values_of(code)}
    rows = pd.DataFrame({"row": sorted(names)})
    frame = sizes.reset_index().merge(rows, how="cross")
    pooled_values = frame["row"].str.contains("=") & (frame["question"] == ALL_QUESTIONS)
    frame = frame[~pooled_values].set_index(cells)
    frame = frame.join(found).fillna({"n": 0, "heavy": 0.0, "mentions": 0})
    frame["percent"] = 100 * frame["n"] / frame["base_n"]
    frame["weighted"] = 100 * frame["heavy"] / frame["mass"]
    return _estimated(study, frame, base.assign(one=1.0), inside)


def _estimated(
    study: RandomStudy, frame: pd.DataFrame, base: pd.DataFrame, given: pd.DataFrame
) -> pd.DataFrame:
    """With ``coded_n`` and ``uncoded_n``, and the shares of cells with uncoded answers: those
    without content as they are, the others by whoever is coded and answered the same questions."""
    typed = study.answers[study.answers["text"] == CONTENT][["question", "respondent", "state"]]
    typed = typed.assign(known=typed["state"].isin(["coded", "no_code"]), to=typed["question"])
    if len(study.questions) > 1:
        typed = pd.concat([typed, typed.assign(question=ALL_QUESTIONS)])
    said = typed.groupby(["question", "respondent"]).agg(
        known=("known", "all"), to=("to", " ".join)
    )
    people = base.merge(said.reset_index(), how="left", on=["question", "respondent"])
    content = people["to"].notna()
    known = content & people["known"].eq(True)
    rows = given[["question", "row", "subgroup", "respondent"]].drop_duplicates()
    rows = rows.merge(people, on=["question", "subgroup", "respondent"])
    found = []
    for (question, subgroup), cell in people.groupby(["question", "subgroup"]):
        speaks, coded = cell[content[cell.index]], cell[known[cell.index]]
        here = rows[(rows["question"] == question) & (rows["subgroup"] == subgroup)]
        for row in frame.loc[question].index.get_level_values("row").unique():
            having = here[here["row"] == row]
            one = {"coded_n": len(coded), "uncoded_n": len(speaks) - len(coded)}
            for name, weight in (("percent", "one"), ("weighted", "weight")):
                if not one["uncoded_n"]:
                    continue
                total = mass = 0.0
                for to, alike in coded.groupby("to"):
                    all_alike = speaks.loc[speaks["to"] == to, weight].sum()
                    with_it = alike["respondent"].isin(having["respondent"])
                    if alike[weight].sum():
                        mass += all_alike
                        total += all_alike * alike.loc[with_it, weight].sum() / alike[weight].sum()
                everyone = cell[weight].sum()
                silent = having.loc[having["to"].isna(), weight].sum()
                if not mass or not everyone:
                    one[name] = float("nan")
                    continue
                estimate = silent + speaks[weight].sum() * total / mass
                one[name] = 100 * max(estimate, having[weight].sum()) / everyone
            found.append({"question": question, "row": row, "subgroup": subgroup, **one})
    index = ["question", "row", "subgroup"]
    table = pd.DataFrame(found, columns=None if found else [*index, "coded_n", "uncoded_n"])
    table = table.set_index(index)
    for name in ("percent", "weighted"):
        if name not in table:
            table[name] = float("nan")
    whole = table["uncoded_n"] == 0
    for name in ("percent", "weighted"):
        table[name] = table[name].where(~whole, frame[name].reindex(table.index))
    return frame.drop(columns=["percent", "weighted"]).join(table)


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
            values=dict(one.split("=") for one in row.values_said.split()),
        )
        for row in mine.rename(columns={"values": "values_said"}).itertuples()
    ]


def by_engine(
    study: RandomStudy,
) -> tuple[list[Count], list[Pair], list[CodedQuestion], Breakdown]:
    """The counts and pairs by the stages that a study's counts are made of; what was counted, with
    all questions as one at the end, and the subgroups."""
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
    counts, hidden = count_rows(
        [open_table(part, study.book) for part in parts],
        columns,
        base=study.base,
        smallest=study.smallest,
        design=SamplingDesign.of(weights) if study.weighted else None,
        pooled=open_table(pooled, study.book, with_values=False) if pooled else None,
    )
    everything = [*parts, *([pooled] if pooled else ())]
    found = [
        pair
        for part in everything
        for pair in pairs(
            part,
            hidden.pairs,
            base_members(part, study.base) - part.uncoded,
            study.smallest,
        )
    ]
    return counts, found, everything, columns


def _values_in_yaml(code: Code) -> str:
    if not code.values:
        return ""
    values = ", ".join(f"{{id: '{value.id}', label: {value.label}}}" for value in code.values)
    return f", scale: {code.scale}, values: [{values}]"


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
            f"parent: {code.parent or 'null'}, definition: {code.definition}, "
            f"exclusive: {str(code.exclusive).lower()}, retired: {str(code.retired).lower()}"
            + _values_in_yaml(code)
            + "}"
        ]
    (folder / "codebooks" / "b" / "1.0.0.yaml").write_text("\n".join(book) + "\n", encoding="utf-8")
    return folder
