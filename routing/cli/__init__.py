"""The command line: commands, their options, and tables for people."""
