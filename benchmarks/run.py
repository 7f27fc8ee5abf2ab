"""Run the benchmarks, each in a process of its own, and print one table; JSON, table and plots go to out/bench.

    python benchmarks/run.py [PART ...] [--commalab DIR] [--tntp DIR] [--readme]

Parts that were run before and are not named keep their rows. `--readme` writes the table into benchmarks/README.md.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from measuring import HEADER, OUT, line_of, shown, unfinished

HERE = Path(__file__).parent
README = HERE / "README.md"
PARTS = ("search", "fronts", "flows", "equilibrium", "answers", "large", "simulation", "sweeps")
START, END = "<!-- measured: written by run.py -->\n", "<!-- end of measured -->\n"


def documents() -> dict[str, dict[str, Any]]:
    """Return what the parts wrote, in the order of the parts; the rows of an interrupted run by a name of their own."""
    files = {part: OUT / f"{part}.json" for part in PARTS}
    files |= {f"{part}, not finished": unfinished(part) for part in PARTS}
    return {part: json.loads(file.read_text(encoding="utf-8")) for part, file in files.items() if file.is_file()}


def table(found: dict[str, dict[str, Any]]) -> str:
    """Return machine, date, versions and all rows as Markdown; what differs between the parts with each of them."""
    machines = [document["machine"] for document in found.values()]
    common = {name: value for name, value in machines[0].items() if all(one.get(name) == value for one in machines)}
    lines = [f"Measured: {listed(common)}"]
    for part, document in found.items():
        own = {name: value for name, value in document["machine"].items() if name not in common}
        lines += ["", f"### {part.capitalize()}", "", *([f"Measured: {listed(own)}", ""] if own else [])]
        lines += [HEADER, *map(line_of, document["rows"])]
        grown = document["details"].get("growth", {})
        lines += [""] if grown else []
        lines += [f"- Growth, {what}: {described(curve)}." for what, curve in grown.items()]
    missing = [part for part in PARTS if part not in found]
    lines += ["", f"Not measured: {', '.join(missing)}."] if missing else []
    return "\n".join(lines) + "\n"


def listed(machine: dict[str, Any]) -> str:
    """Return a description of a machine as text."""
    return ", ".join(f"{name} {value}" for name, value in machine.items())


def described(curve: dict[str, Any]) -> str:
    """Return the times over sizes as text."""
    return ", ".join(f"{int(size):,} {curve['unit']} {shown(ms)}" for size, ms in curve["ms"].items())


def plots(found: dict[str, dict[str, Any]]) -> None:
    """Draw the growth of each kind in a panel, with lines in proportion to the size."""
    from matplotlib.figure import Figure

    curves = {what: curve for of in found.values() for what, curve in of["details"].get("growth", {}).items()}
    kinds = {what.split(",")[0] for what in curves}
    if not kinds:
        return
    figure = Figure(figsize=(5 * len(kinds), 4), layout="constrained")
    for axes, kind in zip(figure.subplots(1, len(kinds), squeeze=False)[0], sorted(kinds), strict=True):
        for what, curve in curves.items():
            if what.split(",")[0] != kind:
                continue
            sizes, ms = [int(size) for size in curve["ms"]], list(curve["ms"].values())
            (line,) = axes.loglog(sizes, ms, marker="o", label=what.partition(", ")[2])
            straight = [ms[-1] * size / sizes[-1] for size in sizes]
            axes.loglog(sizes, straight, linestyle=":", color=line.get_color())
            axes.set(xlabel=curve["unit"], ylabel="CPU ms, median", title=kind)
        axes.grid(visible=True, which="both", alpha=0.3)
        axes.legend(fontsize="small", title="dotted: in proportion", title_fontsize="small")
    figure.savefig(OUT / "growth.png", dpi=150)


def write_readme(text: str) -> None:
    """Replace what stands between the marks in the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{START}\n{text}\n{END}{after}", encoding="utf-8")


def run_parts(parts: Sequence[str], options: list[str]) -> list[str]:
    """Run the parts and return those that failed; Ctrl-C ends the run, and what comes after it counts as failed."""
    failed = []
    for number, part in enumerate(parts):
        try:
            if subprocess.run([sys.executable, HERE / f"{part}.py", *options], check=False).returncode:
                failed.append(part)
        except KeyboardInterrupt:
            return [*failed, *parts[number:]]
    return failed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--readme", action="store_true", help="write the table into benchmarks/README.md")
    options, others = parser.parse_known_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    failed = run_parts(options.parts or PARTS, others)
    found = documents()
    if not found:
        sys.exit(f"no part was measured: {', '.join(failed)} failed")
    text = table(found)
    (OUT / "table.md").write_text(text, encoding="utf-8")
    plots(found)
    print(f"\n{text}\nThe table is in {OUT / 'table.md'}, plots of growth are in {OUT / 'growth.png'}")
    if options.readme:
        write_readme(text)
    if failed:
        sys.exit(f"these parts did not finish, their finished rows are of an earlier run, if any: {', '.join(failed)}")


if __name__ == "__main__":
    main()
