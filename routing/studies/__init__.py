"""Studies: a changed network, many runs of a question, and works within a budget."""
