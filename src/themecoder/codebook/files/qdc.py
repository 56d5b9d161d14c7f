"""REFI-QDA codebooks (.qdc), the exchange format of NVivo, ATLAS.ti, MAXQDA, QualCoder and others.

Schema ``urn:QDA-XML:codebook:1.0``, REFI-QDA standard 1.5, section 5.2. Groups are codes that are
not codable, and codes may stand below codes; a code's guid is a uuid5 of its id: the same code has
the same guid in each export.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from themecoder.codebook.incoming import Incoming, Node, Note, gather
from themecoder.codebook.memo import marker, memo
from themecoder.codebook.model import Codebook
from themecoder.codebook.origins import fresh_id
from themecoder.errors import InputError, Problem

NAMESPACE = "urn:QDA-XML:codebook:1.0"
UNTRUSTED = {"resolve_entities": False, "no_network": True, "load_dtd": False}
"""How XML that somebody else wrote is read: nothing outside it is loaded, no entity resolved."""
_GUIDS = uuid.uuid5(uuid.NAMESPACE_URL, NAMESPACE)
_ORIGIN = re.compile(
    r"themecoder; codebook (?P<id>[^;]*); version (?P<version>[^;]*); "
    r"language (?P<language>\w+); released (?P<released>[^;]*); (?P<title>.*)",
    re.DOTALL,
)
_RGB = re.compile(r"#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


def guid(kind: str, name: str) -> str:
    """The guid of a code or group: the same for the same id, always."""
    return str(uuid.uuid5(_GUIDS, f"{kind}:{name}")).upper()


def write_qdc(book: Codebook) -> bytes:
    """The codebook as the bytes of a .qdc file. Raises InputError for one without any code."""
    if not book.codes:
        raise InputError(Problem("codebook.empty"))
    root = etree.Element(f"{{{NAMESPACE}}}CodeBook", nsmap={None: NAMESPACE})
    root.set(
        "origin",
        f"themecoder; codebook {book.id}; version {book.version}; "
        f"language {book.language}; released {book.released or '-'}; {book.title}",
    )
    add_codes(root, book)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def add_codes(parent: Any, book: Codebook) -> None:
    """The ``Codes`` of ``book`` below ``parent``, in its namespace: a codebook's or a project's."""
    codes = _add_element(parent, "Codes")
    by_group = [code for _, members in book.by_group for code in members]
    order = {code.id: place for place, code in enumerate(book.codes)}
    mixed = list(book.codes) != by_group
    tree = book.tree
    for group, members in book.by_group:
        top = codes
        if group is not None:
            top = _add_code(codes, guid("group", group.id), group.label, codable=False)
            _add_element(top, "Description").text = marker(group=True, id=group.id)
        nodes = {"": top}
        for code in members:
            above = nodes.get(code.parent if tree.above(code.id) else "", top)
            node = _add_code(above, guid("code", code.id), code.label, codable=True)
            nodes[code.id] = node
            if code.color:
                node.set("color", code.color)
            more = {"order": order[code.id]} if mixed else {}
            _add_element(node, "Description").text = memo(code, book.language, **more)


def read_qdc(file: Path) -> Incoming:
    """The codebook in a .qdc of any tool. Raises InputError where it is none."""
    try:
        root = etree.fromstring(file.read_bytes(), etree.XMLParser(**UNTRUSTED))
    except etree.XMLSyntaxError as error:
        raise InputError(
            Problem("codebook.not_xml", {"reason": error.msg}, file=file, row=error.lineno)
        ) from None
    except OSError as error:
        raise InputError(
            Problem("codebook.not_readable", {"reason": error.strerror or ""}, file=file)
        ) from None
    if _tag(root) != "CodeBook":
        raise InputError(Problem("codebook.not_qdc", {"found": _tag(root)}, file=file))
    notes: list[Note] = []
    nodes: dict[str, Node] = {}
    sets: list[Any] = []
    for child in root.iterchildren(etree.Element):
        if _tag(child) == "Codes":
            nodes |= child_nodes(child, notes)
        elif _tag(child) == "Sets":
            sets += child.iterchildren(etree.Element)
        else:
            notes.append(Note("element", {"name": _tag(child)}, child.sourceline))
    if not nodes:
        raise InputError(Problem("codebook.empty", file=file))
    return gather(_in_sets(nodes, sets, notes), _read_origin(root.get("origin", ""), file), notes)


def _in_sets(nodes: dict[str, Node], sets: Sequence[Any], notes: list[Note]) -> list[Node]:
    """The nodes in the groups that sets are, where no code stands below another.

    So ATLAS.ti writes its code groups. In a tree of codes a set is a second way to group them.
    """
    tree = any(node.children for node in nodes.values())
    groups: list[Node] = []
    placed: set[str] = set()
    for element in sets:
        members = [_guid(member) for member in element.iterchildren(etree.Element)]
        name = (element.get("name") or "?").strip()
        fresh = [guid for guid in members if guid in nodes and guid not in placed]
        if tree or not fresh:
            notes.append(Note("set", {"label": name, "n": len(members)}, element.sourceline))
            continue
        for guid in members:
            if guid in placed:
                params = {"label": nodes[guid].name, "groups": name}
                notes.append(Note("more_groups", params, element.sourceline))
        placed.update(fresh)
        inside = tuple(nodes[guid] for guid in fresh)
        groups.append(Node(name, codable=False, row=element.sourceline, children=inside))
    return groups + [node for guid, node in nodes.items() if guid not in placed]


def _read_origin(origin: str, file: Path) -> Codebook:
    match = _ORIGIN.fullmatch(origin)
    if not match:
        return Codebook(fresh_id(file.stem, ()), "1.0.0", (), title=file.stem)
    released = match["released"]
    return Codebook(
        match["id"],
        match["version"],
        (),
        title=match["title"],
        language=match["language"],
        released="" if released == "-" else released,
    )


def child_nodes(parent: Any, notes: list[Note]) -> dict[str, Node]:
    """The codes right below ``parent`` by their guid, with those below them."""
    nodes: dict[str, Node] = {}
    for element in parent.iterchildren(etree.Element):
        if _tag(element) == "Code":
            # a guid that is missing or there twice must not hide a code
            identity = _guid(element)
            doubtful = not identity or identity in nodes
            key = f"{identity} {element.sourceline}" if doubtful else identity
            nodes[key] = _node(element, notes)
        elif _tag(element) != "Description":
            params = {"name": _tag(element)}
            notes.append(Note("element", params, element.sourceline))
    return nodes


def _node(element: Any, notes: list[Note]) -> Node:
    name = (element.get("name") or "").strip()
    color = element.get("color") or ""
    if color and not _RGB.fullmatch(color):
        notes.append(Note("color", {"label": name, "found": color}, element.sourceline))
        color = ""
    if len(color) == 4:
        color = "#" + "".join(digit * 2 for digit in color[1:])
    known = {"guid", "name", "isCodable", "color"}
    for attribute in element.attrib:
        if attribute not in known:
            params = {"label": name, "name": etree.QName(attribute).localname}
            notes.append(Note("attribute", params, element.sourceline))
    texts = [d for d in element.iterchildren(etree.Element) if _tag(d) == "Description"]
    return Node(
        name=name or "?",
        memo="\n".join("".join(d.itertext()) for d in texts).strip(),
        codable=(element.get("isCodable") or "true").strip() in ("true", "1"),
        color=color,
        row=element.sourceline,
        guid=_guid(element),
        children=tuple(child_nodes(element, notes).values()),
    )


def _guid(element: Any) -> str:
    return (element.get("guid") or "").strip("{} ").upper()


def _tag(element: Any) -> str:
    return str(etree.QName(element).localname)


def _add_element(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")


def _add_code(parent: Any, identity: str, name: str, codable: bool) -> Any:
    node = _add_element(parent, "Code")
    node.set("guid", identity)
    node.set("name", name)
    node.set("isCodable", "true" if codable else "false")
    return node
