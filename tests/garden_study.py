"""The settings of a study of one question, for tests of what a folder holds."""

CONFIG = """\
id = "tuin"
title = "De tuin"
language = "nl"

[survey]
file = "enquete.csv"
id = "nr"

[[questions]]
id = "q1"
text = "Wat groeit er?"
"""
