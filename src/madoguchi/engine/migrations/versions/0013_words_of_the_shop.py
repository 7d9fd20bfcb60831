"""What was said before something was picked, and which words an editor has decided about"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_sighting",
        sa.Column("contact_id", sa.String(length=60), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("matter", sa.String(length=12), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("contact_id", "seq", name=op.f("pk_word_sighting")),
    )
    op.create_index("ix_word_sighting_matter", "word_sighting", ["matter", "said_at"], unique=False)
    op.create_table(
        "shop_word",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("matter", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column("suggested", sa.String(length=200), nullable=False),
        sa.Column("means", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_word")),
        sa.UniqueConstraint(
            "matter",
            "language",
            "word",
            "suggested",
            name=op.f("uq_shop_word_matter_language_word_suggested"),
        ),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forward only")
