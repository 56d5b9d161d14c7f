"""The labelling page as Label Studio's XML, made from the codebook.

All codes are checkboxes of one control, in columns by group, so that 31 of them fit on a screen;
one below another stands in. Results hold the alias, which is the code's id, so that labels may
change and codes may move. Retired codes stay in the configuration, out of sight: what was coded
with them would else be erased by a coder's next update.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as xml

from themecoder.codebook.model import Code, Codebook, Group
from themecoder.messages import message

CODES, QUOTES, UNCERTAIN, REMARK, TEXT = "codes", "quotes", "uncertain", "remark", "text"
"""The names of the controls, and of the text that they are about."""
VALUE = "value_"
"""What the name of the control for the values of a code begins with; its id follows."""
YES = "uncertain"
KEYS = "1234567890qwertyuiopasdfghjklzxcvbnm"
_PALETTE = ("#2563eb", "#d97706", "#059669", "#7c3aed", "#64748b", "#db2777", "#0891b2", "#65a30d")
_STEP = 16
"""How far a code stands in below another, in pixels."""
_STYLE = """
.tc-text{position:sticky;top:0;z-index:5;background:var(--color-neutral-background,#fff);padding:4px 0 6px;border-bottom:1px solid #8884}
.tc-codes .lsf-choices{margin:0 !important;display:grid !important;grid-template-columns:repeat(COLUMNS,minmax(0,1fr));gap:6px 14px}
.tc-codes .lsf-choice{margin:0 !important;padding:0 !important}
.tc-codes .lsf-choice__item{margin:0 !important;padding:1px 0 !important;min-height:0 !important}
.tc-codes .lsf-choice__checkbox,.tc-codes .lsf-choice__checkbox span{line-height:17px !important;font-weight:400 !important;font-size:13px !important}
.tc-value{display:flex;align-items:center;gap:14px;margin-top:4px}
.tc-value>*{margin:0 !important}
.tc-more{display:flex;align-items:center;gap:18px;margin-top:4px}
.tc-more>*{margin:0 !important}
.tc-more>:last-child{flex:1}
.tc-retired,.tc-retired *{display:none !important}
"""  # noqa: E501


def label_config(book: Codebook) -> str:
    """The configuration of a project that codes with ``book``: the same codebook, the same text."""
    language = book.language
    view = xml.Element("View")
    groups = [(group, [c for c in codes if not c.retired]) for group, codes in book.by_group]
    groups = [(group, codes) for group, codes in groups if codes]
    style = xml.SubElement(view, "Style")
    style.text = _STYLE.replace("COLUMNS", str(min(max(len(groups), 1), 5)))
    top = xml.SubElement(view, "View", className="tc-text")
    xml.SubElement(
        top,
        "Header",
        value="$question",
        size="5",
        style="margin:0 0 2px;font-size:15px;line-height:20px",
    )
    xml.SubElement(top, "Text", name=TEXT, value=f"${TEXT}", granularity="word")
    xml.SubElement(top, "Header", value="$note", size="6", style="margin:0;font-size:13px")
    keys, colors = code_hotkeys(book), group_colors(book)
    box = xml.SubElement(view, "View", className="tc-codes")
    choices = xml.SubElement(
        box, "Choices", name=CODES, toName=TEXT, choice="multiple", layout="vertical"
    )
    depths = {code.id: book.tree.depth(code.id) for code in book.codes}
    for group, codes in groups:
        _column(choices, group, codes, depths, keys, colors, language)
    retired = [code for code in book.codes if code.retired]
    if retired:
        hidden = xml.SubElement(choices, "View", className="tc-retired")
        for code in retired:
            xml.SubElement(hidden, "Choice", value=_retired(code), alias=code.id)
    for code in book.in_order:
        if code.values:
            _value(view, code)
    more = xml.SubElement(view, "View", className="tc-more")
    sure = xml.SubElement(
        more, "Choices", name=UNCERTAIN, toName=TEXT, choice="multiple", layout="inline"
    )
    label = message("labelling.uncertain", language)
    xml.SubElement(sure, "Choice", value=label, alias=YES, hotkey="ctrl+u")
    xml.SubElement(
        more,
        "TextArea",
        name=REMARK,
        toName=TEXT,
        rows="1",
        maxSubmissions="1",
        editable="true",
        placeholder=message("labelling.remark", language),
    )
    panel = xml.SubElement(
        xml.SubElement(view, "Collapse", bordered="false", open="false"),
        "Panel",
        value=message("labelling.quotes", language),
    )
    xml.SubElement(
        panel,
        "Filter",
        name="filter",
        toName=QUOTES,
        minlength="0",
        placeholder=message("labelling.filter", language),
    )
    labels = xml.SubElement(panel, "Labels", name=QUOTES, toName=TEXT, showInline="true")
    for code in book.in_order:
        if not code.retired:
            color = code.color or colors[code.group]
            xml.SubElement(labels, "Label", value=code.label, alias=code.id, background=color)
    if retired:
        hidden = xml.SubElement(labels, "View", className="tc-retired")
        for code in retired:
            xml.SubElement(hidden, "Label", value=_retired(code), alias=code.id)
    xml.indent(view, " ")
    return xml.tostring(view, encoding="unicode")


def code_hotkeys(book: Codebook) -> dict[str, str]:
    """code -> its key: the codebook's own first, then what is left of the keyboard, in order."""
    found = {code.id: code.hotkey.casefold() for code in book.usable if code.hotkey}
    free = iter([key for key in KEYS if key not in found.values()])
    ordered = [code for _, codes in book.by_group for code in codes if not code.retired]
    for code in ordered:
        if code.id not in found and (key := next(free, "")):
            found[code.id] = key
    return found


def group_colors(book: Codebook) -> dict[str, str]:
    """group id -> its colour; codes without a group have the last."""
    ids = [*[group.id for group in book.groups], ""]
    known = {group: _PALETTE[place % len(_PALETTE)] for place, group in enumerate(ids)}
    return known | {code.group: _PALETTE[-1] for code in book.codes if code.group not in known}


def instruction(book: Codebook) -> str:
    """The codebook as the HTML that Label Studio shows to coders before they begin."""
    language = book.language
    page = xml.Element("div")
    xml.SubElement(page, "h3").text = f"{book.title}, {book.version}"
    xml.SubElement(page, "p").text = message("labelling.how", language)
    for group, codes in book.by_group:
        usable = [code for code in codes if not code.retired]
        if not usable:
            continue
        name = group.label if group else message("codebook.term.no_group", language)
        xml.SubElement(page, "h4").text = name
        entries = xml.SubElement(page, "dl")
        for code in usable:
            place = _place(book.tree.depth(code.id))
            xml.SubElement(xml.SubElement(entries, "dt", place), "b").text = code.label
            for line in _lines(code, language):
                xml.SubElement(entries, "dd", place).text = line
    return xml.tostring(page, encoding="unicode", method="html")


def _column(
    choices: xml.Element,
    group: Group | None,
    codes: list[Code],
    depths: Mapping[str, int],
    keys: dict[str, str],
    colors: dict[str, str],
    language: str,
) -> None:
    color = colors[group.id if group else ""]
    column = xml.SubElement(choices, "View", style=f"border-top:3px solid {color}")
    xml.SubElement(
        column,
        "Header",
        value=group.label if group else " ",
        size="6",
        style="margin:2px 0 4px;font-size:13px;line-height:16px",
    )
    for code in codes:
        hint = " ".join(_lines(code, language))
        box = {"value": code.label, "alias": code.id, "hint": hint}
        if code.id in keys:
            box["hotkey"] = keys[code.id]
        place = _place(depths[code.id])
        xml.SubElement(xml.SubElement(column, "View", place) if place else column, "Choice", box)


def _value(view: xml.Element, code: Code) -> None:
    """The values of a code, which come into sight where it is ticked; those of a retired code do
    not, and stay in the annotations all the same."""
    shown = {"visibleWhen": "choice-selected", "whenTagName": CODES, "whenChoiceValue": code.id}
    row = xml.SubElement(view, "View", shown, className="tc-value")
    if code.retired:
        row = xml.SubElement(row, "View", className="tc-retired")
    xml.SubElement(row, "Header", value=code.label, size="6", style="font-size:13px")
    named = {"name": f"{VALUE}{code.id}", "toName": TEXT, "choice": "single", "layout": "inline"}
    choices = xml.SubElement(row, "Choices", named | shown)
    for value in code.values:
        xml.SubElement(choices, "Choice", value=value.label, alias=value.id)


def _place(depth: int) -> dict[str, str]:
    """The style of what stands below others; none at the top."""
    return {"style": f"margin-left:{_STEP * depth}px"} if depth else {}


def _lines(code: Code, language: str) -> list[str]:
    found = [code.definition] if code.definition else []
    for name in ("include", "exclude"):
        if getattr(code, name):
            found.append(f"{message(f'codebook.memo.{name}', language)}: {getattr(code, name)}")
    if code.exclusive:
        found.append(message("codebook.term.exclusive", language))
    return found


def _retired(code: Code) -> str:
    # two codes may have had the same label; Label Studio wants each value once
    return f"{code.label} ({code.id})"
