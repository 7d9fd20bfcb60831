"""The doors that a customer comes through."""
