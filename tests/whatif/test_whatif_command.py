"""``themecoder codebook whatif`` on the shipped study: a split and a redefinition."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from commands import done, snapshot, themecoder
from shipped import copy_shipped
from themecoder.workspace.folder import StudyFolder

pytestmark = [pytest.mark.slow, pytest.mark.long(90)]
SPLIT = ("split", "samen", "--into", "wachttijd_overbrugging", "--into", "informatiebron")
PARTS = SPLIT[3], SPLIT[5]
CODER = ("--source", "coder:coder_a")


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """The shipped study in which two codes are one: its draft has them apart, as new codes. What
    coder_a said is kept beside it as truth.csv."""
    folder = copy_shipped(tmp_path_factory.mktemp("whatif") / "studie", warm=mined_once)
    truth = []
    for file in sorted((folder / "annotations").glob("q*/coder_*.jsonl")):
        lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
        for line in lines:
            own = [code for code in line["codes"] if code in PARTS]
            if own and line["coder"] == "coder_a":
                truth.append((line["answer_id"], " ".join(own)))
            line["codes"] = sorted({"samen" if code in PARTS else code for code in line["codes"]})
            line["quotes"] = [quote for quote in line["quotes"] if quote["code"] not in PARTS]
        texts = (json.dumps(line, ensure_ascii=False) for line in lines)
        file.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
    (folder / "truth.csv").write_text("".join(f"{a},{c}\n" for a, c in truth), encoding="utf-8")
    books = StudyFolder.open(folder).codebooks.folder
    text = (books / "1.0.0.yaml").read_text(encoding="utf-8")
    head, *codes = text.split("\n- id: ")
    start = next(n for n, part in enumerate(codes) if part.startswith("altijd_beschikbaar\n"))
    one = (
        "samen\n  label: Hulp en informatie\n  group: opbrengst\n"
        "  definition: Overbruggen en opzoeken.\n  questions: [q7, q15, q18, q19]"
    )
    kept = [part for part in codes[start:] if part.split("\n")[0] not in PARTS]
    names = [part.split("\n")[0] for part in codes[start:]]
    assert set(PARTS) <= set(names)
    released = "\n- id: ".join([head, *codes[:start], one, *kept])
    for part in PARTS:
        released = released.replace(f": {part}", ": altijd_beschikbaar")
    (books / "1.0.0.yaml").write_text(released, encoding="utf-8")
    for file in ("draft.yaml", "releases.json"):
        (books / file).unlink()
    told = {part.split("\n")[0]: part for part in codes[start:]}
    for part in PARTS:
        label, definition = (
            told[part].split(f"\n  {key}: ")[1].split("\n  ")[0].replace("\n    ", " ")
            for key in ("label", "definition")
        )
        words = ("--label", label, "--definition", definition, "--group", "opbrengst")
        done(folder, "codebook", "add", part, *words, "--why", "apart")
    return folder


@pytest.fixture
def study(together: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(together, tmp_path / "studie"))


def truth_of(study: Path) -> dict[str, set[str]]:
    lines = (study / "truth.csv").read_text(encoding="utf-8").splitlines()
    return {answer: set(codes.split()) for answer, codes in (line.split(",") for line in lines)}


def examples(study: Path, n: int) -> list[str]:
    """The first ``n`` answers of each part, named for all parts that they belong to."""
    truth = truth_of(study)
    chosen = {
        answer
        for part in PARTS
        for answer in [answer for answer, codes in truth.items() if part in codes][:n]
    }
    return [
        word
        for answer in sorted(chosen)
        for part in sorted(truth[answer])
        for word in ("--example", f"{part}={answer}")
    ]


def rows(study: Path) -> list[dict[str, str]]:
    with (study / "reports" / "internal" / "whatif.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_split_predicts_what_people_said(study: Path) -> None:
    before = snapshot(study / "codebooks") | snapshot(study / "annotations")
    words = ("codebook", "whatif", *SPLIT, *examples(study, 4), *CODER)
    said = json.loads(done(study, *words, "--json"))
    assert snapshot(study / "codebooks") | snapshot(study / "annotations") == before
    truth = truth_of(study)
    for part in PARTS:
        right = len({answer.split(":")[0] for answer, codes in truth.items() if part in codes})
        row = next(
            r
            for r in rows(study)
            if (r["code"], r["question"], r["what"]) == (part, "all", "respondents")
        )
        low, high = float(row["ci_low"]), float(row["ci_high"])
        assert low <= right <= high
        assert high - low < len(truth)
        assert row["computed"] == "false"
    (outcome,) = said["outcomes"]
    notes = {note["note"]: note for note in outcome["notes"]}
    assert notes["rates"]["n"] >= 8
    assert notes["coders"]["n"] >= 8
    values = [r for r in outcome["agreement"] if r["code"] in PARTS]
    assert all(r["then"]["low"] <= r["then"]["value"] <= r["then"]["high"] for r in values)
    first = snapshot(study / "reports")
    done(study, *words)
    assert snapshot(study / "reports") == first


def test_more_examples_tell_more_and_too_few_are_refused(study: Path) -> None:
    none = themecoder(study, "codebook", "whatif", *SPLIT, *CODER)
    assert none.returncode == 2
    assert none.stderr.count("minstens twee") == 2
    wrong = ("--example", "x", "--example", "samen=1:q18", "--example", f"{PARTS[0]}=1:q18")
    bad = themecoder(study, "codebook", "whatif", *SPLIT, *wrong, *CODER)
    assert bad.returncode == 2
    assert all(text in bad.stderr for text in ("'x'", "samen=1:q18", f"{PARTS[0]}=1:q18"))
    assert not (study / "reports").exists()


def test_a_wording_that_drops_half_of_a_code_moves_its_answers(study: Path) -> None:
    definition = "Uitleg, informatie en psycho-educatie: opzoeken wat klachten en medicatie zijn."
    words = ("codebook", "whatif", "redefine", "samen", "--definition", definition)
    label = ("--include", "uitleg, opzoeken, tips, medicatie, diagnose")
    said = json.loads(done(study, *words, *label, *CODER, "--json"))
    (outcome,) = said["outcomes"]
    whole = next(r for r in outcome["counts"] if r["question"] == "all")
    assert whole["then"]["low"] <= whole["then"]["value"] <= whole["then"]["high"]
    assert whole["then"]["low"] < whole["now"]
    truth = truth_of(study)
    leaving = [one["answer_id"] for one in outcome["answers"] if one["move"] == "leave"][:15]
    # the likeliest to leave are those of the half that the new wording has not
    assert sum("wachttijd_overbrugging" in truth[answer] for answer in leaving) > len(leaving) / 2
    listed = (study / "reports" / "internal" / "whatif_answers.csv").read_text(encoding="utf-8")
    assert listed.startswith("respondent,question,code,move,chance\n")
    assert len(listed.splitlines()) == 1 + len(outcome["answers"])


def test_a_code_without_other_texts_is_refused(study: Path) -> None:
    words = ("codebook", "whatif", "redefine", "geen_inhoud", "--definition", "Zegt niets.")
    found = themecoder(study, *words)
    assert found.returncode == 2
    assert "geen_inhoud" in found.stderr


def test_a_code_of_few_answers_is_refused(study: Path) -> None:
    words = ("redefine", "duurzaamheid", "--definition", "Stroom en water.")
    found = themecoder(study, "codebook", "whatif", *words, "--source", "coder:coder_c")
    assert found.returncode == 2
    assert "duurzaamheid" in found.stderr
    assert "met inhoud: 5" in found.stderr
