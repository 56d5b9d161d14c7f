"""One module per kind of detail; each has ``find(view, lexicon)`` that yields masks.

Rules may overlap each other and may name what is public; ``masker`` sorts that out.
"""
