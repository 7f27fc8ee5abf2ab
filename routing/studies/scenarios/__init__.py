"""Scenarios: changes of a network, read from files and applied."""
