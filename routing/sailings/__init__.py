"""Ships and berths planned by CP-SAT."""
