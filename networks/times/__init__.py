"""Durations and their uncertainty."""
