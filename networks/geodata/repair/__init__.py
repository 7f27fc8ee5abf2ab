"""Closing of gaps in base maps, with a report of each."""
