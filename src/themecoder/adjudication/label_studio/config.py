"""The page on which a person decides between coders: their codings side by side, without names."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as xml

from themecoder.adjudication.shown_codes import ShownCode
from themecoder.codebook.model import Codebook
from themecoder.coding.label_studio.config import (
    REMARK,
    TEXT,
    UNCERTAIN,
    group_colors,
    label_config,
)
from themecoder.messages import message

VOTES, ABOUT, DEFINITION = "votes", "definition_of", "definition"
_GREY = "#64748b"
_STYLE = """
.tc-votes{margin:2px 0 6px}
.tc-definition{display:flex;gap:12px;align-items:center;margin-top:6px}
.tc-definition>*{margin:0 !important}
.tc-definition>:last-child{flex:1}
.tc-definition button{min-width:190px}
.tc-more .ant-form-item,.tc-definition .ant-form-item{margin:0 !important}
.tc-more,.tc-definition{width:100%}
.lsf-text-area,.lsf-text-area form,.lsf-text-area .ant-form-item-control,.lsf-text-area .ant-input{width:100% !important;max-width:none !important}
"""  # noqa: E501


def adjudication_config(book: Codebook) -> str:
    """The coders' page with their choices above the codes, a field for the reason instead of a
    remark, and fields for a definition that would have prevented the dispute."""
    language = book.language
    view = xml.fromstring(label_config(book))
    style = view.find("Style")
    top = view.find("View[@className='tc-text']")
    more = view.find("View[@className='tc-more']")
    assert style is not None and top is not None and more is not None
    style.text = (style.text or "") + _STYLE
    box = xml.Element("View", className="tc-votes")
    xml.SubElement(box, "HyperText", name=VOTES, value=f"${VOTES}", inline="true")
    view.insert(list(view).index(top) + 1, box)
    unsure = more.find(f"Choices[@name='{UNCERTAIN}']")
    reason = more.find(f"TextArea[@name='{REMARK}']")
    assert unsure is not None and reason is not None
    more.remove(unsure)
    reason.set("placeholder", message("labelling.why", language))
    proposal = xml.Element("View", className="tc-definition")
    xml.SubElement(
        proposal,
        "Header",
        value=message("labelling.definition_of", language),
        size="6",
        style="margin:0;font-size:13px;white-space:nowrap",
    )
    codes = xml.SubElement(
        proposal, "Choices", name=ABOUT, toName=TEXT, choice="single", layout="select"
    )
    for code in book.in_order:
        if not code.retired:
            xml.SubElement(codes, "Choice", value=code.label, alias=code.id)
    xml.SubElement(
        proposal,
        "TextArea",
        name=DEFINITION,
        toName=TEXT,
        rows="1",
        maxSubmissions="1",
        editable="true",
        placeholder=message("labelling.definition", language),
    )
    view.insert(list(view).index(more) + 1, proposal)
    xml.indent(view, " ")
    return xml.tostring(view, encoding="unicode")


def votes_html(
    codes_by_coder: Sequence[Mapping[str, ShownCode]], agreed: Sequence[str], book: Codebook
) -> str:
    """A column for each coder (A, B, C ...) with the codes, their values and the words marked for
    them; codes that all gave are grey, unless coders differ in their value. ``codes_by_coder``: per
    coder in the order to show."""
    everyone = [codes for codes in codes_by_coder if codes]
    same = {
        code
        for code in agreed
        if len({codes[code].value for codes in everyone if code in codes}) <= 1
    }
    colors = {code.id: group_colors(book)[code.group] for code in book.codes}
    columns = []
    for n, codes in enumerate(codes_by_coder):
        lines = [
            _code_html(
                shown.label(code, book),
                shown.words,
                _GREY if code in same else colors[code],
                code in same,
            )
            for code, shown in codes.items()
        ]
        nothing = html.escape(message("labelling.no_code", book.language))
        body = "".join(lines) or f'<div style="color:{_GREY}">{nothing}</div>'
        columns.append(
            '<div style="flex:1;min-width:0;padding:2px 10px;border-left:2px solid #cbd5e1">'
            f'<b style="color:{_GREY}">{chr(ord("A") + n)}</b>{body}</div>'
        )
    return (
        '<div style="display:flex;gap:6px;font-size:13px;line-height:18px">'
        + "".join(columns)
        + "</div>"
    )


def adjudication_instruction(book: Codebook) -> str:
    """What the adjudicator reads before beginning."""
    page = xml.Element("div")
    xml.SubElement(page, "h3").text = f"{book.title}, {book.version}"
    for n in (1, 2, 3):
        xml.SubElement(page, "p").text = message(f"labelling.judge_{n}", book.language)
    return xml.tostring(page, encoding="unicode", method="html")


def split_result(
    items: Sequence[Mapping[str, Any]],
) -> tuple[list[Mapping[str, Any]], tuple[str, str] | None, bool]:
    """A result without the proposed definition; the proposal (code, text) or None; and whether only
    half of a proposal was given."""
    about = text = ""
    rest = []
    for item in items:
        value = item.get("value") or {}
        if item.get("from_name") == ABOUT:
            about = next(iter(value.get("choices", ())), "")
        elif item.get("from_name") == DEFINITION:
            texts = value.get("text", ())
            text = (texts if isinstance(texts, str) else " ".join(map(str, texts))).strip()
        else:
            rest.append(item)
    return rest, (about, text) if about and text else None, bool(about) != bool(text)


def _code_html(label: str, words: Sequence[str], color: str, agreed: bool) -> str:
    quotes = " · ".join(f"„{html.escape(quote)}”" for quote in words)
    weight = "400" if agreed else "600"
    shown = f'<span style="color:{color};font-weight:{weight}">{html.escape(label)}</span>'
    return f'<div>{shown} <i style="color:{_GREY}">{quotes}</i></div>'
