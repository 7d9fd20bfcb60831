"""The chat: a customer's words in, the house's words out, over any number of screens."""
