"""The shop that lives in our own database: for the demo, for imports, for shops without an API."""
