"""Schedules of ships and berths, planned with CP-SAT."""
