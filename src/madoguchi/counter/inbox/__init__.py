"""The agents' inbox: views of it that staff save, labels, what an agent set for their desk, and bulk deeds that can be undone."""
