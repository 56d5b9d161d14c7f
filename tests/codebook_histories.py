"""Random codebooks with the releases that typed edits make of them, and random coding of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from themecoder.codebook import edits
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Code, Codebook, Example, Group, Value
from themecoder.codebook.versions import next_version
from themecoder.coding.model import Coding, Quote
from themecoder.errors import InputError

VALUES = (Value("voor", "Voor"), Value("tegen", "Tegen"))
KINDS = ("add", "rename", "redefine", "reword", "merge", "split", "retire", "move")
TEXT = "Het praat mee 🙂, maar tegenspraak: nooit. Ik mis een mens én een gezicht."


@st.composite
def codebooks(draw: st.DrawFn) -> Codebook:
    """A first release with two to six codes in up to two groups."""
    groups = tuple(Group(f"g{i}", f"Groep {i}") for i in range(draw(st.integers(0, 2))))
    codes = [
        Code(
            id=f"c{i}",
            label=f"Code {i}",
            group=draw(st.sampled_from(["", *[group.id for group in groups]])),
            definition=f"Waar het bij c{i} om gaat.",
            exclusive=i > 0 and draw(st.integers(0, 9)) == 0,
            examples=(Example(f"Zo zegt iemand {i} het."),) if draw(st.booleans()) else (),
            memo="Nog eens\n\nover hebben." if draw(st.booleans()) else "",
        )
        for i in range(draw(st.integers(2, 6)))
    ]
    codes = [
        replace(code, values=VALUES, scale="nominal") if draw(st.booleans()) else code
        for code in codes
    ]
    for i in range(1, len(codes)):
        above = draw(st.sampled_from([None, None, *codes[:i]]))
        if above:
            codes[i] = replace(codes[i], parent=above.id, group=above.group)
    return Codebook("b", "1.0.0", tuple(codes), groups, "Een boek", "nl", "2026-01-01")


@st.composite
def edit(draw: st.DrawFn, draft: Draft, why: str) -> Callable[[Draft], Draft]:
    """Any edit of ``draft``, one that is refused too."""
    usable = [code.id for code in draft.book.usable]
    some = st.sampled_from(usable) if usable else st.just("c0")
    kind, code = draw(st.sampled_from(KINDS)), draw(some)
    number = len(draft.book.codes) + len(draft.book.changes)
    row = draw(st.permutations(usable))[: draw(st.integers(1, 4))] or [code]
    group = draw(st.sampled_from(["", *[one.id for one in draft.book.groups]]))
    above = draw(st.sampled_from(["", *usable]))
    new = Code(id=f"n{number}", label=f"Nieuw {number}", definition="Nieuw.", parent=above)
    text = f"Gaat nu om {number}."

    def apply(d: Draft) -> Draft:
        match kind:
            case "add":
                d = edits.add(d, new, why)
            case "rename":
                d = edits.rename(d, code, f"Anders {number}", why, again=True)
            case "redefine" | "reword":
                recode = kind == "redefine"
                d = edits.redefine(d, code, why, definition=text, recode=recode, again=True)
            case "merge":
                d = edits.merge(d, row[1:], row[0], why)
            case "split":
                d = edits.split(d, row[0], row[1:], why)
            case "retire":
                d = edits.retire(d, code, why)
            case "move":
                d = edits.move(d, code, "" if above else group, why, again=True, parent=above)
        return d

    return apply


@st.composite
def edited(draw: st.DrawFn, base: Codebook, most: int = 6) -> Draft:
    """The draft after ``base`` with some edits; those that are refused leave it as it is."""
    draft = Draft(base, replace(base, released="", changes=()))
    for n in range(draw(st.integers(1, most))):
        try:
            draft = draw(edit(draft, f"omdat {n}"))(draft)
        except InputError:
            continue
    return draft


@st.composite
def releases(draw: st.DrawFn, least: int = 1, most: int = 4) -> tuple[Codebook, ...]:
    """A first release and those after it, oldest first; without an edit there is no release."""
    found = [draw(codebooks())]
    for _ in range(draw(st.integers(least, most)) - 1):
        book = draw(edited(found[-1])).book
        if book.codes != found[-1].codes:
            version = next_version(found[-1], book)
            found.append(replace(book, version=version, released="2026-02-01"))
    return tuple(found)


@st.composite
def codings(draw: st.DrawFn, books: tuple[Codebook, ...], most: int = 8) -> tuple[Coding, ...]:
    """Coding by up to three coders, each made under one of the releases."""
    found = {}
    for _ in range(draw(st.integers(1, most))):
        book = draw(st.sampled_from(books))
        usable = [code.id for code in book.usable]
        codes = draw(st.lists(st.sampled_from(usable), unique=True, max_size=4)) if usable else []
        quotes = [draw(quotes_of(code)) for code in codes for _ in range(draw(st.integers(0, 2)))]
        values = {
            code: draw(st.sampled_from(VALUES)).id
            for code in codes
            if (known := book.find(code)) and known.values and draw(st.booleans())
        }
        state = "coded" if codes else draw(st.sampled_from(["no_code", "skipped"]))
        answer = f"R{draw(st.integers(0, 4)):03d}:{draw(st.sampled_from(['q7', 'q18']))}"
        coder = draw(st.sampled_from(["coder_a", "coder_b", "adjudicated"]))
        found[answer, coder] = Coding(
            answer,
            coder,
            book.version,
            state,
            codes=tuple(sorted(codes)),
            quotes=tuple(sorted(set(quotes))),
            uncertain=draw(st.booleans()),
            comment=draw(st.sampled_from(["", "twijfel \u2028 hier"])),
            shown=draw(st.sampled_from([None, (), tuple(codes)])),
            seconds=draw(st.sampled_from([None, 12.5])),
            source={"kind": "labelstudio", "task": 7},
            decided_by="coder_c" if coder == "adjudicated" else None,
            values=values,
        )
    return tuple(found.values())


@st.composite
def quotes_of(draw: st.DrawFn, code: str) -> Quote:
    start = draw(st.integers(0, len(TEXT) - 1))
    end = draw(st.integers(start + 1, len(TEXT)))
    return Quote(start, end, code, TEXT[start:end])
