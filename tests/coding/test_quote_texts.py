"""A quote's words are those that its coder saw, whatever masks come and go afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import done, snapshot
from themecoder.coding.annotations import codings_text, read_codings
from themecoder.coding.history import add_to_history, read_history
from themecoder.coding.model import FORMAT, Coding, Quote
from themecoder.coding.quote_texts import quote_of, still_there
from themecoder.masking.decisions import text_check
from themecoder.masking.model import KINDS, Mask, MaskedText

ANSWER = "Mijn begeleider Fatima Yildiz belt mij elke week. Dat helpt mij veel."
OTHER = "Ik praat liever met een mens dan met een computer."
TOML = """
id = "proef"
title = "Proef"
language = "nl"
[survey]
file = "survey.csv"
id = "nr"
[[questions]]
id = "q1"
text = "Waarom?"
[codebook]
id = "boek"
"""
BOOK = """
id: boek
version: 1.0.0
language: nl
title: Boek
groups: [{id: g, label: G}]
codes: [{id: hulp, label: Hulp, group: g, definition: Hulp.}]
changes: []
"""


@st.composite
def masked_texts(draw: st.DrawFn, text: str) -> MaskedText:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    masks = [
        Mask(start, end, draw(st.sampled_from(KINDS)), text[start:end], "test")
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]
    return MaskedText(text, tuple(masks), draw(st.sampled_from(("nl", "en"))))


texts = st.text(st.sampled_from("ab [NAM]\n🙂"), min_size=1, max_size=30)


@given(texts.flatmap(lambda t: st.tuples(masked_texts(t), masked_texts(t))), st.data())
def test_a_quote_has_no_masked_word_and_is_found_again_under_any_masks(
    case: tuple[MaskedText, MaskedText], data: st.DataObject
) -> None:
    before, now = case
    end = data.draw(st.integers(1, len(before.original)))
    start = data.draw(st.integers(0, end - 1))
    quote = quote_of(before, start, end, "c")
    assert (quote.start, quote.end) == (start, end), "a place is that in the original"
    outside = [
        before.original[n]
        for n in range(start, end)
        if not any(mask.start <= n < mask.end for mask in before.masks)
    ]
    tokens = sum(mask.start < end and start < mask.end for mask in before.masks)
    assert len(quote.text) >= len(outside) + 2 * tokens
    assert still_there(quote, now.original)
    assert still_there(quote_of(now, start, end, "c"), before.original)


def test_other_words_are_not_those_that_were_marked() -> None:
    quote = Quote(5, 48, "hulp", "begeleider [NAAM] belt mij elke week")
    assert still_there(quote, ANSWER[:48])
    assert not still_there(quote, ANSWER.replace("belt", "bezoekt"))
    assert not still_there(quote, ANSWER[:20])
    assert not still_there(quote, OTHER)
    assert not still_there(replace(quote, text="[NAAM][NAAM]"), "Mijn b"), "a mask hides something"
    assert still_there(Quote(0, 4, "hulp", "Mijn"), ANSWER)


def coding(answer_id: str, text: str, words: str, **more: object) -> dict[str, object]:
    """A line of format 1, as version 0.1 wrote it."""
    start = text.index(words)
    quote = {"code": "hulp", "start": start, "end": start + len(words), "text": words}
    one = Coding(answer_id, "an", "1.0.0", "coded", ("hulp",), source={"kind": "simulated"})
    line = json.loads(codings_text([one])) | {"quotes": [quote]} | more
    del line["format"]
    return line


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Coding of format 1: of an answer, of one that has changed, of one that is gone."""
    folder = tmp_path / "studie"
    (folder / "codebooks" / "boek").mkdir(parents=True)
    (folder / "codebooks" / "boek" / "draft.yaml").write_text(BOOK, encoding="utf-8")
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    (folder / "survey.csv").write_text(f'nr,q1\nr1,"{ANSWER}"\nr2,"{OTHER}"\n', encoding="utf-8")
    done(folder, "codebook", "release")
    version = next(iter((folder / "codebooks" / "boek").glob("[0-9]*.yaml"))).stem
    now = {"codebook": version}
    write(
        folder / "annotations" / "q1" / "an.jsonl",
        coding("r1:q1", ANSWER, "Yildiz belt mij", **now),
        coding("r2:q1", ANSWER, "begeleider Fatima Yildiz belt", **now),
        coding("r9:q1", ANSWER, "Mijn begeleider Fatima Yildiz", **now),
    )
    old = coding("r1:q1", ANSWER, "Fatima Yildiz", **now)
    write(folder / "annotations" / "history" / "q1" / "an.jsonl", old)
    return folder


