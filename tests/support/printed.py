"""Tables on the terminal as rows of cells."""

import re


def rows_of(text):
    """Return the rows of the tables in a text, each as its cells; headings and rules are left out."""
    return [
        [cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in text.splitlines() if line.startswith("│")
    ]
