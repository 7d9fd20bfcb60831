"""Trying the assistant without customers: a throw-away house, somebody who talks to it, and written conversations.

`flow try`, `assistant converse`, `assistant evaluate` and the tests all stand on this one stage.
"""
