"""A tool's edit of a codebook file leaves what a person typed: comments, order, quotes, lines."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codebook_histories import codebooks, edited
from themecoder.codebook import edits
from themecoder.codebook.checks import check
from themecoder.codebook.draft import Draft
from themecoder.codebook.files.document import CodebookDocument, read_document
from themecoder.codebook.files.typed_text import new_text
from themecoder.codebook.model import Code, Codebook, Example, Group
from themecoder.errors import InputError

FILE = Path("draft.yaml")
TYPED = """\
# Afspraken van de groep, 3 maart.
id: wonen
version: 1.0.0
title: 'Wonen in de buurt'   # titel voor het rapport
released: 2026-03-01
groups:
  - {id: buiten, label: Buiten}

codes:
  # --- eerst wat men hoort ---
  - id: geluid   # was: lawaai
    definition: >-
      Last van geluid
      in of om het huis.
    label: "Geluid"
    group: buiten

  # --- dan wat men ziet ---
  - id: groen
    label: Groen
    definition: Bomen en planten.
    # nog over te praten: tuinen?
    examples: [Het park is dichtbij]

  - id: niets
    label: Geen inhoud
    definition: Zegt niets.
    exclusive: true
# einde van de codes
changes: []
"""


def commented(book: Codebook) -> str:
    """The file of ``book`` with a comment above and behind each code, as people put them."""
    lines = []
    for line in new_text(book).split("\n"):
        if line.startswith("  - id: c") or line.startswith("- id: c"):
            code = line.split(": ")[1]
            lines += [f"# boven {code}", f"{line}  # achter {code}"]
        else:
            lines.append(line)
    return "\n".join(lines)


@settings(max_examples=50)
@given(codebooks().flatmap(lambda book: st.tuples(st.just(book), edited(book))))
def test_any_edit_keeps_every_comment_at_its_code(case: tuple[Codebook, Draft]) -> None:
    base, draft = case
    document = CodebookDocument(commented(base), FILE)
    assert document.findings == []
    text = document.changed(draft.book)
    again = CodebookDocument(text, FILE)
    assert again.codebook == draft.book
    assert again.findings == []
    lines = [line.strip() for line in text.split("\n")]
    for code in base.codes:
        place = lines.index(f"# boven {code.id}")
        assert lines[place + 1].removeprefix("- ") == f"id: {code.id}  # achter {code.id}"
    assert again.changed(draft.book) == text


@settings(max_examples=40)
@given(codebooks().flatmap(lambda book: st.tuples(st.just(book), edited(book), edited(book))))
def test_edit_upon_edit_reads_back_equal(case: tuple[Codebook, Draft, Draft]) -> None:
    base, *drafts = case
    document = CodebookDocument(commented(base), FILE)
    for draft in drafts:
        document = CodebookDocument(document.changed(draft.book), FILE)
        assert document.codebook == draft.book


def test_a_new_file_reads_back_equal() -> None:
    book = Codebook(
        "b",
        "2.0.0",
        (
            Code(
                "a",
                "ja",
                "g",
                "nee: of",
                "1",
                "null",
                True,
                False,
                (Example("'t", True), Example("- x")),
                ("q1",),
                "#00ff00",
                "1",
            ),
            Code("b", "ééń 🙂", definition="regel 1\n\nregel 2\n  ingesprongen", retired=True),
        ),
        (Group("g", "true"),),
        "12",
        "nl",
        "2026-01-31",
    )
    assert CodebookDocument(new_text(book), FILE).codebook == book


def after(change: Draft) -> list[str]:
    return CodebookDocument(TYPED, FILE).changed(change.book).split("\n")


@pytest.fixture
def draft() -> Draft:
    book = CodebookDocument(TYPED, FILE).codebook
    return Draft(book, book)


def added(before: list[str], now: list[str]) -> list[str]:
    return [line for line in now if line not in before]


def test_only_the_lines_of_the_change_differ(draft: Draft) -> None:
    before = TYPED.split("\n")
    now = after(edits.rename(draft, "groen", "Groen en park", "duidelijker"))
    assert [line for line in before if line not in now] == [
        "version: 1.0.0",
        "    label: Groen",
        "changes: []",
    ]
    assert added(before, now) == [
        "version: 1.0.1",
        "    label: Groen en park",
        "changes:",
        "  - type: rename",
        "    code: groen",
        "    from: Groen",
        "    to: Groen en park",
        "    why: duidelijker",
    ]


def test_a_code_that_was_never_released_goes_without_a_trace(draft: Draft) -> None:
    new = Code("tuin", "Tuin", "buiten", "Eigen tuin.")
    with_code = edits.add(draft, new, "gemist")
    text = "\n".join(after(with_code))
    assert text.index("id: geluid") < text.index("id: tuin") < text.index("# --- dan wat men ziet")
    without = edits.retire(with_code, "tuin", "toch niet")
    lines = CodebookDocument(text, FILE).changed(without.book).split("\n")
    assert added(TYPED.split("\n"), lines) == ["version: 1.0.1"]
    assert [line for line in TYPED.split("\n") if line not in lines] == ["version: 1.0.0"]


def test_taking_an_entry_out_leaves_the_comments_of_the_next() -> None:
    document = CodebookDocument(TYPED, FILE)
    codes = document.codebook.codes
    text = document.changed(replace(document.codebook, codes=codes[1:]))
    assert "# --- dan wat men ziet ---" in text
    assert "# nog over te praten: tuinen?" in text
    assert "lawaai" not in text
    assert "# einde van de codes" in document.changed(replace(document.codebook, codes=codes[:2]))


def test_lines_point_at_what_is_meant() -> None:
    document = CodebookDocument(TYPED, FILE)
    rows = TYPED.split("\n")
    for path, line in (
        (("codes", 0, "definition"), "    definition: >-"),
        (("codes", 1), "  - id: groen"),
        (("codes", 1, "examples", 0), "    examples: [Het park is dichtbij]"),
        (("codes", 2, "hotkey"), "  - id: niets"),
        (("title",), "title: 'Wonen in de buurt'   # titel voor het rapport"),
    ):
        assert rows[document.row(path) - 1] == line


def test_windows_line_ends_and_a_mark_at_the_start_are_read(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + TYPED.replace("\n", "\r\n").encode())
    assert read_document(file).codebook == CodebookDocument(TYPED, FILE).codebook


@pytest.mark.parametrize(
    "text", ["a: [1", "a: &x 1\nb: *y", "\t", "a: !!python/object:os.x 1", "%"]
)
def test_what_is_no_yaml_is_one_error_with_a_line(text: str) -> None:
    try:
        document = CodebookDocument(text, FILE)
    except InputError as error:
        assert [problem.file for problem in error.problems] == [FILE]
    else:
        assert document.findings


def test_each_step_of_a_long_row_of_edits_reads_back(draft: Draft) -> None:
    steps = [
        draft,
        edits.add_group(draft, Group("binnen", "Binnen")),
    ]
    steps.append(edits.add(steps[-1], Code("vocht", "Vocht", "binnen", "Nat."), "vaak genoemd"))
    steps.append(edits.move(steps[-1], "groen", "buiten", "hoort daar"))
    steps.append(edits.split(steps[-1], "geluid", ["groen", "vocht"], "proef"))
    text = TYPED
    for before, now in pairwise(steps):
        document = CodebookDocument(text, FILE)
        assert document.codebook == before.book
        text = document.changed(now.book)
        assert CodebookDocument(text, FILE).codebook == now.book
    assert all(line in text for line in TYPED.split("\n") if line.strip().startswith("#"))


HEAD = "id: a\nversion: 1.0.0\ntitle: t\n"
STYLES = {
    "a list on one line": HEAD + "codes: [{id: c, label: C, definition: d},"
    " {id: e, label: E, definition: d}]\n",
    "entries on one line": "codes:\n- {id: c, label: C, definition: d}\n# tussen\n"
    "- {id: e, label: E, definition: d}\n" + HEAD.replace("id: a\n", "") + "id: a",
    "marks of a document": f"---\n{HEAD}codes:\n - id: c\n   label: C\n   definition: d\n"
    " - id: e\n   label: E\n   definition: d\n...\n",
    "literal texts": HEAD + "codes:\n - id: c\n   label: C\n   definition: |+\n     een\n\n"
    "     # twee\n\n - id: e\n   label: E\n   definition: d",
    "wide indents": HEAD + "codes:\n    -   id: c\n        label: C\n        definition: d\n"
    "    -   id: e\n        label: E\n        definition: d\n        examples:\n"
    "            -   typical: x\n",
}
NOT_BY_LINE = {
    "all on one line": "{id: a, version: 1.0.0, title: t,"
    " codes: [{id: c, label: C, definition: d}, {id: e, label: E, definition: d}]}",
    "references": HEAD + "codes:\n - &x\n   id: c\n   label: C\n   definition: d\n"
    " - <<: *x\n   id: e\n   label: E\n",
    "dashes alone": HEAD + "codes:\n -\n   id: c\n   label: C\n   definition: d\n"
    " -\n   id: e\n   label: E\n   definition: d\n",
}
EDITS = {
    "rename": lambda d: edits.rename(d, "e", "Nieuw", "w"),
    "add": lambda d: edits.add(d, Code("n", "N", definition="d"), "w"),
    "merge": lambda d: edits.merge(d, ["e"], "c", "w"),
    "move": lambda d: edits.move(edits.add_group(d, Group("g", "G")), "e", "g", "w"),
    "move below": lambda d: edits.move(d, "e", "", "w", parent="c"),
    "retire": lambda d: edits.retire(d, "e", "w"),
}


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("style", STYLES)
def test_yaml_in_any_style_is_changed(style: str, edit: str) -> None:
    document = CodebookDocument(STYLES[style], FILE)
    book = EDITS[edit](Draft(document.codebook, document.codebook)).book
    assert CodebookDocument(document.changed(book), FILE).codebook == book


@pytest.mark.parametrize("style", NOT_BY_LINE)
def test_what_can_not_be_changed_by_line_is_refused(style: str) -> None:
    document = CodebookDocument(NOT_BY_LINE[style], FILE)
    assert document.findings == []
    book = EDITS["rename"](Draft(document.codebook, document.codebook)).book
    with pytest.raises(InputError) as caught:
        document.changed(book)
    assert [problem.key for problem in caught.value.problems] == ["codebook.not_editable"]


def test_a_code_below_another_has_the_group_of_the_top_written_or_not() -> None:
    text = (
        HEAD + "groups:\n- {id: g, label: G}\n- {id: h, label: H}\ncodes:\n"
        "- id: a\n  label: A\n  group: g\n  definition: d\n"
        "- id: b\n  label: B\n  parent: a\n  definition: d\n"
        "- id: c\n  label: C\n  group: g\n  parent: b\n  definition: d\n"
    )
    document = CodebookDocument(text, FILE)
    assert [code.group for code in document.codebook.codes] == ["g", "g", "g"]
    assert document.findings == check(document.codebook) == []
    book = document.codebook
    moved = edits.move(Draft(book, book), "a", "h", "w").book
    again = CodebookDocument(document.changed(moved), FILE)
    assert [code.group for code in again.codebook.codes] == ["h", "h", "h"]
    assert CodebookDocument(new_text(moved), FILE).codebook == moved


def test_memos_are_kept_and_a_file_without_keeps_its_bytes() -> None:
    document = CodebookDocument(TYPED, FILE)
    book = document.codebook
    assert "memo" not in new_text(book)
    codes = (replace(book.codes[0], memo="Vraag 3 trekt dit uit.\nNog bespreken."), *book.codes[1:])
    noted = replace(book, codes=codes, memo="Twee van ons coderen; doel: de gemeenteraad.")
    text = document.changed(noted)
    again = CodebookDocument(text, FILE)
    assert again.findings == []
    assert again.codebook == noted
    taken_out = again.changed(book).split("\n")
    assert [line for line in taken_out if "memo: null" not in line] == TYPED.split("\n")
    assert CodebookDocument(new_text(noted), FILE).codebook == noted


def test_a_memo_that_no_xml_can_hold_is_told() -> None:
    book = CodebookDocument(TYPED, FILE).codebook
    found = check(replace(book, memo="a\x01b"), ())
    assert [(one.path, one.key) for one in found if one.key == "control"] == [
        (("memo",), "control")
    ]
