"""Calendars: which hours hold for whom."""
