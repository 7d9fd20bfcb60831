"""The shop's own dialogues: written in the console as a list of steps, checked, put in force, played like any flow (decision 0037)."""
