"""The codebook: codes, versions, and the typed changes between them; its files and its page."""
