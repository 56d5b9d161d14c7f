"""Numbers that lead to one person: telephone, account, citizen, file and plate numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.model import Mask
from themecoder.masking.tokens import View

_SEPARATED = re.compile(r"(?<![\w+])(?:\(?\+|\(?0)[\d\s()./\u2010-\u2015-]{6,24}\d(?!\d)")
_GAP = re.compile(r"[\s./\u2010-\u2015-]{4,}|\n")
_SERVICE = re.compile(r"0(?:800|900|906|909|78)\d*|1\d{2,3}")
_SPELLED_NUMBER = (
    r"(?:(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)(?:en|ën))?(?:"
    r"nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|"
    r"vijftien|zestien|zeventien|achttien|negentien|twintig|dertig|veertig|vijftig|zestig|"
    r"zeventig|tachtig|negentig|plus|dubbel)\b"
)
_SPELLED_RUN = re.compile(
    rf"\b(?:plus|nul)[\s,-]+(?:{_SPELLED_NUMBER}[\s,-]*){{4,}}", re.IGNORECASE
)
_PHONE_CUE = re.compile(
    r"(?:\b(?:tel|telefoon|telefoonnummer|telnr|tel\.?nr|mobiel|gsm|gsmnummer|gsm-nummer|"
    r"nummer|nr|bel|bellen|app|appen|whatsapp|bereikbaar|"
    r"sms|fax)\b[^.\n\d+]{0,25}|\b06\s?[-–]?\s?)$"
)
_LOOSE_DIGITS = re.compile(r"(?<![\w,.+-])\d(?:[ ./\u2010-\u2015-]{0,3}\d){5,12}(?![\w])")

_IBAN = re.compile(
    r"\b([A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]{2,4}){2,8}(?:[ .-]?[A-Z0-9]{1,4})?)(?![\w])", re.I
)
_IBAN_LENGTHS = {
    "NL": 18,
    "BE": 16,
    "DE": 22,
    "FR": 27,
    "GB": 22,
    "LU": 20,
    "ES": 24,
    "PL": 28,
    "IT": 27,
    "TR": 26,
    "AT": 20,
    "PT": 25,
}
_ACCOUNT_CUE = re.compile(
    r"\b(?:rekening(?:nummer|nr)?|rek\.?(?:nr)?|iban|banknummer|girorekening|giro|"
    r"bankrekening(?:nummer)?)\b[^\d\n]{0,20}"
    r"(\d(?:[ .-]?\d){5,15})",
    re.I,
)
_CITIZEN_CUE = re.compile(
    r"\b(?:bsn|b\.s\.n\.?|burger\s?service\s?nummer|sofi(?:-?nummer)?|"
    r"rijksregister(?:nummer)?|rrn|insz|insz-nummer|nationaal nummer)\b"
    r"[^\d\n]{0,25}(\d(?:[ .-]{0,2}\d){7,10})",
    re.I,
)
_NINE = re.compile(r"(?<![\w.,-])\d(?:[ .]?\d){7,8}(?![\w]|[.,-]\d)")
_REGISTER = re.compile(
    r"(?<!\d)(\d{2})[. ]?(\d{2})[. ]?(\d{2})[ -]{0,3}(\d{3})[. -]{0,2}(\d{2})(?!\d)"
)
_FILE_CUE = re.compile(
    r"\b(?:(?:pati[eë]nt|cli[eë]nt|dossier|polis|klant|zaak|student|studenten|personeels|"
    r"lid|verzekerings|deelnemers?|respondent|kenmerk|"
    r"paspoort|rijbewijs|identiteitskaart|referentie|registratie|big|agb|behandel|zorg|"
    r"case)[ -]?(?:nummer|nr\.?|no\.?|id)|kenteken|nummerplaat|patnr|id-kaart)\b"
    r"(?:\s*(?:is|was|:|=|nr\.?|nummer)\s*|\s+)((?=[\w.-]*\d)[A-Za-z0-9][A-Za-z0-9.\-/]{2,})",
    re.I,
)
_PLATE = re.compile(
    r"\b(?:[A-Z]{2}-\d{2}-\d{2}|\d{2}-\d{2}-[A-Z]{2}|\d{2}-[A-Z]{2}-\d{2}|"
    r"[A-Z]{2}-\d{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-\d{2}|\d{2}-[A-Z]{2}-[A-Z]{2}|"
    r"\d{2}-[A-Z]{3}-\d|\d-[A-Z]{3}-\d{2,3}|[A-Z]{2}-\d{3}-[A-Z]|[A-Z]-\d{3}-[A-Z]{2}|"
    r"[A-Z]{3}-\d{2}-[A-Z]|[A-Z]{3}-\d{3})\b"
)  # Dutch series since 1951, and 1-ABC-234 of Belgium
_LONG = re.compile(r"(?<![\w.,+-])\d{7,}(?![\w]|[.,]\d)")


def find(view: View, lexicon: NameLexicon) -> Iterator[Mask]:
    """Telephone, account, citizen and file numbers."""
    text = view.text
    yield from _accounts(text)
    yield from _citizens(text)
    yield from _files(text)
    yield from _phones(view)


def _mask(text: str, start: int, end: int, kind: str, rule: str) -> Mask:
    return Mask(start, end, kind, text[start:end], rule)


# telephone ---------------------------------------------------------------------------------------


def telephone(number: str) -> bool:
    """Whether a written number is a Dutch, Belgian or foreign telephone number of a person.

    Free and paid service numbers (0800, 0900) and short numbers (112, 113, 1813) are public.
    """
    foreign = number.lstrip(" (").startswith("+")
    digits = re.sub(r"\D", "", re.sub(r"\(0\)", "", number))
    if digits.startswith("00") and len(digits) > 10:
        foreign, digits = True, digits[2:]
    if foreign:
        if digits[:2] in ("31", "32"):
            return 8 <= len(digits.removeprefix(digits[:2]).lstrip("0")) <= 9
        return 9 <= len(digits) <= 14
    if _SERVICE.match(digits):
        return False
    if digits.startswith("0") and digits[1:2] not in ("", "0"):
        if len(digits) == 10:
            return True
        # Belgian land lines have nine digits; so has a Dutch number with one forgotten
        return len(digits) in (9, 11) and digits[1] in "12345678"
    return False


def _phones(view: View) -> Iterator[Mask]:
    text = view.text
    for match in _SEPARATED.finditer(text):
        start, piece = match.start(), match.group()
        # "06 12345678 of 0512 345678", "0612345678\n2": cut where no number goes on
        cut = _GAP.search(piece)
        if cut:
            piece = piece[: cut.start()]
        for length in range(len(piece), 7, -1):
            part = piece[:length]
            if part[-1].isdigit() and telephone(part):
                opened = part.count("(") - part.count(")")
                if part.startswith("(") and opened > 0:
                    start, part = start + 1, part[1:]
                yield _mask(text, start, start + len(part), "phone", "numbers.phone")
                break
    for match in _SPELLED_RUN.finditer(text):
        end = match.start() + len(match.group().rstrip(" ,-\n\t"))
        yield _mask(text, match.start(), end, "phone", "numbers.spelled")
    for match in _LOOSE_DIGITS.finditer(text):
        before = view.low[max(0, match.start() - 40) : match.start()]
        digits = re.sub(r"\D", "", match.group())
        if _PHONE_CUE.search(before) and not _SERVICE.match(digits) and not _is_round(digits):
            if re.fullmatch(r"(?:19|20)\d\d\D+(?:19|20)\d\d", match.group()):
                continue
            yield _mask(text, match.start(), match.end(), "phone", "numbers.phone_cue")


# accounts ----------------------------------------------------------------------------------------


def iban_valid(iban: str) -> bool:
    """ISO 13616: the check digits give 1 modulo 97."""
    compact = re.sub(r"[^A-Za-z0-9]", "", iban).upper()
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _accounts(text: str) -> Iterator[Mask]:
    for match in _IBAN.finditer(text):
        compact = re.sub(r"[^A-Za-z0-9]", "", match.group(1)).upper()
        length = _IBAN_LENGTHS.get(compact[:2])
        if length is None:
            if not (15 <= len(compact) <= 34 and iban_valid(compact)):
                continue
            taken = match.group(1)
        else:
            if len(compact) < length:
                continue
            taken, count = "", 0
            for c in match.group(1):
                if count == length:
                    break
                taken += c
                count += c.isalnum()
            compact = compact[:length]
            # the Dutch and Belgian shapes are sure without a right check: people mistype
            dutch = re.fullmatch(r"NL\d\d[A-Z]{4}\d{10}", compact)
            belgian = re.fullmatch(r"BE\d{14}", compact)
            if not (dutch or belgian or iban_valid(compact)):
                continue
        taken = taken.rstrip(" .-")
        yield _mask(text, match.start(), match.start() + len(taken), "account", "numbers.iban")
    for match in _ACCOUNT_CUE.finditer(text):
        yield _mask(text, match.start(1), match.end(1), "account", "numbers.account_cue")


# citizen numbers ---------------------------------------------------------------------------------


def elfproef(digits: str) -> bool:
    """The check of a BSN: 9·d1 + 8·d2 + … + 2·d8 − d9 is a multiple of 11 (and not zero)."""
    padded = digits.zfill(9)
    if len(padded) != 9 or not int(padded):
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, padded, strict=True)) % 11 == 0


def register_valid(digits: str) -> bool:
    """The check of a Belgian national number: 97 less the first nine modulo 97; 2 before the nine
    for who is born since 2000."""
    number, check = digits[:9], int(digits[9:])
    return check in (97 - int(number) % 97, 97 - int("2" + number) % 97)


def _citizens(text: str) -> Iterator[Mask]:
    for match in _CITIZEN_CUE.finditer(text):
        yield _mask(text, match.start(1), match.end(1), "citizen_number", "numbers.citizen_cue")
    for match in _NINE.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if elfproef(digits) and not digits.startswith(("06", "00")) and not _is_round(digits):
            yield _mask(text, match.start(), match.end(), "citizen_number", "numbers.bsn")
    for match in _REGISTER.finditer(text):
        year, month, day, serial, check = match.groups()
        punctuated = len(match.group()) >= 13 and "-" in match.group() and "." in match.group()
        dated = int(month) % 20 <= 12 and int(day) <= 31
        if dated and (punctuated or register_valid(year + month + day + serial + check)):
            yield _mask(text, match.start(), match.end(), "citizen_number", "numbers.register")


# other -------------------------------------------------------------------------------------------


def _is_round(digits: str) -> bool:
    return digits.endswith("0000") or len(set(digits)) == 1


def _files(text: str) -> Iterator[Mask]:
    for match in _FILE_CUE.finditer(text):
        taken = match.group(1).rstrip(".-/")
        yield _mask(text, match.start(1), match.start(1) + len(taken), "number", "numbers.file_cue")
    for match in _PLATE.finditer(text):
        yield _mask(text, match.start(), match.end(), "number", "numbers.plate")
    for match in _LONG.finditer(text):
        if not _is_round(match.group()):
            yield _mask(text, match.start(), match.end(), "number", "numbers.long")
