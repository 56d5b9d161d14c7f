"""The codebook as a page."""
