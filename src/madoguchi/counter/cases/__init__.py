"""A problem until it is solved: the case, its number, its resolution and rating."""
