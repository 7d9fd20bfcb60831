"""Privacy: what is kept about somebody and for how long, their copy of it, and its erasure, each with a record."""
