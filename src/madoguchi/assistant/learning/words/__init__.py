"""Words that the shop's customers have for its goods and its subjects, learnt from what they picked after saying them.

`sightings` (the ledger: these words, then this choice) → `nouns` and `candidates` (which word goes with which choice)
→ `catalogue` (what the product names themselves say) → `service` and `queries` (an editor accepts or rejects).
"""
