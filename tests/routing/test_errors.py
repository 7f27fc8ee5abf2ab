"""The errors that answers raise are those of the networks, so that one `except` catches both."""

import landbridge as lb
from landbridge.networks import errors as of_networks
from landbridge.routing import errors


def test_each_error_is_the_one_of_the_networks():
    assert [getattr(errors, name) for name in errors.__all__] == [getattr(of_networks, name) for name in errors.__all__]


def test_every_error_that_is_named_to_users_is_among_them():
    public = {name for name in dir(lb) if name.endswith("Error") and not name.startswith("Unbounded")}
    assert public <= set(errors.__all__)
