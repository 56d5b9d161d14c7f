"""Amounts in text: "37,1%", "ruim een derde", "een op de tien", "n = 294", and what they claim."""

from themecoder.wording.amount import Amount
from themecoder.wording.find import Found, find_amounts, parse_amount
from themecoder.wording.quantifiers import find_quantifiers, is_turned

__all__ = ["Amount", "Found", "find_amounts", "find_quantifiers", "is_turned", "parse_amount"]
