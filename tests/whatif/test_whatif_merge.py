"""What a merge is said to do, against what it does: release, migrate, and count the lines again."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

import krippendorff
import numpy as np
import pytest

from coding_study import ANSWERS, CODERS, CODES, make_study
from commands import done, snapshot, themecoder
from night_study import line

MERGE = ("privacy", "tijd", "--into", "echo")
SAYING_NOTHING = "Weet niet"


def code_at_random(study: Path, seed: int) -> None:
    """All answers by anna, most by bram and cor, who often say something else."""
    chance = random.Random(seed)
    for question, answers in ANSWERS.items():
        usual = {who: codes_by_chance(chance, text) for who, text in answers.items()}
        for coder in CODERS:
            lines = []
            for who, text in sorted(answers.items()):
                if coder != "anna" and chance.random() < 0.2:
                    continue
                codes = usual[who] if chance.random() < 0.6 else codes_by_chance(chance, text)
                lines.append(line(f"{who}:{question}", codes, coder=coder))
            file = study / "annotations" / question / f"{coder}.jsonl"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(lines), encoding="utf-8")


def codes_by_chance(chance: random.Random, text: str) -> list[str]:
    if text == SAYING_NOTHING:
        return ["geen_inhoud"]
    return sorted(chance.sample(CODES[:3], chance.choice([0, 1, 1, 2, 3])))


def lines_of(study: Path, coder: str) -> list[dict[str, object]]:
    files = sorted((study / "annotations").glob(f"q*/{coder}.jsonl"))
    return [json.loads(text) for file in files for text in file.read_text().splitlines()]


def counts_of(study: Path, coder: str, code: str) -> Counter[str]:
    """Question -> respondents with the code, and all, from the lines as they stand."""
    found: Counter[str] = Counter()
    people = set()
    for one in lines_of(study, coder):
        if code in one["codes"]:  # type: ignore[operator]
            who, question = str(one["answer_id"]).split(":")
            found[question] += 1
            people.add(who)
    found["all"] = len(people)
    return found


def alpha_of(study: Path, code: str) -> float:
    """By another library, from the lines as they stand."""
    answers = [f"{who}:{question}" for question, own in ANSWERS.items() for who in own]
    ratings = np.full((len(CODERS), len(answers)), np.nan)
    for n, coder in enumerate(CODERS):
        for one in lines_of(study, coder):
            ratings[n, answers.index(str(one["answer_id"]))] = code in one["codes"]  # type: ignore[operator]
    return float(krippendorff.alpha(ratings, level_of_measurement="nominal"))


def rows(study: Path) -> list[dict[str, str]]:
    with (study / "reports" / "internal" / "whatif.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("seed", range(8))
def test_a_merge_is_what_comes_of_release_and_migration(tmp_path: Path, seed: int) -> None:
    study = make_study(tmp_path / "studie")
    code_at_random(study, seed)
    done(study, "codebook", "whatif", "merge", *MERGE, "--source", "coder:anna")
    said = rows(study)
    now = {(r["question"], r["code"]): r["now"] for r in said if r["what"] == "respondents"}
    for code in CODES[:3]:
        counted = counts_of(study, "anna", code)
        assert {q: int(n) for (q, c), n in now.items() if c == code} == {
            q: counted[q] for q, c in now if c == code
        }

    done(study, "codebook", "merge", *MERGE, "--why", "hetzelfde")
    done(study, "codebook", "release", "--date", "2026-02-01")
    done(study, "migrate", "--apply")
    counted = counts_of(study, "anna", "echo")
    then = [r for r in said if r["code"] == "echo" and r["what"] == "respondents"]
    for row in then:
        assert float(row["then"]) == counted[row["question"]], row
        assert row["ci_low"] == row["then"] == row["ci_high"]
        assert row["computed"] == "true"
    assert {r["question"] for r in then} >= {q for q, n in counted.items() if n}
    alpha = next(r for r in said if r["code"] == "echo" and r["what"] == "krippendorff_alpha")
    assert float(alpha["then"]) == pytest.approx(alpha_of(study, "echo"), abs=1e-4)
    gone = [r for r in said if r["code"] in ("privacy", "tijd")]
    assert gone
    assert {r["then"] for r in gone} == {""}


def test_coders_who_differed_between_merged_codes_agree_afterwards(tmp_path: Path) -> None:
    """With the source ``decided`` an answer on which they differed is counted after the merge."""
    study = make_study(tmp_path / "studie")
    code_at_random(study, 0)
    for coder, codes in (("anna", ["privacy"]), ("bram", ["echo"]), ("cor", ["echo"])):
        for question, answers in ANSWERS.items():
            own = [
                line(f"{who}:{question}", codes, coder=coder)
                for who, text in sorted(answers.items())
            ]
            file = study / "annotations" / question / f"{coder}.jsonl"
            kept = own if coder != "cor" else own[:1]
            file.write_text("".join(kept), encoding="utf-8")
    done(study, "codebook", "whatif", "merge", "privacy", "--into", "echo", "--source", "decided")
    row = next(
        r
        for r in rows(study)
        if (r["code"], r["question"], r["what"]) == ("echo", "q1", "respondents")
    )
    assert (int(row["now"]), float(row["then"])) == (1, len(ANSWERS["q1"]))


def test_nothing_but_the_result_is_written_and_twice_the_same(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    code_at_random(study, 3)

    def outside() -> dict[str, bytes]:
        found = snapshot(study)
        return {f: b for f, b in found.items() if not f.startswith(("reports/", ".themecoder/"))}

    before = outside()
    done(study, "codebook", "whatif", "merge", *MERGE, "--source", "coder:anna")
    assert outside() == before
    first = snapshot(study / "reports")
    assert set(first) == {
        f"internal/{name}"
        for name in ("whatif.csv", "whatif_answers.csv", "whatif.json", "LEESMIJ.txt")
    }
    done(study, "codebook", "whatif", "merge", *MERGE, "--source", "coder:anna")
    assert snapshot(study / "reports") == first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("merge", "privasy", "--into", "echo"), "privasy"),
        (("merge", "privacy", "--into", "privacy"), "privacy"),
        (("split", "privacy", "--into", "echo", "--into", "nieuw"), "nieuw"),
        (("redefine", "privacy"), "concept"),
        (("redefine", "privasy", "--definition", "Anders."), "privasy"),
        (("draft",), "concept"),
        (("draft", "--code", "privasy"), "privasy"),
        (("merge", "privacy", "--into", "echo", "--source", "suggestions"), "suggestions"),
        (("merge", "privacy", "--into", "echo", "--source", "coder:dirk"), "dirk"),
    ],
)
def test_bad_input_is_told_and_nothing_is_written(
    tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    study = make_study(tmp_path / "studie")
    code_at_random(study, 1)
    found = themecoder(study, "codebook", "whatif", *words)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr
    assert not (study / "reports").exists()


def test_a_study_without_a_release_or_without_coding_is_refused(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    merge = ("codebook", "whatif", "merge", "privacy", "--into", "echo")
    found = themecoder(study, *merge)
    assert found.returncode == 2
    assert "1.0.0" in found.stderr
    (study / "codebooks" / "mens" / "1.0.0.yaml").rename(
        study / "codebooks" / "mens" / "draft.yaml"
    )
    assert themecoder(study, *merge).returncode == 2


def test_another_version_in_study_toml_is_refused(tmp_path: Path) -> None:
    study = make_study(tmp_path / "studie")
    code_at_random(study, 1)
    done(study, "codebook", "rename", "tijd", "Tijdwinst", "--why", "korter")
    done(study, "codebook", "release", "--date", "2026-02-01")
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('id = "mens"\n\n[coding]', 'id = "mens"\nversion = "1.0.0"\n\n[coding]'),
        encoding="utf-8",
    )
    found = themecoder(study, "codebook", "whatif", "merge", "privacy", "--into", "echo")
    assert found.returncode == 2
    assert "1.0.0" in found.stderr
