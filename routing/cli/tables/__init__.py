"""The tables printed by the commands."""
