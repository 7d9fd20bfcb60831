"""The ledger: contacts, their entries and attachments, ownership and hand-over."""
