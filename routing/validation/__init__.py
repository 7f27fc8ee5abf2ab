"""The model beside the world."""
