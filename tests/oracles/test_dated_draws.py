"""One dated shipment, drawn run by run with the calendar read from the tables by `datetime` and `zoneinfo`.

Of the itinerary this takes the distribution of each leg and the row that it stands for. Waits are made anew in each
run: for the next departure of a timetable after the cut-off, and for opening hours.
"""

from datetime import UTC, datetime, time, timedelta

import numpy as np
import pytest

from landbridge.networks.times.timetables import WEEKDAYS
from landbridge.routing import route, simulate
from tests.support.tiny import link, operation, service, tiny_network

RUNS, SEED = 20_000, 20260101
DEPART = "2026-03-20T06:00"
"""Before the German clocks are moved on 29 March."""

SERVICES = (
    service("east", country="CN", wait_kind="timetable", days=("mon", "wed", "sat"), departures=(time(3, 30), time(15)),
            cut_off_h=4, speed_km_h=80, spread="rough"),
    service("kaz", country="KZ", spread="rough"),
    service("fill", "ferry", wait_kind="fill_and_go", wait_p10_h=12, wait_p50_h=30, wait_p90_h=90, spread="rough"),
    service("db", country="DE", wait_kind="timetable", departures=(time(1, 45), time(13)), cut_off_h=1),
)  # fmt: skip
LINKS = (
    link("cn-a -> kz-b", service="east", length_km=900),
    link("kz-b -> kz-c", service="kaz", length_km=2400),
    link("kz-c -> de-d", "ferry", service="fill", length_km=900),
    link("de-d -> de-e", service="db", length_km=300),
)
OPERATIONS = (
    operation("load", "cn-a", to_mode="rail", mean_h=24, spread="rough"),
    operation("border_entry", "kz-b", other_place="cn-a", mean_h=9, spread="rough", open_from=time(8),
              open_to=time(20), open_days=("mon", "tue", "wed", "thu", "fri")),
    operation("unload", "de-e", from_mode="rail", mean_h=2, open_from=time(6), open_to=time(18)),
)  # fmt: skip
SPREADS = [{"id": "rough", "p10_ratio": 0.5, "p50_ratio": 0.9, "p90_ratio": 1.6}]


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawn")
    return tiny_network(
        folder, links=LINKS, services=SERVICES, operations=OPERATIONS, tables={"spreads": SPREADS}, check=False
    )


class Shipment:
    """The legs of an itinerary, and what the clock says at each."""

    def __init__(self, network, itinerary):
        self.network, self.draw = network, np.random.default_rng(SEED)
        # A wait for opening hours is of a link or an operation, and comes anew in each run.
        self.legs = [leg for leg in itinerary.legs if leg.kind != "wait" or "wait_kind" in leg.row]
        self.depart = itinerary.departs

    def run(self):
        """Return the hours of a run, and whether it missed the departure of each leg that its plan had."""
        moment, missed = self.depart.astimezone(UTC), []
        for leg in self.legs:
            if leg.kind == "wait" and leg.row["wait_kind"] == "timetable":
                moment = self.departure(leg.row, leg.start, moment + timedelta(hours=leg.row["cut_off_h"]))
                missed.append(moment > leg.arrives)
            else:
                moment = self.opening(leg, moment) + timedelta(hours=self.drawn(*leg.time))
        return (moment - self.depart) / timedelta(hours=1), missed

    def drawn(self, mean_h, sd_h, shape):
        if not sd_h:
            return mean_h
        if shape < 0:
            standard = self.draw.uniform(-np.sqrt(3), np.sqrt(3))
        elif shape == 0:
            standard = self.draw.standard_normal()
        else:
            growth = np.exp(shape**2 / 2)
            standard = (np.exp(shape * self.draw.standard_normal()) / growth - 1) / np.sqrt(growth**2 - 1)
        return max(0.0, mean_h + sd_h * standard)

    def departure(self, row, place, after):
        """Return the first departure at or after a moment."""
        zone = self.network.zone(place)
        day = after.astimezone(zone).date()
        for number in range(10):
            date = day + timedelta(days=number)
            for at in sorted(row["departures"]):
                moment = datetime.combine(date, at, zone).astimezone(UTC)
                if moment >= after and (not row["days"] or WEEKDAYS[date.weekday()] in row["days"]):
                    return moment
        raise AssertionError(f"{row['id']} never departs")

    def opening(self, leg, moment):
        """Return the first moment from a moment on at which the row of a leg is open."""
        row, zone = leg.row, self.network.zone(leg.start)
        if row.get("open_from") is None:
            return moment
        day = moment.astimezone(zone).date()
        for number in range(10):
            date = day + timedelta(days=number)
            opens, shuts = (
                datetime.combine(date, row[name], zone).astimezone(UTC) for name in ("open_from", "open_to")
            )
            if moment < shuts and (not row["open_days"] or WEEKDAYS[date.weekday()] in row["open_days"]):
                return max(moment, opens)
        raise AssertionError(f"{row['id']} never opens")


@pytest.fixture(scope="module")
def itinerary(network):
    return route(network, "cn-a", "de-e", depart=DEPART)[0]


@pytest.fixture(scope="module")
def drawn(network, itinerary):
    shipment = Shipment(network, itinerary)
    return [shipment.run() for _ in range(RUNS)]


def test_the_hours_of_a_dated_shipment_are_those_of_draws(itinerary, drawn):
    hours = np.array([run_h for run_h, _ in drawn])
    found = simulate(itinerary, runs=200_000, depart=DEPART)
    error_h = hours.std() / np.sqrt(RUNS)
    assert found.time.mean_h == pytest.approx(hours.mean(), abs=4 * error_h)
    # Arrivals come in steps, since trains depart twice a day: the distribution is compared and not its quantiles.
    steps_h = np.quantile(hours, np.linspace(0.05, 0.95, 19))
    ours = np.searchsorted(np.sort(found.hours), steps_h, side="right") / len(found.hours)
    theirs = np.searchsorted(np.sort(hours), steps_h, side="right") / RUNS
    assert np.abs(ours - theirs).max() < 4 * 0.5 / np.sqrt(RUNS)


def test_departures_are_missed_as_often_as_in_draws(itinerary, drawn):
    missed = np.array([run_missed for _, run_missed in drawn]).mean(axis=0)
    found = simulate(itinerary, runs=200_000, depart=DEPART)
    assert [item.share_missed for item in found.missed] == pytest.approx(missed, abs=4 * 0.5 / np.sqrt(RUNS))
    assert missed.max() > 0.05
