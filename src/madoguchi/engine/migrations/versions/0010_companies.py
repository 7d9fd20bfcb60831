"""companies"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "organisation_appointment",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("client_key", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_appointment")),
        sa.UniqueConstraint("agent_id", "at", name=op.f("uq_organisation_appointment_agent_id_at")),
        sa.UniqueConstraint(
            "organisation_id",
            "client_key",
            name=op.f("uq_organisation_appointment_organisation_id_client_key"),
        ),
    )
    op.create_table(
        "organisation_terms",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("organisation_id", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_terms")),
    )
    op.create_index(
        "ix_organisation_terms_organisation",
        "organisation_terms",
        ["organisation_id", "asked_at"],
        unique=False,
    )
    op.add_column(
        "organisation", sa.Column("language", sa.String(length=10), server_default="ja", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("timezone", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("group_id", sa.String(length=60), server_default="", nullable=False)
    )
    op.add_column(
        "organisation", sa.Column("shares_cases", sa.Boolean(), server_default=sa.false(), nullable=False)
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
