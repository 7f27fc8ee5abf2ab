"""The line on demand that is not carried: the largest flows, the modes that their rows admit, and what can be done."""

from collections.abc import Iterable
from typing import Final

_MOST_FLOWS: Final = 3


def not_carried_line(
    rows: Iterable[tuple[str, str, float]], usd_per_teu: float | None, *, stopped: bool = False
) -> str:
    """Return what is not carried by flow and admitted modes, largest first, its penalty and the cure; or nothing.

    Parameters
    ----------
    rows
        Flow, admitted modes (blank: any) and TEU a day not carried of each row of demand.
    usd_per_teu
        Penalty, None if it is infinite.
    stopped
        Whether the search ended before it was finished, so that no other cure is known.

    Examples
    --------
    >>> not_carried_line([("group", "", 10.0)], 1000.0)
    'Not carried, 1,000 USD per TEU: group 10.0 TEU a day (any mode). Another penalty: --unserved.'
    """
    teu: dict[tuple[str, str], float] = {}
    for flow, modes, teu_day in rows:
        if teu_day > 0:
            teu[flow or "-", modes] = teu.get((flow or "-", modes), 0.0) + teu_day
    if not teu:
        return ""
    largest = sorted(teu, key=lambda key: (-teu[key], key))
    named = [f"{flow} {teu[flow, modes]:,.1f} TEU a day ({_admitted(modes)})" for flow, modes in largest[:_MOST_FLOWS]]
    more = f", and {len(largest) - _MOST_FLOWS} more" if len(largest) > _MOST_FLOWS else ""
    penalty = "" if usd_per_teu is None else f", {usd_per_teu:,.0f} USD per TEU"
    line = f"Not carried{penalty}: {', '.join(named)}{more}. "
    if stopped:
        return line + "The search was stopped early: with more time or memory more may be carried."
    cure = (
        "Rows of demand that find no way or no room by the modes they admit take no other, even where there is one: let"
        " a scenario set `modes` of the table demand, as northern-closed does. "
        if any(modes for _, modes in largest[:_MOST_FLOWS])
        else ""
    )
    return f"{line}{cure}Another penalty: --unserved."


def _admitted(modes: str) -> str:
    return f"only {modes}" if modes else "any mode"
