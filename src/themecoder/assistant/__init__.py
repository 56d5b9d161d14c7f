"""What a language model on the researcher's own machine proposes: second opinions, theme labels."""
