"""The ways to reach us: what each is like, which are open for a matter, a person and a moment, and which fits best.

    channels.toml, channels.py    the six ways, and which enquiries each serves
    open_ways.py                  which of them are open, and why one is not (pure)
    profiles.toml, advice.py      which fits an enquiry best, and why (pure)
    wording.py                    all of it in words

Pages, widget, API and assistant ask here, so that all of them say the same (CH-052, CH-059).
"""
