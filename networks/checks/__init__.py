"""Consistency checks between the rows of a network."""
