"""みどり商店, the demonstration shop: believable people, goods and orders, always as fresh as today.

`load.load_demo` puts it into a database, `cast` names the people and orders that stories and tests use.
"""
