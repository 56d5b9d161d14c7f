"""How probable each code of a codebook is for a text, learned from the codebook and from coding."""
