"""Typed tables: their schema, reading and frames."""
