"""Coefficients of marked parts of texts, from the spans as they are written in files."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.alignment import best_alignment_disorder
from themecoder.agreement.measures.result import Measured, undefined
from themecoder.agreement.measures.unitizing import (
    Coincidences,
    Span,
    SpanDocument,
    alpha_u_1995,
    binary_u_alpha,
    coincidences,
    cu_alpha,
    ku_alpha,
    u_alpha,
)
from themecoder.errors import InputError, Problem

_FAMILY = {"u_alpha": u_alpha, "binary_u_alpha": binary_u_alpha, "cu_alpha": cu_alpha}


def unitizing(name: str, data: Mapping[str, Any], options: Mapping[str, Any]) -> Measured:
    """One of the u-alpha family, over one text (``spans``) or several (``documents``)."""
    documents = _documents(data, options)
    coders = {coder for document in documents for coder in document.marked}
    if not documents or len(coders) < 2:
        return undefined(because.ONE_CODER if documents else because.NO_UNITS)
    if not any(len(document.marked) >= 2 for document in documents):
        return undefined(because.NO_OVERLAP)
    lengths = coincidences(documents)
    if len(lengths.values) == 1:
        return undefined(because.NOT_USED)
    if name == "ku_alpha":
        return _alpha_of_value(lengths, options)
    value = float(_FAMILY[name](lengths)[0])
    return undefined(because.NO_VARIATION) if np.isnan(value) else Measured(value)


def unitizing_1995(data: Mapping[str, Any], options: Mapping[str, Any]) -> Measured:
    """alpha_U of 1995 over all values, or of the ``category``."""
    (document,) = _documents(data, options)
    coders = len(document.marked)
    if coders < 2:
        return undefined(because.ONE_CODER)
    values = sorted({v for spans in document.marked.values() for *_, v in spans}, key=str)
    chosen = [options["category"]] if "category" in options else values
    if not set(chosen) & set(values):
        return undefined(because.NOT_USED)
    observed, expected = alpha_u_1995(document, chosen, coders)
    if not expected.sum() > 0:
        return undefined(because.NO_VARIATION)
    return Measured(float(1 - observed.sum() / expected.sum()))


def alignment(data: Mapping[str, Any], options: Mapping[str, Any]) -> Measured:
    marked = _by_coder(data["spans"], options.get("coders"))
    if len(marked) < 2:
        return undefined(because.ONE_CODER if marked else because.NO_UNITS)
    value = best_alignment_disorder(
        list(marked.values()),
        float(options.get("alpha", 1.0)),
        float(options.get("beta", 1.0)),
        float(options.get("delta_empty", 1.0)),
    )
    return undefined(because.NOT_USED) if np.isnan(value) else Measured(value)


def _alpha_of_value(lengths: Coincidences, options: Mapping[str, Any]) -> Measured:
    if "value" not in options:
        raise InputError(Problem("agreement.needs", {"option": "value"}))
    if options["value"] not in lengths.values:
        return undefined(because.NOT_USED, coverage=0.0)
    value, coverage = (float(part[0]) for part in ku_alpha(lengths, options["value"]))
    if np.isnan(value):
        return undefined(because.NO_OVERLAP, coverage=coverage)
    return Measured(value, notes={"coverage": coverage})


def _documents(data: Mapping[str, Any], options: Mapping[str, Any]) -> list[SpanDocument]:
    if "spans" in data:
        marked = _by_coder(data["spans"], options.get("coders"))
        return [SpanDocument(_length(options, None, len(marked) >= 2), marked)]
    if "documents" not in data:
        raise InputError(Problem("agreement.data", {"found": ", ".join(sorted(data))}))
    documents = []
    for name, coders in sorted(data["documents"].items()):
        marked = {coder: [(s, e, v) for s, e, v in spans] for coder, spans in coders.items()}
        documents.append(SpanDocument(_length(options, name, len(marked) >= 2), marked))
    return documents


def _length(options: Mapping[str, Any], document: str | None, needed: bool) -> int:
    """The length of the text, which must be given only where two coders saw the text."""
    length = options.get("length")
    if isinstance(length, Mapping):
        length = length.get(document)
    if length is None and needed:
        raise InputError(Problem("agreement.needs", {"option": "length"}))
    return int(length or 0)


def _by_coder(
    spans: Sequence[Sequence[Any]], coders: int | Sequence[Hashable] | None
) -> dict[Hashable, list[Span]]:
    """Per coder the spans; ``coders`` are those who saw the text, named or how many."""
    named = list(coders) if isinstance(coders, list | tuple) else []
    spans_by_coder: dict[Hashable, list[Span]] = {coder: [] for coder in named}
    for coder, start, end, value in spans:
        spans_by_coder.setdefault(coder, []).append((start, end, value))
    for n in range(len(spans_by_coder), coders if isinstance(coders, int) else 0):
        spans_by_coder[("no mark", n)] = []
    return spans_by_coder
