"""Outages and peak seasons, what the house notices of itself, and when waiting customers were last there"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("part", sa.String(length=20), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("declared_by", sa.String(length=60), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("over_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_over", "incident", ["over_at", "begins_at"], unique=False)
    op.create_table(
        "peak_season",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("declared_by", sa.String(length=60), nullable=False),
        sa.Column("declared_at", sa.BigInteger(), nullable=False),
        sa.Column("over_at", sa.BigInteger(), nullable=True),
        sa.Column("over_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_peak_season")),
    )
    op.create_index("ix_peak_season_over", "peak_season", ["over_at", "begins_at"], unique=False)
    op.create_table(
        "signal",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("raised", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_signal")),
    )
    op.create_table(
        "customer_presence",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_customer_presence")),
    )
    op.create_index("ix_contact_opened", "contact", ["opened_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_contact_opened", table_name="contact")
    for table in ("customer_presence", "signal", "peak_season", "incident"):
        op.drop_table(table)
