"""A project that themecoder did not make, taken over from a real server: live, and by its exports.

Its page has other names and another shape: a taxonomy, labels to mark with, single choices, a text
field of another name. Two accounts annotate it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browser_moves import begin, button, mark
from playwright.sync_api import Page, expect
from real_server import CODERS, TEXTS, Server, make_study, opened

from commands import done, themecoder
from themecoder.coding.annotations import read_codings
from themecoder.coding.label_studio.accounts import OWNER, email_of
from themecoder.coding.label_studio.client import Client
from themecoder.coding.model import Coding

pytestmark = [pytest.mark.server, pytest.mark.slow]
PAGE = """\
<View>
  <Header value="$uitleg"/>
  <Text name="antw" value="$verbatim"/>
  <Taxonomy name="boom" toName="antw">
    <Choice value="Omgeving"><Choice value="Herrie" alias="lawaai"/><Choice value="Groen"/></Choice>
  </Taxonomy>
  <Labels name="stift" toName="antw"><Label value="Buren"/><Label value="Geluid"/></Labels>
  <Choices name="oordeel" toName="antw" choice="single">
    <Choice value="Geen inhoud"/><Choice value="Iets anders"/>
  </Choices>
  <TextArea name="nog" toName="antw"/>
  <Rating name="ster" toName="antw"/>
