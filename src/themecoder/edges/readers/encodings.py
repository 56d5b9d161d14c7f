"""Which encoding a text file is in, found out from all of its bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

from themecoder.errors import InputError, Problem

_CHUNK = 1 << 20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = ("cp1252", "mac_roman", "cp850")
_LIKELY = frozenset("éèëêïíöóôüúûáàâäçñÉÈËÖÜÏÁßø’‘“”„…–—€·°´½²³\u00a0")


def find_encoding(file: Path) -> str:
    """The encoding of a text file, as Python names it.

    A byte order mark decides; else UTF-16 shows by its zero bytes, and UTF-8 by every byte being
    right. Bytes that are not UTF-8 are Windows, Macintosh or DOS text, whichever gives letters that
    are used. Raises InputError, with row and byte, for a file that is UTF-8 but for a few bytes.
    """
    with file.open("rb") as handle:
        start = handle.read(_CHUNK)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    pairs = start[: len(start) // 2 * 2]
    if pairs:
        even, odd = pairs[0::2].count(0), pairs[1::2].count(0)
        if max(even, odd) > 0.3 * len(pairs) / 2:
            return "utf-16-le" if odd > even else "utf-16-be"
    wrong, right, first = _utf8(file)
    if first is None:
        return "utf-8"
    if right > wrong:
        row, byte = first
        raise InputError(
            Problem(
                "readers.broken_utf8", {"byte": f"0x{byte:02X}", "n": wrong}, file=file, row=row
            )
        )
    return _western(file)


def check_encoding(file: Path, encoding: str) -> str:
    """``encoding``, if the whole file can be read in it. Raises InputError otherwise."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise InputError(
            Problem("readers.no_encoding", {"encoding": encoding}, file=file)
        ) from None
    row = 1
    with file.open("rb") as handle:
        while True:
            chunk = handle.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except (UnicodeDecodeError, UnicodeError) as error:
                at = getattr(error, "start", 0)
                row += chunk[:at].count(b"\n")
                raise InputError(
                    Problem("readers.wrong_encoding", {"encoding": encoding}, file=file, row=row)
                ) from error
            row += chunk.count(b"\n")
            if not chunk:
                return encoding


def _utf8(file: Path) -> tuple[int, int, tuple[int, int] | None]:
    """How many stretches are not UTF-8 and how many letters of several bytes are, and where the
    first that is not stands: (row, byte)."""
    wrong = right = 0
    row = 1
    first: tuple[int, int] | None = None
    rest = b""
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            data = rest + chunk
            rest = b""
            while data:
                try:
                    text = data.decode("utf-8")
                except UnicodeDecodeError as error:
                    good = data[: error.start]
                    right += _wide(good)
                    row += good.count(b"\n")
                    if error.reason == "unexpected end of data" and len(data) - error.start < 4:
                        rest, data = data[error.start :], b""
                        continue
                    wrong += 1
                    first = first or (row, data[error.start])
                    data = data[error.end :]
                    if wrong > 10_000:
                        return wrong, right, first
                else:
                    right += len(data) - len(text)
                    row += data.count(b"\n")
                    data = b""
    if rest:
        wrong += 1
        first = first or (row, rest[0])
    return wrong, right, first


def _wide(good: bytes) -> int:
    return len(good) - len(good.decode("utf-8"))


def _western(file: Path) -> str:
    """The one of the western encodings that makes most of the bytes letters that are used."""
    counts = [0] * 256
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            for byte in {b for b in chunk if b >= 0x80}:
                counts[byte] += chunk.count(byte)
    scores = {
        name: sum(n for byte, n in enumerate(counts) if n and _letter(byte, name) in _LIKELY)
        for name in _WESTERN
    }
    best = max(_WESTERN, key=lambda name: scores[name])
    # five bytes stand for nothing in cp1252; its superset reads them without an error
    undefined = any(counts[byte] for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D))
    return "latin-1" if best == "cp1252" and undefined else best


def _letter(byte: int, encoding: str) -> str:
    return bytes([byte]).decode(encoding, "replace")
