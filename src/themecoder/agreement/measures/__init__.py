"""Coefficients of agreement: arrays in, numbers out."""
