"""A day at the desk, played in a moment: contacts arrive, wait, give up or are served, by the real rules of routing."""
