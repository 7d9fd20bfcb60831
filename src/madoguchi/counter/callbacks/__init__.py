"""Calling customers back: at once or in a booked slot, agent first, and no promise forgotten (CB)."""
