"""One file for each question about shipments."""
