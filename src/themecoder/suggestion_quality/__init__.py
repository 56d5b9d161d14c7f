"""How good suggestions are: right or wrong by people's blind coding, and what they do to coders."""
