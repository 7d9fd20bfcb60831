"""Call-backs, the calls made for them, how people want to be reached"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "call_preference",
        sa.Column("person_id", sa.String(length=60), nullable=False),
        sa.Column("no_calls", sa.Boolean(), nullable=False),
        sa.Column("relay", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_call_preference")),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=60), nullable=False),
        sa.Column("from_contact_id", sa.String(length=60), nullable=False),
        sa.Column("customer_id", sa.String(length=60), nullable=True),
        sa.Column("visitor_id", sa.String(length=60), nullable=False),
        sa.Column("client_key", sa.String(length=120), nullable=False),
        sa.Column("via", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("topic", sa.String(length=80), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("queue_id", sa.String(length=40), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("phone_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("kana", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("slot_at", sa.BigInteger(), nullable=True),
        sa.Column("slot_end", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("promised_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("ended_by", sa.String(length=20), nullable=False),
        sa.Column("code_tries", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("warned_at", sa.BigInteger(), nullable=True),
        sa.Column("late_at", sa.BigInteger(), nullable=True),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("connected_at", sa.BigInteger(), nullable=True),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
        sa.UniqueConstraint("visitor_id", "client_key", name=op.f("uq_callback_visitor_id_client_key")),
    )
    op.create_index("ix_callback_case", "callback", ["case_id"], unique=False)
    op.create_index("ix_callback_contact", "callback", ["contact_id"], unique=False)
    op.create_index("ix_callback_created", "callback", ["created_at"], unique=False)
    op.create_index("ix_callback_customer", "callback", ["customer_id", "created_at"], unique=False)
    op.create_index("ix_callback_phone", "callback", ["phone_hash", "created_at"], unique=False)
    op.create_index("ix_callback_slot", "callback", ["slot_at"], unique=False)
    op.create_index("ix_callback_state", "callback", ["state", "due_at"], unique=False)
    op.create_table(
        "callback_call",
        sa.Column("callback_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.String(length=60), nullable=False),
        sa.Column("engine", sa.String(length=40), nullable=False),
        sa.Column("dialled_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("callback_id", "number", name=op.f("pk_callback_call")),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
