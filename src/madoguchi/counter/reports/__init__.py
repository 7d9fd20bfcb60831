"""The figures of the house: what was measured of each contact, sums of it, and every figure with its definition."""
