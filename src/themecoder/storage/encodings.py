"""Which encoding a text file is in, found out from all of its bytes."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from themecoder.errors import InputError, Problem

_CHUNK = 1 << 18
_MOST_STRAY = 10_000
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")
# letters and signs of western European texts; what other encodings' letters turn into is not here
_LIKELY = frozenset(
    "éèëêïîíìöóòôüúùûáàâäãåæçñõøœßÉÈËÊÏÎÍÖÓÔÜÚÁÀÂÄÃÅÆÇÑÕØŒŠšŽž"
    "’‘‚“”„‹›«»…–—•€£§©®™°´`¨·¡¿²³¹½¼¾±×÷µ¬ªº\u00a0\u00ad"
)
# what Python calls encodings too: of host names and of Python source, not of files
_NOT_FOR_FILES = ("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined")
# bytes that stand for nothing in cp1252
_UNDEFINED_IN_CP1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)


def find_encoding(file: Path) -> str:
    """The encoding of a text file, as Python names it.

    A byte order mark decides; else UTF-16 shows by its zero bytes, and UTF-8 by every byte being
    right. Bytes that are not UTF-8 are Windows, Macintosh or DOS text, whichever gives letters that
    are used. Raises InputError, with row and byte, for a file that is UTF-8 but for some bytes, or
    whose bytes are no western text either.
    """
    start = _first_bytes(file)
    marked = _encoding_by_mark(start)
    if marked is not None:
        return _checked(file, marked)
    pairs = len(start) // 2
    if pairs:
        even, odd = start[: pairs * 2 : 2].count(0), start[1 : pairs * 2 : 2].count(0)
        # half of UTF-16's bytes are zero in western text; zeros all over are no text
        if max(even, odd) > 0.3 * pairs and min(even, odd) < 0.05 * pairs:
            return _checked(file, "utf-16-le" if odd > even else "utf-16-be")
    stray = _StrayBytes(file)
    if not stray.n:
        return "utf-8"
    if stray.right >= stray.n:
        raise InputError(stray.problem("tables.broken_utf8"))
    western = _find_western(file)
    if western is None:
        raise InputError(stray.problem("tables.unknown_encoding"))
    return western


def check_encoding(file: Path, encoding: str) -> str:
    """``encoding`` as Python names it, if it is the file's. Raises InputError otherwise."""
    try:
        known = codecs.lookup(encoding)
        if not getattr(known, "_is_text_encoding", True) or known.name in _NOT_FOR_FILES:
            raise LookupError(encoding)
        codecs.getincrementaldecoder(encoding)
    except (LookupError, ValueError):
        raise InputError(Problem("tables.no_encoding", {"encoding": encoding}, file=file)) from None
    wrong = InputError(Problem("tables.wrong_encoding", {"encoding": encoding}, file=file, row=1))
    start = _first_bytes(file)
    marked = _encoding_by_mark(start)
    wide = known.name.startswith(("utf-16", "utf-32"))
    if marked is not None:
        if known.name.replace("_", "-")[:6] != marked[:6]:
            raise wrong
        return _checked(file, marked)
    if wide and not start.count(0):
        raise wrong
    if known.name != "utf-8" and not wide and known.name.startswith(("cp", "iso", "latin", "mac")):
        stray = _StrayBytes(file)
        if stray.right and not stray.n:
            # letters of several bytes, all of them right: no other text comes out so by chance
            raise InputError(
                Problem("tables.is_utf8", {"encoding": encoding}, file=file, row=stray.first_wide)
            )
    return _checked(file, encoding)


def _first_bytes(file: Path) -> bytes:
    with file.open("rb") as handle:
        return handle.read(_CHUNK)


def _encoding_by_mark(start: bytes) -> str | None:
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            yield chunk


