"""The words of the mails that we send: which passages each has, and what the shop says instead of ours.

model.py                         what a letter is made of
enquiries.py, accounts.py, …     every letter, as data
letters.py                       all of them by id
checking.py                      what a shop's own words must hold (pure)
keeping.py                       the shop's words in the database: versions, changing, going back
composing.py                     a letter laid out in the words that hold now
examples.py                      what a letter is filled with when it is only looked at
"""
