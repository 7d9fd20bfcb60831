"""What those who lead see of the desk now, what alarms them, and what they move."""
