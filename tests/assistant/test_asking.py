"""What is made of a server that fails: every fault on a real socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from scripted_model import Script, ScriptedModel, Sent, saying, scripted

from themecoder.assistant.ask import Assistant, Budget, SpentError, UnfitError
from themecoder.assistant.endpoint import Endpoint
from themecoder.assistant.model import Model, Prompt
from themecoder.assistant.record import Record
from themecoder.errors import ServiceError

PROMPT = Prompt("Zeg ja.", '{"answer": "nou"}', {"type": "object"}, 50)
MODEL = Model("klein-model", "0" * 64, False)
YES = '{"say": "ja"}'
Ask = Callable[..., Assistant]


def is_yes(text: str) -> str:
    if text != YES:
        raise UnfitError("no yes")
    return text


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Ask]:
    opened: list[Endpoint] = []

    def make(model: ScriptedModel, requests: int = 100, seconds: float = 20) -> Assistant:
        opened.append(Endpoint(model.url, ""))
        record, budget = Record(tmp_path / "exchanges.jsonl"), Budget(requests, seconds)
        return Assistant(opened[-1], MODEL, record, budget, 7, pause=0.001)

    yield make
    for endpoint in opened:
        endpoint.__exit__()


def first(fault: Sent, then: Sent) -> Script:
    return lambda _, number: then if number else fault


def entries(tmp_path: Path) -> list[dict[str, object]]:
    lines = (tmp_path / "exchanges.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize(
    ("fault", "kept"),
    [
        pytest.param(Sent(b"boem", 500), None, id="500"),
        pytest.param(Sent(b"rustig", 429), None, id="429"),
        pytest.param(Sent(b"", cut=True), None, id="nothing comes"),
        pytest.param(Sent(b'{"choices": [', cut=True), "cut_off", id="cut off"),
        pytest.param(Sent(b"<html>"), "not_json", id="a page"),
        pytest.param(Sent(b"[" * 100_000), "not_json", id="nested without end"),
        pytest.param(Sent(b"\xff\xfe"), "not_json", id="no text"),
        pytest.param(Sent(b'{"choices": []}'), "no_choice", id="no choice"),
        pytest.param(Sent(b'{"choices": [{"message": 3}]}'), "no_choice", id="no message"),
        pytest.param(
            Sent(b'{"choices": [{"message": {"content": null}}]}'), "no_choice", id="null"
        ),
        pytest.param(saying('{"say": "j', "length"), "too_long", id="out of tokens"),
        pytest.param(Sent(b"x" * 1_200_000), "too_long", id="megabytes"),
        pytest.param(saying("nee"), "unfit: no yes", id="not as the schema says"),
    ],
)
def test_after_a_fault_it_is_asked_again_and_all_is_kept(
    assistant: Ask, tmp_path: Path, fault: Sent, kept: str | None
) -> None:
    with scripted(first(fault, saying(YES))) as model:
        assert assistant(model).ask(PROMPT, is_yes) == YES
        assert len(model.asked) == 2
        # asked as before it would fail as before, where the model was reached
        warmer = [body["temperature"] > 0 for body in model.asked]
        assert warmer == [False, kept is not None]
        assert assistant(model).kept(PROMPT, is_yes) == YES
        instruction, exchange = entries(tmp_path)
    assert instruction["instruction"] == PROMPT.instruction
    assert exchange["data"] == PROMPT.data and exchange["model"] == "klein-model"
    faults = [one["fault"] for one in exchange["tries"]]  # type: ignore[attr-defined]
    assert faults == ([kept, ""] if kept else [""])


def test_a_reply_that_never_ends_does_not_hold_the_run(assistant: Ask, tmp_path: Path) -> None:
    with scripted(lambda *_: Sent(b'{"choices":', endless=True)) as model:
        with pytest.raises(SpentError):
            assistant(model, seconds=0.3).ask(PROMPT, is_yes)
        assert len(model.asked) == 1


def test_three_useless_replies_are_enough_and_the_next_run_asks_again(
    assistant: Ask, tmp_path: Path
) -> None:
    with scripted(lambda *_: saying("nee")) as model:
        assert assistant(model).ask(PROMPT, is_yes) is None
        assert len(model.asked) == 3
        assert len({body["seed"] for body in model.asked}) == 3
        assert assistant(model).kept(PROMPT, is_yes) is None
    (_, exchange) = entries(tmp_path)
    assert [one["text"] for one in exchange["tries"]] == ["nee"] * 3  # type: ignore[attr-defined]


def test_what_the_server_refuses_is_not_sent_again(assistant: Ask) -> None:
    with scripted(lambda *_: Sent(b'{"error": "context"}', 400)) as model:
        assert assistant(model).ask(PROMPT, is_yes) is None
        assert len(model.asked) == 1


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        (Sent(b"", 500), "assistant.unreachable"),
        (Sent(b"", 401), "assistant.no_entry"),
        (Sent(b"", 404), "assistant.other"),
        (Sent(b"", 307, headers=(("Location", "http://127.0.0.1:1/v1/x"),)), "assistant.other"),
    ],
)
def test_a_server_that_will_not_serve_ends_the_run(assistant: Ask, sent: Sent, key: str) -> None:
    with scripted(lambda *_: sent) as model, pytest.raises(ServiceError) as caught:
        assistant(model).ask(PROMPT, is_yes)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_the_budget_counts_every_request(assistant: Ask) -> None:
    with scripted(lambda *_: Sent(b"", 503)) as model:
        with pytest.raises(SpentError):
            assistant(model, requests=4).ask(PROMPT, is_yes)
        assert len(model.asked) == 4


def test_another_prompt_model_or_schema_has_no_reply_yet(assistant: Ask, tmp_path: Path) -> None:
    with scripted(lambda *_: saying(YES)) as model:
        asked = assistant(model)
        asked.ask(PROMPT, is_yes)
    record = Record(tmp_path / "exchanges.jsonl")
    assert record.reply(PROMPT.key(MODEL)) == YES
    others = [
        Prompt("Zeg nee.", PROMPT.data, PROMPT.schema, 50).key(MODEL),
        Prompt(PROMPT.instruction, "{}", PROMPT.schema, 50).key(MODEL),
        Prompt(PROMPT.instruction, PROMPT.data, {"type": "string"}, 50).key(MODEL),
        PROMPT.key(Model("groot-model", MODEL.digest, False)),
        PROMPT.key(Model(MODEL.name, "1" * 64, False)),
    ]
    assert [record.reply(key) for key in others] == [None] * 5


def test_half_a_line_of_a_killed_process_costs_that_line_only(
    assistant: Ask, tmp_path: Path
) -> None:
    file = tmp_path / "exchanges.jsonl"
    other = Prompt(PROMPT.instruction, '{"answer": "ja"}', PROMPT.schema, 50)
    with scripted(lambda *_: saying(YES)) as model:
        assistant(model).ask(PROMPT, is_yes)
        assistant(model).ask(other, is_yes)
        whole = file.read_bytes()
        file.write_bytes(whole[:-20])
        assert assistant(model).kept(PROMPT, is_yes) == YES
        again = assistant(model)
        assert again.kept(other, is_yes) is None
        again.ask(other, is_yes)
        assert assistant(model).kept(other, is_yes) == YES
    assert file.stat().st_mode & 0o777 == 0o600
