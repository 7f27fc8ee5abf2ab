"""What was tried and what held, as `make trust` prints it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


@dataclass
class Tally:
    """A row: what was tried, how often, how often it held, and what did not."""

    what: str
    tried: int = 0
    held: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, name: str, problems: Sequence[str]) -> None:
        """Count one trial with the problems that it showed."""
        self.tried += 1
        self.held += not problems
        self.failed += [f"{name}: {problem}" for problem in problems]


def print_rows(rows: Iterable[Tally]) -> int:
    """Print each row as a line of JSON as soon as it is there; return 1 if something did not hold, else 0."""
    held = True
    for row in rows:
        print(json.dumps(vars(row)), flush=True)  # noqa: T201 - what a part of `make trust` is for
        held = held and row.held == row.tried
    return int(not held)
