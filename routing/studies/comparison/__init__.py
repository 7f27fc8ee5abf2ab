"""Two scenarios side by side: what changes, for whom, and where a corridor wins or loses."""
