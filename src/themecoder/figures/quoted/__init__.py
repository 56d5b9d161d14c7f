"""Quoted figures and claims held against the data: which hold, which do not, and why not."""
