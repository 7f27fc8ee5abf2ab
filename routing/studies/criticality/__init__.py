"""Criticality: what the closure of each resource would cost."""
