"""Lines on the sphere and their files."""
