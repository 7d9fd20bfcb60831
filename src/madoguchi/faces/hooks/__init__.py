"""Webhooks out: facts of the ledger, signed, in order, until they are taken (Standard Webhooks)."""
