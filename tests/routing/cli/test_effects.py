"""Options that have no effect on what is asked."""

import click
import pytest

from landbridge.routing.cli import main
from landbridge.routing.cli.effects import refuse_without_effect

TRIP = ("Altynkol", "Aktau")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "base", "--od", "x.csv", "--capacity", "none"), "--capacity has no effect with --od; omit it"),
        (
            ("compare", "base", "--od", "x.csv", "--logit", "9", "--year", "2024", "--unserved", "5"),
            "--year, --logit, --unserved have no effect with --od; omit them",
        ),
        (
            ("compare", "base", "--demand", "--teu", "4", "--objective", "time"),
            "--objective, --teu have no effect without --od; omit them",
        ),
        (
            ("ferries", "--year", "2024", "--period-days", "3", "--chart", "x.svg"),
            "--period-days, --year, --chart have no effect without a line",
        ),
        (
            ("bottlenecks", "x.csv", "--cut", "CN:PL", "--estimated", "--scale", "1"),
            "DEMAND.csv, --scale, --estimated have no effect with --cut",
        ),
        (("bottlenecks", "--cut", "CN:PL", "--thresholds", "2"), "--thresholds has no effect with --cut"),
        (("bottlenecks", "--thresholds", "2", "--closures", "3"), "--closures has no effect with --thresholds"),
        (("bottlenecks", "--tolerance", "0.1"), "--tolerance has no effect without --thresholds"),
        (("bottlenecks", "--closures", "0", "--closed-for-days", "9"), "--closed-for-days has no effect with"),
        (("route", *TRIP, "--detours"), "--detours has no effect without --by-corridor"),
        (("emissions", *TRIP, "--by-corridor", "--shared", "1"), "--shared has no effect with --by-corridor"),
        (("simulate", *TRIP, "--shared", "1"), "--shared has no effect with -k 1"),
        (("indicators", *TRIP, "--chart-of", "cost"), "--chart-of has no effect without --chart"),
        (("reach", "Altynkol", "--within", "2d", "--around", "9"), "--around has no effect without --out"),
        (
            ("assign", "--logit", "9", "--time-limit", "9"),
            "--time-limit has no effect with --logit without",
        ),
        (("ferries", "x=1", "--storm-days", "0", "--year", "2030"), "--year has no effect with --closed-days or"),
        (("pareto", *TRIP, "--objectives", "time", "--epsilon", "1"), "--epsilon has no effect with one objective"),
        (("report", *TRIP, "--html", "r.html", "--seed", "1"), "--seed has no effect without --runs"),
        (("places", "--kind", "border", "--country", "KZ"), "--country has no effect with --kind"),
        (("scenarios", "--schema", "s.json", "--json"), "--json has no effect without a scenario"),
        (("network", "check", "here", "--network", "there"), "--network has no effect beside PATH"),
        (
            ("network", "build", "--report", "r", "--country", "KZ", "--skip-faulty"),
            "--country, --skip-faulty have no effect without a source",
        ),
        (("validate", "--chart", "a.svg", "--plot", "b.svg"), "--plot has no effect with --chart"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_they_are_refused_before_anything_is_read_or_written(arguments, message, monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    if "--chart" in arguments:
        pytest.importorskip("matplotlib")
    assert main.run(arguments) == 2
    assert message in " ".join(capsys.readouterr().err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_default_is_not_given_but_the_same_value_typed_is():
    @click.command()
    @click.option("--size", default=2)
    def command(size):
        refuse_without_effect(["size"], "here")
        return size

    assert command.main([], standalone_mode=False) == 2
    with pytest.raises(click.UsageError, match="--size has no effect here; omit it"):
        command.main(["--size", "2"], standalone_mode=False)
