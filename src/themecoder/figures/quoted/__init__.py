"""Quoted figures and claims checked against the data, with the likely cause of a difference."""
