"""Paths on flat arrays: no cargo, no money, no place names."""
