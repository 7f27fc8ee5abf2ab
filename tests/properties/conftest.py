"""What the properties share: the number of examples tried is written at the end, if `make trust` asks for it."""

from tests.support.properties import write_counts


def pytest_sessionfinish():
    write_counts()
