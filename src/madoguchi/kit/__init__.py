"""Pure building blocks that know nothing of shops: time, ids, money, text."""
