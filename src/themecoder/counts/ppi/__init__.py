"""Shares from what a machine says of every answer, put right by a random human-coded part."""
