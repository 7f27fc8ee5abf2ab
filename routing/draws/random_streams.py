"""Random numbers by name: a number is a function of its key, so that no stream has a state that threads could share.

A key is mixed from whole numbers by the finaliser of splitmix64 (Steele, Lea and Flood 2014): the seed and the
replication, then the entity, then the step and the purpose. The same key gives the same number in any order of draws,
on any number of threads. Two runs of the same seed that differ in one station draw the same numbers elsewhere.
"""

from typing import Final

import numpy as np

from landbridge.routing.search.compilation import njit_inline

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_UNIT: Final = 2.0**-53


@njit_inline
def mixed(key: np.uint64, number: int) -> np.uint64:
    """Return the key of a part of a stream: an entity of a replication, a step of an entity, a purpose of a step.

    Examples
    --------
    >>> int(mixed(np.uint64(0), 0)) != int(mixed(np.uint64(0), 1))
    True
    """
    bits = key ^ (np.uint64(number) + np.uint64(1)) * _GOLDEN
    bits = (bits ^ (bits >> _30)) * _FIRST
    bits = (bits ^ (bits >> _27)) * _SECOND
    return np.uint64(bits ^ (bits >> _31))


@njit_inline
def unit(key: np.uint64) -> float:
    """Return the number of a key from 0 to below 1, with 53 random bits.

    Examples
    --------
    >>> 0 <= unit(mixed(np.uint64(7), 3)) < 1
    True
    """
    return float(np.int64(key >> _11)) * _UNIT  # signed: a conversion that processors have


def stream_key(seed: int, replication: int) -> np.uint64:
    """Return the key of a replication; seeds may be any whole number, and neighbouring ones give unrelated streams.

    Examples
    --------
    >>> bool(stream_key(1, 0) != stream_key(0, 1))
    True
    """
    key = np.uint64(0)
    for word in range(max(1, -(-seed.bit_length() // 32))):
        key = np.uint64(mixed(key, seed >> 32 * word & 0xFFFFFFFF))  # compiled code returns an int of Python
    return np.uint64(mixed(np.uint64(mixed(key, seed < 0)), replication))
