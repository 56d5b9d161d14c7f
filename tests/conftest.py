"""Shared by all layers of tests; its presence puts this folder on the path (sample_pages).

Property tests try the same examples each run, so that a change breaks them and not chance;
``HYPOTHESIS_PROFILE=search`` looks for new ones.
"""

import os

from hypothesis import settings

from chromium import chromium

# other work on the machine is no failure
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

# one browser for all layers: playwright can't be started twice in one process
__all__ = ["chromium"]
