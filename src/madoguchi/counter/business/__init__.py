"""Business customers: organisations with several people, their documents and what they have bought."""
