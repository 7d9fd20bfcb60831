"""What is known of a mail's origin, replies that still wait, and subjects of what we sent"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("received_mail", sa.Column("envelope_sender", sa.String(length=320), nullable=True))
    for table, name in (("received_mail", "subject"), ("sent_message", "title")):
        op.add_column(table, sa.Column(name, sa.String(length=300), server_default="", nullable=False))
    op.add_column("received_mail", sa.Column("authentication", sa.Text(), nullable=True))
    op.create_table(
        "waiting_reply",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("client_key", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=12), nullable=False),
        sa.Column("attachments", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("scheduled", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_reply")),
        sa.UniqueConstraint(
            "contact_id",
            "agent_id",
            "client_key",
            name=op.f("uq_waiting_reply_contact_id_agent_id_client_key"),
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
