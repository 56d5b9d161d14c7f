"""Agreement between coders: coefficients from arrays, what they rest on and how sure they are."""

from themecoder.agreement.measure import COEFFICIENTS, measure
from themecoder.agreement.result import Measured

__all__ = ["COEFFICIENTS", "Measured", "measure"]
