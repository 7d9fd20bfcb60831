"""When somebody is there: the house's calendars, and which of them holds for a queue, a way, a language, a segment."""
