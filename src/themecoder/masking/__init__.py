"""De-identification: which stretches of an answer tell who someone is, and the text without them.

Pure: rules see a text and a ``NameLexicon`` and return ``Mask``s. ``store`` reads and keeps
files, ``detectors`` loads deduce and spaCy.
"""
