"""Who is asking: customers, segments, the identity ladder."""
