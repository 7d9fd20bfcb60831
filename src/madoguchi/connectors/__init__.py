"""The shops we act on."""
