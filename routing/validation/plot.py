"""Writing of the chart of a validation."""

from pathlib import Path

from landbridge.networks.arguments import instance
from landbridge.routing.output.charts import chart_named, save_chart
from landbridge.routing.validation.validate import Validation


def write_validation_chart(validation: Validation, path: str | Path) -> Path:
    """Draw modelled against observed values to a PNG, SVG or PDF file according to the suffix, and return the path.

    Raises
    ------
    QueryError
        If it is not a validation, the name of the file does not have the suffix of a chart, or matplotlib, the extra
        `plot`, is not installed.

    Examples
    --------
    >>> from landbridge.networks import load_network
    >>> from landbridge.routing import validate, write_validation_chart
    >>> write_validation_chart(validate(load_network(), ids=["T03"]), "validation.svg").name
    'validation.svg'
    """
    target = chart_named(path)
    return save_chart(instance(validation, Validation, "validation", "give the result of validate").plot(), target)
