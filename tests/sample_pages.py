"""Small pages of themes to test with: every kind of answer and theme, and hostile texts."""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.themes.model import Assignment, QuestionThemes, Theme
from themecoder.themes.page_model import QuestionPage, Subgroup, ThemesPage

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 2</script>",
    "</style></title><img src=x onerror='window.hacked = 3'>",
    "\"><svg onload=window.hacked=4> ' onmouseover='window.hacked=5'",
    "{{ 7 * 7 }} {% raw %} ${window.hacked = 6} {0} {answers}",
    "javascript:window.hacked=7 &lt;b&gt; &amp; <!-- ]]>",
    "\u202eomgekeerd \u2066tekst zonder einde שלום עולם",
    "=HYPERLINK(A1) 👩🏽‍⚕️ 🏳️‍🌈 e\u0301\x00\x1b[31m\ud800",
    "woord" * 120,
    "eerste regel\n\n\n   tweede regel\tmet een tab",
)
TOPICS = {
    1: "de wachtlijst is lang",
    2: "privacy van mijn gegevens",
    5: "een écht mens praat beter",
}
SIZES = {1: 18, 2: 12, 5: 6}


def question(question_id: str = "q18", texts: Sequence[str] = (), copies: int = 1) -> QuestionPage:
    """Three themes of 18, 12 and 6 answers (times ``copies``), 3 in none and 4 without content.

    One answer is in themes 1 and 2. ``texts`` replace the first answers of theme 1.
    """
    answers: dict[str, str] = {}
    assignments: list[Assignment] = []
    number = 0

    def add(text: str) -> str:
        nonlocal number
        number += 1
        answers[f"9{number:07d}:{question_id}"] = text
        return f"9{number:07d}:{question_id}"

    members: dict[int, list[str]] = {theme: [] for theme in TOPICS}
    for theme, topic in TOPICS.items():
        # the answer in two themes makes one of theme 2
        for i in range(SIZES[theme] * copies - (theme == 2)):
            text = texts[i] if theme == 1 and i < len(texts) else f"Antwoord {i + 1}: {topic}."
            members[theme].append(add(text))
            strength = round(0.95 - 0.8 * i / (SIZES[theme] * copies), 2)
            own = Assignment(members[theme][-1], theme, strength, 0, len(text))
            assignments.append(own)
    both = members[1][-1]
    answers[both] = "Ik wacht al een jaar. En wie leest er mee?"
    members[2].append(both)
    assignments.append(Assignment(both, 2, 0.1, 22, 42))
    for i in range(3 * copies):
        loose = add(f"Iets heel anders, nummer {i + 1}")
        assignments.append(Assignment(loose, None, 0.0, 0, 20))
    apart = [add(text) for text in ("nee", "nee", "n.v.t.", "-")]

    themes = tuple(
        Theme(
            id=theme,
            label=label,
            keywords=((words.split()[0], 0.9), (words.split()[-1], 0.5)),
            size=len(members[theme]),
            stability=stability,
            representatives=tuple(members[theme][:4]),
            nearest_codes=(("wachttijd_overbrugging", 0.71),) if theme == 1 else (),
        )
        for (theme, words), label, stability in zip(
            TOPICS.items(),
            ("Wachten op hulp", "Privacy", "Liever een mens"),
            (0.91, 0.75, 0.31),
            strict=True,
        )
    )
    content = sorted(set(answers) - set(apart))
    xy = {a: ((i * 37 % 101) / 50 - 1, (i * 61 % 97) / 48 - 1) for i, a in enumerate(content)}
    halves = sorted(answers)
    return QuestionPage(
        question_id=question_id,
        wording="Wat zou een reden zijn om AI wél te gebruiken?",
        asked=len(answers) + 10,
        answered=len(answers),
        themes=QuestionThemes(
            question_id,
            themes,
            tuple(sorted(assignments, key=lambda part: (part.answer_id, part.start))),
            ((1, 2, 0.4), (-1, 5, 0.9)),
            xy,
        ),
        texts=answers,
        contentless=tuple(apart),
        subgroups=(
            Subgroup(
                "Geslacht",
                {"vrouw": set(halves[::2]), "man": set(halves[1::2]) - {halves[1]}},
            ),
        ),
        parts={(both, 1): ((0, 21),), (both, 2): ((22, 42),)},
        said={1: ("Ik wacht al een jaar", "Er is <niemand>")},
        asked_of="mensen die AI niet gebruikten",
    )


def page(
    language: str = "nl", texts: Sequence[str] = (), questions: Sequence[QuestionPage] = ()
) -> ThemesPage:
    return ThemesPage(
        study_title="Een proef & meer",
        questions=questions or (question("q7"), question("q18", texts)),
        language=language,
        notice="De antwoorden zijn synthetisch.",
        provenance={"encoder": "e5-small-q4", "seed": "0", "version": "0.1.0"},
        code_labels={"wachttijd_overbrugging": "Overbrugging als er geen hulp is"},
    )
