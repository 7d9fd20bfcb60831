"""Saved replies: texts in every language that agents send often, filled with facts, with deeds that go along."""
