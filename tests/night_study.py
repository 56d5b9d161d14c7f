"""A study of short answers on a talking machine, each with one of three codes that its words tell.

Coders are played by ``line``: what a person writes into ``annotations/``.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

SAID = {
    "nacht": (
        "ik kan er midden in de nacht bij",
        "ook 's nachts is er iemand wakker",
        "als ik in de nacht wakker lig, is het er",
    ),
    "privacy": (
        "niemand weet waar mijn gegevens blijven",
        "mijn gegevens liggen op straat",
        "wie leest mijn gegevens allemaal mee",
    ),
    "kil": (
        "het blijft een koude machine zonder gevoel",
        "een machine heeft geen gevoel, koud",
        "koud en zonder gevoel, zo'n machine",
    ),
}
ENDS = ("vind ik", "denk ik", "lijkt mij", "zeg ik eerlijk", "al met al", "toch wel")


def answer(number: int) -> tuple[str, str]:
    """A text, and the code that a person gives it."""
    chance = random.Random(number)
    code = chance.choice(sorted(SAID))
    return f"{chance.choice(SAID[code])}, {chance.choice(ENDS)} {number}", code


def line(answer_id: str, codes: list[str], **more: object) -> str:
    record = {
        "answer_id": answer_id,
        "coder": "anna",
        "codebook": "1.0.0",
        "state": "coded" if codes else "no_code",
        "codes": codes,
        "quotes": [],
        "uncertain": False,
        "comment": "",
        "shown": None,
        "round": 1,
        "created_at": None,
        "updated_at": None,
        "seconds": None,
        "source": {"kind": "test"},
    }
    return json.dumps(record | more) + "\n"


def made_night_study(folder: Path, answers: int) -> Path:
    """The study with its codebook; nothing is planned or coded."""
    (folder / "codebooks" / "klein").mkdir(parents=True)
    rows = [f"r{n:03};{answer(n)[0]}" for n in range(answers)]
    (folder / "survey.csv").write_text("\n".join(["id;q1", *rows, ""]), encoding="utf-8")
    (folder / "study.toml").write_text(
        'id = "klein"\ntitle = "Klein"\n[survey]\nfile = "survey.csv"\nid = "id"\n'
        '[mining]\nencoders = ["lexical-tfidf-svd"]\n[codebook]\nid = "klein"\n'
        '[coding]\ncoders = ["anna"]\n'
        '[[questions]]\nid = "q1"\ntext = "Wat vindt u?"\n',
        encoding="utf-8",
    )
    codes = "".join(
        f"- id: {code}\n  label: {code}\n  definition: {said[0]}\n" for code, said in SAID.items()
    )
    (folder / "codebooks" / "klein" / "1.0.0.yaml").write_text(
        "id: klein\nversion: 1.0.0\nlanguage: nl\ntitle: Klein\nreleased: 2026-01-01\n"
        f"codes:\n{codes}",
        encoding="utf-8",
    )
    return folder