def _checked(file: Path, encoding: str) -> str:
    """``encoding``, if the whole file can be read in it. Raises InputError otherwise."""
    if encoding in ("utf-8", "utf-8-sig"):
        stray = _StrayBytes(file)
        if stray.n:
            raise InputError(stray.problem("tables.broken_utf8"))
        return encoding
    try:
        row = 1
        with file.open(encoding=encoding, newline="") as handle:
            while text := handle.read(_CHUNK):
                row += text.count("\n")
    except (UnicodeDecodeError, UnicodeError) as error:
        raise InputError(
            Problem(
                "tables.wrong_encoding",
                {"encoding": encoding},
                file=file,
                row=_row_of_error(file, encoding),
            )
        ) from error
    return encoding


def _row_of_error(file: Path, encoding: str) -> int:
    """The line that holds the first bytes that are not ``encoding``."""
    decoder = codecs.getincrementaldecoder(encoding)()
    row = 1
    with file.open("rb") as handle:
        while True:
            line = handle.read(2048)
            try:
                row += decoder.decode(line, final=not line).count("\n")
            except UnicodeError as error:
                good = getattr(error, "object", b"")[: getattr(error, "start", 0)]
                with_mark = encoding in ("utf-16", "utf-32")
                plain = good.decode(
                    _without_mark(file, encoding) if with_mark else encoding, "replace"
                )
                return row + plain.count("\n")
            if not line:
                return row


def _without_mark(file: Path, encoding: str) -> str:
    """UTF-16 or UTF-32 with its byte order, for a piece from the middle of the file."""
    big = _first_bytes(file).startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
    return f"{encoding}-{'be' if big else 'le'}"


class _StrayBytes:
    """The bytes of a file that are not UTF-8.

    ``n`` stretches of them, the first at line ``row`` being ``byte``; ``right`` bytes of letters of
    several bytes that are UTF-8, the first at line ``first_wide``. Counting stops at 10,000.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.n = self.right = 0
        self.row = self.byte = 0
        self.first_wide = 0
        self._line = 1
        rest = b""
        for chunk in _chunks(file):
            data = rest + chunk
            rest = b""
            while data and self.n < _MOST_STRAY:
                try:
                    data.decode("utf-8")
                except UnicodeDecodeError as error:
                    self._good(data[: error.start])
                    if error.reason == "unexpected end of data" and len(data) - error.start < 4:
                        rest = data[error.start :]
                        break
                    self._bad(data[error.start])
                    data = data[error.end :]
                else:
                    self._good(data)
                    break
        if rest:
            self._bad(rest[0])

    def _good(self, data: bytes) -> None:
        if not data.isascii():
            text = data.decode("utf-8")
            if not self.right:
                before = next(i for i, letter in enumerate(text) if ord(letter) > 127)
                self.first_wide = self._line + text[:before].count("\n")
            self.right += len(data) - len(text)
        self._line += data.count(b"\n")

    def _bad(self, byte: int) -> None:
        if not self.n:
            self.row, self.byte = self._line, byte
        self.n += 1

    def problem(self, key: str) -> Problem:
        """The first of them, and how many there are, as a problem of this key."""
        params = {"byte": f"0x{self.byte:02X}", "n": self.n}
        return Problem(key, params, file=self.file, row=self.row)


def _find_western(file: Path) -> str | None:
    """The western encoding that makes most bytes letters that are used; None where none does."""
    counts = np.zeros(256, dtype=np.int64)
    for chunk in _chunks(file):
        counts += np.bincount(np.frombuffer(chunk, dtype=np.uint8), minlength=256)
    high = [byte for byte in range(0x80, 0x100) if counts[byte]]
    total = int(counts[0x80:].sum())
    scores = {
        name: sum(int(counts[byte]) for byte in high if _decoded(byte, name) in _LIKELY)
        for name in _WESTERN
    }
    best = max(_WESTERN, key=lambda name: scores[name])
    if scores[best] < 0.5 * total:
        return None
    if best == "cp1252" and counts[list(_UNDEFINED_IN_CP1252)].any():
        return None
    return best


def _decoded(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, "replace")
