"""Agreement between coders: coefficients from arrays, what they rest on and how sure they are."""

from themecoder.agreement.measures.measure import COEFFICIENTS, measure
from themecoder.agreement.measures.result import Measured

__all__ = ["COEFFICIENTS", "Measured", "measure"]
