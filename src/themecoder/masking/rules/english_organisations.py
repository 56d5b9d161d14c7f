"""Organisations with an English name: "Riverside Clinic", "St Mary's Hospital", "Hope Church"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View, words

_ENGLISH = re.compile(
    r"\b((?:(?:St\.?|Saint|The|[A-Z][\w'’-]+)\s(?:and\s|&\s|of\s)?){1,4}(?:[a-z]+\s)?"
    r"(?:Hospital|Clinic|Centre|Center|College|School|Academy|Church|Trust|Surgery|Practice|"
    r"University|Institute|Foundation|House|Hospice|Infirmary|Counselling|Therapy|Services|"
    r"Support|Community|Club|(?:Nursing|Care)\sHome|Lodge|Hall)\b)"
)
_ENGLISH_OF = re.compile(
    r"\b((?:University|College|Church|Hospital|School)\sof\s(?:the\s)?[A-Z][\w'’-]+(?:\s[A-Z]\w+)*)"
)
_ENGLISH_LOW = re.compile(
    r"\b(?:at|from|in|with|to|bij|van|via|op)\s((?:the\s)?((?:st\.?\s)?[a-z'’-]{4,}(?:\s(?:international|community|"
    r"valley|park|mental health|primary|high))?)\s(?:hospital|school|nursing home|clinic|college|"
    r"academy|surgery|church|hospice|infirmary|high school|community college))\b"
)
# no article: "at green valley nursing home"; "at the nearby clinic" has one, and no name
_ENGLISH_BARE = re.compile(
    r"\b(?:at|from|to|of|bij|van|"
    r"in)\s([a-z'’-]{3,}(?:\s[a-z'’-]{3,}){0,2}\s(?:nursing home|care home|"
    r"community church|church|chapel|clinic|hospital|medical centre|counselling|"
    r"health centre|health center|"
    r"surgery|community college|academy|hospice))\b"
)
_ENGLISH_SCHOOL = re.compile(
    r"\bto\s(([a-z'’-]{4,})\s(?:[a-z'’-]{3,}\s){0,2}(?:primary|high|elementary|secondary|middle)\sschool)\b"
)
GENERIC_ENGLISH = words(
    "the a my our this that high primary middle old new local private mental health community "
    "public general day youth medical care crisis support university state open free good therapy "
    "psychiatric psychiatry nursing secondary elementary grammar business law law's trade harvard "
    "stanford oxford cambridge yale mit emergency outpatient inpatient eating trauma childrens "
    "children's same another every their his her and from with into some evening sunday catholic "
    "protestant life middelbare lagere basis hoge openbare christelijke katholieke "
    "bijzondere speciale "
    "montessori dalton vrije van de het is ik mijn"
)
_PUBLIC_ENGLISH = re.compile(
    r"(?:Harvard|Stanford|Oxford|Cambridge|Yale|Princeton|Silicon|Old School|High School|Call Cent|"
    r"Mental Health|Customer|Open University|Dr\.? Phil)"
)
# kinds of help, not houses of it: "Cognitive Behavioural Therapy", "Emotional Support"
_KIND_OF_HELP = re.compile(
    r"(?:[A-Z][\w-]*(?:ive|al|ic|ing|ed|ance|ment|ness|ity|tion)\s(?:and\s)?)+"
    r"(?:Therapy|Support|Counselling|Services|Community|Practice)"
)


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Hospitals, schools, churches and homes of English answers, and of English names."""
    text = view.text
    if view.caseless:
        return
    for pattern in (_ENGLISH, _ENGLISH_OF):
        for match in pattern.finditer(text):
            own = [
                w
                for w in re.findall(r"[A-Z][\w'’-]+", match.group(1))[:-1]
                if w.lower() not in GENERIC_ENGLISH
            ]
            public = _PUBLIC_ENGLISH.search(match.group(1)) or _KIND_OF_HELP.fullmatch(
                match.group(1)
            )
            if (own or pattern is _ENGLISH_OF) and not public:
                start = match.start(1)
                yield Mask(
                    start,
                    match.end(1),
                    "institution",
                    match.group(1),
                    "english_organisations.named",
                )
    for match in _ENGLISH_BARE.finditer(view.low):
        first = match.group(1).split()[0]
        if first not in GENERIC_ENGLISH and first not in lexicon.common:
            start, end = match.span(1)
            mask = Mask(start, end, "institution", text[start:end], "english_organisations.named")
            yield mask
    for match in (*_ENGLISH_SCHOOL.finditer(view.low), *_ENGLISH_LOW.finditer(view.low)):
        name = match.group(2)
        if name.split()[0] not in GENERIC_ENGLISH and not lexicon.in_dictionary(name.split()[0]):
            start, end = match.span(1)
            yield Mask(start, end, "institution", text[start:end], "english_organisations.named")
