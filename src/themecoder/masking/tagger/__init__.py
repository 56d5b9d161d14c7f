"""A small model that has learnt where names, places, institutions and addresses stand in an answer.

It is a linear model on what a word looks like, which lists it is in, and the words around it,
trained on made-up answers by ``tools/train_tagger.py``. It finds what no rule foresaw; rules are
surer where they speak. Numbers, e-mail addresses and the like it leaves to the rules.
"""
