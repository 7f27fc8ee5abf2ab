"""Random times, drawn in compiled code: standardised variables as quantile tables, and streams of random numbers."""