def write(file: Path, *lines: dict[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    file.write_text(text, encoding="utf-8")


def test_what_is_of_format_1_is_read_and_never_written_unmasked(study: Path) -> None:
    file = study / "annotations" / "q1" / "an.jsonl"
    read = read_codings(file)
    assert (read[0].format, read[0].quotes[0].text) == (1, "Yildiz belt mij")
    with pytest.raises(ValueError, match="format 1"):
        codings_text(read)


def test_migrate_masks_the_quotes_of_coding_and_history(study: Path) -> None:
    annotations = study / "annotations"
    before = snapshot(annotations)
    told = json.loads(done(study, "migrate", "--json"))
    assert len(told["masked"]) == len(told["files"]) == 2
    assert snapshot(annotations) == before, "a dry run writes nothing"

    done(study, "migrate", "--apply")
    after = read_codings(annotations / "q1" / "an.jsonl")
    (earlier,) = read_history(annotations / "history" / "q1" / "an.jsonl")
    assert {one.format for one in (*after, earlier)} == {FORMAT}
    start = ANSWER.index("Yildiz")
    assert after[0].quotes == (Quote(start, start + 15, "hulp", "[NAAM] belt mij"),)
    assert earlier.quotes[0].text == "[NAAM]"
    everything = b"".join(snapshot(annotations).values())
    assert b"Yildiz" not in everything and b"Fatima" not in everything
    (backup,) = (study / "backups").iterdir()
    assert snapshot(backup) == before

    once = snapshot(annotations)
    done(study, "migrate", "--apply")
    assert snapshot(annotations) == once
    assert len(list((study / "backups").iterdir())) == 1


def test_a_mask_that_a_person_adds_comes_into_the_coding(study: Path) -> None:
    done(study, "migrate", "--apply")
    start = ANSWER.index("elke week")
    row = f"r1:q1,{start},{start + 9},other,add,{text_check('r1:q1', ANSWER)}"
    file = study / "masking.csv"
    file.write_text(f"answer_id,start,end,kind,decision,check\n{row}\n", encoding="utf-8")
    coded = study / "annotations" / "q1" / "an.jsonl"
    lines = coded.read_text(encoding="utf-8").splitlines()
    one = json.loads(lines[0])
    one["quotes"][0] |= {"end": start + 9, "text": "[NAAM] belt mij elke week"}
    coded.write_text("\n".join([json.dumps(one), *lines[1:]]) + "\n", encoding="utf-8")
    done(study, "migrate", "--apply")
    assert read_codings(coded)[0].quotes[0].text == "[NAAM] belt mij [VERBORGEN]"


def test_the_history_has_a_coding_once_however_it_was_masked(tmp_path: Path) -> None:
    file = tmp_path / "an.jsonl"
    file.write_text("beschadigd\n", encoding="utf-8")
    one = Coding("r1:q1", "an", "1.0.0", "coded", ("c",), (Quote(0, 6, "c", "Fatima"),))
    other = replace(one, quotes=(Quote(0, 6, "c", "[NAAM]"),))
    for codings in ([one], [other], [one, other], [replace(one, round=2)]):
        add_to_history(file, codings)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert [line.count("Fatima") for line in lines] == [0, 1, 1]
