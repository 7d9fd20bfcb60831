"""Agents: accounts, sign-in, roles and permissions, API keys."""
