"""The three simulated coders of the shipped study, put in through the API as three users: all that
is out of the ordinary in their work, and a part of the rest."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from real_server import CODERS, ROOT, Server, opened, tasks_of

from themecoder.coding.label_studio.client import Client
from themecoder.coding.label_studio.results import Result, Span, write_result
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.planning import coding_by_coder
from themecoder.coding.quote_texts import quote_of
from themecoder.masking.model import MaskedText

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_what_three_coders_coded_comes_back_code_for_code_and_quote_for_quote(
    server: Server, client: Client, tmp_path: Path
) -> None:
    study = tmp_path / "studie"
    study.mkdir()
    shutil.copy(ROOT / "study.toml", study)
    for name in ("data", "codebooks", "annotations"):
        shutil.copytree(ROOT / name, study / name)
    here = opened(study)
    coded = {
        (coding.answer_id, coder): coding
        for question in here.questions
        for coder, codings in coding_by_coder(here, question).items()
        for coding in codings
    }
    per_coder = [sum(coder == one for _, coder in coded) for one in CODERS]
    assert per_coder == [893, 552, 253]
    masked = here.masked_texts()
    # every request takes the server a tenth of a second: all that is out of the ordinary goes, and
    # of the rest, which is alike, every fourth
    coded = {
        key: coding
        for number, (key, coding) in enumerate(sorted(coded.items()))
        if number % 4 == 0 or is_special(coding) or masked[key[0]].masks
    }
    assert all(sum(coder == one for _, coder in coded) > 80 for one in CODERS)
    for question in here.questions:
        shutil.rmtree(study / "annotations" / question)
    # all of them as they were given out: every answer once for each coder who coded it
    write_plan(
        here.paths.plan,
        [
            Planned(answer.rpartition(":")[2], answer, coder, blind=True, place=place)
            for place, (answer, coder) in enumerate(sorted(coded), start=1)
        ],
    )
    sent = sum(one.sent for one in opened(study).push(url=server.url))
    assert sent == len(coded) > 500

    tasks = {
        key[:2]: task for q in here.questions for key, task in tasks_of(study, client, q).items()
    }

    def put_in(coder: str) -> int:
        mine = [(key, coding) for key, coding in sorted(coded.items()) if key[1] == coder]
        for key, coding in mine:
            spans = []
            for quote in coding.quotes:
                start, end = masked[key[0]].to_masked(quote.start, quote.end)
                spans.append(Span(start, end, quote.code, masked[key[0]].masked[start:end]))
            result = Result(coding.codes, tuple(spans), coding.uncertain, coding.comment)
            server.code(coder, tasks[key], write_result(result), skip=coding.state == "skipped")
        return len(mine)

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(put_in, CODERS)) == len(coded)
    pulled = opened(study).pull(url=server.url)
    assert [(one.unread, one.notes) for one in pulled] == [(0, ())] * 4
    assert sum(one.added for one in pulled) == len(coded)
    back = {
        (coding.answer_id, coder): coding
        for question in here.questions
        for coder, codings in coding_by_coder(opened(study), question).items()
        for coding in codings
    }
    assert set(back) == set(coded)
    for key, coding in coded.items():
        assert said(back[key]) == said(widened(coding, masked[key[0]]))
    plain = [key for key, coding in coded.items() if not masked[key[0]].masks]
    assert all(said(back[key]) == said(coded[key]) for key in plain)
    assert len(plain) > 400


def is_special(coding: Coding) -> bool:
    """Whether a coder did more, or less, than to choose a code or two and mark quotes."""
    return bool(
        coding.state == "skipped" or coding.uncertain or coding.comment or len(coding.codes) > 2
    )


def said(coding: Coding) -> Coding:
    """What a coder said, without when and where."""
    return replace(coding, shown=None, created_at=None, updated_at=None, seconds=None, source={})


def widened(coding: Coding, answer: MaskedText) -> Coding:
    """A quote that cuts a masked detail in two is the whole detail: nobody saw half a name."""
    quotes = []
    for quote in coding.quotes:
        start, end = answer.to_original(*answer.to_masked(quote.start, quote.end))
        quotes.append(quote_of(answer, start, end, quote.code))
    return replace(coding, quotes=tuple(sorted(set(quotes))))
