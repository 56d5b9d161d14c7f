"""A small study about being reachable at night, with a codebook and a language model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from night_study import line

SAID = {
    "nacht": "ik kan er midden in de nacht bij als ik wakker lig",
    "privacy": "niemand weet waar mijn gegevens blijven",
    "kil": "het blijft een koude machine zonder gevoel",
}
WORDS = {"nacht": "de nacht", "privacy": "mijn gegevens", "kil": "koude machine"}


def make_study(folder: Path, url: str, more: str = "", answers: Iterable[str] = ()) -> Path:
    """The study in ``folder``; ``more`` below its [assistant], ``answers`` beside the eighteen."""
    (folder / "codebooks" / "klein").mkdir(parents=True)
    texts = [f"{text}, vind ik {n}" for n, text in enumerate([*SAID.values()] * 6)]
    rows = [f'r{n:02};"{text}"' for n, text in enumerate([*texts, *answers])]
    (folder / "survey.csv").write_text("\n".join(["id;q1", *rows, ""]), encoding="utf-8")
    assistant = f'[assistant]\nurl = "{url}"\n{more}\n' if url else ""
    (folder / "study.toml").write_text(
        'id = "klein"\ntitle = "Klein"\n[survey]\nfile = "survey.csv"\nid = "id"\n'
        '[mining]\nencoders = ["lexical-tfidf-svd"]\n[codebook]\nid = "klein"\n'
        '[[questions]]\nid = "q1"\ntext = "Wat vindt u?"\n' + assistant,
        encoding="utf-8",
    )
    codes = "".join(
        f"- id: {code}\n  label: {code}\n  definition: {text}\n" for code, text in SAID.items()
    )
    (folder / "codebooks" / "klein" / "1.0.0.yaml").write_text(
        "id: klein\nversion: 1.0.0\nlanguage: nl\ntitle: Klein\nreleased: 2026-01-01\n"
        f"codes:\n{codes}",
        encoding="utf-8",
    )
    return folder


def write_coding(folder: Path, given: Mapping[str, str]) -> None:
    """That anna coded these answers, each with one code."""
    lines = [line(answer, [code]) for answer, code in sorted(given.items())]
    own = folder / "annotations" / "q1"
    own.mkdir(parents=True, exist_ok=True)
    (own / "anna.jsonl").write_text("".join(lines), encoding="utf-8")
