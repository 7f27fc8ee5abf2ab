"""Planning of sailings between ports with few berths."""
