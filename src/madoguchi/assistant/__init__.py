"""The colleague who answers first."""
