"""Random coding on its way to another tool, with texts as people type them and worse."""

from __future__ import annotations

from hypothesis import strategies as st

from themecoder.codebook.model import Code, Codebook, Value
from themecoder.coding.exchange.beside import Beside
from themecoder.coding.exchange.model import ForeignCoding
from themecoder.coding.exchange.outgoing import Outgoing, OutgoingAnswer
from themecoder.coding.model import Coding, Quote

STEPS = (Value("1", "2"), Value("2", "Er; tussenin, =1+1"), Value("3", "erg"), Value("Erg", "x"))
SIDES = (Value("voor", "Voor"), Value("tegen", "Tégen 🙂"))
CODES = (
    Code("privacy", "Privacy; wie leest mee", definition="Zorg.", values=STEPS, scale="ordinal"),
    Code("echo", "Echo", definition="Praat mee.", group="ai", values=SIDES, scale="nominal"),
    Code("mens", 'Voorkeur "mens"', definition="=Een mens.", group="ai"),
    Code("niets", "Geen inhoud", definition="Zegt niets.", exclusive=True),
    Code("oud", "Echo", definition="Vervallen.", retired=True),
)
BOOK = Codebook("tuin", "1.1.0", CODES, title="Tuin", released="2026-01-31")
SIGNS = ("=1+1", "-", "+", "@x", "'", '"', "“", "\n", "\r\n", "\t", "_x000D_", " ", ";", ":")
PIECES = (*SIGNS, "ja", "🙂", "👩🏽‍⚕️", "e\u0301")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
SEEN = TEXTS.filter(str.strip)


@st.composite
def codings(draw: st.DrawFn, answer_id: str, coder: str, text: str) -> Coding:
    state = draw(st.sampled_from(("coded", "coded", "no_code", "skipped")))
    codes: list[str] = []
    quotes: list[Quote] = []
    if state == "coded":
        ids = [code.id for code in CODES]
        codes = draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))
        for code in draw(st.lists(st.sampled_from(codes), max_size=3)):
            start = draw(st.integers(0, len(text) - 1))
            end = draw(st.integers(start + 1, len(text)))
            if text[start:end].strip():
                quotes.append(Quote(start, end, code, text[start:end]))
    values = {
        code.id: draw(st.sampled_from(code.values)).id
        for code in CODES
        if code.id in codes and code.values and draw(st.booleans())
    }
    moment = draw(st.sampled_from((None, "2026-01-31T12:00:00Z")))
    return Coding(
        answer_id,
        coder,
        "1.1.0",
        state,
        tuple(sorted(codes)),
        tuple(sorted(set(quotes))),
        draw(st.booleans()),
        draw(st.just("") | SEEN.map(str.strip)),
        draw(st.none() | st.just(()) | st.just(("echo", "privacy"))),
        created_at=moment,
        updated_at=moment,
        seconds=draw(st.none() | st.just(4.5)),
        values=values,
    )


@st.composite
def outgoings(draw: st.DrawFn) -> Outgoing:
    answers: list[OutgoingAnswer] = []
    found: list[Coding] = []
    for number in range(draw(st.integers(1, 4))):
        who, question = draw(st.sampled_from(("=R", "R:", "007"))) + str(number), "q1"
        text = draw(SEEN)
        answer = OutgoingAnswer(f"{who}:{question}", who, question, text)
        answers.append(answer)
        for coder in draw(st.lists(st.sampled_from(("anna", "bram")), unique=True)):
            found.append(draw(codings(answer.answer_id, coder, text)))
    answers.sort(key=lambda answer: answer.answer_id)
    found.sort(key=lambda coding: (coding.answer_id, coding.coder))
    told = Beside("leeftijd", "Leeftijd", {answer.respondent: "=18-24" for answer in answers[:2]})
    return Outgoing(
        "tuin",
        "De tuin",
        "nl",
        BOOK,
        {"q1": "Wat groeit er?"},
        tuple(answers),
        tuple(found),
        (told,),
    )


Said = tuple[object, ...]


def said(coding: Coding, *more: str) -> Said:
    """What a coding says, and ``more`` of its fields."""
    quotes = {(quote.start, quote.end, quote.code) for quote in coding.quotes}
    return (
        coding.answer_id,
        coding.coder,
        frozenset(coding.codes),
        frozenset(quotes),
        coding.state == "skipped",
        coding.uncertain,
        coding.comment,
        coding.codebook,
        *(getattr(coding, name) for name in more),
    )


def said_elsewhere(coding: ForeignCoding, *more: str) -> Said:
    """The same of what was read."""
    for quote in coding.quotes:
        assert quote.text == coding.text[quote.start : quote.end]
    return (
        f"{coding.respondent}:{coding.question}",
        coding.coder,
        frozenset(coding.codes),
        frozenset((quote.start, quote.end, quote.code) for quote in coding.quotes),
        coding.skipped,
        coding.uncertain,
        coding.comment,
        coding.codebook,
        *(getattr(coding, name) for name in more),
    )
