"""Agents and API keys."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Table

from madoguchi.engine.schema import JsonText, Moment, metadata

agent = Table(
    "agent",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("login", String(120), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("display_name", String(120), nullable=False),  # what customers see; not the legal name (CASE-002)
    Column("password_hash", String(200), nullable=False),
    Column("totp_secret", String(64)),
    Column("totp_last_step", String(20)),
    Column("roles", JsonText, nullable=False),
    Column("languages", JsonText, nullable=False),
    Column("queues", JsonText, nullable=False),
    Column("capacity", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("scopes", JsonText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("last_used_at", Moment),
    Column("revoked_at", Moment),
)
