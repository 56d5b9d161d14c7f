"""What is particular to a language: empty answers, tokens and lemmas, stop words."""
