"""Random surveys whose answers are known: what any export of them has to be counted as.

Every kind of question, asked of everybody or of those with some earlier answer, and left out by
some who were asked. The texts and the shares are drawn; nothing here knows how an export is read.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

WORDS = """Werk Studie Vermaak Huisarts Netwerk Familie Privacy Kosten Gezelschap Fouten Snelheid
Wachttijd Vertrouwen Gemak Nieuws Recepten Vertalen Programmeren Schrijven Sport Muziek Reizen
Koken Lezen Tuinieren Boodschappen Belasting Verzekering Afspraken Herinneringen""".split()  # noqa: SIM905
SENTENCE = """ik vind het fijn dat er altijd iemand luistert maar soms ben ik bang dat mijn gegevens
niet veilig zijn en dan praat ik liever met een mens die mij echt kent want een computer begrijpt
niet hoe het voelt als je niet kunt slapen of als alles te veel wordt""".split()  # noqa: SIM905
SCALE = ("Helemaal mee oneens", "Mee oneens", "Neutraal", "Mee eens", "Helemaal mee eens")


@dataclass
class Question:
    """A question and its answers: ``answers[i]`` is that of respondent i, None where there is none.

    single: an option; multiple: a set of options (and ``others[i]``, what was typed); matrix: item
    -> an answer of ``options``; number: a number; open: a text.
    """

    id: str
    kind: str
    text: str
    options: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    asked: list[bool] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    decimals: int = 0

    @property
    def has_other(self) -> bool:
        return any(self.others)


@dataclass
class RandomSurvey:
    questions: list[Question]
    n: int
    seed: int

    @property
    def closed(self) -> list[Question]:
        return [question for question in self.questions if question.kind != "open"]


def random_survey(seed: int, *, others: bool = True) -> RandomSurvey:
    chance = random.Random(seed)
    n = chance.randint(60, 160)
    questions: list[Question] = []
    kinds = ["single", "multiple", "number", "matrix", "open", "single", "multiple", "open"]
    chance.shuffle(kinds)
    kinds = ["single", *kinds[: chance.randint(4, 8)]]
    if "open" not in kinds:
        kinds.append("open")
    # everybody is asked the last one: where nothing comes after an answer, it looks like the end
    # of the survey for who gave it, and they are proposed to be left out
    kinds.append("single")
    words = WORDS[:]
    chance.shuffle(words)
    for number, kind in enumerate(kinds, start=1):
        questions.append(
            _question(chance, number, kind, n, questions, words, others, last=number == len(kinds))
        )
    return RandomSurvey(questions, n, seed)


def _question(  # noqa: PLR0912  a kind a branch
    chance: random.Random,
    number: int,
    kind: str,
    n: int,
    before: list[Question],
    words: list[str],
    others: bool,
    last: bool,
) -> Question:
    asked = [True] * n
    singles = [q for q in before if q.kind == "single" and all(q.asked)]
    if singles and not last and chance.random() < 0.4:
        source = chance.choice(singles)
        option = max(source.options, key=source.answers.count)
        asked = [answer == option for answer in source.answers]
    text = {
        "single": f"Wat past het best bij jou, vraag {number}?",
        "multiple": f"Waarvoor gebruik je AI, vraag {number}?",
        "number": f"Hoeveel euro geef je uit, vraag {number}?",
        "matrix": f"In hoeverre ben je het eens, vraag {number}?",
        "open": f"Kun je dat toelichten bij vraag {number}?",
    }[kind]
    question = Question(f"q{number}", kind, text, asked=asked)
    silent = chance.choice([0.0, 0.0, 0.05, 0.1])
    if kind in ("single", "multiple"):
        k = chance.randint(2, 4) if kind == "single" else chance.randint(2, 6)
        question.options = tuple(
            words.pop() if len(words) > 8 else f"{WORDS[i]} {number}" for i in range(k)
        )
    if kind == "matrix":
        question.options = SCALE
        question.items = tuple(
            f"Stelling {word} {number}" for word in "ABC"[: chance.randint(2, 3)]
        )
    question.decimals = chance.choice([0, 0, 2])
    weights = [chance.uniform(0.3, 1) for _ in question.options]
    shares = [chance.uniform(0.15, 0.7) for _ in question.options]
    if kind == "multiple" and chance.random() < 0.25:
        shares[-1] = 0.0  # an option that nobody chose
    with_other = others and kind == "multiple" and chance.random() < 0.4
    for was_asked in asked:
        other = ""
        answer: object = None
        if was_asked and chance.random() >= silent:
            if kind == "single":
                answer = chance.choices(question.options, weights)[0]
            elif kind == "multiple":
                chosen = {
                    o
                    for o, share in zip(question.options, shares, strict=True)
                    if chance.random() < share
                }
                if with_other and chance.random() < 0.1:
                    other = " ".join(chance.sample(SENTENCE, 3))
                answer = frozenset(chosen) if chosen or other else None
            elif kind == "matrix":
                answer = {item: chance.choice(SCALE) for item in question.items}
            elif kind == "number":
                amount = chance.uniform(400, 5200)
                answer = round(amount, question.decimals) if question.decimals else int(amount)
            else:
                answer = " ".join(chance.choice(SENTENCE) for _ in range(chance.randint(6, 14)))
        question.answers.append(answer)
        question.others.append(other)
    if kind == "multiple" and not any(question.answers):
        question.answers[0] = frozenset(question.options[:1])
        question.asked[0] = True
    return question
