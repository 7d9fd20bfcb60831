"""The tortures, short: crashes, cuts and races, and proof that their checkers can see."""
