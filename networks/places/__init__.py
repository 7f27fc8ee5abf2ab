"""From a name to a place."""
