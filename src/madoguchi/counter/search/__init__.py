"""Search over everything that was said: cut, indexed behind the ledger, found within what the reader may see."""
