"""Is this really from the shop? Messages, sites and calls in the shop's name: judged, reported, counted (PHI)."""
