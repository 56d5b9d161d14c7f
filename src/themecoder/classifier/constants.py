"""What the features are worth as long as nothing is coded.

Fitted on the coding of studies by ``benchmarks/suggestions.py --constants``, which also scores each
question by constants of the others. In the order of ``features.FEATURES`` and ``rivals.ADDED``.
"""

from __future__ import annotations

import numpy as np

from themecoder.classifier.calibration import Calibration

_DEFINED = Calibration(
    np.array([0.15, 0.30, 0.18, 0.38, 0.29, 0.38, -0.22, -0.12, 0.0, 0.23, -0.14]), -3.15
)
"""Of a codebook with definitions or examples."""
_BARE = Calibration(np.array([0.0, 0.1, 0.0, 0.1, 0.9, 0.9, 0.0, 0.0, 0.0, 0.0, 0.0]), -4.05)
"""Of a codebook of bare labels: what neighbouring segments say is nearly all there is."""


def constants_for(bare: bool) -> Calibration:
    """The constants for a codebook of labels only, or of one that says what its codes mean."""
    return _BARE if bare else _DEFINED
