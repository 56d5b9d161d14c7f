"""Office files with the same bytes whenever they are made: they are archives that hold moments."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EPOCH = datetime(2000, 1, 1)
"""The moment that stands in every file."""


def strip_timestamps(data: bytes) -> bytes:
    """The archive again, without when each file was put in and when the document was saved."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            info = zipfile.ZipInfo(name, date_time=EPOCH.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _with_epoch(content)
            new.writestr(info, content)
    return stream.getvalue()


def xml_safe(text: str) -> str:
    """``text`` without the characters that no XML can hold, such as those of an old terminal."""
    return _ILLEGAL.sub("", text)


def _with_epoch(properties: bytes) -> bytes:
    """The properties with the epoch in the place of the moment of saving that libraries set."""
    epoch = EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:(?:modified|created)[^>]*>)[^<]*", rb"\g<1>" + epoch, properties)
