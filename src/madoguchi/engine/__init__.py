"""What any service needs: database, wake-ups, outbox, files, mail, settings, fail-points, migrations."""
