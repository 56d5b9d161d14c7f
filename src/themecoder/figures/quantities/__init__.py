"""Amounts in text: "37,1%", "ruim een derde", "een op de tien", "n = 294", and what they claim."""
