"""What the assistant did not understand, labelled by people, learnt, and put live only where it is no worse.

`veil` (nothing of the customer's own is kept) → `facts` and `collecting` (what is worth a look) → `service` and
`queries` (the editor) → `phrase_files` (what is learnt from it) → `comparing` and `adopting` (whether it goes live).
"""
