"""Solvers of many shipments at once, on plain arrays."""
