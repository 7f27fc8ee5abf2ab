"""What has to hold between the rows of a network."""
