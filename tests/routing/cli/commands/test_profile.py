"""The command `profile`."""

import csv

import pytest


def test_profile_has_a_row_for_each_departure_and_the_best(answer, ways):
    period = ("--from", "2026-03-04", "--to", "2026-03-07")
    document = answer("profile", "cn-b", "cn-c", *period, "--network", ways)
    assert (document["from"], document["to"]) == ("cn-b", "cn-c")
    # Friday noon is 60, 36 and 12 h away, then a week less 12 h; the train takes 2 h and unloading 2.
    assert [item["time_mean_h"] for item in document["departures"]] == [64, 40, 16, 160]
    assert document["best"] == document["departures"][2]
    assert document["best"]["depart"] == "2026-03-06T00:00+08:00"
    assert document["best"]["arrive"] == "2026-03-06T16:00+08:00"


def test_profile_is_a_table_and_writes_csv_and_chart(run, ways, tmp_path):
    pytest.importorskip("matplotlib")
    period = ("--from", "2026-03-04", "--to", "2026-03-10", "--step-days", "2")
    files = ("--csv", tmp_path / "year.csv", "--chart", tmp_path / "year.png")
    code, out, _ = run("profile", "cn-b", "cn-c", *period, *files, "--network", ways)
    assert code == 0
    # In one month, the best first; each departure only with --all.
    assert "2026-03 " in out
    assert "best  │ Fri 2026-03-06 00:00" in out
    _, every, _ = run("profile", "cn-b", "cn-c", *period, "--all", "--network", ways)
    assert (
        every.index("│ Wed 2026-03-04 00:00") < every.index("│ Fri 2026-03-06 00:00") < every.index("│ Sun 2026-03-08")
    )
    with (tmp_path / "year.csv").open(encoding="utf-8") as file:
        assert [row["time_mean_h"] for row in csv.DictReader(file)] == ["64.0", "16.0", "136.0", "88.0"]
    assert (tmp_path / "year.png").stat().st_size > 1000


PROFILE = ("profile", "cn-b", "cn-c")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*PROFILE[:2], "cn-b", "--from", "2026-03-01", "--to", "2026-03-02"), "are the same place"),
        ((*PROFILE, "--from", "1926-01-01", "--to", "2326-01-01"), "must be from 2000 to 2100"),
        ((*PROFILE, "--from", "2026-03-02", "--to", "2026-03-01"), "--to is 2026-03-01 and must not be before"),
        ((*PROFILE, "--from", "2000-01-01", "--to", "2100-12-31"), "36890 departures"),
        ((*PROFILE, "--from", "2026-03-01", "--to", "2026-03-02", "--step-days", "0"), "--step-days is 0"),
        ((*PROFILE, "--from", "2026-03-01", "--to", "2026-03-02", "--depart", "2026-03-01"), "leave --depart out"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_an_absurd_request_ends_with_2_and_one_message_at_little_cost(refused, ways, arguments, message):
    assert message in refused(*arguments, "--network", ways)
