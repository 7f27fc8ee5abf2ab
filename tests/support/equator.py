"""Three places on the equator, for what lies within reach."""

from tests.support.tiny import link, place, tiny_network

PLACES = [place("cn-a", lon=0, lat=0), place("cn-b", lon=1, lat=0), place("cn-c", lon=2, lat=0)]


def three_in_a_row(folder):
    """Return three places on the equator, a degree (111 km, drawn as 125) and 2.5 h from each other."""
    links = [link("cn-a -- cn-b", length_km=125), link("cn-b -- cn-c", length_km=125)]
    return tiny_network(folder, places=PLACES, links=links)


def ids(found):
    """Return the ids of the places of a reach."""
    return [place.id for place in found.places]
