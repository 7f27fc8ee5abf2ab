"""Whether a warm-up was long enough: MSER-5 (White 1997; White, Cobb and Spratt 2000) on the queues of the network.

Of a series in batches of 5 the rule leaves out so many of the first that the mean of the others is most certain:
it minimises the sum of their squared deviations over the square of their number. If it leaves out measured days, the
queues still grew or shrank towards their steady state when the measuring began.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.networks.arrays import Floats
from landbridge.routing.simulation.network_model import NetworkModel

BATCH_DAYS: Final = 5


def mser5(series: Floats) -> int:
    """Return how many values at the start of a series MSER-5 leaves out: a multiple of 5, at most half of them.

    Examples
    --------
    A queue that starts empty and has filled after ten days:

    >>> import numpy as np
    >>> mser5(np.concatenate([np.arange(10.0), np.full(90, 10.0)]))
    10
    """
    batches = series[: len(series) // BATCH_DAYS * BATCH_DAYS].reshape(-1, BATCH_DAYS).mean(axis=1)
    most = len(batches) // 2
    if most == 0:
        return 0
    errors = [
        float(((batches[cut:] - batches[cut:].mean()) ** 2).sum()) / len(batches[cut:]) ** 2 for cut in range(most + 1)
    ]
    return BATCH_DAYS * int(np.argmin(errors))


def warm_up_days_short(model: NetworkModel, queue_teu: NDArray[np.floating]) -> int | None:
    """Return by how many days the warm-up was too short, None if that cannot be said.

    It cannot in a run with disruptions, whose queues are not those of a steady state.

    Parameters
    ----------
    queue_teu
        Mean TEU waiting on each measured day, shape (replications, rows, days), stations first. Those that are offered
        more than their capacity have no steady state, those that storms shut one of each season: they do not count.
    """
    storm = model.queueing.stations.storm.tolist()
    steady = [row for row, station in enumerate(model.rows) if station.utilisation < 1 and storm[row] < 0]
    if model.disruptions or not steady:
        return None
    return mser5(np.asarray(queue_teu[:, steady], dtype=np.float64).mean(axis=0).sum(axis=0))
