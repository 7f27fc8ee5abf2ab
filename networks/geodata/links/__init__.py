"""Matching of links to base maps, and their measured lengths."""
