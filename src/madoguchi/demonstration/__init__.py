"""The past of みどり商店: what its customers and its staff did before the demonstration was opened, so that no screen is empty.

`past.fill` puts it into a house, once, through the verbs that everybody uses, with a clock that goes back.
"""
