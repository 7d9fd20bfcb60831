"""Orders that look unusual are held until a person of the security desk has looked at them."""
