"""What we know: articles, where they are found, and what readers say about them."""
