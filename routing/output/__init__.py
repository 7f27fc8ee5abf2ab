"""Output of all answers: styles, layers, tables."""
