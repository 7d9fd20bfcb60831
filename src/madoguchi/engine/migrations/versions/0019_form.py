"""The web form: drafts with their files, enquiries that wait for their address, numbers given before a case begins"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "case_number",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_number")),
    )
    op.create_table(
        "form_draft",
        _text("id", 60),
        _text("visitor_id", 60),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("sent", sa.Text(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
    )
    op.create_index("ix_form_draft_visitor", "form_draft", ["visitor_id", "updated_at"])
    op.create_index("ix_form_draft_expires", "form_draft", ["expires_at"])
    op.create_table(
        "form_file",
        _text("id", 60),
        _text("draft_id", 60),
        _text("name", 200),
        _text("media_type", 60),
        sa.Column("size", sa.Integer(), nullable=False),
        _text("storage_key", 60),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        _moment("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_file")),
    )
    op.create_index("ix_form_file_draft", "form_file", ["draft_id"])
    op.create_table(
        "form_waiting",
        _text("id", 60),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("visitor_id", 60),
        _text("mailbox", 64),
        _text("network", 64),
        _text("address", 254),
        _text("language", 10),
        _text("category", 80),
        _text("order_number", 60),
        sa.Column("data", sa.Text(), nullable=False),
        _text("state", 12),
        _moment("created_at"),
        _moment("expires_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_waiting")),
    )
    op.create_index("ix_form_waiting_mailbox", "form_waiting", ["mailbox", "state"])
    op.create_index("ix_form_waiting_network", "form_waiting", ["network", "created_at"])
    op.create_index("ix_form_waiting_expires", "form_waiting", ["expires_at"])
    op.create_table(
        "form_mail",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        _text("mailbox", 64),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_mail")),
    )
    op.create_index("ix_form_mail_mailbox", "form_mail", ["mailbox", "at"])
    op.create_table(
        "form_outcome",
        sa.Column("id", _SERIAL, autoincrement=True, nullable=False),
        _text("outcome", 12),
        _text("category", 80),
        _text("article_id", 120),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_outcome")),
    )
    op.create_index("ix_form_outcome_at", "form_outcome", ["at"])


def _text(name: str, length: int) -> "sa.Column[str]":
    return sa.Column(name, sa.String(length=length), nullable=False)


def _moment(name: str) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=False)


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
