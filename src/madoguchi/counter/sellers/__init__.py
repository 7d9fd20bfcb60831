"""Buyers and marketplace sellers write to each other through the shop; where a seller is silent, the shop steps in."""
