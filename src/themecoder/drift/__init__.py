"""Whether codes mean in a new wave what they meant in the waves before."""
