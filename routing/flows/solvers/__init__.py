"""Solvers for flows, on plain arrays."""
