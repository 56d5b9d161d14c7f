"""Ways to reach someone on the internet: e-mail addresses, pages, accounts on social media."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

_TLD = (
    r"(?:com|net|org|example|nl|be|eu|de|fr|uk|co\.uk|nu|info|me|io|ai|app|tv|gg|ly|online|site|"
    r"shop|blog|dev|"
    r"frl|amsterdam|vlaanderen|gent|brussels|tr|pl|ma|sr|edu|gov|us|xyz|chat|care|health|zorg)"
)
_LOCAL = r"[\w\u0300-\u036f][\w.+%\u0300-\u036f-]*"
_EMAIL = re.compile(rf"{_LOCAL}\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*\s?\.\s?{_TLD}\b", re.I)
_EMAIL_PLAIN = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+", re.I)
_AT = (
    r"(?:\s*[(\[{<]\s*(?:at|apenstaart(?:je)?|@|a)\s*[)\]}>]\s*|"
    r"\s+(?:at|apenstaart(?:je)?|apestaart(?:je)?|@)\s+)"
)
_DOT = r"(?:\s*[(\[{<]\s*(?:dot|punt|\.)\s*[)\]}>]\s*|\s+(?:dot|punt)\s+|\s?\.\s?)"
_SPOKEN = re.compile(
    rf"(?:[\w-]+{_DOT}){{0,3}}[\w.-]*\w{_AT}[\w-]+(?:{_DOT}[\w-]+){{0,2}}{_DOT}(?:{_TLD}|"
    rf"n\s?l)\b",
    re.I,
)
# "naam at gmail", no dot at all
_MAIL_HOST = re.compile(
    rf"[\w.-]*\w{_AT}(?:gmail|hotmail|outlook|live|ziggo|kpnmail|telenet|skynet|proximus|"
    rf"icloud|yahoo|xs4all|protonmail|planet|casema)\b",
    re.I,
)
_URL = re.compile(
    rf"(?:https?://|www\.)[^\s<>\"'“”]+|"
    rf"(?<![\w@.])(?:[a-z0-9](?:[\w-]*[a-z0-9])?\.)+{_TLD}(?![\w-]|\.\w)(?:/[^\s<>\"'“”]*)?",
    re.I,
)
_AT_HANDLE = re.compile(r"(?<![\w@./])@([A-Za-z_][\w.\-]{2,30})")
_NETWORK = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|tik\s?tok|twitter|discord|facebook|fb|linkedin|"
    r"reddit|telegram|signal|twitch|"
    r"tumblr|bluesky|mastodon|steam|psn|youtube|whatsapp|skype|forum)"
)
_ACCOUNT = re.compile(
    rf"\b{_NETWORK}(?:[- ]?(?:account|naam|accountnaam|profiel|gebruikersnaam|handle|"
    rf"kanaal|pagina))?(?:\s*[:=(]\s*|\s+(?:is|heet|als|onder|:|=|heet ik|ben ik|is het|"
    rf"is ook)\s+(?:de naam )?|\s+)"
    r"['\"“‘]?(@?[A-Za-z][\w.#\-]{2,40})",
    re.I,
)
_USER = re.compile(
    r"\b(?:gebruikersnaam|username|user\s?name|nickname|nick|accountnaam|gamertag|"
    r"inlognaam|schuilnaam|forumnaam)\b\s*(?:is|:|=|was|heet|als)?\s*"
    r"['\"“‘]?(@?[\w][\w.#\-]{2,40})",
    re.I,
)
_REDDIT = re.compile(r"(?<!\w)/?u/[\w-]{3,}")
_DISCORD = re.compile(r"(?<!\w)[A-Za-z][\w.]{1,31}#\d{4}\b")


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """E-mail addresses (also spoken), pages that are not public, and accounts."""
    text = view.text
    taken: list[tuple[int, int]] = []

    def mask(start: int, end: int, kind: str, rule: str) -> Iterator[Mask]:
        if not any(a < end and start < b for a, b in taken):
            taken.append((start, end))
            yield Mask(start, end, kind, text[start:end], rule)

    for pattern in (_EMAIL, _EMAIL_PLAIN, _SPOKEN, _MAIL_HOST):
        for match in pattern.finditer(text):
            yield from mask(match.start(), match.end(), "email", "contact.email")
    for match in _URL.finditer(text):
        url = match.group().rstrip(".,;:!?)]}'\"")
        if not public_page(url, lexicon.public_domains):
            yield from mask(match.start(), match.start() + len(url), "url", "contact.url")
    for match in _AT_HANDLE.finditer(text):
        name = match.group(1).rstrip(".-")
        if not _public_account(name, lexicon):
            yield from mask(match.start(), match.start(1) + len(name), "handle", "contact.handle")
    for pattern in (_REDDIT, _DISCORD):
        for match in pattern.finditer(text):
            yield from mask(match.start(), match.end(), "handle", "contact.handle")
    for pattern in (_ACCOUNT, _USER):
        for match in pattern.finditer(text):
            name = match.group(1).rstrip(".-#")
            # an ordinary word after "Instagram" is a sentence that goes on
            marked = any(c.isdigit() or c in "_#@" for c in name) or "." in name[1:-1]
            if marked and not _public_account(name, lexicon) and not re.fullmatch(r"\d+", name):
                start = match.start(1)
                yield from mask(start, start + len(name), "handle", "contact.account")


def public_page(url: str, public: frozenset[str]) -> bool:
    """Whether a page tells nothing of its writer: a bare public domain, an information site."""
    rest = re.sub(r"^https?://", "", url.lower())
    domain, _, path = rest.partition("/")
    domain = domain.removeprefix("www.")
    return domain in public or (not path and f"bare:{domain}" in public)


def _public_account(name: str, lexicon: NameLexicon) -> bool:
    low = name.lstrip("@").lower()
    return low in lexicon.public or low.replace("_", " ") in lexicon.public
