"""Consumer surplus of shippers who choose among corridors by a logit model.

The least cost that a shipper expects, before it is known which alternative suits it best, is the logsum
``E = -s ln(sum over k of exp(-c_k / s))`` in USD per TEU, with the generalised cost ``c_k`` of alternative k and the
logit scale ``s`` of `assign` (Williams 1977, Environment and Planning A 9, 285-344; Small and Rosen 1981, Econometrica
49, 105-130; de Jong, Daly, Pieters and van der Hoorn 2007, Transportation Research A 41, 874-889). The surplus of a row
of demand is the fall of E times its TEU; where the demand itself differs, times the mean of both (rule of the half).

Demand without any alternative is left at the cost of a TEU that is not carried: that cost is its E. A pair that loses
all alternatives loses the difference to it, and one that gains its first alternative gains the difference. If that cost
is infinite there is no surplus of such a pair.
"""

import numpy as np
from scipy.special import logsumexp

from landbridge.networks.arrays import Floats
from landbridge.routing.flows.solvers.flow import Flow


def path_costs_usd_per_teu(flow: Flow) -> Floats:
    """Return the generalised cost per TEU of each path of a flow, with the waits that flows cause; shape (paths,)."""
    if flow.row_delay_h is None:
        return flow.pool.cost
    problem, owner = flow.problem, flow.pool.commodity
    hour_usd = np.array([profile.hours for profile in problem.profiles])[problem.profile][owner]
    return np.asarray(flow.pool.cost + hour_usd * (flow.pool.loads @ flow.row_delay_h), dtype=np.float64)


def expected_usd_per_teu(flow: Flow, scale_usd_per_teu: float) -> Floats:
    """Return the expected least cost of each commodity of a logit flow, shape (commodities,).

    Parameters
    ----------
    scale_usd_per_teu
        Logit scale of the choice.
    """
    costs, owner = path_costs_usd_per_teu(flow), flow.pool.commodity
    found = flow.problem.unserved_cost.copy()
    for number in np.unique(owner).tolist():
        found[number] = -scale_usd_per_teu * logsumexp(-costs[owner == number] / scale_usd_per_teu)
    return found


def surplus_usd(teu_before: float, teu_after: float, usd_before: float, usd_after: float) -> float | None:
    """Return the consumer surplus of a change of the expected least cost; None where the change is not finite.

    Examples
    --------
    A TEU costs 5 USD more; 10 TEU were sent before and 8 are after:

    >>> surplus_usd(10, 8, 100, 105)
    -45.0
    """
    fall = usd_before - usd_after
    return float((teu_before + teu_after) / 2 * fall) if np.isfinite(fall) else None
