"""How often properties are tried: few fixed examples in the suite, many random ones in `make trust`.

The variable LANDBRIDGE_PROPERTIES names the file to which the number of examples is written, and asks for many;
`python -m tests.trust.properties` sets it, with a seed.
"""

import contextlib
import functools
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, Phase, given, reject, seed, settings
from hypothesis.errors import StopTest, UnsatisfiedAssumption

from landbridge.routing import LandbridgeError, NoRouteError

COUNTS: Final = os.environ.get("LANDBRIDGE_PROPERTIES")
"""File for the number of examples, None in the suite."""

MANY: Final = bool(COUNTS)

_held: Counter[str] = Counter()
_failed: set[str] = set()


def assert_drawn(seen: Mapping[Any, int], *names: Any, least: int = 1) -> None:
    """Assert that so many examples of each kind were drawn, by default of all kinds that are counted.

    In the suite alone, whose examples are always the same: random ones may lack a kind.
    """
    found = [seen[name] for name in names or seen]
    assert MANY or min(found, default=0) >= least, seen


def holds(*strategies: Any, few: int, many: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return a decorator of a property: what it draws, and how many examples in the suite and in `make trust`.

    Examples that do not meet the assumptions of the property do not count. In the suite they are always the same.
    """
    chosen = settings(
        max_examples=many if MANY else few,
        derandomize=False,
        database=None,
        deadline=None,
        # Without shrinking: each example is a network on disk, and shrinking one took three minutes.
        phases=[Phase.explicit, Phase.generate],
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def counted(*arguments: Any, **drawn: Any) -> None:
            with tried(test):
                test(*arguments, **drawn)

        drawn = given(*strategies)(counted)
        # By the name: derandomized by hypothesis, they were others whenever a line of the test changed.
        fixed = drawn if MANY else seed(zlib.crc32(f"{test.__module__}.{test.__qualname__}".encode()))(drawn)
        return chosen(fixed)

    return decorated


@contextlib.contextmanager
def tried(test: Callable[..., None]) -> Iterator[None]:
    """Count one example of a property."""
    name = f"{test.__module__}.{test.__qualname__.replace('.<locals>', '')}"
    try:
        yield
    except (StopTest, UnsatisfiedAssumption):  # hypothesis ends an example that it cannot draw
        raise
    except BaseException:
        _failed.add(name)
        raise
    _held[name] += 1


def answered(question: Callable[..., Any], *arguments: Any, refused: str | None = None, **options: Any) -> Any:
    """Return the answer to a question; an example does not count if no route leads there, or it is refused so.

    Parameters
    ----------
    refused
        Regular expression of the messages with which the question may be refused.
    """
    try:
        return question(*arguments, **options)
    except NoRouteError:
        reject()
    except LandbridgeError as error:
        if refused is None or not re.search(refused, str(error)):
            raise
        reject()


def write_counts() -> None:
    """Write how many examples of each property held, and which properties failed, if `make trust` asks for it."""
    if COUNTS:
        Path(COUNTS).write_text(json.dumps({"held": _held, "failed": sorted(_failed)}), encoding="utf-8")
