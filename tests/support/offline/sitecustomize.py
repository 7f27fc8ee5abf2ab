"""No test reaches the network: connections and look-ups of names end in an error, but for those of this machine.

conftest.py imports this module and puts its folder on PYTHONPATH, so that each Python that a test starts does too.
What is not seen: Python started with -I or -S, and connections that compiled libraries make themselves.
"""

import ipaddress
import socket
import sys


class NetworkUsedError(RuntimeError):
    """A test asked for the network; it is no OSError, which code under test may take for a server that is down."""


def _is_here(host):
    """Whether a host is this machine; None and an empty one are."""
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name in {"localhost", socket.gethostname()}:
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event, arguments):
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a path is a socket of this machine
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = arguments[0]
    else:
        return
    if not _is_here(host):
        raise NetworkUsedError(f"{event} of {host!r}: tests use no network")


sys.addaudithook(_refuse)