</View>
"""


def part(control: str, kind: str, **value: Any) -> dict[str, Any]:
    return {"from_name": control, "to_name": "antw", "type": kind, "value": value}


def marked(text: str, words: str, label: str) -> dict[str, Any]:
    start = text.index(words)
    return part("stift", "labels", start=start, end=start + len(words), text=words, labels=[label])


def make_project(client: Client, texts: Sequence[str], **more: Any) -> tuple[int, list[int]]:
    """A project with a task for each text: its number, and those of its tasks."""
    made = client.projects.create(title="Van een ander", label_config=PAGE, **more)
    number = int(made.id or 0)
    tasks: Any = [
        {"data": {"nummer": f"R{n:02d}", "verbatim": text, "uitleg": "Een uitleg. " * 20}}
        for n, text in enumerate(texts, start=1)
    ]
    client.projects.import_tasks(id=number, request=tasks)
    ids = [int(task.id or 0) for task in client.tasks.list(project=number).items or []]
    return number, sorted(ids)


def annotate(
    client: Client, coder: str, task: int, result: Sequence[Any] = (), skip: bool = False
) -> None:
    """A coder's annotation, put there by the owner: on a study's own server the gate keeps coders
    to the projects of the study."""
    (account,) = [one.id for one in client.users.list() if one.email == email_of(coder)]
    client.annotations.create(
        id=task,
        result=list(result),
        was_cancelled=skip,
        lead_time=4.5,
        completed_by=account,
    )


@pytest.fixture
def project(server: Server, client: Client) -> Iterator[int]:
    """The project with the answers to q1, annotated by two people; its number."""
    texts = list(opened_texts())
    number, ids = make_project(client, texts)
    annotate(
        client,
        "coder_a",
        ids[0],
        [
            part("boom", "taxonomy", taxonomy=[["Omgeving", "lawaai"], ["Omgeving", "Groen"]]),
            marked(texts[0], "buren zijn aardig 🙂 maar", "Buren"),
            part("nog", "textarea", text=["navragen"]),
            part("ster", "rating", rating=4),
        ],
    )
    annotate(client, "coder_b", ids[0], [marked(texts[0], "luid", "Geluid")])
    annotate(client, "coder_a", ids[1], [part("oordeel", "choices", choices=["Geen inhoud"])])
    annotate(client, "coder_b", ids[1], [], skip=True)
    annotate(client, "coder_a", ids[3], [marked(texts[3], "altijd lawaai", "Geluid")])
    annotate(client, "coder_b", ids[4], [])
    yield number
    client.projects.delete(id=number)


def opened_texts() -> Iterator[str]:
    """The answers as the export has them, which is as the study has them before masking."""
    from unicodedata import normalize

    yield from (normalize("NFC", text) for text in TEXTS)


MAPPING = {
    "Buren": "buren",
    "Geluid": "geluid",
    "Omgeving > Groen": "groen",
    "Omgeving > lawaai": "lawaai",
    "Geen inhoud": "niets",
    "Iets anders": "groen",
}


def map_codes(study: Path, *words: str) -> None:
    """What a person does with the mapping: write it, and fill in what is open."""
    themecoder(study, "coding", "import", *words, "--write-mapping")
    (file,) = (study / "codebooks").rglob("*.csv")
    rows = [line.split(",") for line in file.read_text("utf-8").splitlines()]
    name, code = rows[0].index("name"), rows[0].index("code")
    for row in rows[1:]:
        row[code] = MAPPING[row[name]]
    file.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")


def codings(study: Path) -> dict[tuple[str, str], Coding]:
    files = sorted((study / "annotations").glob("q*/*.jsonl"))
    return {(c.respondent, c.coder): c for file in files for c in read_codings(file)}


def accounts(study: Path) -> None:
    config = (study / "study.toml").read_text("utf-8")
    names = "".join(f'{one} = "{email_of(one)}"\n' for one in CODERS)
    (study / "study.toml").write_text(f"{config}\n[coding.accounts]\n{names}", encoding="utf-8")


def check(study: Path, skips: bool = True) -> None:
    found = codings(study)
    expected = {
        ("R01", "coder_a"): ("coded", ("buren", "groen", "lawaai"), ["buren zijn aardig 🙂 maar"]),
        ("R01", "coder_b"): ("coded", ("geluid",), ["luid"]),
        ("R02", "coder_a"): ("coded", ("niets",), []),
        ("R04", "coder_a"): ("coded", ("geluid",), ["altijd lawaai"]),
        ("R05", "coder_b"): ("no_code", (), []),
    }
    if skips:
        expected["R02", "coder_b"] = ("skipped", (), [])
    told = {key: (c.state, c.codes, [q.text for q in c.quotes]) for key, c in found.items()}
    assert told == expected
    assert found["R01", "coder_a"].comment == "navragen"
    assert found["R01", "coder_a"].seconds == 4.5
    assert found["R01", "coder_a"].source["kind"] == "label_studio"
    originals = {a.respondent_id: a.text for a in opened(study).answers("q1")}
    for coding in found.values():
        for quote in coding.quotes:
            assert originals[coding.respondent][quote.start : quote.end] == quote.text


@pytest.mark.long(25)
def test_a_live_project_is_taken_over(study: Path, server: Server, project: int) -> None:
    accounts(study)
    there = ("--label-studio", server.url)
    words = ("--project", str(project), *there, "--column", "respondent=nummer", "-q", "q1")
    refused = themecoder(study, "coding", "import", *words)
    assert refused.returncode == 2, "codes are not known yet"
    assert not list((study / "annotations").glob("q*")), "nothing is written"
    map_codes(study, *words)
    told = json.loads(done(study, "coding", "import", *words, "--apply", "--json"))
    assert {"ster"} <= {n["text"].split("'")[1] for n in told["notes"] if n["key"] == "ls_control"}
    check(study)
    before = codings(study)
    done(study, "coding", "import", *words, "--apply")
    assert codings(study) == before
    missing = themecoder(study, "coding", "import", "--project", "99999", *there)
    assert missing.returncode == 2
    assert "99999" in missing.stderr
    assert themecoder(study, "coding", "import").returncode == 2


@pytest.mark.browser
@pytest.mark.long(30)
def test_what_a_person_did_in_the_browser_is_taken_over(
    study: Path, server: Server, client: Client, page: Page
) -> None:
    """A part with an emoji in it, marked with the mouse, and a single choice."""
    text = next(opened_texts())
    instruction: Any = {"expert_instruction": "Lees dit.", "show_instruction": True}
    project, _ = make_project(client, [text], **instruction)
    begin(page, server, "Van een ander", OWNER)
    expect(page.locator(".lsf-htx-richtext")).to_have_text(text)
    mark(page, "Geluid", "aardig 🙂 maar")
    page.locator(".lsf-choice__item", has_text="Iets anders").first.click()
    with page.expect_response(
        lambda r: "/annotations" in r.url and r.request.method == "POST" and r.ok
    ):
        button(page, "Submit").click()
    words = ("--project", str(project), "--label-studio", server.url)
    words = (*words, "--coder", f"{OWNER}=coder_c", "--column", "respondent=nummer", "-q", "q1")
    map_codes(study, *words)
    done(study, "coding", "import", *words, "--apply")
    coding = codings(study)["R01", "coder_c"]
    assert coding.codes == ("geluid", "groen")
    (quote,) = coding.quotes
    assert text[quote.start : quote.end] == quote.text == "aardig 🙂 maar"
    client.projects.delete(id=project)


@pytest.mark.long(25)
@pytest.mark.parametrize("form", ["JSON", "JSON_MIN", "CSV"])
def test_its_exports_are_taken_over(
    study: Path, server: Server, project: int, form: str, tmp_path: Path
) -> None:
    data = server.as_owner().get(f"/api/projects/{project}/export", params={"exportType": form})
    assert data.status_code == 200
    file = tmp_path / ("export.csv" if form == "CSV" else "export.json")
    file.write_bytes(data.content)
    numbers = {
        email_of(str(user["email"]).partition("@")[0]): str(user["id"])
        for user in server.as_owner().get("/api/users").json()
    }
    words = [str(file), "-q", "q1", "--column", "respondent=nummer"]
    words += ["--column", "codes=oordeel", "--column", "text=verbatim", "--column", "comment=nog"]
    for coder in ("coder_a", "coder_b"):
        words += ["--coder", f"{numbers[email_of(coder)]}={coder}"]
    map_codes(study, *words)
    done(study, "coding", "import", *words, "--apply")
    check(study, skips=form == "JSON")


@pytest.mark.long(15)
def test_an_exported_coding_comes_into_any_server(
    study: Path, server: Server, client: Client, tmp_path: Path
) -> None:
    """Out of a study, into a new project on the server, and back into an empty study."""
    texts = list(opened_texts())
    rows = [
        {"answer_id": "R01:q1", "coder": "coder_a", "codes": "geluid"},
        {"answer_id": "R02:q1", "coder": "coder_b", "codes": "no_code"},
    ]
    table = tmp_path / "in.csv"
    lines = [f"{row['answer_id']};{row['coder']};{row['codes']}" for row in rows]
    table.write_text("\n".join(["answer_id;coder;codes", *lines, ""]), encoding="utf-8")
    done(study, "coding", "import", str(table), "--apply")
    file = study / "annotations" / "q1" / "coder_a.jsonl"
    line = json.loads(file.read_text("utf-8"))
    start = texts[0].index("luid")
    line["quotes"] = [{"code": "geluid", "start": start, "end": start + 4, "text": "luid"}]
    line |= {"shown": [], "comment": "kijk", "uncertain": True}
    file.write_text(json.dumps(line, ensure_ascii=False) + "\n", encoding="utf-8")
    done(study, "coding", "export", "uit.json", "-q", "q1")
    folder = study / "reports" / "internal"
    page = (folder / "uit_page.xml").read_text("utf-8")
    number = int(client.projects.create(title="Elders", label_config=page).id or 0)
    tasks = json.loads((folder / "uit.json").read_text("utf-8"))
    client.projects.import_tasks(id=number, request=tasks)
    found = server.as_owner().get(f"/api/projects/{number}/export").json()
    assert sum(len(task["annotations"]) for task in found) == 2
    other = make_study(tmp_path / "leeg")
    words = ("--project", str(number), "--label-studio", server.url)
    done(other, "coding", "import", *words, "--apply")
    bare: dict[str, Any] = {"source": {}, "created_at": None, "updated_at": None, "seconds": None}
    assert {key: replace(c, **bare) for key, c in codings(other).items()} == {
        key: replace(c, **bare) for key, c in codings(study).items()
    }
    client.projects.delete(id=number)
