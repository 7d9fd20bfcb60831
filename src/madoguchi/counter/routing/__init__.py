"""Who takes it and when: queues, agent status, offers, expected waits."""
