"""The command `sweep`."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from landbridge.networks.meta import meta_of
from landbridge.routing.cli.numbers import WHOLE
from landbridge.routing.cli.options import (
    chart_option,
    json_option,
    network_option,
    open_network,
    out_option,
    print_json,
    write_files,
)
from landbridge.routing.cli.progress import note, progress
from landbridge.routing.cli.signals import keeps

# Everything else is imported in the command, so that `--help` is fast.
if TYPE_CHECKING:
    from landbridge.routing.studies.sweeps.study import Study
    from landbridge.routing.studies.sweeps.study_answer import StudyAnswer

_NO_ANSWER = 1


@click.command()
@click.argument("study", metavar="STUDY.toml")
@click.option(
    "--store",
    metavar="DIR",
    help="Folder that keeps what is done; the same command goes on from there. By default NAME-sweep.",
)
@click.option("--scheduler", metavar="ADDRESS", help="Dask scheduler (tcp://...); needs the extra cluster.")
@click.option("--workers", type=WHOLE, metavar="N", help="Number of processes; by default one for each processor.")
@click.option("--shard", metavar="I/N", help="Only the I-th of N shares of the rows, for jobs that share a store.")
@click.option("--retry-failed", is_flag=True, help="Run the rows again that failed before.")
@network_option
@json_option
@out_option("CSV")
@chart_option
def sweep(study: str, network_path: str | None, as_json: bool, **options: Any) -> int:
    """Run a study of many rows: what the answers are, and which parameter moves them.

    STUDY.toml says what each row measures and what differs between them: parameters, scenarios, demands and seeds. Rows
    run on all processors, on a Dask cluster, or as shares of an array of jobs. What is done is kept: the same command
    goes on where it was interrupted, and shows the answers of all rows and shares.
    """
    from landbridge.routing.studies.sweeps.study import Study

    if options["scheduler"] is not None and options["workers"] is not None:
        raise click.UsageError("--workers cannot be combined with --scheduler, which has its own; omit one of them")
    found = _run(Study.read(study), network_path, options)
    # A share may have no rows.
    is_answered = bool(found.sweep.counts["ok"]) or not len(found.sweep)
    write_files(found, options, is_whole=is_answered)
    if as_json:
        print_json(found.to_dict(), found.meta)
    else:
        from landbridge.routing.cli.tables.sweep import print_study

        print_study(found)
    return 0 if is_answered else _NO_ANSWER


def _run(study: "Study", network_path: str | None, options: dict[str, Any]) -> "StudyAnswer":
    network = open_network(network_path)
    store = options["store"] or _store_of(study.name, meta_of(network.tables, {})["scenario"])
    study.check(network)
    with _executor(options["scheduler"]) as (executor, workers):
        note(f"rows are kept in {store}")
        with progress("running rows", len(study.rows())) as told:

            def tell(rows: int) -> None:
                # Called first when the store is that of this study.
                keeps(f"rows that are done are kept in {store}, from where the same command goes on")
                if told is not None:
                    told(rows)

            return study.run(
                network,
                store=store,
                executor=executor,
                workers=options["workers"] if executor is None else workers,
                shard=options["shard"],
                retry_failed=options["retry_failed"],
                progress=tell,
            )


def _store_of(name: str, scenario: str | None) -> str:
    """Return the folder of a study: the network of another scenario has another one."""
    return f"{name}-sweep" if scenario is None else f"{name}-{scenario.replace(' + ', '-')}-sweep"


@contextmanager
def _executor(scheduler: str | None) -> Iterator[tuple[Executor | None, int | None]]:
    """Yield the executor of a cluster and its number of workers; without a scheduler neither."""
    if scheduler is None:
        yield None, None
        return
    from landbridge.routing.studies.sweeps.dask_executor import dask_executor

    with dask_executor(scheduler) as found:
        yield found
