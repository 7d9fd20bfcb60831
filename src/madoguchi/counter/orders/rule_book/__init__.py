"""The book of rules: versions of the shop's rules, drafted by one and put in force by another; one holds at a time.

model: the table. service: the verbs. queries: reading. book: what everybody asks for the rules. writing: values as text.
"""
