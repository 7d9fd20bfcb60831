"""The web form: drafts, sending, the wait for a confirmed address, and the mails that go with it."""
