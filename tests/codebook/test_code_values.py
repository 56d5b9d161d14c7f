"""Values of a code: what a coder may say of an answer that has it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from commands import done, themecoder
from themecoder.codebook import edits
from themecoder.codebook.checks import check
from themecoder.codebook.draft import Draft
from themecoder.codebook.files.document import CodebookDocument
from themecoder.codebook.files.qdc import read_qdc, write_qdc
from themecoder.codebook.files.typed_text import new_text
from themecoder.codebook.html.page import render_codebook
from themecoder.codebook.incoming import take_over
from themecoder.codebook.model import Code, Codebook, Value
from themecoder.errors import InputError

FILE = Path("1.0.0.yaml")
TYPED = """\
id: tuin
version: 1.0.0
title: Tuin
codes:
- id: water
  label: Water geven
  definition: Over sproeien.
  scale: nominal
  values:
  - {id: voor, label: Voor}
  - {id: tegen, label: Tegen}
- id: rust
  label: Rust
  definition: Over stilte.
  scale: ordinal
  values:
  - {id: 1, label: Onrustig}
  - {id: 2, label: Gaat wel}
  - {id: 3, label: Rustig}
- id: gif
  label: Gif
  definition: Over bestrijding.
"""


def book() -> Codebook:
    document = CodebookDocument(TYPED, FILE)
    assert document.findings == []
    return document.codebook


def findings(changed: Codebook, base: Codebook | None = None) -> list[str]:
    return [one.key for one in check(changed, [base] if base else [])]


def with_code(made: Codebook, code: str, **fields: object) -> Codebook:
    codes = (replace(one, **fields) if one.id == code else one for one in made.codes)  # type: ignore[arg-type]
    return replace(made, codes=tuple(codes))


def test_values_are_read_written_and_shown() -> None:
    made = book()
    water, rust, gif = made.codes
    assert (water.scale, [value.id for value in water.values]) == ("nominal", ["voor", "tegen"])
    assert [value.id for value in rust.values] == ["1", "2", "3"]
    assert (gif.scale, gif.values) == ("", ())
    assert findings(made) == []
    assert CodebookDocument(new_text(made), FILE).codebook == made
    assert "values" not in new_text(replace(made, codes=(gif,)))
    wider = with_code(made, "water", values=(*water.values, Value("geen", "Geen van beide")))
    text = CodebookDocument(TYPED, FILE).changed(wider)
    assert CodebookDocument(text, FILE).codebook == wider
    assert "Onrustig · Gaat wel · Rustig" in render_codebook(made, "codebooks/tuin/1.0.0.yaml")


def test_values_go_to_other_tools_and_back_and_are_not_lost_by_those_without(
    tmp_path: Path,
) -> None:
    made = book()
    file = tmp_path / "tuin.qdc"
    file.write_bytes(write_qdc(made))
    assert read_qdc(file).book.codes == made.codes
    without = with_code(with_code(made, "water", values=(), scale=""), "rust", values=(), scale="")
    changed, _ = take_over(Draft(made, replace(made, changes=())), without, "van elders")
    assert changed.book.codes == made.codes
    assert changed.book.changes == ()


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({"scale": "ratio"}, "bad_scale"),
        ({"scale": ""}, "few_values"),
        ({"values": ()}, "few_values"),
        ({"values": (Value("a", "A"),)}, "few_values"),
        ({"values": (Value("a", "A"), Value("a", "B"))}, "double_value"),
        ({"values": (Value("a", "A"), Value("b", "a"))}, "double_value"),
        ({"values": (Value("A!", "A"), Value("b", "B"))}, "bad_id"),
        ({"values": (Value("a", ""), Value("b", "B"))}, "blank"),
        ({"values": (Value("a", "\x01"), Value("b", "B"))}, "control"),
    ],
)
def test_what_is_wrong_with_values_is_told(fields: dict[str, object], key: str) -> None:
    assert findings(with_code(book(), "water", **fields)) == [key]


def test_other_values_are_a_redefinition_and_none_that_coding_may_have_goes() -> None:
    base = book()
    draft = Draft(base, replace(base, version="1.0.1"))
    water = base.codes[0]
    more = (*water.values, Value("geen", "Geen van beide"))
    untyped = with_code(draft.book, "water", values=more)
    assert findings(untyped, base) == ["untyped"]
    typed = edits.redefine(draft, "water", "derde weg", values=more).book
    assert (findings(typed, base), typed.version) == ([], "2.0.0")
    worded = edits.redefine(draft, "water", "taal", values=more, recode=False).book
    assert (findings(worded, base), worded.version) == ([], "1.0.1")
    fewer = edits.redefine(draft, "rust", "korter", values=base.codes[1].values[:2]).book
    assert findings(fewer, base) == ["value_gone"]


def test_a_code_with_values_only_goes_into_one_that_has_these() -> None:
    base = book()
    draft = Draft(base, replace(base, version="1.0.1"))
    with pytest.raises(InputError) as refused:
        edits.merge(draft, ["water"], "gif", "samen")
    assert [problem.key for problem in refused.value.problems] == ["codebook.edit.merge_values"]
    water = base.codes[0]
    ready = edits.redefine(draft, "gif", "samen", values=water.values, scale="nominal")
    assert findings(edits.merge(ready, ["water"], "gif", "samen").book, base) == []
    assert findings(edits.merge(draft, ["gif"], "water", "samen").book, base) == []
    by_hand = edits.merge(ready, ["water"], "gif", "samen").book
    assert "merge_values" in findings(with_code(by_hand, "gif", values=(), scale=""), base)


def test_values_and_memos_are_typed_on_the_command_line(tmp_path: Path) -> None:
    folder = tmp_path / "codebooks" / "tuin"
    folder.mkdir(parents=True)
    (folder / "draft.yaml").write_text(TYPED.replace("1.0.0", "draft"), encoding="utf-8")
    (tmp_path / "survey.csv").write_text("id,q1\n1,ja\n", encoding="utf-8")
    study = ['id = "s"', 'title = "S"', "[survey]", 'file = "survey.csv"', 'id = "id"']
    study += ["[codebook]", 'id = "tuin"', "[[questions]]", 'id = "q1"', ""]
    (tmp_path / "study.toml").write_text("\n".join(study), encoding="utf-8")

    def typed(code: str) -> Code:
        text = (folder / "draft.yaml").read_text(encoding="utf-8")
        found = CodebookDocument(text, folder / "draft.yaml").codebook.find(code)
        assert found is not None
        return found

    given = ("--value", "1=Weinig, soms", "--value", "2=Veel", "--scale", "ordinal")
    text = ("--label", "Zon", "--definition", "Over zon.", "--why", "nieuw", "--memo", "Let op")
    done(tmp_path, "codebook", "add", "zon", *text, *given)
    assert typed("zon").values == (Value("1", "Weinig, soms"), Value("2", "Veel"))
    assert (typed("zon").scale, typed("zon").memo) == ("ordinal", "Let op")
    words = ("--value", "voor=Voor", "--value", "tegen=Tegen", "--scale", "nominal", "--why", "x")
    done(tmp_path, "codebook", "redefine", "gif", *words)
    assert [value.id for value in typed("gif").values] == ["voor", "tegen"]
    done(tmp_path, "codebook", "memo", "gif", "Navragen: bij wie?")
    assert typed("gif").memo == "Navragen: bij wie?"
    done(tmp_path, "codebook", "memo", "gif", "")
    assert typed("gif").memo == ""
    before = (folder / "draft.yaml").read_bytes()
    for wrong in ("voor", "=Voor", "Te groot=Ja", "voor="):
        told = themecoder(tmp_path, "codebook", "redefine", "gif", "--value", wrong, "--why", "x")
        assert told.returncode == 2
        assert wrong in told.stderr
    assert (folder / "draft.yaml").read_bytes() == before
