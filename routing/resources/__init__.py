"""What shared things can take, and how waits grow."""
