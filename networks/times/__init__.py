"""How long things take, and how sure that is."""
