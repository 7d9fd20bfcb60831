"""What a service counter is: its rooms, each with the same furniture."""
