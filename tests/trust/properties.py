"""Try the properties on many random examples: `python -m tests.trust.properties [--seed N]`, repeatable by its seed.

Each file of `tests/properties` is one row: how many examples were tried of all its properties, and how many held.
"""

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
FOLDER: Final = ROOT / "tests/properties"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the properties and print their rows; return 1 if one did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=None, help="seed of an earlier run")
    given = parser.parse_args(arguments).seed
    seed = secrets.randbelow(2**31) if given is None else given
    print(f"seed {seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "counts.json"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short"]
        done = subprocess.run(
            [*command, f"--hypothesis-seed={seed}", str(FOLDER)],
            cwd=ROOT,
            env={**os.environ, "LANDBRIDGE_PROPERTIES": str(counts)},
            stdout=sys.stderr,
            check=False,
        )
        found = json.loads(counts.read_text(encoding="utf-8")) if counts.exists() else {"held": {}, "failed": []}
    for path in sorted(FOLDER.glob("test_*.py")):
        print(json.dumps(_row(path, found["held"], found["failed"], seed)))
    return done.returncode


def _row(path: Path, held: dict[str, int], failed: Sequence[str], seed: int) -> dict[str, object]:
    """Return the row of a file: what the first line of its docstring says."""
    what = path.read_text(encoding="utf-8").splitlines()[0].strip('"').rstrip(".")
    module = f"tests.properties.{path.stem}."
    broken = [name.removeprefix("tests.properties.") for name in failed if name.startswith(module)]
    count = sum(number for name, number in held.items() if name.startswith(module))
    failures = [f"{name}, seed {seed}" for name in broken]
    return {"what": what, "tried": count + len(broken), "held": count, "failed": failures}


if __name__ == "__main__":
    sys.exit(main())
