"""Mail: for now the way out, through the outbox, to a folder or an SMTP server."""
