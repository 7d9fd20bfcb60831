"""Mails received, Message-IDs sent, and the addresses to which people answer"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "received_mail",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("mailbox", sa.String(length=320), nullable=False),
        sa.Column("content_key", sa.String(length=64), nullable=False),
        sa.Column("storage_key", sa.String(length=60), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("recipients", sa.String(length=2000), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_mail")),
        sa.UniqueConstraint("mailbox", "content_key", name=op.f("uq_received_mail_mailbox_content_key")),
    )
    op.create_index("ix_received_mail_contact", "received_mail", ["contact_id"], unique=False)
    op.create_index("ix_received_mail_state", "received_mail", ["state", "taken_at"], unique=False)
    op.create_table(
        "sent_mail",
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_sent_mail")),
    )
    op.create_index("ix_sent_mail_contact", "sent_mail", ["contact_id"], unique=False)
    op.create_index("ix_sent_mail_recipient", "sent_mail", ["recipient", "kind", "sent_at"], unique=False)
    op.create_table(
        "reply_address",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_reply_address")),
    )
    op.create_index("ix_reply_address_contact", "reply_address", ["contact_id"], unique=False)
    op.create_table(
        "mail_cursor",
        sa.Column("mailbox", sa.String(length=320), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_mail_cursor")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
