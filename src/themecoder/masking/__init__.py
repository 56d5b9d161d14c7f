"""De-identification: which stretches of an answer tell who someone is, and the text without them.

Pure: rules see a text and a ``Lexicon`` and return ``Mask``s. What reads files, loads deduce or
keeps results is in ``themecoder.edges``.
"""
