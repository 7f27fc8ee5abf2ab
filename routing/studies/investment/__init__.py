"""Investment: which works within a budget relieve the network most."""
