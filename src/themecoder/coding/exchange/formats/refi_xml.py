"""The XML of a REFI-QDA project, a part at a time, so that a large one does not fill the memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from themecoder.codebook.files.qdc import UNTRUSTED
from themecoder.errors import InputError, Problem

_BLOCK = 1 << 20
_PARTS = [
    *("{*}User", "{*}Codes", "{*}Variable", "{*}Case", "{*}Note", "{*}Link", "{*}Set"),
    *("{*}TextSource", "{*}PDFSource", "{*}PictureSource", "{*}AudioSource", "{*}VideoSource"),
]
_QUALCODER = re.compile(rb'origin="[^"]*QualCoder', re.IGNORECASE)
_ANNOTATION = re.compile(rb"(<PlainTextContent>)(.*?)(</PlainTextContent>)", re.DOTALL)


def parts_of(data: bytes, file: Path) -> Iterator[tuple[str, Any]]:
    """Each element two levels below the root that is of use, with the name of its group, such as
    ``("Sources", <TextSource>)``, and gone when the next is asked for; at the end ``("", root)``.

    Raises InputError where it is no project, or no XML.
    """
    try:
        for group, element in _parts(data):
            if not group:
                _check(element, file)
            yield group, element
    except etree.XMLSyntaxError as error:
        raise InputError(
            Problem("refi.not_xml", {"reason": error.msg}, file=file, row=error.lineno)
        ) from None


def well_formed(data: bytes) -> bytes:
    """The XML, mended where QualCoder broke it: it writes annotations without escaping ``&`` and
    ``<``. What else is broken stays so."""
    if _QUALCODER.search(data[:2000]) is None:
        return data
    try:
        for _ in _parts(data):
            pass
    except etree.XMLSyntaxError:
        return _ANNOTATION.sub(_escaped, data)
    return data


def tag(element: Any) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _check(root: Any, file: Path) -> None:
    if root.getroottree().docinfo.doctype:
        raise InputError(Problem("refi.doctype", file=file))
    if tag(root) != "Project":
        raise InputError(Problem("refi.no_project", {"found": tag(root)}, file=file))


def _parts(data: bytes) -> Iterator[tuple[str, Any]]:
    parser = etree.XMLPullParser(events=("end",), tag=_PARTS, **UNTRUSTED)
    root = None
    for begin in range(0, max(len(data), 1), _BLOCK):
        parser.feed(data[begin : begin + _BLOCK])
        if begin + _BLOCK >= len(data):
            root = parser.close()
        for _, element in parser.read_events():
            group = element.getparent()
            if (
                group is None
                or group.getparent() is None
                or group.getparent().getparent() is not None
            ):
                continue
            yield tag(group), element
            element.clear(keep_tail=False)
            while element.getprevious() is not None:
                del group[0]
    yield "", root


def _escaped(match: re.Match[bytes]) -> bytes:
    return match[1] + escape(match[2].decode("utf-8", "replace")).encode() + match[3]
