"""Links matched to the lines of the world, and their lengths."""
