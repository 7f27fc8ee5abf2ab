"""What is kept with an object is made once, and goes when it is pickled or there is too much of it."""

import pickle
from concurrent.futures import ThreadPoolExecutor

from landbridge.networks.memo import Memo, keep


class Thing(Memo):
    def __init__(self):
        self.calls = []


def double(thing, number):
    thing.calls.append(number)
    return 2 * number


def test_what_was_made_is_not_made_again():
    thing = Thing()
    assert [thing.cached(double, 3), thing.cached(double, 3), thing.cached(double, 4)] == [6, 6, 8]
    assert thing.calls == [3, 4]


def test_each_object_keeps_its_own():
    one, other = Thing(), Thing()
    assert one.cached(double, 3) == other.cached(double, 3)
    assert (one.calls, other.calls) == ([3], [3])


def test_when_there_are_too_many_the_oldest_goes():
    thing = Thing()
    for number in (1, 2, 3, 3, 2, 1, 3):
        thing.cached(double, number, most=2)
    assert thing.calls == [1, 2, 3, 1]


def test_what_is_kept_stays_as_much_as_it_may_be():
    # Emptied when it is full, memory would go up and down, and most questions after that would be made anew.
    thing = Thing()
    for number in range(100):
        thing.cached(double, number, most=8)
        assert len(vars(thing)["_kept"][double]) == min(number + 1, 8)


def test_what_is_kept_is_not_pickled():
    thing = Thing()
    thing.cached(double, 3)
    again = pickle.loads(pickle.dumps(thing))  # noqa: S301 - our own
    assert vars(again) == {"calls": [3]}


def test_another_thread_may_empty_what_is_kept_while_it_is_looked_up():
    thing = Thing()

    class Emptying:
        """An argument whose hash is computed while the cache is emptied, as if by another thread."""

        def __hash__(self):
            vars(thing).get("_kept", {}).get(twice, {}).clear()
            return 1

    def twice(_, __):
        return 2

    assert [thing.cached(twice, Emptying(), most=1) for _ in range(2)] == [2, 2]


def test_threads_keep_no_more_than_they_may():
    kept = {}

    def fill(first):
        for key in range(first, first + 20_000):
            assert keep(kept, key, -key, most=5) == -key

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(fill, range(0, 80_000, 20_000)))
    assert len(kept) == 5
