"""Comparison of the model with observations."""
