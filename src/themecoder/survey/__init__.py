"""The survey export, its respondents, bases and answers."""
