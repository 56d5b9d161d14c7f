"""The codebook: codes, versions, and the typed changes between them. Pure: it knows no files."""
