"""Steps that flows share: proving who one is, choosing an order and its lines, doing a deed."""
